"""By hand beside torch: numbers that were worked out another way, held beside those of a trace, name by name."""
