"""An event as breakpoints look at it, whether it runs just now or was recorded.

NOTE [Before and after]
Most breakpoints stop before an event: their place is the event's position. What asks for numbers that the event makes
(written data, NaN, gradients, a condition on `value`) can be said only when it is over: the place is the next position.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

from ...bilingual import Bilingual
from ...events import Event
from ...values import Statistics
from ..watches.answers import NoAnswer

SlotRow = tuple[str, int | None, int | None, int]
"""(name, value, node, index), as in `engine.events.Slot`."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event; fields as in `engine.events.Event`. outputs: empty while it is about to happen."""

    position: int
    kind: str
    name: str
    function: str
    iteration: int
    phase: str
    call: int | None
    site: int | None
    inputs: Sequence[SlotRow]
    outputs: Sequence[SlotRow]
    node: int | None
    tensor: int | None
    error: str


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of a value's numbers. read: gives the numbers, None where they are not kept."""

    statistics: Statistics
    shape: tuple[int, ...]
    read: Callable[[], NDArray[Any] | None]

    @property
    def is_kept(self) -> bool:
        """Whether its numbers can be read."""
        return self.read() is not None

    def array(self) -> NDArray[Any]:
        """Its numbers. Raises NoAnswer where they are not kept."""
        found = self.read()
        if found is None:
            raise NoAnswer(
                Bilingual("The numbers are not at hand, only their statistics.", "手头没有这些数，只有它们的统计量。")
            )
        return found

    @property
    def count(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def largest(self) -> float:
        """The largest magnitude among the finite elements; NaN where there is none."""
        return max(abs(self.statistics.min), abs(self.statistics.max))

    @property
    def is_finite(self) -> bool:
        """Whether no element is NaN or infinite."""
        return not (self.statistics.nans or self.statistics.infs)

    @property
    def number(self) -> float:
        """The number, where it is only one; NaN otherwise."""
        return self.statistics.mean if self.count == 1 else math.nan


class Surroundings(Protocol):
    """Where happenings take place: answers what an event only gives ids of."""

    def line(self, site: int | None) -> tuple[str, int] | None:
        """(file without links, line) of a place in the source."""

    def begun(self, here: Happening) -> Iterable[tuple[str, str, str]]:
        """(path, class, variable) of each module call whose first event this op is."""

    def begun_from(self, here: Happening) -> Sequence[int]:
        """Places in the source of the module calls whose first event this op is, outermost first."""

    def called_from(self, here: Happening) -> Sequence[int]:
        """Places in the source of all module calls that this op lies in, outermost first."""

    def module(self, call: int | None) -> str:
        """Path of a module call, "" for none."""

    def tensor_of(self, value: int) -> int | None:
        """The named tensor that a value is a version of."""

    def tensor_name(self, tensor: int) -> str:
        """What a named tensor is called."""

    def owner_of_gradient(self, value: int, here: Happening) -> int | None:
        """The named tensor in whose `.grad` a value lies at this event."""

    def maker(self, here: Happening) -> str:
        """Name of the op that made an autograd node, "" where there is none."""

    def figures(self, value: int) -> Figures | None:
        """What is known of a value, None where it could not be captured."""

    def loss(self, position: int) -> float:
        """The last number without dimensions that a tracked op made among the events before this position, or NaN."""


def happening(event: Event) -> Happening:
    """A recorded event as breakpoints look at it."""
    return Happening(
        position=event.position,
        kind=event.kind.value,
        name=event.name,
        function=event.function,
        iteration=event.iteration,
        phase=event.phase.value,
        call=event.call,
        site=event.site,
        inputs=[(slot.name, slot.value, slot.node, slot.index) for slot in event.inputs],
        outputs=[(slot.name, slot.value, slot.node, slot.index) for slot in event.outputs],
        node=event.node,
        tensor=event.tensor,
        error=event.error,
    )
