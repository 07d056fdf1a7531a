"""Writes a trace on a thread of its own, so that the script waits for the disk only when it runs far ahead."""

from __future__ import annotations

import contextlib
import json
import queue
import sqlite3
import threading
import time
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from ..bilingual import Bilingual
from ..errors import GradstepError
from ..limits import BLOB_LIMIT_BYTES, DEFAULT_BUDGET_BYTES, KIB, QUEUE_BYTES
from ..values import Statistics, statistics, statistics_of_many, storage_dtype, widen
from .arena import Arena
from .arrays import ArrayFolder, segment_of
from .batch import Batch, Row
from .budget import Budget
from .schema import APPLICATION_ID, TABLES, TRACE_VERSION

_COMMIT_INTERVAL_S = 0.25
_ROWS_A_STATEMENT = 500
_CACHE_KIB = 32 * KIB
"""SQLite's own memory: a transaction that does not fit is written twice."""
_UNKNOWN = (None,) * 8
_AS_THEIR_BASE = (
    'UPDATE "values" SET (min, max, mean, std, norm, zeros, nans, infs) = '
    '(SELECT min, max, mean, std, norm, zeros, nans, infs FROM "values" WHERE id=?) WHERE id=?'
)
encode = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class TraceWriter:
    """Writes batches to `path`. Not thread-safe on the calling side: one recorder, one writer.

    After a failure of the disk `failure` says what happened, later batches are dropped, and the script goes on.
    """

    def __init__(
        self,
        path: Path,
        meta: dict[str, Any] | None,
        budget_bytes: int = DEFAULT_BUDGET_BYTES,
        arena: Arena | None = None,
    ) -> None:
        """meta: rows of the new trace's `meta` table; None goes on with a trace that was made a moment ago.

        arena: where the arrays of batches lie; told when they are written.
        """
        self.path = path
        self._arena = arena
        self.failure = ""
        self._queue: queue.SimpleQueue[Batch | threading.Event | None] = queue.SimpleQueue()
        self._waiting_bytes = 0
        self._room = threading.Condition()
        self._arrays = ArrayFolder(path)
        if meta is not None:
            _make_way(path)
            self._arrays.clear()
        self._store = _Store(path, self._arrays, meta, budget_bytes)
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
                self._guarded(self._store.write, item)
                if self._arena is not None:
                    self._arena.emptied(item.filled)
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

    def _guarded(self, action: Any, *arguments: Any) -> None:
        if self.failure and action != self._store.close:
            return
        try:
            action(*arguments)
        except Exception as error:
            self.failure = self.failure or f"{type(error).__name__}: {error}"
            with contextlib.suppress(sqlite3.Error):
                self._store.roll_back()


