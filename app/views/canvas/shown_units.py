"""Which unit of each repeat is shown in the place of all: the third time step, the first block. No Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.models.rolled_scene import RolledRepeat, RolledScene
from app.models.scene import Card, ClusterPath, Scene


@dataclass(frozen=True, slots=True)
class ShownRepeat:
    """A repeat with the unit that is shown of it, 0-based."""

    repeat: RolledRepeat
    unit: int


class ShownUnits:
    """Looks up, for a rolled scene, which card stands in a place now."""

    def __init__(self, structure: Scene, rolled: RolledScene) -> None:
        self._rolled = rolled
        self._cards = {card.id: card for card in structure.cards}
        self._chosen: dict[ClusterPath, int] = {}

    def choose(self, path: ClusterPath, unit: int) -> bool:
        """Shows a unit of a repeat, the nearest one there is; whether that is another one than before."""
        repeat = self._rolled.repeats.get(path)
        if repeat is None:
            return False
        unit = max(0, min(unit, repeat.count - 1))
        before = self._chosen.get(path, 0)
        self._chosen[path] = unit
        return before != unit

    def choose_for(self, card: str | None) -> bool:
        """Shows the units that a card is in; whether another one than before is shown."""
        units = self._rolled.unit_of.get(card, ()) if card is not None else ()
        return any([self.choose(path, unit) for path, unit in units])

    def chosen(self, path: ClusterPath) -> int:
        """The unit of a repeat that is shown."""
        return self._chosen.get(path, 0)

    def keep(self, other: ShownUnits) -> None:
        """The same choice as in another scene, where the repeat is there as well."""
        for path, unit in other._chosen.items():
            self.choose(path, unit)

    def repeat_of(self, path: ClusterPath) -> ShownRepeat | None:
        """The repeat that has this frame, with the unit shown now."""
        repeat = self._rolled.repeats.get(path)
        return None if repeat is None else ShownRepeat(repeat, self.chosen(path))

    def innermost(self, card: str | None) -> RolledRepeat | None:
        """The innermost repeat around a card."""
        units = self._rolled.unit_of.get(card, ()) if card is not None else ()
        return self._rolled.repeats.get(units[-1][0]) if units else None

    def stands_for(self, card: str) -> str:
        """The card of a first unit in whose place a card is shown."""
        return self._rolled.shown_as.get(card, card)

    def is_in_repeat(self, first: str) -> bool:
        """Whether other cards can stand in the place of this one."""
        return first in self._rolled.unit_of

    def shown_id(self, first: str) -> str:
        """The id of the card shown in the place of one of a first unit."""
        return self._rolled.card_in(first, self._chosen)

    def shown(self, first: str) -> Card:
        """The card shown in that place."""
        return self._cards[self.shown_id(first)]

    @property
    def paths(self) -> tuple[ClusterPath, ...]:
        """The frames of all repeats that are rolled up."""
        return tuple(self._rolled.repeats)

    @property
    def repeats(self) -> Iterable[RolledRepeat]:
        """All that are rolled up."""
        return self._rolled.repeats.values()
