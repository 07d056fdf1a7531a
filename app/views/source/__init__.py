"""Shows the script: its text in colours, the current place, breakpoints, and which lines ran."""

from app.views.source.view import SourceView

__all__ = ["SourceView"]
