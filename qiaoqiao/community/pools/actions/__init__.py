"""Everything that changes a pool: one function per thing a person or the law does."""
