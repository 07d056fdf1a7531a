"""What families of rows have in common: how they compute, what they send back, and how one element is told."""
