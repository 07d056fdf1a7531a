"""Looks words up: the glossary's window, and which cards tell what is selected, a term or a link is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from app.language import is_chinese, say
from app.state import Selection
from app.theme import Theme
from engine.events import Event, Kind
from engine.glossary.card import Card
from engine.glossary.shelf import CARDS, card_of_op, card_of_symbol
from engine.session.moment import Moment
from engine.trace.reader import Trace

if TYPE_CHECKING:
    from app.views.glossary.window import GlossaryWindow


class LookingUp(QObject):
    """Owns the glossary's window, which is made when it is first wanted."""

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._theme = theme
        self._over = window
        self.window: GlossaryWindow | None = None

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        if self.window is not None:
            self.window.set_theme(theme)

    def show(self, key: str = "") -> None:
        """Brings the glossary to the front, with a card; without one, where it was, and ready to search."""
        if self.window is None:
            # Not before somebody looks a word up: the main window shall not wait for the pictures.
            from app.views.glossary.window import GlossaryWindow

            self.window = GlossaryWindow(self._theme, chinese=is_chinese(), parent=self._over)
        window = self.window
        if key or window.card is None:
            window.show_key(key or "gradient")
        window.show()
        window.raise_()
        window.activateWindow()
        if key:
            window.list.setFocus()
        else:
            window.search.setFocus()
            window.search.selectAll()

    def explain(self, trace: Trace | None, selection: Selection, moment: Moment | None) -> None:
        """Shows the card of what is selected, else of the newest number; of nothing, the glossary."""
        cards = [] if trace is None else self.cards_of(trace, selection)
        if not cards and moment is not None and moment.last is not None:
            found = card_of_symbol(moment.last.symbol)
            cards = [] if found is None else [found]
        self.show(cards[0].key if cards else "")

    def cards_of(self, trace: Trace, selection: Selection) -> list[Card]:
        """The cards of a selection, the closest first: of a term and a parameter what its symbol is, of a node what its
        operation is; then the other."""
        event = None if selection.position is None else trace.event(selection.position)
        by_op = None if event is None else _of_event(event)
        by_symbol = card_of_symbol(selection.symbol)
        is_number = selection.card is None or selection.pill is not None or selection.quantity is not None
        cards = (by_symbol, by_op) if is_number else (by_op, by_symbol)
        return list({card.key: card for card in cards if card is not None}.values())

    def actions(self, cards: list[Card], parent: QObject) -> list[QAction]:
        """An entry of a menu for each card."""
        made = []
        for card in cards:
            name = say(card.name)
            action = QAction(self.tr("What is this? %1").replace("%1", name), parent)
            action.triggered.connect(lambda _=False, key=card.key: self.show(key))
            made.append(action)
        return made


def _of_event(event: Event) -> Card | None:
    """The card of an event's operation; one of the script's own is an `autograd.Function`."""
    is_own = event.kind is Kind.OP and "." in event.function and not event.function.startswith(("torch.", "Tensor."))
    return CARDS["custom_function"] if is_own else card_of_op(event.name)
