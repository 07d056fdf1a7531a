"""Findings: mistakes that a trace shows, with the events that prove them. A new one is a file in `rules`."""

# Whoever imports anything from here finds the table filled.
from . import rules

__all__ = ["rules"]
