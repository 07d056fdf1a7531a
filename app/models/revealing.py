"""Which cards and pills a move concerns: those of which something is revealed, or hidden again, on the way."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from app.models.built_scene import Known
from engine.session.place import Place


class Revealing:
    """Looks ids up by when something of them is revealed, so that a step costs as much in a large scene as in a small.

    known: each id with one thing that is known of it; an id may come again.
    """

    def __init__(self, known: Iterable[tuple[str, Known]]) -> None:
        all_known = list(known)
        self._by_position = _Sorted((one.known_at, of) for of, one in all_known)
        self._by_quantity = _Sorted((one.quantity, of) for of, one in all_known if one.quantity is not None)
        self._without = _Sorted((one.known_at, of) for of, one in all_known if one.quantity is None)

    def between(self, one: Place, other: Place) -> set[str] | None:
        """The ids that are not the same at both places; None if one counts quantities and the other does not."""
        if one.quantity is None and other.quantity is None:
            return self._by_position.after(*sorted((one.position, other.position)))
        if one.quantity is None or other.quantity is None:
            return None
        # Quantity q is revealed where more than q are.
        by_quantity = self._by_quantity.after(*(count - 1 for count in sorted((one.quantity, other.quantity))))
        return by_quantity | self._without.after(*sorted((one.position, other.position)))


class _Sorted:
    """Ids in the order of their numbers."""

    def __init__(self, numbered: Iterable[tuple[int, str]]) -> None:
        pairs = sorted(numbered)
        self._numbers = [number for number, _ in pairs]
        self._ids = [of for _, of in pairs]

    def after(self, low: int, high: int) -> set[str]:
        """Those with low < number <= high."""
        return set(self._ids[bisect_right(self._numbers, low) : bisect_right(self._numbers, high)])
