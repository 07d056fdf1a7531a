"""Breakpoints on lines and on names, and whether a recorded event hits one: the same rules as at the child's gate."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache

from ..events import Event, Kind
from ..wire.messages import Line, SetBreakpoints
from .recorded import Recorded


@dataclass(frozen=True, slots=True)
class Breakpoints:
    """lines: places in source files, by absolute path. names: of ops, autograd nodes, modules (paths, classes or
    variables).
    """

    lines: frozenset[Line] = frozenset()
    names: frozenset[str] = frozenset()

    def as_command(self) -> SetBreakpoints:
        """What tells a child of them."""
        lines = {Line(os.path.realpath(line.path), line.line) for line in self.lines}
        return SetBreakpoints(tuple(sorted(lines, key=lambda line: (line.path, line.line))), tuple(sorted(self.names)))

    def hit(self, record: Recorded, position: int) -> bool:
        """Whether one stops before the event at this position."""
        event = record.event(position)
        if event is None or not (self.lines or self.names):
            return False
        if self.names and fits(record, event, self.names):
            return True
        return bool(self.lines) and self._visits_line(record, event, record.event(position - 1))

    def _visits_line(self, record: Recorded, event: Event, before: Event | None) -> bool:
        """See NOTE [A line is visited] at the child's gate."""
        here = line_of(record, event)
        if here is None or here not in {Line(os.path.realpath(line.path), line.line) for line in self.lines}:
            return False
        if before is None or line_of(record, before) != here:
            return True
        again = event.site is not None and before.site is not None and event.site <= before.site
        return event.kind == before.kind == Kind.OP and again


def fits(record: Recorded, event: Event, names: frozenset[str]) -> bool:
    """Whether an event has one of the names, or is the first of a call of a module that has."""
    if event.name in names:
        return True
    if event.kind != Kind.OP:
        return False
    for key in record.calls_around(event):
        call = record.trace.call(key)
        if call is None or call.begin != event.position:
            return False
        if call.path in names or call.class_name in names or call.variable in names:
            return True
    return False


def line_of(record: Recorded, event: Event) -> Line | None:
    """Where in the source an event was called from."""
    site = record.trace.site(event.site)
    source = None if site is None else _source_path(record, site.source)
    return None if site is None or source is None else Line(source, site.line)


def _source_path(record: Recorded, source: int) -> str | None:
    found = record.trace.source(source)
    return None if found is None else _real(found.path)


@lru_cache(maxsize=1024)
def _real(path: str) -> str:
    return os.path.realpath(path)
