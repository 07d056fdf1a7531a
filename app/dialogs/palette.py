"""The command palette: every action by a few letters of its name, with its key beside it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.guard import painted

_WIDTH_PX, _ROWS = 560, 11
_KEY_ROLE = Qt.ItemDataRole.UserRole
_STEERING = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True)
class Entry:
    """One command. words: what it is found by besides its title, as its tip. menu: where it stands. also: English words
    that find it in any language.
    """

    action: QAction
    menu: str
    words: str
    also: str = ""

    @property
    def title(self) -> str:
        """Menu and name, as in "View: Fit the graph"."""
        name = plain(self.action.text())
        return f"{self.menu}: {name}" if self.menu else name


def plain(text: str) -> str:
    """A menu's text without the letter that opens it by keyboard: "文件" for "文件(&F)", "File" for "&File"."""
    return re.sub(r"\(&\w\)", "", text).replace("&", "")


def ranked(entries: Sequence[Entry], typed: str) -> list[Entry]:
    """Those that have the letters typed in order, the closest first; all that can be done now, if nothing was typed.

    A name that begins with what was typed comes before one with a word that does, that before one that has it inside,
    and that before one whose letters only come in this order.
    """
    possible = [entry for entry in entries if entry.action.isEnabled()]
    wanted = typed.strip().casefold()
    if not wanted:
        return possible
    scored = [(score, number, entry) for number, entry in enumerate(possible)
              if (score := _distance(entry, wanted)) is not None]  # fmt: skip
    return [entry for _, _, entry in sorted(scored, key=lambda one: one[:2])]


def _distance(entry: Entry, wanted: str) -> int | None:
    name, title = plain(entry.action.text()).casefold(), entry.title.casefold()
    if name.startswith(wanted):
        return 0
    if any(word.startswith(wanted) for word in title.replace(":", " ").split()):
        return 1
    if wanted in title:
        return 2
    if all(part in f"{title} {entry.words.casefold()} {entry.also}" for part in wanted.split()):
        return 3
    letters = iter(title)
    return 4 if all(letter in letters for letter in wanted.replace(" ", "")) else None


class PaletteModel(QAbstractListModel):
    """The entries that fit what was typed."""

    def __init__(self, entries: Sequence[Entry], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = list(entries)
        self.shown: list[Entry] = ranked(self._all, "")

    def find(self, typed: str) -> None:
        """Shows what fits."""
        self.beginResetModel()
        self.shown = ranked(self._all, typed)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        return 0 if parent.isValid() else len(self.shown)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.shown):
            return None
        entry = self.shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return entry.words
        key = entry.action.shortcut().toString(entry.action.shortcut().SequenceFormat.NativeText)
        if role == _KEY_ROLE:
            return key
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.title}, {key}" if key else entry.title
        return None


class _KeyBeside(QStyledItemDelegate):
    """Writes an action's key at the right end of its row."""

    @painted
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        key = str(index.data(_KEY_ROLE) or "")
        rect: QRect = option.rect
        palette: QPalette = option.palette
        painter.save()
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(rect.adjusted(0, 0, -10, 0), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, key)
        painter.restore()


class CommandPalette(QDialog):
    """Shows all actions; Enter does the chosen one after the palette is gone, Escape does nothing."""

    def __init__(self, entries: Sequence[Entry], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("palette")
        self.setAccessibleName(self.tr("Command palette"))
        self.chosen: QAction | None = None
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("What do you want to do?"))
        self.field.setAccessibleName(self.tr("Search for a command"))
        self.model = PaletteModel(entries, self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(_KeyBeside(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("Commands"))
        self._nothing = QLabel(self.tr("No command is called like this."))
        self._nothing.setVisible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(self.field)
        column.addWidget(self._nothing)
        column.addWidget(self.list, 1)
        row_px = max(self.list.sizeHintForRow(0), 20)
        self.resize(_WIDTH_PX, self.field.sizeHint().height() + row_px * _ROWS + 34)
        self.field.installEventFilter(self)
        self._choose_first()
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self._on_entered)
        self.list.clicked.connect(self._on_entered)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The keys that go up and down go to the list, while the field keeps the focus."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _STEERING:
            self.list.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def changeEvent(self, event: QEvent) -> None:
        """A click beside the palette puts it away."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isVisible() and not self.isActiveWindow():
            self.reject()

    def _on_typed(self, typed: str) -> None:
        self.model.find(typed)
        self._nothing.setVisible(not self.model.shown)
        self._choose_first()

    def _choose_first(self) -> None:
        if self.model.shown:
            self.list.setCurrentIndex(self.model.index(0))

    def _on_entered(self) -> None:
        row = self.list.currentIndex().row()
        if 0 <= row < len(self.model.shown):
            self.chosen = self.model.shown[row].action
            self.accept()
