"""A trace as something else, one file a format."""
