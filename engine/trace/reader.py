"""Reads a trace: lazily, also while it is still being written, without torch."""

from __future__ import annotations

import json
import math
import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ..bilingual import Bilingual, same
from ..errors import TraceError
from ..events import AtenOp, Event, Iteration, Kind, ModuleCall, Node, Output, Site, Slot, Source, Tensor
from ..values import Value, storage_dtype, widen
from . import rows
from .kept import Kept
from .opening import check_version, opened
from .schema import arrays_folder_name, segment_name

_EVENT_COLUMNS = (
    "position, kind, name, function, iteration, phase, call, site, inputs, outputs, arguments, node, tensor, "
    "start_ns, duration_ns, pending, error"
)
_VALUE_COLUMNS = (
    "id, dtype, shape, device, tensor, iteration, size_bytes, coalesce(data, segment, base) IS NOT NULL, "
    "min, max, mean, std, norm, zeros, nans, infs, reason"
)

_MOST_ARRAYS = 256
_MOST_KEPT = 30_000
"""So many rows of a kind are kept in memory, whatever the trace's size."""


class Trace:
    """An open trace. Use as a context manager or call `close()`.

    Lookups by id or position are cached where the row can no longer change. All methods may be called from the
    thread that opened it only. Raises TraceError where the file is not a trace, or from a newer Gradstep.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._folder = self.path.with_name(arrays_folder_name(self.path.name))
        self._db = opened(self.path)
        try:
            check_version(self.path, self.meta().get("trace_version", 0))
        except TraceError:
            self._db.close()
            raise
        self._events: Kept[Event] = Kept(_MOST_KEPT)
        self._nodes: Kept[Node] = Kept(_MOST_KEPT)
        self._values: Kept[Value] = Kept(_MOST_KEPT)
        self._sites: dict[int, Site] = {}
        self._iterations: tuple[Iteration, ...] = ()
        self._iterations_are_of = self._known_version = -1
        self._tensors: dict[int, Tensor] = {}
        self._tensors_are_of = -1
        self._arrays: OrderedDict[int, np.ndarray | None] = OrderedDict()

    def __enter__(self) -> Trace:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def _rows(self, statement: str, arguments: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            return self._db.execute(statement, arguments).fetchall()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            raise rows.damaged(same(str(error))) from error

    def meta(self) -> dict[str, Any]:
        """What is known of the run: script, arguments, device, seed, versions, status, exit_code, ..."""
        try:
            return {str(key): json.loads(value) for key, value in self._rows("SELECT key, value FROM meta")}
        except (ValueError, TypeError, RecursionError) as error:
            what = Bilingual(
                f"what it says of its run cannot be read ({error})", f"其中关于这次运行的说明无法读取（{error}）"
            )
            raise rows.damaged(what) from error

    def __len__(self) -> int:
        """Number of completed events."""
        return self.extent[0]

    @property
    def extent(self) -> tuple[int, bool]:
        """How far the recording goes: the number of completed events, and whether one more is about to happen."""
        last = self._rows("SELECT position, pending FROM events ORDER BY position DESC LIMIT 1")
        position, is_pending = last[0] if last else (-1, False)
        return position + (not is_pending), bool(is_pending)

    @property
    def version(self) -> int:
        """Another number after each commit of the writer: as long as it stays, nothing was recorded."""
        return int(self._rows("PRAGMA data_version")[0][0])

    def iterations(self) -> tuple[Iteration, ...]:
        """All iterations in order, the set-up (-1) first if it has events."""
        # A run of 100,000 iterations is read once, and then what came since.
        version = self.version
        if version != self._iterations_are_of:
            known = self._unchanged_iterations()
            after = known[-1].number if known else -(2**62)
            found = self._rows(
                "SELECT number, begin, end, whole FROM iterations WHERE number>? ORDER BY number", (after,)
            )
            self._iterations = (*known, *(rows.iteration(row) for row in found))
            self._iterations_are_of = version
        return self._iterations

    def _unchanged_iterations(self) -> tuple[Iteration, ...]:
        """Of those read before, all but the last two, which may have grown; none where some were thinned since."""
        known = self._iterations[:-2]
        if not known:
            return ()
        statement = "SELECT COUNT(*), SUM(whole) FROM iterations WHERE number<=?"
        count, whole = self._rows(statement, (known[-1].number,))[0]
        return known if (count, whole) == (len(known), sum(one.whole for one in known)) else ()

    def iteration(self, number: int) -> Iteration | None:
        """One iteration by its number."""
        found = self._rows("SELECT number, begin, end, whole FROM iterations WHERE number=?", (number,))
        return rows.iteration(found[0]) if found else None

    def iteration_at(self, position: int) -> int:
        """Number of the iteration that the event at `position` belongs to (of the last event, past the end)."""
        found = self._rows("SELECT iteration FROM events WHERE position<=? ORDER BY position DESC LIMIT 1", (position,))
        return int(found[0][0]) if found else -1

    def event(self, position: int) -> Event | None:
        """The event at `position`, also one that is about to happen; None past the end."""
        return self._events.get(position) or next(self._select_events("WHERE position=?", (position,)), None)

    def events(self, iteration: int | None = None, begin: int = 0, end: int | None = None) -> list[Event]:
        """Events in order: of one iteration, or of positions begin <= p < end."""
        if iteration is not None:
            span = self._rows("SELECT begin, end FROM iterations WHERE number=?", (iteration,))
            begin, end = span[0] if span else (0, 0)
        stop = 2**62 if end is None else end
        return list(self._select_events("WHERE position>=? AND position<? ORDER BY position", (begin, stop)))

    def find_events(self, text: str, most: int) -> list[int]:
        """Positions of the first `most` events with a text in their name, function, module's path or error."""
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        fields = ("events.name", "events.function", "events.error", "calls.path")
        condition = " OR ".join(f"{field} LIKE ? ESCAPE '\\'" for field in fields)
        statement = f"SELECT position FROM events LEFT JOIN calls ON call=calls.id WHERE {condition} ORDER BY position"
        found = self._rows(f"{statement} LIMIT ?", (*[f"%{escaped}%"] * len(fields), most))
        return [int(position) for (position,) in found]

    def outputs_at(
        self, offset: int, name: str, site: int | None, after: int, most: int
    ) -> list[tuple[Iteration, tuple[Slot, ...] | None]]:
        """Of the first `most` iterations after number `after`: what this op at this place put out, `offset` events
        after the begin of each; None where another event happened there. Reads one event of an iteration only.
        """
        statement = (
            "SELECT number, i.begin, i.end, whole, outputs FROM iterations AS i LEFT JOIN events ON "
            "position=i.begin+? AND position<i.end AND name=? AND site IS ? AND NOT pending "
            "WHERE number>? ORDER BY number LIMIT ?"
        )
        found = self._rows(statement, (offset, name, site, after, most))
        return [(rows.iteration(row[:4]), None if row[4] is None else rows.slots(row[4])) for row in found]

    def find_op(self, name: str, site: int | None, begin: int, end: int) -> Event | None:
        """The first completed event of this name at this place in the source, of positions begin <= p < end."""
        where = "WHERE position>=? AND position<? AND name=? AND site IS ? AND NOT pending ORDER BY position LIMIT 1"
        return next(self._select_events(where, (begin, end, name, site)), None)

    def edits_and_errors(self) -> list[tuple[int, bool]]:
        """(iteration, whether it is a change by hand) of each event that is one, or that raised."""
        found = self._rows("SELECT iteration, kind='edit' FROM events WHERE kind='edit' OR error<>'' ORDER BY position")
        return [(int(iteration), bool(is_edit)) for iteration, is_edit in found]

    def _select_events(self, where: str, arguments: tuple[Any, ...]) -> Iterator[Event]:
        for row in self._rows(f"SELECT {_EVENT_COLUMNS} FROM events {where}", arguments):
            event = self._events.get(row[0])
            if event is None or event.iteration != row[4]:
                event = rows.event(row)
                if not event.pending and not event.error:
                    self._events.put(event.position, event)
            yield event

    @cached_property
    def has_aten(self) -> bool:
        """Whether what torch called inside events was recorded: only where that was asked for."""
        return bool(self._rows("SELECT 1 FROM sqlite_master WHERE name='aten'")) and self.meta().get("level") == "aten"

    def aten(self, begin: int, end: int) -> list[AtenOp]:
        """What torch called inside the events at positions begin <= p < end, in order."""
        if not self.has_aten:
            return []
        found = self._rows("SELECT * FROM aten WHERE position>=? AND position<? ORDER BY id", (begin, end))
        return [rows.aten_op(row) for row in found]

    def node(self, node: int) -> Node | None:
        """The autograd node with this id."""
        found = self._nodes.get(node) or next(self._select_nodes("WHERE id=?", (node,)), None)
        if found is not None and node not in self._nodes:
            self._nodes.put(node, found)
        return found

    def nodes(self, iteration: int) -> list[Node]:
        """Autograd nodes made in an iteration, whether they ran or not."""
        return list(self._select_nodes("WHERE iteration=? ORDER BY id", (iteration,)))

    def _select_nodes(self, where: str, arguments: tuple[Any, ...]) -> Iterator[Node]:
        for row in self._rows(f"SELECT id, name, op, iteration, next, tensor FROM nodes {where}", arguments):
            yield rows.node(row)

    @cached_property
    def _tables(self) -> frozenset[str]:
        """Which tables there are: a trace from an earlier Gradstep lacks some."""
        return frozenset(str(row[0]) for row in self._rows("SELECT name FROM sqlite_master WHERE type='table'"))

    def _layouts(self, values: Sequence[int]) -> dict[int, tuple[Any, ...]] | None:
        """(layout, strides as JSON) of those of these values that are not in C order; None where nobody noted them."""
        if "layouts" not in self._tables:
            return None
        marks = ",".join("?" * len(values))
        found = self._rows(f"SELECT value, layout, strides FROM layouts WHERE value IN ({marks})", values)
        return {row[0]: row[1:] for row in found}

    def call_site(self, call: int) -> Site | None:
        """The place in the source where a module was called, None if unknown."""
        if "call_sites" not in self._tables:
            return None
        found = self._rows("SELECT site FROM call_sites WHERE call=?", (call,))
        return self.site(found[0][0]) if found else None

    def grad_mode(self, event: Event) -> str:
        """Whether autograd was following when an op or a change ran: "grad", "no_grad", "inference"; "" if unknown.

        Of autograd's own nodes, and of what an optimizer does inside its step, nothing is said ("").
        """
        if "grad_modes" not in self._tables or event.kind is Kind.NODE or event.function.startswith("torch.optim"):
            return ""
        where = "WHERE position<=? ORDER BY position DESC LIMIT 1"
        found = self._rows(f"SELECT mode FROM grad_modes {where}", (event.position,))
        return str(found[0][0]) if found else ""

    def calls(self, iteration: int) -> list[ModuleCall]:
        """Module calls of an iteration in the order in which they began."""
        found = self._rows("SELECT * FROM calls WHERE iteration=? ORDER BY id", (iteration,))
        return [rows.call(row) for row in found]

    def call(self, call: int) -> ModuleCall | None:
        """The module call with this id."""
        found = self._rows("SELECT * FROM calls WHERE id=?", (call,))
        return rows.call(found[0]) if found else None

    def tensors(self) -> list[Tensor]:
        """All parameters, buffers and inputs in the order in which they were first seen."""
        version = self.version
        if version != self._tensors_are_of:
            found = (rows.tensor(row) for row in self._rows("SELECT * FROM tensors ORDER BY id"))
            self._tensors = {tensor.id: tensor for tensor in found}
            self._tensors_are_of = version
        return list(self._tensors.values())

    def tensor(self, tensor: int) -> Tensor | None:
        """The named tensor with this id."""
        if tensor not in self._tensors:
            self.tensors()
        return self._tensors.get(tensor)

    def value(self, value: int) -> Value:
        """The value with this id, without its array. Raises KeyError for an unknown id."""
        return self.values([value])[value]

    def values(self, values: Iterable[int]) -> dict[int, Value]:
        """Several values at once, by id."""
        kept = {key: self._values.get(key) for key in set(values)}
        known = {key: value for key, value in kept.items() if value is not None}
        missing = [key for key in kept if key not in known]
        for start in range(0, len(missing), 500):
            part = missing[start : start + 500]
            found = self._rows(
                f'SELECT {_VALUE_COLUMNS} FROM "values" WHERE id IN ({",".join("?" * len(part))})',
                part,
            )
            laid = self._layouts(part)
            for row in found:
                known[row[0]] = value = rows.value(row, laid)
                self._values.put(row[0], value)
        if len(known) < len(kept):
            raise KeyError(next(key for key in missing if key not in known))
        return known

    def array(self, value: int) -> np.ndarray | None:
        """The array of a value (read-only, shape as recorded; bfloat16 and float8 widened), None if it was not kept."""
        if value in self._arrays:
            self._arrays.move_to_end(value)
            return self._arrays[value]
        while len(self._arrays) >= _MOST_ARRAYS:
            self._arrays.popitem(last=False)
        self._arrays[value] = found = self._read_array(value)
        return found

    def _read_array(self, value: int) -> np.ndarray | None:
        found = self._rows('SELECT dtype, shape, strides FROM "values" WHERE id=?', (value,))
        if not found:
            raise KeyError(value)
        dtype, shape, strides = found[0]
        try:
            raw = self._raw(value, storage_dtype(dtype))
            return None if raw is None else widen(_laid_out(raw, rows.shape_of(shape), strides), dtype)
        except (OSError, ValueError, TypeError, IndexError, OverflowError, MemoryError, RecursionError):
            return None

    def _raw(self, value: int, stored: np.dtype[np.generic]) -> np.ndarray | None:
        """The stored elements of a value, flat. Raises OSError, ValueError or IndexError where the file lacks them."""
        found = self._rows('SELECT size_bytes, data, segment, offset, base FROM "values" WHERE id=?', (value,))
        size_bytes, data, segment, offset, base = found[0]
        if data is not None:
            return np.frombuffer(data, stored)
        if segment is None:
            return None if base is None or base >= value else self._raw(base, stored)
        path = self._folder / segment_name(segment)
        return np.memmap(path, stored, "r", offset, (size_bytes // stored.itemsize,))

    def single_numbers(self, values: Sequence[int]) -> dict[int, float]:
        """Those of these values that are one number, by id; NaN for one that is not finite."""
        found: list[rows.Row] = []
        for start in range(0, len(values), 500):
            part = values[start : start + 500]
            marks = ",".join("?" * len(part))
            found += self._rows(f'SELECT id, shape, mean FROM "values" WHERE id IN ({marks})', part)
        return {row[0]: number for row in found if (number := rows.single_number(row)) is not None}

    def first_version(self, tensor: int) -> Value | None:
        """The oldest recorded value of a parameter, buffer or input."""
        found = self._rows('SELECT id FROM "values" WHERE tensor=? ORDER BY id LIMIT 1', (tensor,))
        return self.value(found[0][0]) if found else None

    def versions_back(self, tensor: int, iteration: int) -> Iterator[Value]:
        """Those values of a parameter, buffer or input that were there by the end of an iteration, newest first.

        Each is read when it is asked for, so the newest costs the same in a run of any length.
        """
        made = 'SELECT id FROM "values" WHERE iteration<=? ORDER BY iteration DESC, id DESC LIMIT 1'
        last = self._rows(made, (iteration,))
        statement = 'SELECT id FROM "values" WHERE tensor=? AND id<=? ORDER BY id DESC LIMIT 1'
        while last and (found := self._rows(statement, (tensor, last[0][0]))):
            yield self.value(found[0][0])
            last = [(found[0][0] - 1,)]

    def versions(self, tensor: int) -> list[Value]:
        """All recorded values of a parameter, buffer or input, oldest first."""
        keys = [row[0] for row in self._rows('SELECT id FROM "values" WHERE tensor=? ORDER BY id', (tensor,))]
        found = self.values(keys)
        return [found[key] for key in keys]

    def source(self, source: int) -> Source | None:
        """The source file with this id."""
        found = self._rows("SELECT * FROM sources WHERE id=?", (source,))
        return rows.source(found[0]) if found else None

    def sources(self) -> list[Source]:
        """All source files, the script first."""
        return [rows.source(row) for row in self._rows("SELECT * FROM sources ORDER BY id")]

    def site(self, site: int | None) -> Site | None:
        """The place in the source with this id."""
        if site is not None and site not in self._sites:
            self._sites.update((row[0], rows.site(row)) for row in self._rows("SELECT * FROM sites"))
        return None if site is None else self._sites.get(site)

    def sites(self) -> list[Site]:
        """All places in the source that events were called from, in the order in which they were first reached."""
        return [rows.site(row) for row in self._rows("SELECT * FROM sites ORDER BY id")]

    def output(self, after: int = 0) -> list[Output]:
        """What the script wrote, in order; `after`: only rows with a larger id."""
        found = self._rows("SELECT id, position, stream, text FROM output WHERE id>? ORDER BY id", (after,))
        return [rows.output(row) for row in found]

    def take_over(self, other: Trace) -> None:
        """Keeps what another one has read of the same file, in a thread that has ended, so as not to read it again."""
        self._events.take(other._events)
        self._nodes.take(other._nodes)
        self._values.take(other._values)

    def refresh(self) -> None:
        """Forgets what may have changed since: call it when more may have been recorded."""
        version = self.version
        if version != self._known_version:
            self._known_version = version
            self._tensors, self._tensors_are_of = {}, -1
            self._values.clear()


def _laid_out(raw: np.ndarray, shape: tuple[int, ...], strides: str | None) -> np.ndarray:
    """Flat elements in a shape, in C order or with strides (JSON, in elements). Raises ValueError where they miss."""
    if strides is None:
        return raw.reshape(shape)
    steps = tuple(json.loads(strides))
    sizes = zip(shape, steps, strict=True)
    if raw.size != math.prod(shape) or sum((size - 1) * step for size, step in sizes) >= max(raw.size, 1):
        raise ValueError("the strides lead out of the elements")
    if any(type(step) is not int or step < 0 for step in steps):
        raise ValueError("strides count elements forward")
    jumps = tuple(step * raw.itemsize for step in steps)
    return np.lib.stride_tricks.as_strided(raw, shape, jumps, writeable=False)
