"""Text in a dialog that takes as many lines as it needs."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel


def note(text: str = "") -> QLabel:
    """A label for such text."""
    label = QLabel(text)
    label.setWordWrap(True)
    return label
