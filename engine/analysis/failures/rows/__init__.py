"""What can go wrong: one idea a file, one kind of error a row."""
