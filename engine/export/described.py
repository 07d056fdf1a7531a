"""What a trace's ids stand for, in words: an event's module and source line, a value's roles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from ..analysis.roles import Roles, roles
from ..events import Event, ModuleCall, Source
from ..trace.reader import Trace
from ..values import Statistics, Value, statistics
from .parameters import Parameter, parameters


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the user's source an event was called from. line: 1-based. text: that line without its indentation."""

    file: str
    line: int
    function: str
    text: str


class Described:
    """Looks words up in a trace and remembers them."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.roles: Callable[[int], Roles] = lru_cache(maxsize=64)(lambda iteration: roles(trace, iteration))
        """The roles of an iteration."""
        self.parameters: Callable[[int], list[Parameter]] = lru_cache(maxsize=64)(
            lambda iteration: parameters(trace, iteration)
        )
        """The parameters of an iteration."""
        self._call = lru_cache(maxsize=4096)(trace.call)
        self._source = lru_cache(maxsize=64)(self._read_source)
        self._place = lru_cache(maxsize=4096)(self._find_place)

    def call(self, event: Event) -> ModuleCall | None:
        """The innermost module call an event belongs to."""
        return None if event.call is None else self._call(event.call)

    def calls_around(self, event: Event) -> list[ModuleCall]:
        """The module calls around an event, outermost first."""
        found: list[ModuleCall] = []
        call = self.call(event)
        while call is not None:
            found.insert(0, call)
            call = None if call.parent is None else self._call(call.parent)
        return found

    def module(self, event: Event) -> str:
        """The path of that module ("conv.0"); the variable or class of an outermost one; "" outside modules."""
        call = self.call(event)
        return "" if call is None else call.path or call.variable or call.class_name

    def called_from(self, call: ModuleCall) -> Place | None:
        """Where a module was called."""
        site = self.trace.call_site(call.id)
        return None if site is None else self._place(site.id)

    def place(self, event: Event) -> Place | None:
        """Where an event was called from."""
        return None if event.site is None else self._place(event.site)

    def role(self, value: int | None, iteration: int) -> str:
        """The first role of a value in an iteration ("z1"), "" if it has none."""
        found = () if value is None else self.roles(iteration).of_value.get(value, ())
        return found[0] if found else ""

    def named(self, iteration: int) -> dict[str, int]:
        """Value ids by every name that they go by: roles, then "weight", "weight.grad" and "new weight"."""
        found = dict(self.roles(iteration).by_role)
        for parameter in self.parameters(iteration):
            for name, value in (
                (parameter.name, parameter.value),
                (f"{parameter.name}.grad", parameter.grad),
                (f"new {parameter.name}", parameter.new),
            ):
                if value is not None:
                    found[name] = value
        return found

    def statistics(self, value: Value) -> Statistics | None:
        """The statistics of a value; those of a view are worked out here. None where neither it nor they were kept."""
        if value.statistics is not None or not value.kept:
            return value.statistics
        array = self.trace.array(value.id)
        return None if array is None else statistics(array)

    def parameter(self, event: Event) -> str:
        """The name of the parameter that a grad or update event, or an AccumulateGrad, concerns; "" for others."""
        tensor = None if event.tensor is None else self.trace.tensor(event.tensor)
        return "" if tensor is None else tensor.name

    def _find_place(self, site: int) -> Place | None:
        found = self.trace.site(site)
        if found is None:
            return None
        source, lines = self._source(found.source)
        text = lines[found.line - 1].strip() if 0 < found.line <= len(lines) else ""
        return Place("" if source is None else source.path, found.line, found.function, text)

    def _read_source(self, source: int) -> tuple[Source | None, tuple[str, ...]]:
        found = self.trace.source(source)
        return found, () if found is None else tuple(found.text.splitlines())
