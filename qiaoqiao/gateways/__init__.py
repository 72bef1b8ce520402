"""The world outside: mail, text messages, file storage, printing; each an adapter with a fake and a check."""
