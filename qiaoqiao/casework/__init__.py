"""One request on its way to an answer: case, assignments, papers, messages, terms, delivery."""
