"""Answers at the office's desk: writing, publishing, keeping them right, and citing one in a case."""