class _Store:
    """The SQLite side of a writer; used by its thread alone once it runs."""

    def __init__(self, path: Path, arrays: ArrayFolder, meta: dict[str, Any] | None, budget_bytes: int) -> None:
        self._arrays = arrays
        self._shapes: dict[tuple[int, ...], str] = {}
        try:
            self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._db.execute("PRAGMA synchronous=OFF")
            self._db.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
            if meta is not None:
                self._db.execute(f"PRAGMA application_id={APPLICATION_ID}")
                self._db.executescript(TABLES)
            self._db.execute("PRAGMA journal_mode=WAL")
        except sqlite3.Error as error:
            raise _cannot_be_written(path, str(error)) from error
        self._budget = Budget(self._db, arrays, budget_bytes)
        if meta is not None:
            self._meta([("trace_version", TRACE_VERSION), *meta.items()])

    def write(self, batch: Batch) -> None:
        if not self._db.in_transaction:
            self._db.execute("BEGIN")
        self._insert('INSERT INTO "values"', self._value_rows(batch.values))
        self._db.executemany(_AS_THEIR_BASE, [(row[8], row[0]) for row in batch.values if row[8] is not None])
        self._insert(
            "INSERT INTO nodes",
            [(key, name, op, k, _edges(after), tensor) for key, name, op, k, after, tensor in batch.nodes],
        )
        self._insert("INSERT OR REPLACE INTO tensors", [(*row[:3], encode(row[3]), *row[4:]) for row in batch.tensors])
        self._insert("INSERT INTO sources", batch.sources)
        self._insert("INSERT INTO sites", batch.sites)
        self._insert("INSERT OR REPLACE INTO calls", batch.calls)
        self._insert("INSERT OR REPLACE INTO call_sites", batch.call_sites)
        self._insert("INSERT OR REPLACE INTO grad_modes", batch.grad_modes)
        self._insert("INSERT OR REPLACE INTO layouts", [(*row[:2], _strides(row[2])) for row in batch.layouts])
        self._insert("INSERT INTO output", batch.output)
        self._insert("INSERT OR REPLACE INTO events", [_event_row(row) for row in batch.events])
        self._insert(
            "INSERT INTO aten",
            [(*row[:5], *map(_slots, row[5:7]), encode(row[7]) if row[7] else "", *row[8:]) for row in batch.aten],
        )
        if batch.iterations:
            self._db.executemany(
                "INSERT INTO iterations VALUES (?,?,?,1) ON CONFLICT(number) DO UPDATE SET begin=excluded.begin, "
                "end=excluded.end",
                batch.iterations,
            )
        for moved in batch.moved:
            self._move(*moved)
        for row in batch.events:
            self._budget.used((slot[1] for slot in chain(row[8], row[9])), row[4])
        self._meta(batch.meta)
        self._budget.keep()

    def _insert(self, head: str, rows: list[Row]) -> None:
        """Many rows in one statement: sqlite3 lets go of the interpreter once a statement, and the script's thread
        would take it each time."""
        for start in range(0, len(rows), _ROWS_A_STATEMENT):
            part = rows[start : start + _ROWS_A_STATEMENT]
            marks = f"({','.join('?' * len(part[0]))})"
            self._db.execute(f"{head} VALUES {','.join([marks] * len(part))}", list(chain.from_iterable(part)))

    def commit(self) -> None:
        self._arrays.flush()
        if self._db.in_transaction:
            self._db.execute("COMMIT")
        self._arrays.bury()

    def roll_back(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def close(self) -> None:
        try:
            self._arrays.close()
            self._leave_wal()
        finally:
            self._db.close()

    def _leave_wal(self) -> None:
        """One plain file; while somebody reads it, the write-ahead log can only be emptied."""
        self._db.execute("PRAGMA busy_timeout=200")
        try:
            self._db.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _value_rows(self, values: list[Row]) -> list[Row]:
        known = _statistics(values)
        rows = []
        for row, numbers in zip(values, known, strict=True):
            shape, iteration, raw, reason, base = row[2], *row[5:9]
            strides = _strides(row[9])
            text = self._shapes.get(shape)
            if text is None:
                text = self._shapes[shape] = encode([int(size) for size in shape])
            data = segment = offset = None
            size_bytes = 0
            if raw is not None:
                size_bytes = len(raw) if isinstance(raw, bytes) else raw.nbytes
                if size_bytes <= BLOB_LIMIT_BYTES:
                    data = raw if isinstance(raw, bytes) else raw.tobytes()
                else:
                    segment = segment_of(iteration)
                    offset = self._arrays.append(segment, raw)
            self._budget.made(row[0], iteration, base, size_bytes)
            rows.append((*row[:2], text, *row[3:6], size_bytes, data, segment, offset, base, strides, *numbers, reason))
        return rows

    def _move(self, begin: int, end: int, iteration: int, phase: str) -> None:
        """Events [begin, end) belong to another iteration than was thought; all but ops keep their phase."""
        rows = self._db.execute(
            "SELECT iteration, inputs, outputs FROM events WHERE position>=? AND position<?", (begin, end)
        ).fetchall()
        for slots in chain.from_iterable(row[1:] for row in rows):
            self._budget.used((slot[1] for slot in json.loads(slots)), iteration)
        self._db.execute(
            "UPDATE events SET iteration=?, phase=CASE kind WHEN 'op' THEN ? ELSE phase END "
            "WHERE position>=? AND position<?",
            (iteration, phase, begin, end),
        )
        for old in {row[0] for row in rows}:
            self._db.execute(
                "UPDATE calls SET iteration=? WHERE iteration=? AND begin>=? AND begin<?", (iteration, old, begin, end)
            )
            self._move_nodes(old, begin, end, iteration)

    def _move_nodes(self, old: int, begin: int, end: int, iteration: int) -> None:
        """Nodes that ops [begin, end) made, and the leaves that were met first there: ids are given in that order."""
        first, last = self._db.execute(
            "SELECT min(CASE WHEN op>=? AND op<? THEN id END), min(CASE WHEN op>=? THEN id END) "
            "FROM nodes WHERE iteration=?",
            (begin, end, end, old),
        ).fetchone()
        if first is not None:
            self._db.execute(
                "UPDATE nodes SET iteration=? WHERE iteration=? AND id>=? AND id<?",
                (iteration, old, first, last or 1 << 62),
            )

    def _meta(self, rows: Any) -> None:
        if rows:
            self._db.executemany(
                "INSERT OR REPLACE INTO meta VALUES (?,?)", [(key, json.dumps(value)) for key, value in rows]
            )


def _strides(strides: Sequence[int] | None) -> str | None:
    return None if strides is None else encode(list(strides))


def _event_row(row: Row) -> Row:
    arguments = row[10]
    return (*row[:8], _slots(row[8]), _slots(row[9]), encode(arguments) if arguments else "", *row[11:])


@lru_cache(maxsize=4096)
def _quoted(name: str) -> str:
    return encode(name)


def _slots(slots: Sequence[Row]) -> str:
    """Slots as JSON: [name, value] or [name, value, node, index]."""
    texts = []
    for name, value, node, index in slots:
        text = f"[{_quoted(name)},{'null' if value is None else value}"
        if node is None and not index:
            texts.append(text + "]")
        else:
            texts.append(f"{text},{'null' if node is None else node},{index}]")
    return f"[{','.join(texts)}]"


def _edges(edges: Sequence[Row | None]) -> str:
    """Edges of a node as JSON: [node, index] or null."""
    return f"[{','.join(['null' if edge is None else f'[{edge[0]},{edge[1]}]' for edge in edges])}]"


def _statistics(values: list[Row]) -> list[tuple[Any, ...]]:
    """Columns of statistics for each row of values: small arrays of one dtype together, large ones one by one."""
    found: list[tuple[Any, ...]] = [_UNKNOWN] * len(values)
    groups: dict[str, list[int]] = {}
    for i, row in enumerate(values):
        if isinstance(row[6], bytes):
            groups.setdefault(row[1], []).append(i)
        elif row[6] is not None:
            found[i] = _columns(statistics(widen(row[6], row[1])))
    for dtype, members in groups.items():
        stored = storage_dtype(dtype)
        line = widen(np.frombuffer(b"".join([values[i][6] for i in members]), stored), dtype)
        sizes = [len(values[i][6]) // stored.itemsize for i in members]
        for i, known in zip(members, statistics_of_many(line, sizes), strict=True):
            found[i] = _columns(known)
    return found


def _columns(known: Statistics) -> tuple[Any, ...]:
    return (known.min, known.max, known.mean, known.std, known.norm, known.zeros, known.nans, known.infs)


def _make_way(path: Path) -> None:
    """Removes an earlier trace of this name; refuses to overwrite anything that is not a trace."""
    if path.is_dir():
        raise GradstepError(
            Bilingual(f"{path} is a folder.", f"{path} 是一个文件夹。"),
            Bilingual("Give the trace a file name with -o.", "请用 -o 给记录一个文件名。"),
        )
    if not path.parent.is_dir():
        raise GradstepError(
            Bilingual(f"The folder {path.parent} does not exist.", f"文件夹 {path.parent} 不存在。"),
            Bilingual("Make it, or choose another place with -o.", "请创建它，或用 -o 选择另一个位置。"),
        )
    try:
        if path.exists() and path.stat().st_size and not _is_trace(path):
            raise GradstepError(
                Bilingual(
                    f"{path} exists and is not a trace, so it is left alone.",
                    f"{path} 已存在而且不是记录，因此不去动它。",
                ),
                Bilingual("Choose another name with -o.", "请用 -o 选择另一个名称。"),
            )
        for name in (path.name, path.name + "-wal", path.name + "-shm"):
            path.with_name(name).unlink(missing_ok=True)
    except OSError as error:
        raise _cannot_be_written(path, str(error.strerror)) from error


def _cannot_be_written(path: Path, why: str) -> GradstepError:
    return GradstepError(
        Bilingual(f"The trace {path} cannot be written: {why}.", f"无法写入记录 {path}：{why}。"),
        Bilingual("Choose another place with -o.", "请用 -o 选择另一个位置。"),
    )


def _is_trace(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(72)
    return head[:15] == b"SQLite format 3" and head[68:72] == APPLICATION_ID.to_bytes(4, "big")
