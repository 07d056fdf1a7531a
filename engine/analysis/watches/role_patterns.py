"""Roles of iterations that look alike: found out once, and then by place.

NOTE [Alike]
Two iterations are alike if they have the same events, from the same places of the script, on the same parameters, and
if the values flow between them in the same way. Then the same places hold the same roles, so that a watch over a
thousand iterations asks for roles once or twice.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...events import Event
from ...trace.reader import Trace
from ..flow import has_flow
from ..roles import roles

_KEPT_PATTERNS = 16

_Pattern = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class RolesHere:
    """by_role: role -> value id. of_tensor: parameter's tensor id -> its role or name."""

    by_role: Mapping[str, int]
    of_tensor: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class _Known:
    """numbers: role -> number of its value, in the order in which values are first seen."""

    numbers: Mapping[str, int]
    of_tensor: Mapping[int, str]


class RolePatterns:
    """The patterns of one trace that were met so far."""

    def __init__(self) -> None:
        self._known: OrderedDict[_Pattern, _Known] = OrderedDict()

    def roles_of(self, trace: Trace, iteration: int, events: Sequence[Event], seen: Sequence[int]) -> RolesHere:
        """The roles of an iteration. seen: its values in the order in which its events mention them first."""
        if has_flow(trace, iteration):
            found = roles(trace, iteration)
            return RolesHere(found.by_role, found.of_tensor)
        numbers = {value: number for number, value in enumerate(seen)}
        pattern = tuple(_pattern(events, numbers))
        known = self._known.get(pattern)
        if known is not None:
            self._known.move_to_end(pattern)
            return RolesHere({role: seen[number] for role, number in known.numbers.items()}, known.of_tensor)
        found = roles(trace, iteration)
        if all(value in numbers for value in found.by_role.values()):
            while len(self._known) >= _KEPT_PATTERNS:
                self._known.popitem(last=False)
            places = {role: numbers[value] for role, value in found.by_role.items()}
            self._known[pattern] = _Known(places, found.of_tensor)
        return RolesHere(found.by_role, found.of_tensor)


def _pattern(events: Sequence[Event], numbers: Mapping[int, int]) -> Iterator[object]:
    """See NOTE [Alike]; nodes are numbered in the order of their mention too."""
    nodes: dict[int, int] = {}
    for event in events:
        yield from (event.kind, event.name, event.phase, event.site, event.tensor, event.pending, bool(event.error))
        yield None if event.node is None else nodes.setdefault(event.node, len(nodes))
        for slots in (event.inputs, event.outputs):
            yield len(slots)
            for slot in slots:
                yield slot.name
                yield None if slot.value is None else numbers[slot.value]
                yield None if slot.node is None else nodes.setdefault(slot.node, len(nodes))
                yield slot.index
