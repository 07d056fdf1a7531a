"""What happened on each line of the source in one iteration, up to a place: which lines ran, what their names hold."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from app.models.card_states import number_text
from engine.analysis.names import ValueNames
from engine.events import Event, Kind, ModuleCall
from engine.trace.reader import Trace

MOST_EVENTS = 20_000
"""Of an iteration; of a longer one only so many, up to the place, are looked at."""
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class LineFacts:
    """Of one file. executed: lines that ran in this iteration. coming: lines that are known to run later in it.
    values: "z1 = 1.124" for each line that gave a name a value, the newest one.
    """

    executed: frozenset[int] = frozenset()
    coming: frozenset[int] = frozenset()
    values: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Visit:
    position: int
    source: int
    line: int
    names: tuple[tuple[str, int], ...]


class SourceFacts:
    """Reads an iteration once, and what came to it since.

    A line that calls a module is visited with the first event of the call, and its name holds what the last one made:
    all events may lie on other lines.
    """

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._names = ValueNames(trace)
        self._visits: list[_Visit] = []
        self._of_events: list[_Visit] = []
        self._begin, self._read = -1, -1
        self._texts: dict[int, str] = {}

    def at(self, source: int, iteration: int, position: int) -> LineFacts:
        """What is the case with `position` events completed. source: id of the file."""
        self._read_up(iteration, position)
        here = bisect_left(self._visits, position, key=lambda visit: visit.position)
        executed: set[int] = set()
        values: dict[int, dict[str, int]] = {}
        for visit in self._visits[:here]:
            if visit.source == source:
                executed.add(visit.line)
                for name, value in visit.names:
                    values.setdefault(visit.line, {})[name] = value
        coming = {visit.line for visit in self._visits[here:] if visit.source == source} - executed
        texts = {
            line: "  ".join(f"{name} = {self._text(value)}" for name, value in of_line.items())
            for line, of_line in values.items()
        }
        return LineFacts(frozenset(executed), frozenset(coming), tuple(sorted(texts.items())))

    def event_on(self, source: int, line: int, iteration: int, position: int) -> int | None:
        """The event on a line that happened last by now, else the first that will; None if the line made none."""
        self._read_up(iteration, position)
        on_line = [visit.position for visit in self._visits if (visit.source, visit.line) == (source, line)]
        before = [one for one in on_line if one < position]
        return before[-1] if before else on_line[0] if on_line else None

    def _read_up(self, iteration: int, position: int) -> None:
        span = self._trace.iteration(iteration)
        if span is None:
            self._visits, self._of_events, self._begin = [], [], -1
            return
        begin, end = span.begin, span.end
        if end - begin > MOST_EVENTS:
            begin = max(begin, position - MOST_EVENTS)
            end = min(end, begin + 2 * MOST_EVENTS)
        if begin != self._begin or self._read > end:
            self._visits, self._of_events, self._begin, self._read = [], [], begin, begin
        known = self._read
        for event in self._trace.events(begin=self._read, end=end):
            if event.pending:
                break
            self._read = event.position + 1
            visit = self._visit(event)
            if visit is not None:
                self._of_events.append(visit)
        if self._read != known:
            visits = (*self._of_events, *self._of_calls(iteration, begin))
            self._visits = sorted(visits, key=lambda visit: visit.position)

    def _of_calls(self, iteration: int, begin: int) -> Iterator[_Visit]:
        """Of module calls among the events that were read."""
        for call in self._trace.calls(iteration):
            site = self._trace.call_site(call.id)
            if site is None or not begin <= call.begin < self._read:
                continue
            yield _Visit(call.begin, site.source, site.line, ())
            name = self._names.receiver(site.id)
            last = self._trace.event(call.end - 1) if name and self._is_over(call) else None
            if last is not None and last.kind == Kind.OP and last.outputs and last.outputs[0].value is not None:
                yield _Visit(last.position, site.source, site.line, ((name, last.outputs[0].value),))

    def _is_over(self, call: ModuleCall) -> bool:
        """Whether a call that runs just now, which ends with what is recorded, is not this one."""
        after = self._trace.event(call.end)
        inside = None if after is None else after.call
        while inside is not None and inside > call.id:
            around = self._trace.call(inside)
            inside = None if around is None else around.parent
        return after is not None and inside != call.id

    def _visit(self, event: Event) -> _Visit | None:
        site = self._trace.site(event.site)
        if site is None:
            return None
        names = []
        for place, slot in enumerate(event.outputs if event.kind == Kind.OP else ()):
            name = self._names.variable(event, place) if slot.value is not None else ""
            if name and slot.value is not None:
                names.append((name, slot.value))
        return _Visit(event.position, site.source, site.line, tuple(names))

    def _text(self, value: int) -> str:
        """The number where there are few, else the shape."""
        if value not in self._texts:
            known = self._trace.value(value)
            array = self._trace.array(value) if known.numel <= 4 else None
            shape = f"({', '.join(map(str, known.shape))})"
            self._texts[value] = shape if array is None else number_text(array, _DIGITS) or shape
        return self._texts[value]
