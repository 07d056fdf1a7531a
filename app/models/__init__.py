"""Models between the engine's plain data and the views."""
