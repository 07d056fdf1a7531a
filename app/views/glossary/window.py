"""The glossary beside what one is doing: a search line, the list, the card that is chosen, and the way back."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.assets import icon
from app.models.glossary_list import GlossaryList
from app.theme import Theme
from app.views.glossary.card import CardView
from engine.glossary.card import Card
from engine.glossary.shelf import all_cards

_SIZE_OF_BASE = (66, 50)
"""Width and height, in sizes of the letters."""

_STEERING = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}


class GlossaryWindow(QDialog):
    """Shows the glossary. It stays open beside the main window, which goes on.

    Keys: what is typed searches, the arrows walk through the list meanwhile, Tab goes on to the card's links, Alt+Left
    goes back to the card before, Esc closes.
    """

    def __init__(self, theme: Theme, *, chinese: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._visited: list[str] = []
        self.setWindowTitle(self.tr("Glossary"))
        self.model = GlossaryList(chinese=chinese)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search: a word, an operation, a layer"))
        self.search.setAccessibleName(self.tr("Search the glossary"))
        self.search.setClearButtonEnabled(True)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("Words"))
        self.nothing = QLabel(self.tr("Nothing is called so."))
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.back = QToolButton()
        self.back.setToolTip(self.tr("Back to the card before (Alt+Left)"))
        self.back.setAccessibleName(self.tr("Back"))
        self.card_view = CardView(theme, chinese=chinese)
        left = QWidget()
        left_column = QVBoxLayout(left)
        left_column.setContentsMargins(0, 0, 0, 0)
        left_column.addWidget(self.list)
        left_column.addWidget(self.nothing)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(self.card_view)
        split.setStretchFactor(0, 2)
        split.setStretchFactor(1, 5)
        split.setChildrenCollapsible(False)
        head = QHBoxLayout()
        head.addWidget(self.back)
        head.addWidget(self.search, 1)
        column = QVBoxLayout(self)
        column.addLayout(head)
        column.addWidget(split, 1)
        self.nothing.hide()
        self.resize(*(size * theme.base_px for size in _SIZE_OF_BASE))
        split.setSizes([self.width() * 2 // 7, self.width() * 5 // 7])
        self.set_theme(theme)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self._on_typed)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.card_view.card_requested.connect(self.show_key)
        self.back.clicked.connect(self.go_back)
        QShortcut(QKeySequence("Alt+Left"), self).activated.connect(self.go_back)

    @property
    def card(self) -> Card | None:
        """The card that is shown."""
        return self.card_view.card

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.back.setIcon(icon("undo-2", QColor(theme.text)))
        self.nothing.setStyleSheet(f"color: {theme.muted};")
        self.card_view.set_theme(theme)

    def show_key(self, key: str) -> None:
        """Shows the card of a key; a search that does not find it ends."""
        if key not in all_cards():
            return
        if self.model.row_of(key) < 0:
            self.search.clear()
        self._select(self.model.row_of(key))

    def go_back(self) -> None:
        """Shows the card that was shown before."""
        if len(self._visited) > 1:
            self._visited.pop()
            self.show_key(self._visited.pop())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """In the search line the arrows walk through the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _STEERING:
            self._select(self.model.next_card(self.list.currentIndex().row(), _STEERING[Qt.Key(event.key())]))
            return True
        return super().eventFilter(watched, event)

    def _select(self, row: int) -> None:
        if row >= 0:
            index = self.model.index(row, 0)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _on_typed(self, typed: str) -> None:
        shown = self.card
        self.model.search(typed)
        has_rows = self.model.rowCount() > 0
        self.list.setVisible(has_rows)
        self.nothing.setVisible(not has_rows)
        if typed.strip():
            self._select(self.model.next_card(-1, 1))
        elif shown is not None:
            self._select(self.model.row_of(shown.key))

    def _on_current_changed(self, current: QModelIndex) -> None:
        card = self.model.card(current.row())
        if card is None:
            return
        self.card_view.show_card(card)
        if not self._visited or self._visited[-1] != card.key:
            self._visited.append(card.key)
        self.back.setEnabled(len(self._visited) > 1)
