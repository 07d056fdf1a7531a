"""What a comparison finds: one event that is not the same in both runs, and where it stands in each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .numbers import Unlike


class Way(StrEnum):
    """In what way an event is not the same."""

    ONLY_FIRST = "only in the first"
    ONLY_SECOND = "only in the second"
    ONLY_ITERATION = "only one goes on"
    """An iteration that only one run has; its first event stands for it."""
    OTHER_OP = "other op"
    FUNCTION = "other function"
    ARGUMENTS = "other arguments"
    ERROR = "other error"
    INPUT = "other input"
    """What goes in differs, and no recorded event made it: data, or a weight from before the recording."""
    SOURCE = "reads another value"
    """What goes in differs because it was made by another event."""
    DRAW = "other random numbers"
    RESULT = "other result"
    """The same goes in, and something else comes out."""
    FOLLOWS = "follows"
    """What goes in differed already, so what comes out does."""


@dataclass(frozen=True, slots=True)
class Spot:
    """An event and its place. line: from 1, 0 where it is unknown; text: that line. tensor: the parameter's name."""

    position: int
    iteration: int
    phase: str
    kind: str
    name: str
    function: str
    module: str
    file: str
    line: int
    text: str
    tensor: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One event that differs. first, second: it in each run, None where only one has it.

    slot: the tensor concerned ("output 0", "input weight"), "" for none; unlike: how it differs. arguments: (name, in
    the first, in the second) of those that differ, as text; "" where there is none of that name.
    """

    way: Way
    first: Spot | None
    second: Spot | None
    slot: str = ""
    unlike: Unlike | None = None
    arguments: tuple[tuple[str, str, str], ...] = ()

    @property
    def follows(self) -> bool:
        """Whether it only follows from an earlier one."""
        return self.way is Way.FOLLOWS

    @property
    def key(self) -> tuple[object, ...]:
        """The same for what is the same difference at another parameter, or in another iteration."""
        spot = self.spot
        if self.way is Way.ONLY_ITERATION:
            return (self.way,)
        line = (spot.file, spot.line) if spot.line else (spot.name,)
        if self.way in (Way.ONLY_FIRST, Way.ONLY_SECOND):
            return (self.way, *line)
        return (self.way, spot.name, *line)

    @property
    def spot(self) -> Spot:
        """Its place in the first run, or in the second where only that has it."""
        found = self.first or self.second
        assert found is not None
        return found
