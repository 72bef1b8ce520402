"""The alliance (助侨服务联盟): partners' offers, and referral to them with consent."""
