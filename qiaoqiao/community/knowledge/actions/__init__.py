"""Everything that changes answers."""
