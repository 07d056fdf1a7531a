"""A sentence with a button, rows of two lines, and more of the chosen one: what the panels of things found share."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QSplitter, QTextBrowser, QToolButton, QVBoxLayout, QWidget

from app.theme import Theme
from app.views.handing_focus import hand_focus
from app.views.two_line_rows import TwoLineRows


class ListAndDetail(QWidget):
    """Shows a model in rows of two lines. A subclass says what stands in the sentence and in the detail."""

    def __init__(self, model: QAbstractItemModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.button = QToolButton()
        self.list = QListView()
        self.list.setModel(model)
        self._rows = TwoLineRows(theme, self.list)
        self.list.setItemDelegate(self._rows)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.detail = QTextBrowser()
        self.detail.setOpenLinks(False)
        head = QHBoxLayout()
        head.setContentsMargins(10, 4, 6, 4)
        head.addWidget(self.sentence, 1)
        head.addWidget(self.button)
        self._split = QSplitter(Qt.Orientation.Vertical)
        self._split.setChildrenCollapsible(False)
        self._split.addWidget(self.list)
        self._split.addWidget(self.detail)
        self._split.setStretchFactor(0, 2)
        self._split.setStretchFactor(1, 3)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._split, 1)
        hand_focus(self, self.list)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self._rows.set_theme(theme)
        self.sentence.setStyleSheet(f"color: {theme.muted};")
        self.detail.document().setDefaultStyleSheet(f"a {{ color: {theme.accent}; }} code {{ color: {theme.text}; }}")
        self.list.doItemsLayout()
