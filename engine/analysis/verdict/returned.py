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
    asked = [slot for slot in event.inputs if slot.name.partition(".")[0] in ("1", "inputs")]
    known = {part.value for traffic in passes for sent in traffic.sent.values() for part in sent}
    found = []
    for slot in event.outputs:
        if slot.value is None or slot.value in known:
            continue
        place = int(slot.name) if slot.name.isdigit() else 0
        parts = _parts(flow, passes, event, asked[place]) if place < len(asked) else []
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
