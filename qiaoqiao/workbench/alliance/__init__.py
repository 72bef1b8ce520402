"""Staff pages of the alliance: offers, referring a case, referrals and what became of them."""
