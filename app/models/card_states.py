"""What each card and pill shows at a place: previews and numbers, read only when they are first revealed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from app.models.built_scene import BoxChange, BuiltScene, CardFacts, Direction, Known, PillFacts
from app.models.revealing import Revealing
from app.models.scene import CardState, CardStatus, GradStatus, PillState, preview_of
from engine.analysis.notation.numbers import format_number
from engine.session.place import Place
from engine.trace.reader import Trace

translate = QCoreApplication.translate

MOST_NUMBERS = 2
"""A value of at most so many elements is written as numbers on its card: more would be too small to read."""
_ONE_DIGITS, _FEW_DIGITS = 6, 4
_BOX_DIGITS = 4
_SHORT_DIGITS = (4, 3)
"""The `.grad` box beside a pill is half as wide as a card."""


class StatesOfCards(Mapping[str, CardState]):
    """States by card id, each made when it is asked for first: of a large scene most cards are not on screen."""

    def __init__(self, cards: Set[str], make: Callable[[str], CardState]) -> None:
        self._cards = cards
        self._make = make
        self._made: dict[str, CardState] = {}

    def __getitem__(self, card: str) -> CardState:
        if card not in self._cards:
            raise KeyError(card)
        if card not in self._made:
            self._made[card] = self._make(card)
        return self._made[card]

    def __iter__(self) -> Iterator[str]:
        return iter(self._cards)

    def __len__(self) -> int:
        return len(self._cards)


@dataclass(frozen=True, slots=True)
class SceneStates:
    """The states of a whole scene at one place, by card id and by pill id."""

    cards: Mapping[str, CardState]
    pills: Mapping[str, PillState]


@dataclass(frozen=True, slots=True)
class CurrentCard:
    """Where the ring is: at what was revealed last. quantity: its index, None where events are counted; symbol: its."""

    card: str | None = None
    direction: Direction = "forward"
    quantity: int | None = None
    symbol: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """A value's preview, or its numbers."""

    preview: NDArray[Any] | None = None
    text: str = ""


_NOTHING = _Shown()
_StateKey = tuple[str, int | None, int | None, bool]
_PillKey = tuple[str, int | None, int | None, GradStatus, bool, int]


