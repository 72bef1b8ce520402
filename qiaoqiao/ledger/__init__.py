"""What happened, to what, by whom: append-only entries, hash chain, signed checkpoints, reactions."""
