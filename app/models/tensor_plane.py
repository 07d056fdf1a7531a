"""The two-dimensional part of a tensor that fits on a screen, and where its cells are in the tensor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class TensorPlane:
    """The last two axes of `array` at the place `leading` on all others.

    A vector is one column, a scalar one cell. Nothing is copied, so a memory map stays on the disk.
    """

    array: np.ndarray
    leading: tuple[int, ...] = ()

    @property
    def cells(self) -> np.ndarray:
        """View of shape (rows, columns)."""
        part = self.array[self.leading] if self.leading else self.array
        return part.reshape(-1, 1) if part.ndim < 2 else part

    def index_of(self, row: int, column: int) -> tuple[int, ...]:
        """Where a cell is in the whole tensor; () for a scalar."""
        inner = (row, column) if self.array.ndim >= 2 else (row,) if self.array.ndim else ()
        return (*self.leading, *inner)

    def cell_of(self, index: tuple[int, ...]) -> tuple[int, int]:
        """Row and column of an element of this plane."""
        inner = index[len(self.leading) :]
        return (inner[0], inner[1]) if len(inner) == 2 else (inner[0] if inner else 0, 0)


def leading_axes(array: np.ndarray) -> tuple[int, ...]:
    """Sizes of the axes before the last two."""
    return array.shape[:-2] if array.ndim > 2 else ()


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
