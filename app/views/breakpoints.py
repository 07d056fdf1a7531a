"""The panel of breakpoints: a list with ticks, and buttons to add, edit and remove."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListView, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from app.assets import icon
from app.models.breakpoints import BreakpointsModel
from app.theme import Theme
from app.views.handing_focus import hand_focus
from app.views.two_line_rows import TwoLineRows


class BreakpointsView(QWidget):
    """Shows a `BreakpointsModel`. Insert adds, Return or F2 edits, Delete removes, Space switches, Ctrl+Return goes on.

    Signals:
        add_requested(): a new one is wanted. edit_requested(row): that one shall be changed.
        position_requested(position): where it was hit next.
    """

    add_requested = Signal()
    edit_requested = Signal(int)
    position_requested = Signal(int)

    def __init__(self, model: BreakpointsModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.list = QListView(self)
        self.list.setModel(model)
        self._rows = TwoLineRows(theme, self.list)
        self.list.setItemDelegate(self._rows)
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.list.setAccessibleName(self.tr("Breakpoints"))
        self._nothing = QLabel(
            self.tr("No breakpoints yet.\nF9 sets one at a line; Add offers NaN, gradients and more.")
        )
        self._nothing.setWordWrap(True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setMargin(16)
        self._actions = {
            "plus": self._action(self.tr("Add…"), "Ins", self.add_requested.emit),
            "settings": self._action(self.tr("Edit…"), "F2", self._edit),
            "minus": self._action(self.tr("Remove"), "Del", self._remove),
            "locate-fixed": self._action(self.tr("Go to the next hit"), "Ctrl+Return", self._go),
        }
        bar = QHBoxLayout()
        bar.setContentsMargins(4, 2, 4, 2)
        bar.setSpacing(2)
        for action in self._actions.values():
            button = QToolButton()
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            bar.addWidget(button)
        bar.addStretch(1)
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(pages, 1)
        hand_focus(self, self.list)
        self.set_theme(theme)
        self._on_rows_changed()
        self.list.activated.connect(self._edit)
        self.list.selectionModel().currentChanged.connect(self._on_rows_changed)
        for changed in (model.modelReset, model.dataChanged):
            changed.connect(self._on_rows_changed)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._rows.set_theme(theme)
        self._nothing.setStyleSheet(f"color: {theme.muted}; background: {theme.surface};")
        for name, action in self._actions.items():
            action.setIcon(icon(name, QColor(theme.text)))
        self.list.doItemsLayout()
        self.list.viewport().update()

    def select(self, row: int) -> None:
        """Makes a row the current one."""
        self.list.setCurrentIndex(self._model.index(row))

    def _action(self, text: str, key: str, do: Callable[[], None]) -> QAction:
        action = QAction(text, self.list)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.setToolTip(f"{text} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
        action.triggered.connect(lambda _=False: do())
        self.list.addAction(action)
        return action

    def _edit(self, _: QModelIndex | None = None) -> None:
        if self.list.currentIndex().isValid():
            self.edit_requested.emit(self.list.currentIndex().row())

    def _remove(self) -> None:
        row = self.list.currentIndex().row()
        self._model.remove(row)
        self.select(min(row, self._model.rowCount() - 1))

    def _go(self) -> None:
        position = self._model.next_hit(self.list.currentIndex().row())
        if position is not None:
            self.position_requested.emit(position)

    def _on_rows_changed(self) -> None:
        """Buttons do something only where there is something; without rows the page says what they are for."""
        row = self.list.currentIndex().row()
        for name in ("settings", "minus"):
            self._actions[name].setEnabled(row >= 0)
        self._actions["locate-fixed"].setEnabled(self._model.next_hit(row) is not None)
        self._pages.setCurrentWidget(self.list if self._model.rowCount() else self._nothing)
        self.list.scheduleDelayedItemsLayout()
