"""What the `.grad` of each parameter held before an event: the boxes that gradients are added to."""

from __future__ import annotations

from collections.abc import Iterable

from ..events import Event, Kind
from .families import is_box_edit, is_in_place
from .flow import ACCUMULATE, Flow, once_a_flow
from .table.call import UnfitError

Held = dict[int, int | None]
"""Tensor id -> value id of its `.grad`; None: empty."""

_FURTHEST_BACK = 3
"""How many iterations before this one are looked through."""


def held_before(flow: Flow, event: Event) -> int | None:
    """The value in an event's box before it; None: it was empty. Raises UnfitError where that is not known."""
    tensor = event.tensor
    if tensor is None:
        raise UnfitError("it is not known whose gradient it is", "不知道这是谁的梯度")
    before = _before(flow)
    if event.position in before:
        return before[event.position]
    first, left = flow.iteration, _left_by(flow)
    for iteration in range(first - 1, max(first - 1 - _FURTHEST_BACK, -2), -1):
        if iteration not in left:
            left[iteration] = _followed(flow.trace.events(iteration=iteration))
        if tensor in left[iteration]:
            return left[iteration][tensor]
    raise UnfitError(
        "what its .grad held before is too far back in the trace", "它的 .grad 之前的内容在记录中太早的地方"
    )


@once_a_flow
def _before(flow: Flow) -> dict[int, int | None]:
    """Position of an event of the iteration -> what its box held, where the iteration tells."""
    found: dict[int, int | None] = {}
    held: Held = {}
    for event in flow.events:
        if event.tensor is not None and event.tensor in held:
            found[event.position] = held[event.tensor]
        _follow(event, held)
    return found


@once_a_flow
def _left_by(flow: Flow) -> dict[int, Held]:
    """What earlier iterations left in the boxes, as far as it was asked for."""
    return {}


def _followed(events: Iterable[Event]) -> Held:
    held: Held = {}
    for event in events:
        _follow(event, held)
    return held


def _follow(event: Event, held: Held) -> None:
    """What an event leaves in the boxes."""
    if event.pending or event.error:
        return
    made = event.outputs[0].value if event.outputs else None
    is_set = event.kind == Kind.GRAD or (event.kind == Kind.NODE and event.name == ACCUMULATE) or is_box_edit(event)
    if event.tensor is not None and is_set:
        held[event.tensor] = made
    elif event.kind == Kind.OP and is_in_place(event):
        # Clipping, or a script of its own, writes into the box.
        changed = dict(zip((slot.value for slot in event.inputs), (slot.value for slot in event.outputs), strict=False))
        for tensor, value in held.items():
            if value is not None and value in changed:
                held[tensor] = changed[value]
