"""What a service needs beyond its catalogue entry, one folder each."""
