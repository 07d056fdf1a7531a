"""Which view stands where in the window."""
