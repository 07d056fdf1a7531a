"""What a trace holds under a name, one after the other: "z2" of the first pass, of the second, and so on.

A name is a variable of the script, a parameter's name, or a role. `dC_dw1`, `grad_w1` and `dw1` all mean "dC/dw1".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...events import Kind
from ...trace.reader import Trace
from ..names import ValueNames
from ..roles import roles

_GRADIENT = re.compile(r"(?:dC?_?d?|grad_?|d)([A-Za-z]\w*)")


@dataclass(frozen=True, slots=True)
class TorchNumber:
    """A value under a name. position: of the event that made it, -1 for what was there before; line: in the script."""

    position: int
    line: int
    value: int


class TorchNumbers:
    """All values of a trace by name, in time; arrays are read when asked for."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._by_variable = _assigned(trace)
        self._by_role: dict[str, list[TorchNumber]] | None = None

    def of(self, name: str) -> list[TorchNumber]:
        """The values under a name, oldest first; empty if the trace knows no such name."""
        if name in self._by_variable:
            return self._by_variable[name]
        by_role = self._roles()
        for role in _meanings(name):
            if role in by_role:
                return by_role[role]
        return []

    def array(self, number: TorchNumber) -> NDArray[np.float64] | None:
        """A value's numbers in float64, None where they were not kept."""
        found = self._trace.array(number.value)
        return None if found is None or found.dtype.kind == "c" else np.asarray(found, dtype=np.float64)

    def precision(self, number: TorchNumber) -> float:
        """The relative rounding of the value's own dtype; of float32 where it is no float."""
        dtype = self._trace.value(number.value).dtype
        return {"float64": 2.0**-52, "float16": 2.0**-10, "bfloat16": 2.0**-7}.get(dtype, 2.0**-23)

    def _roles(self) -> dict[str, list[TorchNumber]]:
        if self._by_role is None:
            self._by_role = {}
            for name, number in _by_role(self._trace):
                found = self._by_role.setdefault(name, [])
                if all(other.value != number.value for other in found):
                    found.append(number)
        return self._by_role


def _assigned(trace: Trace) -> dict[str, list[TorchNumber]]:
    """What ops and updates assigned to the script's variables."""
    names, found = ValueNames(trace), dict[str, list[TorchNumber]]()
    for event in trace.events():
        if event.pending or event.error or event.kind not in (Kind.OP, Kind.UPDATE):
            continue
        for place, slot in enumerate(event.outputs):
            name = names.variable(event, place) if slot.value is not None else ""
            if name and slot.value is not None:
                before = event.inputs[0].value if event.inputs else None
                if event.kind == Kind.UPDATE and name not in found and before is not None:
                    # What the first update found was made out of sight, inside a function or by a module.
                    found[name] = [TorchNumber(-1, 0, before)]
                site = trace.site(event.site)
                line = 0 if site is None else site.line
                found.setdefault(name, []).append(TorchNumber(event.position, line, slot.value))
    return found


def _by_role(trace: Trace) -> Iterator[tuple[str, TorchNumber]]:
    """Roles of each iteration; parameters under their role and their name, all versions."""
    for iteration in trace.iterations():
        if iteration.number < 0:
            continue
        known = roles(trace, iteration.number)
        for tensor, role in known.of_tensor.items():
            parameter = trace.tensor(tensor)
            for version in trace.versions(tensor):
                number = TorchNumber(-1, 0, version.id)
                yield role, number
                if parameter is not None and parameter.name:
                    yield parameter.name, number
        made = {slot.value: event for event in trace.events(iteration=iteration.number) for slot in event.outputs}
        for role, value in known.by_role.items():
            event = made.get(value)
            site = trace.site(event.site) if event is not None else None
            line = 0 if site is None else site.line
            yield role, TorchNumber(-1 if event is None else event.position, line, value)


def _meanings(name: str) -> Iterator[str]:
    """A name, and the roles that it may stand for."""
    yield name
    match = _GRADIENT.fullmatch(name)
    if match is not None:
        yield f"dC/d{match[1]}"
    if name.lower() in ("loss", "cost"):
        yield "C"
