"""The call tree with a line above it that filters: while something stands there, the events that fit are listed."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QListView, QStackedLayout, QVBoxLayout, QWidget

from app.models.call_tree import POSITION_ROLE
from app.models.event_matches import EventMatchesModel
from app.theme import Theme
from app.views.call_tree import CallTreeView
from app.views.handing_focus import hand_focus
from app.views.two_line_rows import TwoLineRows


class CallTreePanel(QWidget):
    """Shows a `CallTreeView`, or an `EventMatchesModel`. Down goes from the line into the list, Escape empties it.

    Signals:
        filter_changed(text): what is typed; "" for none. event_selected(position), event_activated(position): as those
        of the tree.
    """

    filter_changed = Signal(str)
    event_selected = Signal(int)
    event_activated = Signal(int)

    def __init__(self, tree: CallTreeView, model: EventMatchesModel, theme: Theme) -> None:
        super().__init__()
        self.tree = tree
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Filter: name, module, error"))
        self.filter.setAccessibleName(self.tr("Filter events"))
        self.filter.setClearButtonEnabled(True)
        self.count = QLabel()
        self.list = QListView()
        self.list.setModel(model)
        self.list.setUniformItemSizes(True)
        self._rows = TwoLineRows(theme, self.list)
        self.list.setItemDelegate(self._rows)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(self.tr("Events that fit"))
        self.list.setLayoutMode(QListView.LayoutMode.Batched)
        head = QHBoxLayout()
        head.setContentsMargins(6, 4, 6, 4)
        head.addWidget(self.filter, 1)
        head.addWidget(self.count)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(tree)
        self._pages.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(pages, 1)
        hand_focus(self, tree)
        self.set_theme(theme)
        self.filter.textChanged.connect(self._on_text_changed)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.list.activated.connect(self._on_activated)

    def show_count(self, text: str) -> None:
        """Says beside the line how many fit."""
        self.count.setText(text)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._rows.set_theme(theme)
        self.count.setStyleSheet(f"color: {theme.muted};")
        self.list.doItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.filter.text():
            self.filter.clear()
            self.tree.setFocus()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return) and self.filter.hasFocus():
            (self.list if self.filter.text().strip() else self.tree).setFocus()
        else:
            super().keyPressEvent(event)

    def _on_text_changed(self, text: str) -> None:
        words = text.strip()
        self._pages.setCurrentWidget(self.list if words else self.tree)
        self.filter_changed.emit(words)

    def _on_current_changed(self, index: QModelIndex) -> None:
        position = index.data(POSITION_ROLE) if index.isValid() else None
        if position is not None:
            self.event_selected.emit(position)

    def _on_activated(self, index: QModelIndex) -> None:
        position = index.data(POSITION_ROLE)
        if position is not None:
            self.event_activated.emit(position)
