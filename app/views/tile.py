"""A button with an icon or a number, a title and a sentence below it, which both take as many lines as they need."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.assets import icon
from app.theme import Theme


class Tile(QPushButton):
    """Shows one thing that can be opened.

    symbol: an icon's name, or a number. title: its name. below: a sentence about it, "" for none.
    """

    def __init__(self, symbol: str, title: str, below: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._symbol = symbol
        self.title = title
        self._mark = QLabel()
        self._title = QLabel(title)
        self._below = QLabel(below)
        self._title.setWordWrap(True)
        self._below.setWordWrap(True)
        self._below.setVisible(bool(below))
        for label in (self._mark, self._title, self._below):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            label.setTextFormat(Qt.TextFormat.PlainText)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self._title)
        words.addWidget(self._below)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(self._mark)
        row.addLayout(words, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(f"{title}: {below}" if below else title)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours and sizes."""
        if self._symbol.isdigit():
            self._mark.setText(self._symbol)
            self._mark.setAlignment(Qt.AlignmentFlag.AlignCenter)
            self._mark.setFixedWidth(round(theme.base_px * 1.8))
            style = f"font-size: {theme.large_px}px; font-weight: 700; background: transparent;"
            self._mark.setStyleSheet(f"color: {theme.success}; {style}")
        else:
            self._mark.setPixmap(icon(self._symbol, QColor(theme.success)).pixmap(theme.base_px + 6))
        self._title.setStyleSheet(f"color: {theme.text}; font-weight: 600; background: transparent;")
        self._below.setStyleSheet(f"color: {theme.muted}; background: transparent;")
        self.setStyleSheet(
            f"Tile {{ background: {theme.surface}; border: 1px solid {theme.border}; border-radius: 6px; padding: 0; }}"
            f"Tile:hover, Tile:focus {{ border-color: {theme.accent}; }}"
        )

    def sizeHint(self) -> QSize:
        return self._laid_out().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._laid_out().minimumSize()

    def heightForWidth(self, width: int) -> int:
        return self._laid_out().totalHeightForWidth(width)

    def _laid_out(self) -> QHBoxLayout:
        found = self.layout()
        assert isinstance(found, QHBoxLayout)
        return found
