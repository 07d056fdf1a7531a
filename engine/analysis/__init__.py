"""Questions to a trace, answered with numpy only."""
