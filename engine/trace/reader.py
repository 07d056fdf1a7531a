"""Reads a trace: lazily, also while it is still being written, without torch."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import TraceError
from ..events import Event, Iteration, Kind, ModuleCall, Node, Output, Phase, Site, Slot, Source, Tensor
from ..values import Statistics, Value, storage_dtype, widen
from .schema import APPLICATION_ID, TRACE_VERSION, arrays_folder_name, segment_name

_EVENT_COLUMNS = (
    "position, kind, name, function, iteration, phase, call, site, inputs, outputs, arguments, node, tensor, "
    "start_ns, duration_ns, pending, error"
)
_VALUE_COLUMNS = (
    "id, dtype, shape, device, tensor, iteration, size_bytes, coalesce(data, segment, base) IS NOT NULL, "
    "min, max, mean, std, norm, zeros, nans, infs, reason"
)


class Trace:
    """An open trace. Use as a context manager or call `close()`.

    Lookups by id or position are cached where the row can no longer change. All methods may be called from the
    thread that opened it only. Raises TraceError where the file is not a trace, or from a newer Gradstep.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.is_file():
            raise TraceError(
                f"There is no trace {self.path}.", "Check the name, or record one: gradstep record SCRIPT.py"
            )
        self._folder = self.path.with_name(arrays_folder_name(self.path.name))
        try:
            self._db = sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
            if self._db.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                raise TraceError(
                    f"{self.path} is not a Gradstep trace.", "Traces end in .gradstep and come from gradstep record."
                )
            version = int(self.meta().get("trace_version", 0))
        except sqlite3.Error as error:
            raise TraceError(
                f"{self.path} is not a Gradstep trace ({error}).",
                "Traces end in .gradstep and come from gradstep record.",
            ) from error
        if version > TRACE_VERSION:
            raise TraceError(
                f"{self.path} was written by a newer Gradstep (trace version {version}, not {TRACE_VERSION}).",
                "Update Gradstep to open it.",
            )
        self._events: dict[int, Event] = {}
        self._nodes: dict[int, Node] = {}
        self._values: dict[int, Value] = {}
        self._sites: dict[int, Site] = {}
        self._tensors: dict[int, Tensor] = {}
        self.array = lru_cache(maxsize=256)(self._read_array)

    def __enter__(self) -> Trace:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def meta(self) -> dict[str, Any]:
        """What is known of the run: script, arguments, device, seed, versions, status, exit_code, ..."""
        return {key: json.loads(value) for key, value in self._db.execute("SELECT key, value FROM meta")}

    def __len__(self) -> int:
        """Number of completed events."""
        last = self._db.execute("SELECT position FROM events WHERE NOT pending ORDER BY position DESC LIMIT 1")
        row = last.fetchone()
        return 0 if row is None else int(row[0]) + 1

    def iterations(self) -> list[Iteration]:
        """All iterations in order, the set-up (-1) first if it has events."""
        rows = self._db.execute("SELECT number, begin, end, whole FROM iterations ORDER BY number")
        return [Iteration(number, begin, end, bool(whole)) for number, begin, end, whole in rows]

    def iteration_at(self, position: int) -> int:
        """Number of the iteration that the event at `position` belongs to (of the last event, past the end)."""
        row = self._db.execute(
            "SELECT iteration FROM events WHERE position<=? ORDER BY position DESC LIMIT 1", (position,)
        ).fetchone()
        return -1 if row is None else int(row[0])

    def event(self, position: int) -> Event | None:
        """The event at `position`, also one that is about to happen; None past the end."""
        if position in self._events:
            return self._events[position]
        return next(self._select_events("WHERE position=?", (position,)), None)

    def events(self, iteration: int | None = None, begin: int = 0, end: int | None = None) -> list[Event]:
        """Events in order: of one iteration, or of positions begin <= p < end."""
        if iteration is not None:
            row = self._db.execute("SELECT begin, end FROM iterations WHERE number=?", (iteration,)).fetchone()
            begin, end = row or (0, 0)
        stop = 2**62 if end is None else end
        return list(self._select_events("WHERE position>=? AND position<? ORDER BY position", (begin, stop)))

    def _select_events(self, where: str, arguments: tuple[Any, ...]) -> Iterator[Event]:
        for row in self._db.execute(f"SELECT {_EVENT_COLUMNS} FROM events {where}", arguments).fetchall():
            event = self._events.get(row[0])
            if event is None or event.iteration != row[4]:
                event = _event(row)
                if not event.pending and not event.error:
                    if len(self._events) > 20_000:
                        self._events.clear()
                    self._events[event.position] = event
            yield event

    def node(self, node: int) -> Node | None:
        """The autograd node with this id."""
        if node not in self._nodes:
            for found in self._select_nodes("WHERE id=?", (node,)):
                self._nodes[node] = found
        return self._nodes.get(node)

    def nodes(self, iteration: int) -> list[Node]:
        """Autograd nodes made in an iteration, whether they ran or not."""
        return list(self._select_nodes("WHERE iteration=? ORDER BY id", (iteration,)))

    def _select_nodes(self, where: str, arguments: tuple[Any, ...]) -> Iterator[Node]:
        rows = self._db.execute(f"SELECT id, name, op, iteration, next, tensor FROM nodes {where}", arguments)
        for key, name, op, iteration, after, tensor in rows:
            edges = tuple(None if edge is None else (edge[0], edge[1]) for edge in json.loads(after))
            yield Node(key, name, op, iteration, edges, tensor)

    def calls(self, iteration: int) -> list[ModuleCall]:
        """Module calls of an iteration in the order in which they began."""
        rows = self._db.execute("SELECT * FROM calls WHERE iteration=? ORDER BY id", (iteration,))
        return [ModuleCall(*row) for row in rows]

    def call(self, call: int) -> ModuleCall | None:
        """The module call with this id."""
        row = self._db.execute("SELECT * FROM calls WHERE id=?", (call,)).fetchone()
        return None if row is None else ModuleCall(*row)

    def tensors(self) -> list[Tensor]:
        """All parameters, buffers and inputs in the order in which they were first seen."""
        rows = self._db.execute("SELECT * FROM tensors ORDER BY id").fetchall()
        return [Tensor(r[0], r[1], r[2], tuple(json.loads(r[3])), r[4], r[5], bool(r[6])) for r in rows]

    def tensor(self, tensor: int) -> Tensor | None:
        """The named tensor with this id."""
        if tensor not in self._tensors:
            self._tensors.update((found.id, found) for found in self.tensors())
        return self._tensors.get(tensor)

    def value(self, value: int) -> Value:
        """The value with this id, without its array. Raises KeyError for an unknown id."""
        return self.values([value])[value]

    def values(self, values: Iterable[int]) -> dict[int, Value]:
        """Several values at once, by id."""
        wanted = set(values)
        missing = [key for key in wanted if key not in self._values]
        for start in range(0, len(missing), 500):
            part = missing[start : start + 500]
            rows = self._db.execute(
                f'SELECT {_VALUE_COLUMNS} FROM "values" WHERE id IN ({",".join("?" * len(part))})',
                part,
            )
            self._values.update((row[0], _value(row)) for row in rows)
        return {key: self._values[key] for key in wanted}

    def _read_array(self, value: int) -> np.ndarray | None:
        """The array of a value (read-only, shape as recorded; bfloat16 and float8 widened), None if it was not kept."""
        row = self._db.execute('SELECT dtype, shape, base, strides FROM "values" WHERE id=?', (value,)).fetchone()
        if row is None:
            raise KeyError(value)
        dtype, shape, base, strides = row
        raw = self._raw(value if base is None else base, storage_dtype(dtype))
        if raw is None:
            return None
        if base is None:
            return widen(raw.reshape(json.loads(shape)), dtype)
        steps = [step * raw.itemsize for step in json.loads(strides)]
        return widen(np.lib.stride_tricks.as_strided(raw, json.loads(shape), steps, writeable=False), dtype)

    def _raw(self, value: int, stored: np.dtype[np.generic]) -> np.ndarray | None:
        """The stored elements of a value, flat."""
        size_bytes, data, segment, offset = self._db.execute(
            'SELECT size_bytes, data, segment, offset FROM "values" WHERE id=?', (value,)
        ).fetchone()
        if data is not None:
            return np.frombuffer(data, stored)
        if segment is None:
            return None
        try:
            path = self._folder / segment_name(segment)
            return np.memmap(path, stored, "r", offset, (size_bytes // stored.itemsize,))
        except (OSError, ValueError):
            return None

    def versions(self, tensor: int) -> list[Value]:
        """All recorded values of a parameter, buffer or input, oldest first."""
        rows = self._db.execute('SELECT id FROM "values" WHERE tensor=? ORDER BY id', (tensor,)).fetchall()
        found = self.values(row[0] for row in rows)
        return [found[row[0]] for row in rows]

    def source(self, source: int) -> Source | None:
        """The source file with this id."""
        row = self._db.execute("SELECT * FROM sources WHERE id=?", (source,)).fetchone()
        return None if row is None else Source(*row)

    def sources(self) -> list[Source]:
        """All source files, the script first."""
        return [Source(*row) for row in self._db.execute("SELECT * FROM sources ORDER BY id")]

    def site(self, site: int | None) -> Site | None:
        """The place in the source with this id."""
        if site is not None and site not in self._sites:
            self._sites.update((row[0], Site(*row)) for row in self._db.execute("SELECT * FROM sites"))
        return None if site is None else self._sites.get(site)

    def output(self, after: int = 0) -> list[Output]:
        """What the script wrote, in order; `after`: only rows with a larger id."""
        rows = self._db.execute("SELECT id, position, stream, text FROM output WHERE id>? ORDER BY id", (after,))
        return [Output(*row) for row in rows]

    def refresh(self) -> None:
        """Forgets what may have changed since: call it when more was recorded."""
        self._tensors.clear()
        self._values.clear()


def _event(row: tuple[Any, ...]) -> Event:
    return Event(
        row[0],
        Kind(row[1]),
        row[2],
        row[3],
        row[4],
        Phase(row[5]),
        row[6],
        row[7],
        tuple(Slot(*slot) for slot in json.loads(row[8])),
        tuple(Slot(*slot) for slot in json.loads(row[9])),
        *row[10:15],
        bool(row[15]),
        row[16],
    )


def _value(row: tuple[Any, ...]) -> Value:
    numbers = None
    if row[13] is not None:
        low, high, mean, std, norm = (float("nan") if number is None else number for number in row[8:13])
        numbers = Statistics(low, high, mean, std, norm, row[13], row[14], row[15])
    return Value(
        row[0], row[1], tuple(json.loads(row[2])), row[3], row[4], row[5], row[6], bool(row[7]), numbers, row[16]
    )
