"""Watches: expressions over a run's numbers, worked out without running any code of whoever wrote them."""
