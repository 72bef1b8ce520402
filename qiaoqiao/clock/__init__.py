"""Statutory time: pure arithmetic over a versioned working-day calendar, every day explained."""
