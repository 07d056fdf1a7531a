"""Memory that the script's process and the writing process share: arrays on their way into the trace.

NOTE [Arena]
Copying into memory that is used again and again is several times as fast as into fresh memory, and what lies here needs
no pipe. One side only fills: it takes room from a ring, and a batch says up to where it has filled. The other side only
empties: it moves the mark in the arena's first bytes once a batch is in the file. Both count bytes from the beginning,
so a place in the ring is that count modulo its size. Where there is no room (the writer lags behind) or no such memory
(the system has none without a name that two processes can share), arrays go down the pipe.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import os

import numpy as np

from ..limits import ARENA_BYTES

_HEAD_BYTES = 64
_ALIGNED = 15
"""Arrays begin at multiples of 16 bytes, the size of the largest element."""


class Arena:
    """A mapping of `ARENA_BYTES` and the head with the mark. Each side has one of its own; neither locks."""

    def __init__(self, file: int) -> None:
        """file: descriptor of the shared memory, which stays the caller's. Raises OSError."""
        self.memory = mmap.mmap(file, _HEAD_BYTES + ARENA_BYTES)
        self._emptied = ctypes.c_uint64.from_buffer(self.memory)
        self._round = -_HEAD_BYTES
        """What the offset of a place in `memory` lacks to a count from the beginning: it grows with each round."""
        self._next = _HEAD_BYTES
        self._end = _HEAD_BYTES + ARENA_BYTES
        """[_next, _end) is free."""

    @property
    def filled(self) -> int:
        """Bytes taken since the beginning, with those at the ring's end that were too few."""
        return self._round + self._next

    def take(self, size: int) -> int | None:
        """Where in `memory` there is room for so many bytes; None if there is none just now."""
        at = self._next
        after = at + ((size + _ALIGNED) & ~_ALIGNED)
        if after > self._end:
            return self._look(size)
        self._next = after
        return at

    def _look(self, size: int) -> int | None:
        """The same after a look at how far the other side has come, or from the ring's beginning."""
        emptied = self._emptied.value
        needed = (size + _ALIGNED) & ~_ALIGNED
        last = _HEAD_BYTES + ARENA_BYTES
        for at, around in ((self._next, self._round), (_HEAD_BYTES, self._round + ARENA_BYTES)):
            end = min(last, emptied + ARENA_BYTES - around)
            if at + needed <= end:
                self._next, self._end, self._round = at + needed, end, around
                return at
        return None

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
