"""Plots of a run: curves over the iterations, the loss surface, predictions."""
