"""Where the path from a value back to the parameters was cut, so that nothing can be derived."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ...events import Event, Kind
from ...trace.reader import Trace
from ..names import ValueNames
from .operands import requires_grad

_LOOK_BACK = 5000
_DETACHES = frozenset({"detach", "detach_", "data"})
_WITHOUT_SLOPE = frozenset(
    {"argmax", "argmin", "argsort", "round", "floor", "ceil", "sign", "eq", "ne", "lt", "le", "gt", "ge", "one_hot"}
)
_COPIES = frozenset({"tensor", "as_tensor", "scalar_tensor"})
_TAKEN_OUT = re.compile(r"\.item\(|\.tolist\(|\.numpy\(|float\(")
"""How a script takes a number out of a tensor."""


class Why(StrEnum):
    """What cut the path."""

    DETACHED = "detached"
    NO_GRAD = "no_grad"
    NO_SLOPE = "no_slope"
    COPIED = "copied"
    """torch.tensor(...) made a new tensor of the numbers."""
    NOTHING = "nothing"
    """Nothing that went into it requires grad."""


@dataclass(frozen=True, slots=True)
class Cut:
    """why: what cut it. event: the op that did, None where nothing requires grad at all."""

    why: Why
    event: Event | None


def cut(trace: Trace, value: int, before: int) -> Cut:
    """Where the path from a value without grad back to what requires grad was cut. before: a position after it."""
    makers = _makers(trace, before)
    names = ValueNames(trace)
    waiting, seen = [value], {value}
    while waiting:
        event = makers.get(waiting.pop(0))
        if event is None:
            continue
        for slot in event.inputs:
            if slot.value is None:
                continue
            if _is_tracked(trace, names, slot.value, makers.get(slot.value)):
                return Cut(_why(event), event)
            if slot.value not in seen:
                seen.add(slot.value)
                waiting.append(slot.value)
        if event.name in _COPIES and _TAKEN_OUT.search(names.expression(event.site)):
            return Cut(Why.COPIED, event)
    return Cut(Why.NOTHING, None)


def _makers(trace: Trace, before: int) -> dict[int, Event]:
    return {
        slot.value: event
        for event in trace.events(begin=max(0, before - _LOOK_BACK), end=before)
        if event.kind is Kind.OP
        for slot in event.outputs
        if slot.value is not None
    }


def _is_tracked(trace: Trace, names: ValueNames, value: int, made: Event | None) -> bool:
    if made is None:
        return requires_grad(trace, value, None, "")
    output = next(i for i, slot in enumerate(made.outputs) if slot.value == value)
    return requires_grad(trace, value, (made, output), names.variable(made, output))


def _why(event: Event) -> Why:
    if event.name in _DETACHES:
        return Why.DETACHED
    if event.name in _COPIES:
        return Why.COPIED
    return Why.NO_SLOPE if event.name in _WITHOUT_SLOPE else Why.NO_GRAD
