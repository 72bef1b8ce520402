"""What is known about Chinese names abroad: readings, surnames, spellings; tables and pure functions."""
