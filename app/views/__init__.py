"""Widgets that show one thing each and are given what they show."""
