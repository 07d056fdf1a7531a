"""Large arrays beside the trace: one append-only segment file an iteration, in `NAME.gradstep.arrays/`."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import BinaryIO

import numpy as np

from ..limits import MIB
from .schema import arrays_folder_name, segment_name

_OPEN_SEGMENTS = 8
"""Files of segments further away than this are closed."""


def segment_of(iteration: int) -> int:
    """The segment of an iteration's own arrays; the set-up (-1) has one too."""
    return 2 * (iteration + 1)


def kept_segment_of(iteration: int) -> int:
    """The segment of those arrays of a thinned iteration that later ones need."""
    return segment_of(iteration) + 1


class ArrayFolder:
    """The writing side of the companion folder, made when the first large array comes."""

    def __init__(self, trace: Path) -> None:
        self.folder = trace.with_name(arrays_folder_name(trace.name))
        self._open: dict[int, BinaryIO] = {}
        self._condemned: list[int] = []

    def clear(self) -> None:
        """Removes what an earlier recording of the same name left."""
        with contextlib.suppress(OSError):
            for file in self.folder.glob("[0-9]" * 8 + ".bin"):
                file.unlink(missing_ok=True)
            self._remove_if_empty()

    def append(self, segment: int, array: np.ndarray) -> int:
        """Appends an array's bytes (C order) to a segment. Returns the offset in bytes. Raises OSError."""
        file = self._file(segment)
        offset = file.tell()
        file.write(memoryview(np.ascontiguousarray(array).data).cast("B"))
        return offset

    def flush(self) -> None:
        """Makes what was appended visible to readers."""
        for file in self._open.values():
            file.flush()

    def read(self, segment: int, offset: int, size_bytes: int) -> bytes:
        """Bytes that were appended before."""
        self.flush()
        with (self.folder / segment_name(segment)).open("rb") as file:
            file.seek(offset)
            return file.read(size_bytes)

    def condemn(self, segment: int) -> None:
        """Deletes a segment at the next `bury`, when no committed row names it any more."""
        self._condemned.append(segment)

    def bury(self) -> None:
        """Deletes the condemned segments; where a reader holds one open (Windows) it stays until the trace is gone."""
        for segment in self._condemned:
            file = self._open.pop(segment, None)
            if file is not None:
                file.close()
            with contextlib.suppress(OSError):
                (self.folder / segment_name(segment)).unlink(missing_ok=True)
        self._condemned.clear()

    def close(self) -> None:
        """Closes all segments; a folder that stayed empty is removed. Raises OSError if the disk is full."""
        with contextlib.ExitStack() as files:
            for file in self._open.values():
                files.callback(file.close)
        self._open.clear()
        self._remove_if_empty()

    def _remove_if_empty(self) -> None:
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _file(self, segment: int) -> BinaryIO:
        if segment not in self._open:
            self.folder.mkdir(parents=True, exist_ok=True)
            for old in [key for key in self._open if abs(key - segment) > _OPEN_SEGMENTS]:
                self._open.pop(old).close()
            self._open[segment] = (self.folder / segment_name(segment)).open("ab", buffering=MIB)
        return self._open[segment]
