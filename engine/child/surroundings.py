"""What breakpoints ask about an event of the script that runs, answered from what the recorder holds just now.

NOTE [What is not at hand any more]
The recorder forgets rows as soon as the writer has them. What a breakpoint asks of an older value, call or tensor is
read back from the trace, after a flush, and kept; so it is right too when breakpoints are set in the middle of a run.
"""

from __future__ import annotations

import math
import os
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.breakpoints.boxes import Boxes
from ..analysis.breakpoints.happening import Figures, Happening, happening
from ..analysis.breakpoints.in_trace import figures_in, last_loss, may_be_loss
from ..events import Kind
from ..trace.batch import Row
from ..trace.reader import Trace
from ..values import statistics, statistics_of_many, storage_dtype, widen

if TYPE_CHECKING:
    from ..recorder.recorder import Recorder

_MOST_KNOWN = 50_000
_MOST_ROWS = 512
_ROWS_BYTES = 64 << 20


class LiveSurroundings:
    """Is told of events in order on the script's thread, and asked there. trace: the file that is being written."""

    def __init__(self, recorder: Recorder, trace: Path) -> None:
        self._recorder = recorder
        self._trace = trace
        self._last: Happening | None = None
        self._loss: float | None = None
        self._boxes: Boxes | None = None
        self._taken = 0
        self._rows: OrderedDict[int, Row] = OrderedDict()
        self._rows_bytes = 0
        self._figures: dict[int, Figures | None] = {}
        self._owners: dict[int, int | None] = {}
        self._names: dict[int, str] = {}
        self._callers: dict[int, tuple[int, ...]] = {}
        self._paths: dict[int, str] = {}
        self._makers: dict[int, str] = {}

    def take_in(self) -> None:
        """Remembers what was captured since the last time, before the writer gets it."""
        batch = self._recorder.batch
        values = batch.values
        for row in values[max(0, self._taken + 1 - values[0][0]) :] if values else ():
            row = self._recorder.capture.owned(row)
            self._rows[row[0]] = row
            self._rows_bytes += _size(row)
            self._taken = row[0]
        while len(self._rows) > _MOST_ROWS or self._rows_bytes > _ROWS_BYTES:
            self._rows_bytes -= _size(self._rows.popitem(last=False)[1])
        for row in batch.tensors:
            self._names[row[0]] = row[1]

    def note(self, here: Happening) -> None:
        """An event is over."""
        self._last = here
        sites = self._recorder.modules.open_sites() if here.kind == Kind.OP else ()
        self._callers = {at: known for at, known in self._callers.items() if at == here.position - 1}
        self._callers[here.position] = tuple(site for _, site in sites)
        if self._boxes is not None:
            self._boxes.note(here)
        value = may_be_loss(here)
        row = None if value is None else self._rows.get(value)
        if value is not None and row is not None and row[2] == ():
            figures = self.figures(value)
            self._loss = math.nan if figures is None else figures.number

    def before(self, position: int) -> Happening | None:
        """The event before a position."""
        if position > 0 and (self._last is None or self._last.position != position - 1):
            with self._read() as trace:
                event = trace.event(position - 1)
            self._last = None if event is None else happening(event)
        return self._last if position > 0 else None

    def line(self, site: int | None) -> tuple[str, int] | None:
        """(file without links, line) of a place in the source."""
        place = None if site is None else self._recorder.places.lines.get(site)
        return None if place is None else _path_and_line(place)

    def begun(self, here: Happening) -> Iterable[tuple[str, str, str]]:
        """(path, class, variable) of each module call whose first event this op is, innermost first."""
        if here.kind == Kind.OP:
            for _, _, path, class_name, variable, _, begin, _ in reversed(
                self._recorder.modules.open_rows(here.position)
            ):
                if begin == here.position:
                    yield path, class_name, variable

    def begun_from(self, here: Happening) -> Sequence[int]:
        """Places in the source of the module calls whose first event this op is, outermost first."""
        if here.kind != Kind.OP:
            return ()
        return [site for begin, site in self._recorder.modules.open_sites() if begin == here.position]

    def called_from(self, here: Happening) -> Sequence[int]:
        """Places in the source of all module calls that this op, one of the last two, lay in, outermost first."""
        if here.position not in self._callers:
            with self._read() as trace:
                self._callers[here.position] = _callers_in(trace, here.call) if here.kind == Kind.OP else ()
        return self._callers[here.position]

    def module(self, call: int | None) -> str:
        """Path of a module call, "" for none."""
        if call is None:
            return ""
        for key, _, path, *_ in self._recorder.modules.open_rows(0):
            self._paths[key] = path
        if call not in self._paths:
            with self._read() as trace:
                found = trace.call(call)
            self._paths[call] = "" if found is None else found.path
        return self._paths[call]

    def tensor_of(self, value: int) -> int | None:
        """The named tensor that a value is a version of."""
        row = self._rows.get(value)
        if row is not None:
            return int(row[4]) if row[4] is not None else None
        if value not in self._owners:
            _make_room(self._owners)
            with self._read() as trace:
                self._owners[value] = _tensor_in(trace, value)
        return self._owners[value]

    def tensor_name(self, tensor: int) -> str:
        """What a named tensor is called."""
        if tensor not in self._names:
            with self._read() as trace:
                found = trace.tensor(tensor)
            self._names[tensor] = "" if found is None else found.name
        return self._names[tensor]

    def owner_of_gradient(self, value: int, here: Happening) -> int | None:
        """The named tensor in whose `.grad` a value lies at this event."""
        if self._boxes is None:
            self._boxes = Boxes()
            with self._read() as trace:
                for event in trace.events(iteration=here.iteration):
                    self._boxes.note(happening(event))
            self._boxes.note(here)
        return self._boxes.owner(value)

    def maker(self, here: Happening) -> str:
        """Name of the op that made an autograd node, "" where there is none."""
        if here.kind != Kind.NODE or here.node is None:
            return ""
        if here.node not in self._makers:
            _make_room(self._makers)
            with self._read() as trace:
                node = trace.node(here.node)
                op = None if node is None or node.op is None else trace.event(node.op)
            self._makers[here.node] = "" if op is None else op.name
        return self._makers[here.node]

    def figures(self, value: int) -> Figures | None:
        """What is known of a value, None where it could not be captured."""
        if value not in self._figures:
            _make_room(self._figures)
            row = self._rows.get(value)
            if row is None:
                with self._read() as trace:
                    found = figures_in(trace, value)
                # The trace is closed by the time somebody could ask for the array.
                self._figures[value] = None if found is None else Figures(found.statistics, found.shape, _nothing)
            else:
                self._figures[value] = self._of_row(row)
        return self._figures[value]

    def loss(self, position: int) -> float:
        """The last number without dimensions that a tracked op made before this position, or NaN."""
        if self._loss is None:
            with self._read() as trace:
                self._loss = last_loss(trace, position)
        return self._loss

    def _of_row(self, row: Row) -> Figures | None:
        key, _, shape, _, _, _, raw, _, base, _ = row
        if base is not None:
            known = self.figures(base)
            return None if known is None else Figures(known.statistics, shape, _nothing)
        flat = _flat(row)
        if flat is None:
            return None
        # As the writer does it, so that what is recorded is the same to the last bit.
        known_of = statistics_of_many(flat, [flat.size])[0] if isinstance(raw, bytes) else statistics(flat)
        return Figures(known_of, shape, partial(self._array, key))

    def _array(self, value: int) -> NDArray[Any] | None:
        """The numbers of a value that was captured a moment ago, in its shape."""
        row = self._rows.get(value)
        flat = None if row is None or row[9] is not None else _flat(row)
        return None if row is None or flat is None else flat.reshape(row[2])

    def _read(self) -> Trace:
        """The trace, complete up to here; to be closed again, as events may come on several threads."""
        self._recorder.flush()
        return Trace(self._trace)


