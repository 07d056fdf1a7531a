"""The panel of a demo: its stops in order, and what to do with them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QToolButton, QVBoxLayout, QWidget

from app.models.demo_stops import DemoStopsModel
from app.theme import Theme
from app.views.handing_focus import hand_focus
from app.views.two_line_rows import TwoLineRows


class DemoView(QWidget):
    """Shows a `DemoStopsModel`. Return goes to a stop, Ctrl+Return edits it, Del removes it, Alt+Up, Alt+Down move it.

    Signals:
        stop_chosen(row), edit_requested(row), removed(row): a stop. moved(row, by): a stop shall be played earlier or
        later. add_requested(), open_requested(), save_requested(): the buttons.
    """

    stop_chosen = Signal(int)
    edit_requested = Signal(int)
    removed = Signal(int)
    moved = Signal(int, int)
    add_requested = Signal()
    open_requested = Signal()
    save_requested = Signal()

    def __init__(self, model: DemoStopsModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.hint = QLabel(self.tr("A demo is a list of places to show. Go to the first, and add it."))
        self.hint.setWordWrap(True)
        self.list = QListView()
        self.list.setModel(model)
        self._rows = TwoLineRows(theme, self.list)
        self.list.setItemDelegate(self._rows)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(self.tr("Stops of the demo"))
        self.add = self._button(self.tr("Add stop"), self.add_requested)
        self.open = self._button(self.tr("Open…"), self.open_requested)
        self.save = self._button(self.tr("Save as…"), self.save_requested)
        head = QHBoxLayout()
        head.setContentsMargins(10, 4, 6, 4)
        for button in (self.add, self.open, self.save):
            head.addWidget(button)
        head.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.hint)
        column.addWidget(self.list, 1)
        hand_focus(self, self.list)
        self._add_action(self.tr("Edit the note"), "Ctrl+Return", lambda: self.edit_requested.emit(self._row))
        self._add_action(self.tr("Remove"), "Del", lambda: self.removed.emit(self._row))
        self._add_action(self.tr("Earlier"), "Alt+Up", lambda: self.moved.emit(self._row, -1))
        self._add_action(self.tr("Later"), "Alt+Down", lambda: self.moved.emit(self._row, 1))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.set_theme(theme)
        self.show_possible()
        self.list.activated.connect(lambda index: self.stop_chosen.emit(index.row()))
        model.modelReset.connect(self.show_possible)

    @property
    def _row(self) -> int:
        return self.list.currentIndex().row()

    def choose(self, row: int) -> None:
        """Makes this the chosen stop."""
        self.list.setCurrentIndex(self._model.index(row))

    def show_possible(self) -> None:
        """What can be done with the stops that there are."""
        self.hint.setVisible(not self._model.stops)
        self.save.setEnabled(bool(self._model.stops))

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._rows.set_theme(theme)
        self.hint.setStyleSheet(f"color: {theme.muted}; padding: 4px 10px;")
        self.list.doItemsLayout()

    def _button(self, text: str, signal: object) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.clicked.connect(signal)
        return button

    def _add_action(self, text: str, key: str, do: object) -> None:
        action = QAction(text, self.list)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(do)
        self.list.addAction(action)
