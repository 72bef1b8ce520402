"""What may be asked for: service entries in YAML, editions, their checker and their picture."""
