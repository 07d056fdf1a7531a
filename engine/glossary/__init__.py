"""The words of the field, each on a card: what it means, formula, shapes, local derivative, and what is near it."""
