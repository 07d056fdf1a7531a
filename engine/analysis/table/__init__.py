"""The table of operations and of updates: one row each, which computes, differentiates, words and explains it."""
