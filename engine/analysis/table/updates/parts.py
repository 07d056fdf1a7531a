"""Which part of a parameter an update writes to: `w[1:] -= 1` writes through a view.

The recorder notes the view's shape, strides (in elements) and first element in the argument "part", as counted in the
parameter's elements in order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..call import Array, UnfitError
from ..case import Index


@dataclass(frozen=True)
class Part:
    """A view of a parameter. shape: the parameter's; view: (shape, strides, first element), None for all of it."""

    shape: Index
    view: tuple[Index, Index, int] | None

    def of(self, array: Array) -> Array:
        """The numbers that the view shows."""
        return array if self._elements is None else array.reshape(-1)[self._elements]

    def put(self, old: Array, made: Array) -> Array:
        """The parameter with what was made in the view's places."""
        if self._elements is None:
            return np.broadcast_to(made, old.shape)
        new = old.reshape(-1).copy()
        new[self._elements] = made
        return new.reshape(old.shape)

    def place(self, index: Index) -> Index | None:
        """Where in the view a place of the parameter is; None if it is outside."""
        if self._elements is None:
            return index
        found = np.argwhere(self._elements == np.ravel_multi_index(index, self.shape))
        return tuple(int(i) for i in found[0]) if len(found) else None

    @cached_property
    def _elements(self) -> Array | None:
        """For each place of the view, which element of the parameter it shows."""
        if self.view is None:
            return None
        shape, strides, first = self.view
        elements = np.full(shape, first)
        for axis, (size, stride) in enumerate(zip(shape, strides, strict=True)):
            elements += stride * np.arange(size).reshape([size if i == axis else 1 for i in range(len(shape))])
        return elements


def part_of(settings: Mapping[str, Any], shape: Index) -> Part:
    """The part that an update by hand writes to. Raises UnfitError where the trace does not say it."""
    said = settings.get("part")
    if said is None:
        return Part(shape, None)
    if not isinstance(said, list) or len(said) != 3:
        raise UnfitError(
            "the trace does not say which part of the parameter was written to", "记录中没有说明写入了参数的哪一部分"
        )
    view, strides, first = said
    return Part(shape, (tuple(view), tuple(strides), int(first)))
