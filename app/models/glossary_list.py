"""The glossary as a list: cards below the titles of their groups, or what a search finds, the closest first."""

from __future__ import annotations

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from engine.bilingual import Bilingual
from engine.glossary.card import Card, Group
from engine.glossary.shelf import all_cards, find

AnyIndex = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class GlossaryList(QAbstractListModel):
    """Rows of cards, and titles of groups that cannot be chosen."""

    def __init__(self, *, chinese: bool) -> None:
        super().__init__()
        self._chinese = chinese
        self._rows: list[Card | Group] = []
        self.search("")

    def search(self, typed: str) -> None:
        """Shows what a text leads to; all, by groups, if there is none."""
        self.beginResetModel()
        self._rows = list(find(typed)) if typed.strip() else _by_groups()
        self.endResetModel()

    def card(self, row: int) -> Card | None:
        """The card of a row, None for a title."""
        found = self._rows[row] if 0 <= row < len(self._rows) else None
        return found if isinstance(found, Card) else None

    def row_of(self, key: str) -> int:
        """Where a card stands, -1 if it is not shown."""
        return next((n for n, one in enumerate(self._rows) if isinstance(one, Card) and one.key == key), -1)

    def next_card(self, row: int, by: int) -> int:
        """The row of the next card in a direction, the same if there is none."""
        at = row + by
        while 0 <= at < len(self._rows):
            if self.card(at) is not None:
                return at
            at += 1 if by > 0 else -1
        return row if self.card(row) is not None else -1

    def rowCount(self, parent: AnyIndex = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if isinstance(row, Group):
            if role == Qt.ItemDataRole.FontRole:
                font = QFont()
                font.setBold(True)
                return font
            return self._text(row.value) if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            name = self._text(row.name)
            return f"{name}   {row.symbol}" if row.symbol and row.symbol != name else name
        return self._text(row.sentence) if role == Qt.ItemDataRole.ToolTipRole else None

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        if not index.isValid() or self.card(index.row()) is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def _text(self, words: Bilingual) -> str:
        return words.in_language(self._chinese)


def _by_groups() -> list[Card | Group]:
    rows: list[Card | Group] = []
    group = None
    for card in all_cards().values():
        if card.group is not group:
            group = card.group
            rows.append(group)
        rows.append(card)
    return rows
