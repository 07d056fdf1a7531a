"""The table of operations and of updates: one row each, which computes, differentiates, words and explains it."""

# Whoever imports anything from here finds the tables filled.
from . import operations, updates

__all__ = ["operations", "updates"]
