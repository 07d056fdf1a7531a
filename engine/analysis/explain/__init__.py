"""What happened at an event, as textbook equations with the numbers put in."""
