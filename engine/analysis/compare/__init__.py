"""Two runs side by side: whether they are the same, the first event that differs, and what differs of itself."""
