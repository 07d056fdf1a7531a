"""The bar of a presentation: two big buttons, and between them what the last step gave."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from app.assets import icon
from app.theme import Theme


class StepBar(QFrame):
    """Shows the present step in large letters, with buttons that are hit from afar.

    Signals:
        step_requested(), back_requested(): one step forward, one back.
    """

    step_requested = Signal()
    back_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("step_bar")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.back = QPushButton(self.tr("Back"))
        self.step = QPushButton(self.tr("Step"))
        self.step.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        for button in (self.back, self.step):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys stay with the graph
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 14, 8)
        row.setSpacing(14)
        row.addWidget(self.back)
        row.addWidget(self._words, 1)
        row.addWidget(self.step)
        self.set_theme(theme)
        self.back.clicked.connect(self.back_requested)
        self.step.clicked.connect(self.step_requested)

    def set_words(self, words: str) -> None:
        """Says where the presentation is."""
        self._words.setText(words)
        self.setAccessibleName(words)

    def hold(self, widget: QWidget) -> None:
        """Takes something in that stands beside the words for the time of a presentation."""
        self._row.insertWidget(self._row.indexOf(self.step), widget)

    def set_possible(self, back: bool, step: bool) -> None:
        """Which of the two can be done now."""
        self.back.setEnabled(back)
        self.step.setEnabled(step)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours and sizes."""
        self._words.setStyleSheet(f"font-size: {theme.large_px}px; font-weight: 600; color: {theme.text};")
        self.setStyleSheet(
            f"QFrame#step_bar {{ background: {theme.surface}; border: none; border-top: 2px solid {theme.border}; }}"
            f"QPushButton {{ font-size: {theme.large_px}px; font-weight: 600; padding: 10px 26px; "
            f"icon-size: {theme.large_px + 4}px; }}"
        )
        for button, name, colour in ((self.back, "undo-2", theme.backward), (self.step, "redo-2", theme.forward)):
            button.setIcon(icon(name, QColor(colour)))
