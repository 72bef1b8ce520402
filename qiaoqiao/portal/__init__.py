"""Public pages: find a service, file, follow, answer, withdraw, rate."""
