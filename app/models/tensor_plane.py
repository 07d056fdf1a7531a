"""The two-dimensional part of a tensor that fits on a screen, and where its cells are in the tensor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

Axes = tuple[int, int]
"""Which axis of a tensor runs down the rows and which along the columns."""


@dataclass(frozen=True, slots=True, eq=False)
class TensorPlane:
    """Two axes of `array` at the place `leading` on all others, in the order of these.

    axes: (rows, columns), by default the last two. A vector is one column, a scalar one cell. Nothing is copied, so a
    memory map stays on the disk.
    """

    array: np.ndarray
    leading: tuple[int, ...] = ()
    axes: Axes | None = None

    @property
    def shown_axes(self) -> Axes:
        """(rows, columns) of a tensor of two or more axes."""
        return last_axes(self.array.ndim) if self.axes is None else self.axes

    @property
    def cells(self) -> np.ndarray:
        """View of shape (rows, columns)."""
        if self.array.ndim < 2:
            return self.array.reshape(-1, 1)
        rows, columns = self.shown_axes
        part = self.array[tuple(self._index(slice(None), slice(None)))]
        return part.T if rows > columns else part

    def index_of(self, row: int, column: int) -> tuple[int, ...]:
        """Where a cell is in the whole tensor; () for a scalar."""
        if self.array.ndim < 2:
            return (row,) if self.array.ndim else ()
        return tuple(int(place) for place in self._index(row, column) if not isinstance(place, slice))

    def cell_of(self, index: tuple[int, ...]) -> tuple[int, int]:
        """Row and column of an element of this plane."""
        if len(index) < 2:
            return index[0] if index else 0, 0
        rows, columns = self.shown_axes
        return index[rows], index[columns]

    def _index(self, row: int | slice, column: int | slice) -> list[int | slice]:
        rows, columns = self.shown_axes
        others = iter(self.leading)
        return [row if axis == rows else column if axis == columns else next(others) for axis in range(self.array.ndim)]


def last_axes(ndim: int) -> Axes:
    """The last two of a tensor's axes."""
    return max(ndim - 2, 0), max(ndim - 1, 0)


def other_axes(ndim: int, axes: Axes | None = None) -> tuple[int, ...]:
    """The axes that are not shown, in order."""
    shown = last_axes(ndim) if axes is None else axes
    return tuple(axis for axis in range(ndim) if axis not in shown) if ndim > 2 else ()


def leading_axes(array: np.ndarray, axes: Axes | None = None) -> tuple[int, ...]:
    """Sizes of the axes that are not shown."""
    return tuple(array.shape[axis] for axis in other_axes(array.ndim, axes))


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Every `row_step`-th row and `column_step`-th column of a plane; steps of 1 are the plane itself."""

    cells: np.ndarray
    row_step: int
    column_step: int

    @property
    def is_whole(self) -> bool:
        return self.row_step == self.column_step == 1


def sampled(cells: np.ndarray, most: int) -> Sample:
    """At most `most` rows and columns, evenly spaced, so that a plane of any size is read in bounded time."""
    row_step = max(1, -(-cells.shape[0] // most))
    column_step = max(1, -(-cells.shape[1] // most))
    return Sample(cells[::row_step, ::column_step], row_step, column_step)
