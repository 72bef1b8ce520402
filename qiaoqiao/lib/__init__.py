"""Small pure pieces named for nouns: text, money, ids; imports no room."""
