"""Keeps a trace within its bytes: counts the arrays of each iteration, and drops those of old ones.

NOTE [Life of an array]
An array belongs to the iteration that made it and goes when that iteration is thinned. A value that a later iteration
uses too (new weights, data) must not go before that one: `_last_use` has the latest iteration where an event names a
value from an earlier one. While a whole iteration needs it, a blob stays where it is, a large array is copied to the
segment of what outlasts its iteration. Files are deleted once the rows that no longer name them are committed.
"""

from __future__ import annotations

import sqlite3
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

import numpy as np

from .arrays import ArrayFolder, kept_segment_of, segment_of
from .batch import Row
from .thinning import iterations_to_thin

_WITHOUT_ARRAY = (
    "SELECT id, dtype, shape, device, tensor, iteration, size_bytes, NULL, NULL, NULL, NULL, NULL, "
    "min, max, mean, std, norm, zeros, nans, infs, 'thinned' FROM \"values\" WHERE id=?"
)
_SINGLE_NUMBER = "shape NOT GLOB '*[02-9]*' AND shape NOT GLOB '*11*'"
"""Shapes such as [], [1], [1,1]: the numbers of a tiny network, and losses, always stay."""

_OPEN_ITERATIONS = 8
"""Events name values of the iteration that they belong to, which is one of the last few."""


class Budget:
    """Used by the writer's thread alone."""

    def __init__(self, db: sqlite3.Connection, arrays: ArrayFolder, limit_bytes: int) -> None:
        self._db = db
        self._arrays = arrays
        self._limit_bytes = limit_bytes
        self._kept_bytes = 0
        self._first_value: dict[int, int] = {}
        self._last_use: dict[int, int] = {}
        self._spared: dict[int, list[tuple[int, int]]] = {}
        """Thinned iteration -> (value, bytes) of its arrays that whole iterations still need."""

    def made(self, value: int, iteration: int, base: int | None, size_bytes: int) -> None:
        """A value was written. base: the value whose elements it shows. Values come in the order of their ids."""
        if iteration not in self._first_value:
            self._first_value[iteration] = value
            if len(self._first_value) > _OPEN_ITERATIONS:
                del self._first_value[next(iter(self._first_value))]
        if base is not None:
            self.used((base,), iteration)
        self._kept_bytes += size_bytes

    def used(self, values: Iterable[int | None], iteration: int) -> None:
        """An event of an iteration names these values."""
        first = self._first_value.get(iteration, 1 << 62)
        for value in values:
            if value is not None and value < first and iteration > self._last_use.get(value, -1):
                self._last_use[value] = iteration

    def keep(self) -> None:
        """Drops arrays of old iterations until nine tenths of the budget are kept, or nothing more can go."""
        if self._kept_bytes <= self._limit_bytes:
            return
        enough = self._limit_bytes * 9 // 10
        rows = self._db.execute("SELECT number FROM iterations WHERE whole ORDER BY number")
        whole = [row[0] for row in rows.fetchall()]
        while self._kept_bytes > enough and (victims := iterations_to_thin(whole)):
            for iteration in victims:
                del whole[bisect_left(whole, iteration)]
                self._thin(iteration, whole)
                if self._kept_bytes <= enough:
                    break
            for iteration in list(self._spared):
                self._release(iteration, whole)

    def _thin(self, iteration: int, whole: list[int]) -> None:
        rows = self._db.execute(
            f'SELECT id, size_bytes, segment, offset, base, {_SINGLE_NUMBER} FROM "values" '
            "WHERE iteration=? AND coalesce(data, segment, base) IS NOT NULL ORDER BY id DESC",
            (iteration,),
        ).fetchall()
        needed = {row[0] for row in rows if row[5] or self._is_needed(row[0], iteration, whole)}
        for value, *_, base, _ in rows:
            if value in needed and base is not None:
                needed.add(base)
                self._last_use[base] = max(self._last_use.get(base, iteration), self._last_use.get(value, iteration))
        self._drop([(row[0], row[1]) for row in rows if row[0] not in needed])
        self._db.execute("UPDATE iterations SET whole=0 WHERE number=?", (iteration,))
        self._spare(iteration, [row for row in rows if row[0] in needed])
        self._arrays.condemn(segment_of(iteration))

    def _spare(self, iteration: int, rows: list[Row]) -> None:
        """Takes what must outlast its iteration out of the iteration's own segment."""
        place = kept_segment_of(iteration)
        moved = []
        for value, size_bytes, segment, offset, *_ in rows:
            if segment is not None:
                raw = np.frombuffer(self._arrays.read(segment, offset, size_bytes), np.uint8)
                moved.append((place, self._arrays.append(place, raw), value))
        self._db.executemany('UPDATE "values" SET segment=?, offset=? WHERE id=?', moved)
        held = [(row[0], row[1]) for row in rows if not row[5]]
        if held:
            self._spared[iteration] = held

    def _release(self, iteration: int, whole: list[int]) -> None:
        """Drops what outlasted an iteration and is needed by no whole iteration any more."""
        held = self._spared[iteration]
        staying = [row for row in held if self._is_needed(row[0], iteration, whole)]
        if len(staying) == len(held):
            return
        kept = {value for value, _ in staying}
        self._drop([row for row in held if row[0] not in kept])
        if staying:
            self._spared[iteration] = staying
        else:
            del self._spared[iteration]
            self._arrays.condemn(kept_segment_of(iteration))

    def _drop(self, values: Sequence[tuple[int, int]]) -> None:
        """Forgets arrays: (value, bytes). Of a row that only shrinks SQLite keeps the room, so rows are put in anew."""
        ids = [(value,) for value, _ in values]
        rows = [self._db.execute(_WITHOUT_ARRAY, one).fetchone() for one in ids]
        self._db.executemany('DELETE FROM "values" WHERE id=?', ids)
        self._db.executemany(f'INSERT INTO "values" VALUES ({",".join("?" * 21)})', rows)
        for value, size_bytes in values:
            self._kept_bytes -= size_bytes
            self._last_use.pop(value, None)

    def _is_needed(self, value: int, iteration: int, whole: list[int]) -> bool:
        """Whether a later iteration that is whole uses it. whole: ascending, and there may be hundred thousands."""
        later = bisect_right(whole, iteration)
        return later < len(whole) and whole[later] <= self._last_use.get(value, iteration)
