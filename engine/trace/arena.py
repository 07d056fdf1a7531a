"""Memory that the script's process and the writing process share: arrays on their way into the trace.

NOTE [Arena]
Copying into memory that is used again and again is several times as fast as into fresh memory, and what lies here needs
no pipe. One side only fills: it takes room in rounds, each from the memory's beginning, and a batch says up to where it
has filled. The other side only empties: it moves the mark in the memory's first bytes once a batch is in the file. Both
count bytes since the first round began. A round ends where the one before is emptied far enough for the next to begin,
but not before `_SHORTEST_ROUND` bytes; so while the writer keeps up, the same few pages are used, and when it lags,
more. Where there is no room at all, or no such memory (the system has none without a name that two processes can
share), arrays go down the pipe.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os

import numpy as np

from ..limits import ARENA_BYTES, MIB

_HEAD_BYTES = 64
_SHORTEST_ROUND = 4 * MIB
_ALIGNED = 15
"""Arrays begin at multiples of 16 bytes, the size of the largest element."""


class Arena:
    """A mapping of `ARENA_BYTES` and the head with the mark. Each side has one of its own; neither locks."""

    def __init__(self, file: int) -> None:
        """file: descriptor of the shared memory, which stays the caller's. Raises OSError."""
        self.memory = mmap.mmap(file, _HEAD_BYTES + ARENA_BYTES)
        self._emptied = ctypes.c_uint64.from_buffer(self.memory)
        self._begun = self._begun_before = 0
        """Bytes taken when this round began, and when the one before did."""
        self._next = _HEAD_BYTES
        self._end = _HEAD_BYTES + _SHORTEST_ROUND
        """[_next, _end) of `memory` is free."""

    @property
    def filled(self) -> int:
        """Bytes taken since the first round began."""
        return self._begun + self._next - _HEAD_BYTES

    def take(self, size: int) -> int | None:
        """Where in `memory` there is room for so many bytes; None if there is none just now."""
        at = self._next
        after = at + ((size + _ALIGNED) & ~_ALIGNED)
        if after > self._end:
            return self._look((size + _ALIGNED) & ~_ALIGNED)
        self._next = after
        return at

    def _look(self, needed: int) -> int | None:
        """The same after a look at how far the other side has come: in this round, or at the beginning of the next."""
        emptied = self._emptied.value
        taken = self._next - _HEAD_BYTES
        # Before all of the round before is emptied, this one may go no further than that.
        free = ARENA_BYTES if emptied >= self._begun else emptied - self._begun_before
        if taken < _SHORTEST_ROUND <= free:
            free = _SHORTEST_ROUND
        if taken + needed > free and needed <= emptied - self._begun:
            self._begun_before, self._begun = self._begun, self._begun + taken
            taken, free = 0, emptied - self._begun_before
        elif taken + needed > free and emptied >= self._begun:
            free = min(ARENA_BYTES, taken + max(needed, _SHORTEST_ROUND))
        if taken + needed > free:
            return None
        self._next, self._end = _HEAD_BYTES + taken + needed, _HEAD_BYTES + free
        return _HEAD_BYTES + taken

    def emptied(self, count: int) -> None:
        """All up to `count` bytes from the beginning may be filled again."""
        self._emptied.value = count

    def array(self, offset: int, dtype: np.dtype[np.generic], count: int) -> np.ndarray:
        """Elements that lie there; shares the memory."""
        return np.frombuffer(self.memory, dtype, count, offset)


def shared_memory() -> int | None:
    """A file descriptor of nameless memory that another process can be given; None where there is no such thing."""
    with contextlib.suppress(AttributeError, OSError):
        file = os.memfd_create("gradstep")
        os.ftruncate(file, _HEAD_BYTES + ARENA_BYTES)
        return file
    return None
