"""Everything that changes a joint meeting."""
