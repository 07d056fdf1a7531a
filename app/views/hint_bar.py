"""One hint at a time for somebody who is new here, which is put away for good."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.assets import icon
from app.theme import Theme


class HintBar(QFrame):
    """Shows a hint, and nothing at all when there is none.

    Signals:
        read(): the user has read this hint. refused(): the user wants no more of them.
    """

    read = Signal()
    refused = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("hint_bar")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._mark = QLabel()
        self._words = QLabel()
        self._words.setWordWrap(True)
        self.read_button = QPushButton(self.tr("Got it"))
        self.refuse_button = QPushButton(self.tr("No more hints"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 5, 8, 5)
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        row.addWidget(self.read_button)
        row.addWidget(self.refuse_button)
        self.set_theme(theme)
        self.hide()
        self.read_button.clicked.connect(self.read)
        self.refuse_button.clicked.connect(self.refused)

    def set_hint(self, text: str) -> None:
        """Shows this one; "" hides the bar."""
        self._words.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def text(self) -> str:
        """What is shown."""
        return self._words.text()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours."""
        self._mark.setPixmap(icon("info", QColor(theme.accent)).pixmap(theme.base_px + 3))
        self.setStyleSheet(
            f"QFrame#hint_bar {{ background: {theme.raised}; border: none; border-bottom: 1px solid {theme.border}; }}"
            f"QPushButton {{ padding: 3px 10px; }}"
        )
