"""What stands in the middle of a canvas that has no graph: what goes on, and what to do."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.theme import Theme

WIDEST_EM = 34
EDGE = 16


class EmptyWords(QLabel):
    """Shows a heading and a few sentences over a canvas; lets the mouse through."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._theme = theme
        self._words = ("", "")
        self.setObjectName("empty_words")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def set_words(self, heading: str, sentences: str) -> None:
        """Says something else; "" for nothing."""
        self._words = (heading, sentences)
        self._show_words()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self._show_words()

    def place(self) -> None:
        """In the middle, as wide as can be read."""
        width = min(self._theme.base_px * WIDEST_EM, self._over.width() - 2 * EDGE)
        self.resize(width, min(self.heightForWidth(width), self._over.height()))
        self.move((self._over.width() - width) // 2, (self._over.height() - self.height()) // 2)

    def _show_words(self) -> None:
        theme = self._theme
        heading, sentences = map(escape, self._words)
        self.setText(
            f'<p style="font-size: {theme.large_px}px; font-weight: 600; color: {theme.text}">{heading}</p>'
            f'<p style="font-size: {theme.base_px}px; color: {theme.muted}">{sentences}</p>'
        )
        self.place()
