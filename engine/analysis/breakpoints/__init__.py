"""Which events a breakpoint fits: the same rules for a script that runs and for what is recorded of it."""
