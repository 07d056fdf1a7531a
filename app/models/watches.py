"""The list of watches: an expression a row, with what it is at the present place. The last row is for a new one."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor

from app.language import say
from app.theme import Theme
from engine.analysis.watches.watch import Found, Watch, WatchError, parse, value
from engine.session.place import Place
from engine.trace.reader import Trace

EXPRESSION, VALUE = 0, 1
MOST_WATCHES = 40
_PATIENCE_S = 0.3
"""For one expression: the window waits."""

Index = QModelIndex | QPersistentModelIndex


class WatchesModel(QAbstractTableModel):
    """Rows of expressions and results, kept true to a place. An expression that is emptied is removed.

    Signals:
        expressions_changed(expressions): the user added, edited or removed one; a tuple of texts.
    """

    expressions_changed = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._texts: list[str] = []
        self._found: list[Found | WatchError | None] = []
        self._trace: Trace | None = None
        self._place: Place | None = None

    @property
    def expressions(self) -> tuple[str, ...]:
        """All of them, in order."""
        return tuple(self._texts)

    def set_expressions(self, expressions: tuple[str, ...]) -> None:
        """Shows other expressions; says nothing of it."""
        self.beginResetModel()
        self._texts = list(expressions[:MOST_WATCHES])
        self._found = [self._evaluated(text) for text in self._texts]
        self.endResetModel()

    def set_place(self, trace: Trace | None, place: Place | None) -> None:
        """Shows what the expressions are at another place; None where nothing is open."""
        self._trace, self._place = trace, place
        self._found = [self._evaluated(text) for text in self._texts]
        if self._texts:
            self.dataChanged.emit(self.index(0, VALUE), self.index(len(self._texts) - 1, VALUE))

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours."""
        self._theme = theme
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._texts), VALUE))

    def watch(self, row: int) -> Watch | None:
        """The expression of a row, None if it is none, or the last row."""
        if not 0 <= row < len(self._texts):
            return None
        try:
            return parse(self._texts[row])
        except WatchError:
            return None

    def reason(self, row: int) -> str:
        """Why a row's expression has no result; empty where it has one."""
        found = self._found[row] if 0 <= row < len(self._found) else None
        is_told = isinstance(found, WatchError) or (found is not None and found.result is None)
        return self._text(row) if is_told else ""

    def remove(self, row: int) -> None:
        """Takes an expression off the list."""
        if 0 <= row < len(self._texts):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._texts[row], self._found[row]
            self.endRemoveRows()
            self.expressions_changed.emit(self.expressions)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._texts) + (len(self._texts) < MOST_WATCHES)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else 2

    def flags(self, index: Index) -> Qt.ItemFlag:
        editable = Qt.ItemFlag.ItemIsEditable if index.column() == EXPRESSION else Qt.ItemFlag.NoItemFlags
        return super().flags(index) | editable

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | None:
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return self.tr("Expression") if section == EXPRESSION else self.tr("Here")

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = index.row(), index.column()
        if not index.isValid() or row > len(self._texts):
            return None
        if row == len(self._texts):
            return self._of_new_row(column, role)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._texts[row] if column == EXPRESSION else self._text(row)
            case Qt.ItemDataRole.EditRole:
                return self._texts[row] if column == EXPRESSION else None
            case Qt.ItemDataRole.ToolTipRole:
                return self._texts[row] if column == EXPRESSION else self._text(row)
            case Qt.ItemDataRole.ForegroundRole:
                return self._colour(row) if column == VALUE else None
        return None

    def setData(self, index: Index, text: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or index.column() != EXPRESSION or role != Qt.ItemDataRole.EditRole:
            return False
        row, text = index.row(), " ".join(str(text).split())
        if row == len(self._texts):
            return self._add(text)
        if not text:
            self.remove(row)
            return True
        if text != self._texts[row]:
            self._texts[row], self._found[row] = text, self._evaluated(text)
            self.dataChanged.emit(self.index(row, EXPRESSION), self.index(row, VALUE))
            self.expressions_changed.emit(self.expressions)
        return True

    def _add(self, text: str) -> bool:
        if not text:
            return False
        row = len(self._texts)
        is_last = row + 1 == MOST_WATCHES
        if not is_last:
            self.beginInsertRows(QModelIndex(), row, row)
        self._texts.append(text)
        self._found.append(self._evaluated(text))
        if is_last:
            self.dataChanged.emit(self.index(row, EXPRESSION), self.index(row, VALUE))
        else:
            self.endInsertRows()
        self.expressions_changed.emit(self.expressions)
        return True

    def _evaluated(self, text: str) -> Found | WatchError | None:
        try:
            watch = parse(text)
        except WatchError as error:
            return error
        if self._trace is None or self._place is None:
            return None
        return value(watch, self._trace, self._place.position, self._place.iteration, _PATIENCE_S)

    def _text(self, row: int) -> str:
        found = self._found[row]
        if found is None:
            return ""
        return say(found.told if isinstance(found, WatchError) else found.text(typographic=True))

    def _colour(self, row: int) -> QColor | None:
        found = self._found[row]
        if isinstance(found, WatchError):
            return QColor(self._theme.error)
        return QColor(self._theme.muted) if found is not None and found.result is None else None

    def _of_new_row(self, column: int, role: int) -> Any:
        if column == EXPRESSION:
            if role == Qt.ItemDataRole.DisplayRole:
                return self.tr("norm(dC/dw1) …") if not self._texts else "…"
            if role == Qt.ItemDataRole.EditRole:
                return ""
            if role == Qt.ItemDataRole.ToolTipRole:
                return self.tr("Type an expression: z1, loss, norm(dC/dw1), hidden.weight.grad.abs().max()")
            if role == Qt.ItemDataRole.ForegroundRole:
                return QColor(self._theme.muted)
        return None
