"""What is recorded so far, as the cursor asks for it: events by position, the calls around them, quantities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..analysis.quantities import Quantity, quantities
from ..events import AtenOp, Event, Iteration, Kind
from ..trace.reader import Trace

if TYPE_CHECKING:
    from .hits import Hits

_CHUNK = 256


class Recorded:
    """A window on a growing trace. Belongs to one thread, like the trace; `refresh` lets new events in.

    frontier: number of completed events. At a live stop the event at the frontier is known too: it is about to happen.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.frontier = 0
        self.hits: Hits | None = None
        """Where breakpoints were hit, once somebody has asked."""
        self._knows_next = False
        self._chunks: dict[int, list[Event]] = {}
        self._around: dict[int, tuple[int, ...]] = {}
        self._twins: dict[int, int | None] = {}
        self._aten: dict[int, list[AtenOp]] = {}
        self._iterations: list[Iteration] = []
        self._quantities: dict[tuple[int, int, int], Sequence[Quantity]] = {}
        self.refresh()

    def refresh(self, stopped_at: int | None = None) -> None:
        """Looks again. stopped_at: the position at which the script is held, None when it is not."""
        self.trace.refresh()
        self._chunks.clear()
        self.frontier = len(self.trace) if stopped_at is None else stopped_at
        self._knows_next = stopped_at is not None
        self._iterations = self.trace.iterations()

    def event(self, position: int) -> Event | None:
        """The event at a position, None outside of what is known."""
        if not 0 <= position < self.frontier + self._knows_next:
            return None
        chunk = position // _CHUNK
        if chunk not in self._chunks:
            self._chunks[chunk] = self.trace.events(begin=chunk * _CHUNK, end=(chunk + 1) * _CHUNK)
        found = self._chunks[chunk]
        index = position - chunk * _CHUNK
        return found[index] if index < len(found) and found[index].position == position else self.trace.event(position)

    def calls_around(self, event: Event) -> tuple[int, ...]:
        """Ids of the module calls that an event lies in, innermost first. A backward node lies where its op does."""
        if event.call is None:
            return ()
        if event.call not in self._around:
            found: list[int] = []
            call: int | None = event.call
            while call is not None and call not in found:
                found.append(call)
                row = self.trace.call(call)
                call = None if row is None else row.parent
            self._around[event.call] = tuple(found)
        return self._around[event.call]

    def twin(self, event: Event) -> int | None:
        """Position of the op that made a backward node; None for AccumulateGrad and for events that are no nodes."""
        if event.kind != Kind.NODE or event.node is None:
            return None
        if event.node not in self._twins:
            node = self.trace.node(event.node)
            self._twins[event.node] = None if node is None else node.op
        return self._twins[event.node]

    def aten(self, position: int) -> list[AtenOp]:
        """What torch called at a position: before the event there began, and inside it. None before it is completed."""
        if not 0 <= position < self.frontier:
            return []
        chunk = position // _CHUNK * _CHUNK
        if position not in self._aten:
            self._aten = {key: [] for key in range(chunk, min(chunk + _CHUNK, self.frontier))}
            for call in self.trace.aten(chunk, min(chunk + _CHUNK, self.frontier)):
                self._aten[call.position].append(call)
        return self._aten[position]

    def iterations(self) -> list[Iteration]:
        """Iterations that have begun, in order."""
        return self._iterations

    def iteration_at(self, position: int) -> int:
        """The iteration of the event at a position; past the end, of the last event."""
        event = self.event(position) or self.event(position - 1)
        return -1 if event is None else event.iteration

    def quantities(self, iteration: int) -> Sequence[Quantity]:
        """The quantities of an iteration that are known from what is recorded, in textbook order."""
        span = next((found for found in self._iterations if found.number == iteration), None)
        if span is None or iteration < 0:
            return ()
        key = (iteration, span.begin, min(span.end, self.frontier))
        if key not in self._quantities:
            self._quantities = {kept: found for kept, found in self._quantities.items() if kept[0] != iteration}
            self._quantities[key] = quantities(self.trace, iteration)
        return [quantity for quantity in self._quantities[key] if quantity.known_at <= self.frontier]
