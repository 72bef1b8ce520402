"""Everything that changes a case: one function for each thing a person, an office or the law does."""
