"""The trace file: its schema, writer and reader. Needs neither torch nor Qt."""
