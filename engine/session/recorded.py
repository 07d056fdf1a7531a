"""What is recorded so far, as the cursor asks for it: events by position, the calls around them, quantities."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..analysis.flow import has_flow
from ..analysis.quantities import Quantity, quantities
from ..events import AtenOp, Event, Iteration, Kind
from ..trace.reader import Trace

if TYPE_CHECKING:
    from .hits import Hits

_CHUNK = 256
_MOST_CHUNKS, _MOST_ITERATIONS, _MOST_KEPT = 64, 64, 20_000
"""What is kept of a run of any length."""


class NotAtHandError(Exception):
    """What is asked of an iteration takes long to work out, and whoever asks would rather have it done beside."""

    def __init__(self, iteration: int) -> None:
        super().__init__(f"iteration {iteration} is not at hand")
        self.iteration = iteration


class Recorded:
    """A window on a growing trace. Belongs to one thread, like the trace; `refresh` lets new events in.

    frontier: number of completed events. At a live stop the event at the frontier is known too: it is about to happen.
    longest: what takes long in an iteration of more events raises NotAtHandError until it was handed over; None: never.
    """

    def __init__(self, trace: Trace, longest: int | None = None) -> None:
        self.trace = trace
        self.longest = longest
        self.frontier = 0
        self.hits: Hits | None = None
        """Where breakpoints were hit, once somebody has asked."""
        self._knows_next = False
        self._chunks: dict[int, list[Event]] = {}
        self._around: dict[int, tuple[int, ...]] = {}
        self._twins: dict[int, int | None] = {}
        self._aten: dict[int, list[AtenOp]] = {}
        self._iterations: tuple[Iteration, ...] = ()
        self._version = -1
        self._quantities: dict[tuple[int, int, int], Sequence[Quantity]] = {}
        self.refresh()

    def refresh(self, stopped_at: int | None = None) -> None:
        """Looks again. stopped_at: the position at which the script is held, None when it is not."""
        version = self.trace.version
        if version != self._version:
            self._version = version
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
            _make_room(self._chunks, _MOST_CHUNKS)
            self._chunks[chunk] = self.trace.events(begin=chunk * _CHUNK, end=(chunk + 1) * _CHUNK)
        found = self._chunks[chunk]
        index = position - chunk * _CHUNK
        return found[index] if index < len(found) and found[index].position == position else self.trace.event(position)

    def calls_around(self, event: Event) -> tuple[int, ...]:
        """Ids of the module calls that an event lies in, innermost first. A backward node lies where its op does."""
        if event.call is None:
            return ()
        if event.call not in self._around:
            _make_room(self._around, _MOST_KEPT)
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
            _make_room(self._twins, _MOST_KEPT)
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

    def iterations(self) -> tuple[Iteration, ...]:
        """Iterations that have begun, in order."""
        return self._iterations

    def iterations_after(self, number: int) -> tuple[Iteration, ...]:
        """Those that began after this one."""
        return self._iterations[bisect_right(self._iterations, number, key=_number) :]

    def iterations_before(self, number: int) -> Iterator[Iteration]:
        """Those that began before this one, the latest first."""
        return (self._iterations[i] for i in range(bisect_left(self._iterations, number, key=_number) - 1, -1, -1))

    def iteration(self, number: int) -> Iteration | None:
        """One that has begun, by its number."""
        place = bisect_left(self._iterations, number, key=_number)
        found = self._iterations[place] if place < len(self._iterations) else None
        return found if found is not None and found.number == number else None

    def iteration_at(self, position: int) -> int:
        """The iteration of the event at a position; past the end, of the last event."""
        place = bisect_right(self._iterations, position, key=_begin) - 1
        if place >= 0 and position < min(self._iterations[place].end, self.frontier):
            return self._iterations[place].number
        event = self.event(position) or self.event(position - 1)
        return -1 if event is None else event.iteration

    def quantities(self, iteration: int) -> Sequence[Quantity]:
        """The quantities of an iteration that are known from what is recorded, in textbook order.

        Raises NotAtHandError, see `longest`.
        """
        span = self.iteration(iteration)
        if span is None or iteration < 0:
            return ()
        key = (iteration, span.begin, min(span.end, self.frontier))
        if key not in self._quantities:
            is_long = self.longest is not None and span.end - span.begin > self.longest
            if is_long and not has_flow(self.trace, iteration):
                raise NotAtHandError(iteration)
            self._quantities = {kept: found for kept, found in self._quantities.items() if kept[0] != iteration}
            _make_room(self._quantities, 1 if is_long else _MOST_ITERATIONS)
            self._quantities[key] = quantities(self.trace, iteration)
        found = self._quantities[key]
        if not found or found[-1].known_at <= self.frontier:
            return found
        return [quantity for quantity in found if quantity.known_at <= self.frontier]


def _make_room(kept: dict[Any, Any], most: int) -> None:
    """Forgets the oldest of what is kept, so that there is room for one more."""
    while len(kept) >= most:
        del kept[next(iter(kept))]


def _number(iteration: Iteration) -> int:
    return iteration.number


def _begin(iteration: Iteration) -> int:
    return iteration.begin
