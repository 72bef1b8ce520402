"""People who ask and people who act for them: contacts, identity numbers under lock, mandates."""
