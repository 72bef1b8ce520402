"""Life events (一件事): one start, facts and papers given once, several cases, one journey."""
