"""Makes a long trace out of a short one: its last whole iteration again and again, with ids and positions of their own.

Recording a million events takes minutes, writing their rows again takes seconds. The script has to make all tensors
that every iteration reads before its first iteration, and train parameters without a state of their optimizer.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
_RECORDED = 5
_REPEATED = 2
"""Iterations are alike once there were gradients to clear; the last one has more events after the loop."""


def long_trace(folder: Path, events: int, script: Path, *arguments: str) -> Path:
    """A trace of at least so many events, made from some iterations of a script that takes `--iterations N`."""
    short, path = folder / "short.gradstep", folder / f"{script.stem}-{events}.gradstep"
    command = [sys.executable, "-m", "gradstep", "record", str(script), "-o", str(short), "--"]
    subprocess.run(
        [*command, *arguments, "--iterations", str(_RECORDED)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )
    shutil.copyfile(short, path)
    with sqlite3.connect(path) as db:
        _repeat(db, events)
    db.close()
    return path


def _repeat(db: sqlite3.Connection, events: int) -> None:
    """Puts copies of an iteration in the place of those that came after it."""
    begin, end = db.execute("SELECT begin, end FROM iterations WHERE number=?", (_REPEATED,)).fetchone()
    tables = ('"values"', "nodes", "calls")
    for table in ("iterations WHERE number", "events WHERE iteration", *(f"{one} WHERE iteration" for one in tables)):
        db.execute(f"DELETE FROM {table}>?", (_REPEATED,))
    db.execute("DELETE FROM output WHERE position>?", (end,))
    rows = {one: db.execute(f"SELECT * FROM {one} WHERE iteration=?", (_REPEATED,)).fetchall() for one in tables}
    happened = db.execute("SELECT * FROM events WHERE iteration=? ORDER BY position", (_REPEATED,)).fetchall()
    count = -(-(events - end) // (end - begin))
    shift = _Shift(db, end - begin, {table: len(found) for table, found in rows.items()})
    for table, found in (("events", happened), *rows.items()):
        marks = ",".join("?" * len(found[0])) if found else ""
        if found:
            db.executemany(f"INSERT INTO {table} VALUES ({marks})", shift.copies(table, found, count))
    spans = ((_REPEATED + k, begin + k * (end - begin), end + k * (end - begin)) for k in range(1, count + 1))
    db.executemany("INSERT INTO iterations VALUES (?, ?, ?, 1)", spans)
    said = ((end + k * (end - begin), "stdout", f"iteration {_REPEATED + k}\n") for k in range(1, count + 1))
    db.executemany("INSERT INTO output (position, stream, text) VALUES (?, ?, ?)", said)


class _Shift:
    """What becomes of a row in the k-th copy: what was made in an iteration is as many ids further on."""

    def __init__(self, db: sqlite3.Connection, events: int, sizes: dict[str, int]) -> None:
        self._events, self._sizes = events, sizes
        (self._kept,) = db.execute('SELECT max(id) FROM "values" WHERE iteration<0').fetchone()
        # AccumulateGrad nodes live as long as their parameter: they are made in the first iteration, once.
        self._kept_nodes = {row[0] for row in db.execute("SELECT id FROM nodes WHERE tensor IS NOT NULL")}
        # Columns with ids in each table, and what they count.
        self._ids: dict[str, tuple[tuple[int, str], ...]] = {
            "events": ((0, "events"), (6, "calls"), (11, "nodes")),
            '"values"': ((0, "values"), (10, "values")),
            "nodes": ((0, "nodes"), (2, "events")),
            "calls": ((0, "calls"), (1, "calls"), (6, "events"), (7, "events")),
        }
        self._iteration = {"events": 4, '"values"': 5, "nodes": 3, "calls": 5}

    def copies(self, table: str, rows: list[tuple[Any, ...]], count: int) -> Iterator[tuple[Any, ...]]:
        """All rows, count times."""
        for k in range(1, count + 1):
            for row in rows:
                yield self._moved(table, list(row), k)

    def _moved(self, table: str, row: list[Any], k: int) -> tuple[Any, ...]:
        row[self._iteration[table]] += k
        for column, what in self._ids[table]:
            row[column] = self._id(row[column], what, k)
        if table == "events":
            for column in (8, 9):
                row[column] = json.dumps([self._slot(slot, k) for slot in json.loads(row[column])])
        if table == "nodes":
            edges = json.loads(row[4])
            row[4] = json.dumps([edge and [self._id(edge[0], "nodes", k), edge[1]] for edge in edges])
        return tuple(row)

    def _slot(self, slot: list[Any], k: int) -> list[Any]:
        name, value, *rest = slot
        moved = [name, self._id(value, "values", k)]
        return moved if not rest else [*moved, self._id(rest[0], "nodes", k), *rest[1:]]

    def _id(self, old: int | None, what: str, k: int) -> int | None:
        if old is None or (what == "values" and old <= self._kept) or (what == "nodes" and old in self._kept_nodes):
            return old
        sizes = {"events": self._events, "values": self._sizes['"values"']}
        return old + k * sizes.get(what, self._sizes.get(what, 0))
