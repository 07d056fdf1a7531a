"""Windows that ask: run options, and pages about the program."""
