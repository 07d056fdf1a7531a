"""Lessons: a script, texts in two languages, stops in its run, and questions before each result is shown."""
