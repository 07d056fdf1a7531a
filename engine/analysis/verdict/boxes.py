"""What the `.grad` of each parameter held before an event: the boxes that gradients are added to."""

from __future__ import annotations

from ...events import Event, Kind
from ..families import is_box_edit, is_in_place
from ..flow import ACCUMULATE, Flow
from ..table.call import UnfitError

_FURTHEST_BACK = 3
"""How many iterations before this one are looked through."""


class Boxes:
    """The `.grad` boxes of one iteration, by the parameter's tensor id."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._before: dict[int, int | None] = {}
        held: dict[int, int | None] = {}
        for event in flow.events:
            if event.tensor is not None and event.tensor in held:
                self._before[event.position] = held[event.tensor]
            _follow(event, held)

    def before(self, event: Event) -> int | None:
        """The value in the event's box before it; None: it was empty. Raises UnfitError where that is not known."""
        tensor = event.tensor
        if tensor is None:
            raise UnfitError("it is not known whose gradient it is", "不知道这是谁的梯度")
        if event.position in self._before:
            return self._before[event.position]
        first = self._flow.iteration
        for iteration in range(first - 1, max(first - 1 - _FURTHEST_BACK, -2), -1):
            earlier: dict[int, int | None] = {}
            for other in self._flow.trace.events(iteration=iteration):
                _follow(other, earlier)
            if tensor in earlier:
                return earlier[tensor]
        raise UnfitError(
            "what its .grad held before is too far back in the trace", "它的 .grad 之前的内容在记录中太早的地方"
        )


def _follow(event: Event, held: dict[int, int | None]) -> None:
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
