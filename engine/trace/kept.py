"""What was read last, kept in memory: never more than a fixed number of rows, whatever the trace's size."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """Rows by their ids: the last `most` / 2 that were read, and up to as many before them."""

    def __init__(self, most: int) -> None:
        self._half = most // 2
        self._newer: dict[int, T] = {}
        self._older: dict[int, T] = {}

    def __contains__(self, key: int) -> bool:
        return key in self._newer or key in self._older

    def get(self, key: int) -> T | None:
        """The row with this id, None if it is not kept."""
        found = self._newer.get(key)
        return self._older.get(key) if found is None else found

    def put(self, key: int, row: T) -> None:
        """Keeps a row that was read."""
        if len(self._newer) >= self._half:
            self._newer, self._older = {}, self._newer
        self._newer[key] = row

    def take(self, other: Kept[T]) -> None:
        """Keeps what another one does."""
        for rows in (other._older, other._newer):
            for key, row in rows.items():
                if key not in self:
                    self.put(key, row)

    def clear(self) -> None:
        """Forgets everything."""
        self._newer, self._older = {}, {}
