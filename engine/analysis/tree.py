"""The call tree of one iteration as rows: iteration > phase > module call > event."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from ..counting import from_one
from ..events import Event, ModuleCall, Phase
from ..trace.reader import Trace
from .call_name import call_name
from .flow import Flow, flow_of, has_flow, once_a_flow


class RowKind(StrEnum):
    """What a row of the tree stands for."""

    ITERATION = "iteration"
    PHASE = "phase"
    CALL = "call"
    EVENT = "event"


@dataclass(frozen=True, slots=True)
class Row:
    """One row. The events under it are [begin, end) in positions; for an event its own position and the next.

    parent: index of the row above it, None for the iteration. depth: 0 for the iteration. text: what to write
    ("hidden", "backward", "sigmoid"). detail: the class of a module call, the qualified function of an event. call: id
    of a module call. pending: the event is about to happen.
    """

    kind: RowKind
    text: str
    begin: int
    end: int
    depth: int
    parent: int | None
    phase: Phase | None = None
    detail: str = ""
    call: int | None = None
    pending: bool = False


def tree(trace: Trace, iteration: int) -> list[Row]:
    """The rows of an iteration in reading order, each parent before what is under it; empty if nothing was recorded.

    A phase or a module call that is left and entered again has a row for each visit. Autograd nodes stand under the
    module call whose forward made them.
    """
    return list(rows_of(flow_of(trace, iteration)) if has_flow(trace, iteration) else _rows(trace, iteration))


@once_a_flow
def rows_of(flow: Flow) -> tuple[Row, ...]:
    """The rows of a flow's iteration."""
    return tuple(_rows(flow.trace, flow.iteration))


def _rows(trace: Trace, iteration: int) -> list[Row]:
    return _Builder(trace, iteration, trace.events(iteration=iteration)).rows()


class _Builder:
    """Keeps the open rows (indices from the iteration down) while it goes through the events."""

    def __init__(self, trace: Trace, iteration: int, events: Iterable[Event]) -> None:
        self._trace = trace
        self._calls = {call.id: call for call in trace.calls(iteration)}
        self._rows: list[Row] = []
        self._ends: list[int] = []
        self._open: list[int] = []
        for event in events:
            self._visit(event, iteration)

    def rows(self) -> list[Row]:
        """All of them, each as long as what is under it."""
        ends = zip(self._rows, self._ends, strict=True)
        return [row if row.end == end else replace(row, end=end) for row, end in ends]

    def _visit(self, event: Event, iteration: int) -> None:
        if not self._rows:
            text = "set-up" if iteration < 0 else f"iteration {from_one(iteration)}"
            self._enter(Row(RowKind.ITERATION, text, event.position, event.position, 0, None))
        phase = self._rows[self._open[1]].phase if len(self._open) > 1 else None
        if event.phase != phase:
            self._leave_to(1)
            self._enter(Row(RowKind.PHASE, event.phase.value, event.position, event.position, 1, None, event.phase))
        # AccumulateGrad belongs to no module call; it stays where the node stands that sent to it.
        if event.call is not None or event.name != "AccumulateGrad":
            self._enter_calls(event)
        self._add(self._event_row(event))
        for index in self._open:
            self._ends[index] = event.position + 1

    def _enter_calls(self, event: Event) -> None:
        wanted = list(self._chain(event.call))
        wanted.reverse()
        shared = 0
        for index, call in zip(self._open[2:], wanted, strict=False):
            if self._rows[index].call != call.id:
                break
            shared += 1
        self._leave_to(2 + shared)
        for around, call in list(zip((None, *wanted), wanted, strict=False))[shared:]:
            begin, name = event.position, call_name(call, around)
            self._enter(Row(RowKind.CALL, name, begin, begin, 0, None, event.phase, call.class_name, call.id))

    def _chain(self, call: int | None) -> Iterator[ModuleCall]:
        """A module call and those around it, innermost first."""
        while call is not None:
            found = self._calls.get(call) or self._trace.call(call)
            if found is None:
                return
            self._calls[call] = found
            yield found
            call = found.parent

    def _enter(self, row: Row) -> None:
        parent = self._open[-1] if self._open else None
        self._open.append(len(self._rows))
        self._add(replace(row, depth=len(self._open) - 1, parent=parent))

    def _add(self, row: Row) -> None:
        self._rows.append(row)
        self._ends.append(row.end)

    def _leave_to(self, depth: int) -> None:
        del self._open[depth:]

    def _event_row(self, event: Event) -> Row:
        return Row(
            RowKind.EVENT,
            event.name,
            event.position,
            event.position + 1,
            len(self._open),
            self._open[-1],
            event.phase,
            event.function,
            event.call,
            event.pending,
        )
