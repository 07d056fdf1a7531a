"""Numbers by which an editor asks for what it was shown; they are good until the script goes on."""

from __future__ import annotations

from typing import Generic, TypeVar

from .messages import RequestError

T = TypeVar("T")


class Handles(Generic[T]):
    """what: what they stand for, as a sentence calls it ("variable"). No number is ever given twice."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._things: dict[int, T] = {}
        self._last = 0

    def add(self, thing: T) -> int:
        """A number for a thing, above 0."""
        self._last += 1
        self._things[self._last] = thing
        return self._last

    def get(self, number: int) -> T:
        """What a number stands for. Raises RequestError when it is no longer good."""
        if number not in self._things:
            raise RequestError(f"This {self._what} is not there any more: the run has moved on.")
        return self._things[number]

    def clear(self) -> None:
        """All numbers up to now are no longer good."""
        self._things.clear()
