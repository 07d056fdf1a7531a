"""One of the two runs, as it is at one moment: its events, what identifies them, and where they stand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from ...events import Event, Iteration, Kind, ModuleCall
from ...trace.reader import Trace
from .alignment import Key
from .difference import Spot
from .matched_lines import MatchedLines


@dataclass(frozen=True, slots=True)
class Part:
    """One iteration's events with their keys; see NOTE [Alignment]. loose: keys without the events' names."""

    events: list[Event]
    keys: list[Key]
    loose: list[Key]


class Run:
    """A trace up to the events that it held when this was made, so that it may go on being written."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.name = trace.path.name
        self.meta = trace.meta()
        self.events = len(trace)
        self.iterations: dict[int, Iteration] = {
            row.number: row for row in trace.iterations() if row.begin < self.events
        }
        self.unfinished = self.meta.get("status", "running") in ("running", "killed", "interrupted")
        self._calls: dict[int, ModuleCall | None] = {}
        self._lines: dict[int, list[str]] = {}
        self._paths: dict[int, str] = {}

    def part(self, iteration: int, matched: MatchedLines | None) -> Part:
        """The events of an iteration. matched: for the second run, its lines as lines of the first's."""
        row = self.iterations.get(iteration)
        if row is None:
            return Part([], [], [])
        self._calls.update((call.id, call) for call in self.trace.calls(iteration))
        found = self.trace.events(begin=row.begin, end=min(row.end, self.events))
        events = [event for event in found if not event.pending]
        places = [self._place(event, matched) for event in events]
        keys = [(event.name, *place) for event, place in zip(events, places, strict=True)]
        return Part(events, list(keys), places)

    def _place(self, event: Event, matched: MatchedLines | None) -> Key:
        site = self.trace.site(event.site)
        line: Key = ()
        if site is not None:
            line = (site.source, site.line) if matched is None else matched.of_second(site.source, site.line)
        return event.kind, self.module(event), self.tensor(event), *line

    def module(self, event: Event) -> str:
        """The path of the module call that an event belongs to, "" outside of modules."""
        if event.call is None:
            return ""
        if event.call not in self._calls:
            self._calls[event.call] = self.trace.call(event.call)
        found = self._calls[event.call]
        return "" if found is None else found.path

    def tensor(self, event: Event) -> str:
        """The name of the parameter that an event concerns, "" for others."""
        return self._tensor_name(event.tensor)

    def tensor_of(self, value: int | None) -> str:
        """The name of the tensor that a value is a version of, "" where it has none."""
        return "" if value is None else self._tensor_name(self.trace.value(value).tensor)

    def _tensor_name(self, tensor: int | None) -> str:
        found = None if tensor is None else self.trace.tensor(tensor)
        return "" if found is None else found.name

    def spot(self, event: Event) -> Spot:
        """An event and its place, in words."""
        site = self.trace.site(event.site)
        path, line, text = "", 0, ""
        if site is not None:
            line = site.line
            lines = self._source(site.source)
            path = self._paths[site.source]
            text = lines[line - 1].strip() if 0 < line <= len(lines) else ""
        return Spot(
            event.position,
            event.iteration,
            event.phase.value,
            event.kind.value,
            f"edit of {event.arguments.get('target')}" if event.kind is Kind.EDIT else event.name,
            event.function,
            self.module(event),
            PurePath(path).name,
            line,
            text,
            self.tensor(event),
        )

    def _source(self, source: int) -> list[str]:
        if source not in self._lines:
            found = self.trace.source(source)
            self._lines[source] = [] if found is None else found.text.splitlines()
            self._paths[source] = "" if found is None else found.path
        return self._lines[source]
