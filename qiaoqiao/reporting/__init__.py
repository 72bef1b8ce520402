"""Read-only counts over the rooms below; every number opens its cases."""
