"""Where in a run one stands, and in what strides one goes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What one step is, coarsest first."""

    ITERATION = "iteration"
    PHASE = "phase"
    MODULE = "module"
    """Events of one module call, in one phase, without a break."""
    QUANTITY = "quantity"
    """A quantity of the textbook: z, a, C, dC/da ... The default."""
    OPERATION = "operation"
    """An op of the script; in the backward phase, all nodes that one op made."""
    NODE = "node"
    """Every event."""
    ATEN = "aten"
    """What torch calls inside an event, where that was recorded; elsewhere every event."""


@dataclass(frozen=True, slots=True)
class Place:
    """`position` events are completed, the next is about to happen (engine.events, NOTE [Time]).

    iteration: the one that is looked at; -1 is the set-up. quantity: how many of its quantities are revealed, so
    quantity number `quantity` is about to be; None at levels that do not count them. Between two iterations there are
    two places at one position: all of the first is revealed, and none of the second. aten: how many of the calls at
    this position are done, at the aten level.
    """

    position: int = 0
    quantity: int | None = None
    iteration: int = -1
    aten: int = 0
