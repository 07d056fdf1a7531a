"""What would have come out if something had been different: a recorded forward pass recomputed in NumPy."""
