"""Checks `torch.autograd.grad`: what it returns is what the nodes of its pass sent to where it was asked about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...bilingual import Bilingual
from ...events import Event, Slot
from ..flow import Flow
from ..table.call import UnfitError
from .answer import Comparison
from .arrays import Arrays
from .precision import lowest
from .tolerance import compare
from .traffic import Sent, Traffic, slots_at


def returned_comparisons(flow: Flow, arrays: Arrays, passes: Sequence[Traffic], event: Event) -> list[Comparison]:
    """Each result beside the sum of the parts that were sent; none for results that a single node sent as they are.

    Raises UnfitError where such parts are not known.
    """
    known = {part.value for traffic in passes for sent in traffic.sent.values() for part in sent}
    found = []
    for slot, asked in results(event):
        if slot.value is None or slot.value in known:
            continue
        parts = [] if asked is None else _parts(flow, passes, event, asked)
        if not parts:
            raise UnfitError(
                "its result is not among the gradients that earlier steps sent", "它的结果不在之前各步传出的梯度之中"
            )
        total = np.sum([arrays.wide(part.value) for part in parts], axis=0)
        precision = lowest(arrays.dtype(part.value) for part in parts)
        found.append(
            compare(Bilingual("result", "结果"), "", "numpy", arrays.recorded(slot.value), total, precision).comparison
        )
    return found


def results(event: Event) -> list[tuple[Slot, Slot | None]]:
    """Each result of a call, with the tensor whose gradient it is; None where that was not recorded."""
    asked = arguments(event, "1", "inputs")
    places = [(slot, int(slot.name) if slot.name.isdigit() else 0) for slot in event.outputs if slot.value is not None]
    return [(slot, asked[place] if place < len(asked) else None) for slot, place in places]


def arguments(event: Event, place: str, name: str) -> list[Slot]:
    """The tensors of an argument that may be a list, given by place or by name."""
    return [slot for slot in event.inputs if slot.name.partition(".")[0] in (place, name)]


def _parts(flow: Flow, passes: Sequence[Traffic], event: Event, wanted: Slot) -> list[Sent]:
    """What the last pass before the event sent to where a tensor's gradient arrives."""
    for traffic in reversed(passes):
        for place, sent in traffic.sent.items():
            if sent[0].event.position > event.position:
                continue
            try:
                slots = slots_at(flow, event, place)
            except UnfitError:
                continue
            if any(slot.name == wanted.name for slot in slots):
                return sent
    return []