def _size(row: Row) -> int:
    raw = row[6]
    return 0 if raw is None else len(raw) if isinstance(raw, bytes) else int(raw.nbytes)


def _make_room(kept: dict[int, Any]) -> None:
    if len(kept) > _MOST_KNOWN:
        kept.clear()


def _tensor_in(trace: Trace, value: int) -> int | None:
    try:
        return trace.value(value).tensor
    except KeyError:
        return None


def _callers_in(trace: Trace, call: int | None) -> tuple[int, ...]:
    """Where a module call and those around it were called from, outermost first."""
    found: list[int] = []
    while call is not None:
        site, row = trace.call_site(call), trace.call(call)
        found += [] if site is None else [site.id]
        call = None if row is None else row.parent
    return tuple(reversed(found))


def _flat(row: Row) -> NDArray[Any] | None:
    """The captured elements of a value, None where there are none."""
    dtype, raw = row[1], row[6]
    if raw is None:
        return None
    found: NDArray[Any] = widen(np.frombuffer(raw, storage_dtype(dtype)) if isinstance(raw, bytes) else raw, dtype)
    return found.reshape(-1)


def _nothing() -> NDArray[Any] | None:
    return None


@lru_cache(maxsize=4096)
def _path_and_line(place: tuple[str, int]) -> tuple[str, int]:
    """("file:function", line) as the recorder keeps it -> (file without links, line)."""
    return os.path.realpath(place[0].rpartition(":")[0]), place[1]
