"""The glossary's window: a list of cards, and the card that is chosen."""
