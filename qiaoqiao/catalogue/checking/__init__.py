"""What can be wrong with a service entry, a file per kind of fault."""
