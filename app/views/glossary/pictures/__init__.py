"""Drawings of cards, in a theme's colours: a function each, found by name."""