class CardStates:
    """Gives the states of one built scene. A card that shows the same again gets the same object again.

    pills: the states at the place that `changes` was asked for last, by id.
    """

    def __init__(self, trace: Trace, built: BuiltScene) -> None:
        self._trace = trace
        self._built = built
        self.pills: dict[str, PillState] = {}
        self._place: Place | None = None
        self._card_ids = {card.id for card in built.scene.cards}
        self._pill_ids = {pill.id for card in built.scene.cards for pill in card.pills}
        self._card_changes = Revealing((card, one) for card, facts in built.cards.items() for one in facts.all_known)
        self._pill_changes = Revealing((pill, one) for pill, facts in built.pills.items() for one in facts.all_known)
        self._shown: dict[int, _Shown] = {}
        self._card_states: dict[_StateKey, CardState] = {}
        self._pill_states: dict[_PillKey, PillState] = {}

    def states(self, place: Place) -> SceneStates:
        """The states at a place of this iteration."""
        return self._states_of(self._card_ids, self._pill_ids, place)

    def changes(self, place: Place) -> SceneStates:
        """The states at a place, of those that the way from the place asked for before concerns; at first all."""
        before, self._place = self._place, place
        cards = pills = None
        if before is not None:
            cards, pills = self._card_changes.between(before, place), self._pill_changes.between(before, place)
        if before is None or cards is None or pills is None:
            found = self.states(place)
        else:
            ringed = {one for one in (self.current(before).card, self.current(place).card) if one is not None}
            found = self._states_of((cards | ringed) & self._card_ids, pills & self._pill_ids, place)
        self.pills.update(found.pills)
        return found

    def _states_of(self, cards: Set[str], pills: Set[str], place: Place) -> SceneStates:
        current = self.current(place).card
        of_cards, of_pills = self._built.cards, self._built.pills
        return SceneStates(
            StatesOfCards(cards, lambda card: self._card_state(card, of_cards.get(card), place, card == current)),
            {pill: self._pill_state(pill, of_pills.get(pill), place) for pill in pills},
        )

    def current(self, place: Place) -> CurrentCard:
        """The card of the quantity that was revealed last; of the last event where quantities are not counted."""
        if place.quantity is not None:
            index = min(place.quantity, len(self._built.steps)) - 1
            if index < 0:
                return CurrentCard()
            step = self._built.steps[index]
            return CurrentCard(step.card, step.direction, index, step.symbol)
        position = place.position - 1
        event = self._trace.event(position)
        if event is None or event.iteration != self._built.iteration:
            return CurrentCard()
        if position in self._built.card_of_op:
            return CurrentCard(self._built.card_of_op[position])
        if position in self._built.card_of_node:
            return CurrentCard(self._built.card_of_node[position], "backward")
        direction: Direction = "backward" if event.phase == "backward" else "update"
        card = self._built.card_of_tensor.get(event.tensor) if event.tensor is not None else None
        return CurrentCard(card, direction)

    def _card_state(self, card: str, facts: CardFacts | None, place: Place, is_current: bool) -> CardState:
        facts = facts or CardFacts()
        value = facts.value if facts.value is not None and facts.value.is_revealed(place) else None
        value = _last(facts.edits, place) or value
        grad = _last(facts.grads, place)
        key = (card, value.value if value else None, grad.value if grad else None, is_current)
        if key not in self._card_states:
            self._card_states[key] = self._new_card_state(value, grad, is_current)
        return self._card_states[key]

    def _new_card_state(self, value: Known | None, grad: Known | None, is_current: bool) -> CardState:
        left = self._show(value.value) if value is not None else _NOTHING
        right = self._show(grad.value) if grad is not None else _NOTHING
        status: CardStatus = "current" if is_current else "done" if value is not None else "future"
        phase: Direction = "backward" if grad is not None else "forward"
        return CardState(left.preview, left.text, right.preview, right.text, status, phase)

    def _pill_state(self, pill: str, facts: PillFacts | None, place: Place) -> PillState:
        if facts is None:
            facts = PillFacts(None, is_scalar=False)
        new = _last(facts.updates, place)
        box = _last_box(facts.boxes, place)
        value = new.value if new is not None else facts.value
        grad = box.at.value if box is not None and box.at.value >= 0 else None
        status: GradStatus = box.status if box is not None else "none"
        passes = box.passes if box is not None else 0
        key = (pill, value, grad, status, new is not None, passes)
        if key not in self._pill_states:
            value_text = self._show(value).text if value is not None and facts.is_scalar else ""
            short_texts = self._short_texts(value) if value is not None and facts.is_scalar else ()
            grad_text = self._box_text(grad) if grad is not None and facts.is_scalar else ""
            self._pill_states[key] = PillState(value_text, grad_text, status, new is not None, passes, short_texts)
        return self._pill_states[key]

    def _box_text(self, value: int) -> str:
        array = self._trace.array(value)
        return "" if array is None else number_text(array, _BOX_DIGITS)

    def _short_texts(self, value: int) -> tuple[str, ...]:
        array = self._trace.array(value)
        return () if array is None else tuple(number_text(array, digits) for digits in _SHORT_DIGITS)

    def _show(self, value: int) -> _Shown:
        """Reads an array once and keeps what fits on a card."""
        if value not in self._shown:
            array = self._trace.array(value)
            self._shown[value] = _Shown(text=translate("cards", "not kept")) if array is None else _shown(array)
        return self._shown[value]


def number_text(array: NDArray[Any], digits: int = _ONE_DIGITS) -> str:
    """The numbers of a tiny array on one line: "0.75473", "[1.124 −0.42]"; "" for a larger one."""
    if array.size == 1:
        return _number(array.reshape(-1)[0], digits)
    if not 0 < array.size <= MOST_NUMBERS:
        return ""
    return f"[{' '.join(_number(one, _FEW_DIGITS) for one in array.reshape(-1))}]"


def _number(one: np.generic, digits: int) -> str:
    if isinstance(one, np.complexfloating):
        return str(one)
    return format_number(one, digits) if isinstance(one, np.floating | np.integer | np.bool_) else str(one)


def _shown(array: NDArray[Any]) -> _Shown:
    text = number_text(array)
    if text:
        return _Shown(text=text)
    return _Shown(preview_of(np.abs(array) if np.iscomplexobj(array) else array))


def _last(known: Sequence[Known], place: Place) -> Known | None:
    return next((one for one in reversed(known) if one.is_revealed(place)), None)


def _last_box(changes: Sequence[BoxChange], place: Place) -> BoxChange | None:
    return next((change for change in reversed(changes) if change.at.is_revealed(place)), None)
