"""Batches as bytes, for the pipe from the recorded process to the process that writes.

NOTE [marshal]
Both ends are this same Python, started by us, and the pipe is private to them, so `marshal` serves: it knows numbers,
texts, bytes, tuples, lists and dictionaries, makes no objects of other classes and runs no code. It is never used for
a file, nor between a script's process and a window. Large arrays follow a frame as they are.
"""

from __future__ import annotations

import marshal
import math
import struct
from typing import Any, BinaryIO

import numpy as np

from ..limits import COPY_NOW_BYTES
from ..values import storage_dtype
from .arena import Arena
from .batch import Batch, Row

HEADER = struct.Struct("<cQ")
BATCH, FLUSH, CLOSE = b"B", b"F", b"C"
DONE, FAILED = b"d", b"!"

_FIELDS = tuple(name for name in Batch.__slots__ if name != "values")


def encoded(batch: Batch) -> tuple[bytes, list[np.ndarray]]:
    """A frame, and the large arrays that follow it."""
    arrays: list[np.ndarray] = []
    values = []
    for row in batch.values:
        raw = row[6]
        if isinstance(raw, np.ndarray):
            arrays.append(np.ascontiguousarray(raw))
            row = (*row[:6], -len(arrays), *row[7:])
        values.append(row)
    described = [(array.dtype.str, array.size) for array in arrays]
    body = marshal.dumps((described, values, *(getattr(batch, name) for name in _FIELDS)))
    return HEADER.pack(BATCH, len(body)) + body, arrays


def command(kind: bytes) -> bytes:
    """A frame without a body: FLUSH or CLOSE."""
    return HEADER.pack(kind, 0)


def read_frame(pipe: BinaryIO, arena: Arena | None = None) -> tuple[bytes, Batch | None]:
    """The next frame from a pipe: its kind, and the batch if it is one. CLOSE at the pipe's end, wherever that is.

    arena: where arrays lie that did not come by the pipe. Small ones are taken out, larger ones stay there.
    """
    head = pipe.read(HEADER.size)
    if len(head) < HEADER.size:
        return CLOSE, None
    kind, size = HEADER.unpack(head)
    if kind != BATCH:
        return kind, None
    body = pipe.read(size)
    if len(body) < size:
        return CLOSE, None
    described, values, *fields = marshal.loads(body)
    arrays = []
    for dtype, count in described:
        array = np.empty(count, dtype)
        if not _filled(pipe, memoryview(array.data).cast("B")):
            return CLOSE, None
        arrays.append(array)
    batch = Batch(**dict(zip(_FIELDS, fields, strict=True)))
    batch.values = [_with_array(row, arrays, arena) if type(row[6]) is int else row for row in values]
    return BATCH, batch


def _with_array(row: Row, arrays: list[np.ndarray], arena: Arena | None) -> Row:
    """The row of a value with its array in place of where that is: -n: the nth after the frame, else in the arena."""
    at = row[6]
    held: bytes | np.ndarray
    if at < 0 or arena is None:
        held = arrays[-at - 1]
    else:
        stored = storage_dtype(row[1])
        count = math.prod(row[2])
        size = count * stored.itemsize
        held = arena.memory[at : at + size] if size <= COPY_NOW_BYTES else arena.array(at, stored, count)
    return (*row[:6], held, *row[7:])


def _filled(pipe: Any, view: memoryview) -> bool:
    while view.nbytes:
        count = pipe.readinto(view)
        if not count:
            return False
        view = view[count:]
    return True
