"""Accounts, offices, posts and roles: who may see or do what, and the ticket that tells PostgreSQL."""
