"""Shows the script: its text in colours, the current place, breakpoints, which lines ran and what they made."""

from app.views.source.panel import SourcePanel
from app.views.source.view import SourceView

__all__ = ["SourcePanel", "SourceView"]
