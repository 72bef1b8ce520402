"""Whether two records tell of one person: names in every spelling, dates, numbers, families; on Splink."""
