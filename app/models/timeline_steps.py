"""What the timeline shows: the steps of one iteration, and how they are put together where they are many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.language import say
from engine.analysis.quantities import Quantity
from engine.analysis.symbols import words_of

StepPhase = Literal["forward", "backward", "update"]


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One mark. name: the quantity's symbol, "dC/dz1"."""

    name: str
    phase: StepPhase

    @property
    def symbol(self) -> str:
        """As it is read: "∂C/∂z⁽¹⁾". Few of many thousand are."""
        return say(words_of(self.name))


@dataclass(frozen=True, slots=True)
class Mark:
    """Neighbouring steps begin <= i < end of one phase that share a place on the line."""

    begin: int
    end: int
    phase: StepPhase


def runs(steps: Sequence[TimelineStep]) -> list[Mark]:
    """The longest stretches of steps of one phase, in order."""
    found: list[Mark] = []
    begin = 0
    for i in range(1, len(steps) + 1):
        if i == len(steps) or steps[i].phase != steps[begin].phase:
            found.append(Mark(begin, i, steps[begin].phase))
            begin = i
    return found


def marks(steps: Sequence[TimelineStep], most: int) -> list[Mark]:
    """At most about `most` marks (one more a stretch): each step its own if they fit, else equally many a mark."""
    size = max(1, -(-len(steps) // max(1, most)))
    return [
        Mark(begin, min(begin + size, run.end), run.phase)
        for run in runs(steps)
        for begin in range(run.begin, run.end, size)
    ]


def timeline_steps(quantities: Sequence[Quantity]) -> list[TimelineStep]:
    """The marks of an iteration's quantities."""
    return [TimelineStep(one.symbol, _phase(one.phase.value)) for one in quantities]


def _phase(name: str) -> StepPhase:
    return "backward" if name == "backward" else "update" if name == "update" else "forward"
