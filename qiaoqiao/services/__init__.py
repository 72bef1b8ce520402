"""What a service needs beyond its entry, a folder each; none knows another."""
