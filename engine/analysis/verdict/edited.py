"""A value that somebody changed by hand, as a function of what it was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from ...events import Event
from ..table.call import Array, UnfitError
from .tolerance import PLACE_BY_PLACE, Scale

_OLD = "old"


class EditFormula:
    """What an edit makes that keeps the gradient: the old value plus the change that was made, which is a constant.

    So the derivative with respect to the old value is 1. Raises UnfitError for one that cuts a part of it.
    """

    def __init__(self, event: Event, old: Array, new: Array) -> None:
        if event.arguments.get("gradient") != "kept":
            raise UnfitError("it was set by hand to a constant", "它被手动设为常数")
        self.event = event
        self.inputs: Mapping[str, Array] = {_OLD: old}
        self.keys: Mapping[str, str] = {_OLD: _OLD}
        self.scale: Scale = PLACE_BY_PLACE
        self.nudged: Literal["each", "mirrored", "none"] = "each"
        self.cancels = False
        self._new = new

    def make(self, inputs: Mapping[str, Array]) -> list[Array]:
        """The new value where the old one is as recorded; elsewhere it moves with it."""
        return [self._new + (inputs[_OLD] - self.inputs[_OLD])]

    def vjp(self, inputs: Mapping[str, Array], upstream: Sequence[Array]) -> Mapping[str, Array]:
        """The gradient goes on as it came."""
        return {_OLD: upstream[0]}
