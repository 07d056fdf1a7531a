"""Writes a trace on a thread of its own, so that the script waits for the disk only when it runs far ahead.

NOTE [Life of an array]
An array belongs to the iteration that made it and goes when that iteration is thinned. A value that a later iteration
uses too (new weights, data) must not go before that one: `_last_use` has the latest iteration that used a value beyond
its own, and `_thin` moves such arrays to the kept segment (or leaves the blob) while a whole iteration needs them.
"""

from __future__ import annotations

import contextlib
import json
import queue
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import GradstepError
from ..limits import BLOB_LIMIT_BYTES, DEFAULT_BUDGET_BYTES, QUEUE_BYTES
from ..values import Statistics, statistics, statistics_of_many, storage_dtype, widen
from .arrays import KEPT_SEGMENT, ArrayFolder, segment_of
from .batch import Batch, Row
from .schema import APPLICATION_ID, TABLES, TRACE_VERSION
from .thinning import iterations_to_thin

_COMMIT_INTERVAL_S = 0.25
_encode = json.JSONEncoder(separators=(",", ":")).encode


class TraceWriter:
    """Writes batches to `path`. Not thread-safe on the calling side: one recorder, one writer.

    After a failure of the disk `failure` says what happened, later batches are dropped, and the script goes on.
    """

    def __init__(self, path: Path, meta: dict[str, Any], budget_bytes: int = DEFAULT_BUDGET_BYTES) -> None:
        self.path = path
        self.failure = ""
        self._budget_bytes = budget_bytes
        self._queue: queue.SimpleQueue[Batch | threading.Event | None] = queue.SimpleQueue()
        self._waiting_bytes = 0
        self._room = threading.Condition()
        _make_way(path)
        self._arrays = ArrayFolder(path)
        self._arrays.clear()
        self._store = _Store(path, self._arrays, meta)
        self._thread = threading.Thread(target=self._run, name="gradstep-writer", daemon=True)
        self._thread.start()

    def put(self, batch: Batch) -> None:
        """Queues a batch; waits while more than `QUEUE_BYTES` of arrays are queued."""
        if batch.size_bytes:
            with self._room:
                while self._waiting_bytes > QUEUE_BYTES and self._thread.is_alive():
                    self._room.wait(0.5)
                self._waiting_bytes += batch.size_bytes
        self._queue.put(batch)

    def flush(self) -> None:
        """Returns when all that was put is committed, so that a reader sees it."""
        done = threading.Event()
        self._queue.put(done)
        while not done.wait(0.5):
            if not self._thread.is_alive():
                return

    def close(self) -> None:
        """Writes what is left and leaves a plain file (no WAL)."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        last_commit = time.monotonic()
        while True:
            try:
                item = self._queue.get(timeout=_COMMIT_INTERVAL_S)
            except queue.Empty:
                self._guarded(self._store.commit)
                continue
            if isinstance(item, Batch):
                self._guarded(self._write, item)
                with self._room:
                    self._waiting_bytes -= item.size_bytes
                    self._room.notify_all()
                if time.monotonic() - last_commit < _COMMIT_INTERVAL_S:
                    continue
            self._guarded(self._store.commit)
            last_commit = time.monotonic()
            if isinstance(item, threading.Event):
                item.set()
            elif item is None:
                self._guarded(self._store.close)
                return

    def _write(self, batch: Batch) -> None:
        self._store.write(batch)
        if self._store.kept_bytes > self._budget_bytes:
            self._store.thin(self._budget_bytes)

    def _guarded(self, action: Any, *arguments: Any) -> None:
        if self.failure and action != self._store.close:
            return
        try:
            action(*arguments)
        except (OSError, sqlite3.Error, MemoryError) as error:
            self.failure = self.failure or f"{type(error).__name__}: {error}"
            with contextlib.suppress(sqlite3.Error):
                self._store.roll_back()


class _Store:
    """The SQLite side of a writer; used by its thread alone once it runs."""

    def __init__(self, path: Path, arrays: ArrayFolder, meta: dict[str, Any]) -> None:
        self.kept_bytes = 0
        self._arrays = arrays
        self._sizes: dict[int, int] = {}
        self._last_use: dict[int, int] = {}
        self._shapes: dict[tuple[int, ...], str] = {}
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=OFF")
            self._db.execute(f"PRAGMA application_id={APPLICATION_ID}")
            self._db.executescript(TABLES)
        except sqlite3.Error as error:
            raise GradstepError(
                f"The trace {path} cannot be written: {error}.", "Choose another place with -o."
            ) from error
        self._meta([("trace_version", TRACE_VERSION), *meta.items()])

    def write(self, batch: Batch) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN")
        many = self._db.executemany
        if batch.values:
            many(f'INSERT INTO "values" VALUES ({",".join("?" * 19)})', self._value_rows(batch.values))
        if batch.nodes:
            many(
                "INSERT INTO nodes VALUES (?,?,?,?,?,?)",
                [(i, name, op, k, _encode(after), tensor) for i, name, op, k, after, tensor in batch.nodes],
            )
        for table, columns, rows in (
            ("tensors", 7, [(*row[:3], _encode(row[3]), *row[4:]) for row in batch.tensors]),
            ("sources", 3, batch.sources),
            ("sites", 7, batch.sites),
            ("calls", 8, batch.calls),
            ("output", 4, batch.output),
        ):
            if rows:
                many(f"INSERT OR REPLACE INTO {table} VALUES ({','.join('?' * columns)})", rows)
        if batch.events:
            many(f"INSERT OR REPLACE INTO events VALUES ({','.join('?' * 17)})", map(_event_row, batch.events))
        if batch.iterations:
            many(
                "INSERT INTO iterations VALUES (?,?,?,1) ON CONFLICT(number) DO UPDATE SET begin=excluded.begin, "
                "end=excluded.end",
                batch.iterations,
            )
        for moved in batch.moved:
            self._move(*moved)
        for value, iteration in batch.reused:
            self._last_use[value] = max(iteration, self._last_use.get(value, -1))
        self._meta(batch.meta)

    def commit(self) -> None:
        self._arrays.flush()
        if self._db.in_transaction:
            self._db.execute("COMMIT")

    def roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def close(self) -> None:
        self._arrays.close()
        try:
            self._db.execute("PRAGMA journal_mode=DELETE")
        finally:
            self._db.close()

    def thin(self, budget_bytes: int) -> None:
        """Drops arrays of old iterations until nine tenths of the budget are kept, or nothing more can go."""
        while self.kept_bytes > budget_bytes * 9 // 10:
            whole = [row[0] for row in self._db.execute("SELECT number FROM iterations WHERE whole ORDER BY number")]
            victims = iterations_to_thin(whole)
            if not victims:
                return
            staying = sorted(set(whole) - set(victims))
            for iteration in victims:
                self._drop_arrays(iteration, staying)
                if self.kept_bytes <= budget_bytes * 9 // 10:
                    break

    def _drop_arrays(self, iteration: int, staying: list[int]) -> None:
        needed = []
        rows = self._db.execute(
            'SELECT id, size_bytes, segment, offset FROM "values" WHERE iteration=? AND segment IS NOT NULL', (iteration,)
        ).fetchall()
        small = self._db.execute('SELECT id FROM "values" WHERE iteration=? AND data IS NOT NULL', (iteration,))
        spared = [row[0] for row in small if self._is_needed(row[0], iteration, staying)]
        for value, size_bytes, segment, offset in rows:
            if self._is_needed(value, iteration, staying):
                raw = np.frombuffer(self._arrays.read(segment, offset, size_bytes), np.uint8)
                needed.append((KEPT_SEGMENT, self._arrays.append(KEPT_SEGMENT, raw), value))
                self._sizes[-1] = self._sizes.get(-1, 0) + size_bytes
                self.kept_bytes += size_bytes
        self._db.executemany('UPDATE "values" SET segment=?, offset=? WHERE id=?', needed)
        self._db.execute("CREATE TEMP TABLE IF NOT EXISTS spared (id INTEGER PRIMARY KEY)")
        self._db.execute("DELETE FROM spared")
        self._db.executemany("INSERT INTO spared VALUES (?)", [(value,) for value in spared])
        self._db.execute(
            """UPDATE "values" SET data=NULL, segment=NULL, offset=NULL, reason='thinned' WHERE iteration=?
               AND (data IS NOT NULL OR segment IS NOT NULL) AND segment IS NOT ? AND id NOT IN (SELECT id FROM spared)
               AND shape NOT IN ('[]', '[1]', '[1,1]')""",
            (iteration, KEPT_SEGMENT),
        )
        self._db.execute("UPDATE iterations SET whole=0 WHERE number=?", (iteration,))
        self._arrays.drop(segment_of(iteration))
        self.kept_bytes -= self._sizes.pop(iteration, 0)

    def _is_needed(self, value: int, iteration: int, staying: list[int]) -> bool:
        last = self._last_use.get(value, iteration)
        return any(iteration < number <= last for number in staying)

    def _value_rows(self, values: list[Row]) -> list[Row]:
        arrays = [None if row[6] is None else _as_array(row[6], row[1]) for row in values]
        found = _statistics(arrays, [row[1] for row in values])
        rows = []
        for (key, dtype, shape, device, tensor, iteration, _, reason), array, known in zip(
            values, arrays, found, strict=True
        ):
            text = self._shapes.get(shape)
            if text is None:
                text = self._shapes[shape] = _encode(list(shape))
            data = segment = offset = None
            size_bytes = 0
            if array is not None:
                size_bytes = array.nbytes
                if size_bytes <= BLOB_LIMIT_BYTES:
                    data = array.tobytes()
                else:
                    segment = segment_of(iteration)
                    offset = self._arrays.append(segment, array)
                self.kept_bytes += size_bytes
                self._sizes[iteration] = self._sizes.get(iteration, 0) + size_bytes
            numbers = (None,) * 8 if known is None else _numbers(known)
            rows.append(
                (key, dtype, text, device, tensor, iteration, size_bytes, data, segment, offset, *numbers, reason)
            )
        return rows

    def _move(self, begin: int, end: int, iteration: int, phase: str) -> None:
        """Events [begin, end) belong to another iteration than was thought; updates keep their phase."""
        self._db.execute(
            "UPDATE events SET iteration=?, phase=CASE kind WHEN 'update' THEN 'update' ELSE ? END "
            "WHERE position>=? AND position<?",
            (iteration, phase, begin, end),
        )
        for table in ("calls", "nodes"):
            column = {"calls": "begin", "nodes": "op"}[table]
            self._db.execute(
                f"UPDATE {table} SET iteration=? WHERE {column}>=? AND {column}<?", (iteration, begin, end)
            )

    def _meta(self, rows: Any) -> None:
        if rows:
            self._db.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?,?)", [(key, json.dumps(value)) for key, value in rows]
            )


def _event_row(row: Row) -> Row:
    inputs, outputs, arguments = row[8], row[9], row[10]
    return (
        *row[:8],
        _encode(inputs),
        _encode(outputs),
        _encode(arguments) if arguments else "",
        *row[11:],
    )


def _as_array(raw: bytes | np.ndarray, dtype: str) -> np.ndarray:
    return np.frombuffer(raw, storage_dtype(dtype)) if isinstance(raw, bytes) else raw


def _numbers(known: Statistics) -> tuple[Any, ...]:
    return (
        known.min,
        known.max,
        known.mean,
        known.std,
        known.norm,
        known.zeros,
        known.nans,
        known.infs,
    )


def _statistics(arrays: list[np.ndarray | None], dtypes: list[str]) -> list[Statistics | None]:
    """Statistics of each array: small ones together, large ones one by one."""
    found: list[Statistics | None] = [None] * len(arrays)
    small = []
    for i, array in enumerate(arrays):
        if array is None:
            continue
        if array.size <= 4096:
            small.append(i)
        else:
            found[i] = statistics(widen(array, dtypes[i]))
    gathered = statistics_of_many([widen(arrays[i], dtypes[i]) for i in small])  # type: ignore[arg-type]
    for i, known in zip(small, gathered, strict=True):
        found[i] = known
    return found


def _make_way(path: Path) -> None:
    """Removes an earlier trace of this name; refuses to overwrite anything that is not a trace."""
    if path.is_dir():
        raise GradstepError(f"{path} is a folder.", "Give the trace a file name with -o.")
    if not path.parent.is_dir():
        raise GradstepError(f"The folder {path.parent} does not exist.", "Make it, or choose another place with -o.")
    try:
        if path.exists() and path.stat().st_size and not _is_trace(path):
            raise GradstepError(
                f"{path} exists and is not a trace, so it is left alone.", "Choose another name with -o."
            )
        for name in (path.name, path.name + "-wal", path.name + "-shm"):
            path.with_name(name).unlink(missing_ok=True)
    except OSError as error:
        raise GradstepError(
            f"The trace {path} cannot be written: {error.strerror}.", "Choose another place with -o."
        ) from error


def _is_trace(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(72)
    return head[:15] == b"SQLite format 3" and head[68:72] == APPLICATION_ID.to_bytes(4, "big")
