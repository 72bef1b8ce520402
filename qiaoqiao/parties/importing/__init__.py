"""Rolls as offices send them: read, their columns understood, each row tidied and judged. Nothing is written here."""
