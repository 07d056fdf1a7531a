"""The data that a run was trained with: which rows its batches were, and how often each was seen."""
