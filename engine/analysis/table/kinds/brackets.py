"""Indexing with [ ] as torch does it: which dimensions an index picks from, and how.

NOTE [Indexing in two steps]
torch goes through an index from left to right. Integers, slices, None and True/False are done at once, one dimension
each (an integer removes it). Tensors and lists are kept, each for its dimension, and done together at the end. numpy
counts integers among the latter, so x[0, :, [1, 2]] has another shape there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..call import Array, UnfitError


@dataclass(frozen=True, slots=True)
class Places:
    """An index: first a basic one (integers, slices, None), then an array of places for some dimensions, or a slice."""

    basic: tuple[Any, ...]
    picked: tuple[Any, ...]

    def read(self, x: Array) -> Array:
        """x[index]."""
        found = x[self.basic]
        return np.asarray(found[self.picked] if self.picked else found)

    def write(self, x: Array, value: Array) -> Array:
        """A copy of x in which x[index] = value."""
        made = x.copy()
        window = made[(*self.basic, ...)]
        window[self.picked or ...] = value
        return made


def places_of(index: Sequence[Any], dims: int) -> Places:
    """An index of several parts on an array of so many dimensions; see NOTE [Indexing in two steps].

    Raises UnfitError for a part that was not recorded.
    """
    basic: list[Any] = []
    picked: list[Any] = []
    missing = dims - sum(_width(part) for part in index)
    if not any(part is Ellipsis for part in index):
        index = [*index, Ellipsis]
    for part in index:
        if part is Ellipsis:
            basic.extend([slice(None)] * missing)
            picked.extend([slice(None)] * missing)
        elif part is None:
            basic.append(None)
            picked.append(slice(None))
        elif isinstance(part, slice):
            basic.append(_known(part))
            picked.append(slice(None))
        elif isinstance(part, bool):
            basic.append(None)
            picked.append(np.arange(int(part)))
        elif isinstance(part, int):
            basic.append(part)
        else:
            array = _array(part)
            if array.ndim == 0 and array.dtype != np.bool_:
                basic.append(int(array))
            elif array.ndim == 0:
                basic.append(None)
                picked.append(np.arange(int(array)))
            elif array.dtype == np.bool_:
                basic.extend([slice(None)] * array.ndim)
                picked.extend(np.nonzero(array))
            else:
                basic.append(slice(None))
                picked.append(array)
    return Places(tuple(basic), tuple(picked) if any(isinstance(part, np.ndarray) for part in picked) else ())


def _width(part: Any) -> int:
    """How many dimensions of the array a part of an index is for."""
    if part is None or part is Ellipsis or isinstance(part, bool):
        return 0
    if isinstance(part, int | slice):
        return 1
    array = _array(part)
    return array.ndim if array.dtype == np.bool_ else 1


def _array(part: Any) -> Array:
    """A tensor or a list as an array of places, or of yes and no."""
    if isinstance(part, np.ndarray):
        return part
    if not isinstance(part, list):
        raise UnfitError("a part of its index was not recorded", "它的索引有一部分没有被记录")
    array = np.asarray(part)
    if array.size == 0:
        return array.astype(np.int64)
    if array.dtype.kind not in "ib":
        raise UnfitError("a part of its index was not recorded", "它的索引有一部分没有被记录")
    return array


def _known(part: slice) -> slice:
    """A slice of numbers. Raises UnfitError where one of them was a tensor, which was not recorded."""
    if any(not isinstance(edge, int | None) for edge in (part.start, part.stop, part.step)):
        raise UnfitError("the edges of a slice were tensors, which were not recorded", "切片的边界是张量，没有被记录")
    return part
