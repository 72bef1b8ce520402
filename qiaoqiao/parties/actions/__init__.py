"""Writing: people who ask, the files of people, where facts come from, what links them, what they may ask."""
