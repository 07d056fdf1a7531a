"""What happened to each parameter's `.grad` box, in order: filled by a backward pass, read by an update, emptied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ...events import Event, Kind
from ..flow import ACCUMULATE, slot_named


class Change(StrEnum):
    """What happens to a box."""

    FILL = "fill"
    """A backward pass left a gradient in it, on top of what it held."""
    TAKE = "take"
    """An update of its parameter happened while it held a gradient."""
    EMPTY = "empty"
    """It was cleared, zeroed or assigned."""


@dataclass(frozen=True, slots=True)
class BoxStep:
    """One change. is_added: of a fill, whether the box held something before."""

    change: Change
    event: Event
    is_added: bool = False


def box_steps(events: Iterable[Event]) -> dict[int, list[BoxStep]]:
    """For each tensor id the changes of its box, in order."""
    steps: dict[int, list[BoxStep]] = {}
    is_full: dict[int, bool] = {}
    for event in events:
        tensor = event.tensor
        if tensor is None or event.pending or event.error:
            continue
        held = is_full.get(tensor, False)
        if event.kind == Kind.NODE and event.name == ACCUMULATE:
            steps.setdefault(tensor, []).append(BoxStep(Change.FILL, event, held and _adds(event)))
            is_full[tensor] = True
        elif event.kind == Kind.GRAD:
            steps.setdefault(tensor, []).append(BoxStep(Change.EMPTY, event))
            is_full[tensor] = False
        elif event.kind == Kind.UPDATE and held and event.inputs:
            steps.setdefault(tensor, []).append(BoxStep(Change.TAKE, event))
    return steps


def _adds(event: Event) -> bool:
    """Whether what is in the box afterwards is not just what arrived."""
    arrived, left = slot_named(event.inputs, ("0",)), slot_named(event.outputs, ("grad",))
    return arrived is not None and left is not None and arrived.value != left.value
