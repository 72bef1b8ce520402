"""The relief fund (困难救助基金): need, visits, decisions, books that balance to the fen, payments."""
