"""A tensor as small pictures: feature maps, kernels, the samples of a batch."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

MOST_A_PAGE = 64
_FEWEST_PIXELS = 3
"""A row of 4 numbers is no picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One picture. cells: view of shape (height, width). label: its place on the other axes, as "3, 0"."""

    cells: np.ndarray
    label: str
    leading: tuple[int, ...]
    is_folded: bool

    def index_of(self, row: int, column: int) -> tuple[int, ...]:
        """Where a pixel is in the whole tensor."""
        if self.is_folded:
            return (*self.leading, row * self.cells.shape[1] + column)
        return (*self.leading, row, column)


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """How a tensor falls into pictures. is_folded: each is a row of numbers, folded to a square.

    columns: how many stand side by side because they belong together (the input channels of a kernel), 0 for any.
    """

    array: np.ndarray
    grid: tuple[int, ...]
    height: int
    width: int
    is_folded: bool
    columns: int = 0

    @property
    def count(self) -> int:
        """How many there are."""
        return math.prod(self.grid)

    def page(self, first: int) -> list[Picture]:
        """Up to 64 of them, from the picture number `first` on; nothing is copied."""
        found = []
        for number in range(first, min(first + MOST_A_PAGE, self.count)):
            leading = tuple(int(place) for place in np.unravel_index(number, self.grid)) if self.grid else ()
            cells = self.array[leading].reshape(self.height, self.width)
            found.append(Picture(cells, ", ".join(map(str, leading)), leading, self.is_folded))
        return found


def pictures_of(array: np.ndarray) -> Pictures | None:
    """The pictures of a tensor; None where there are none.

    The last two axes of three or more are height and width. Rows of a matrix whose length is a square (784 = 28²) are
    taken for pictures that were laid flat.
    """
    if array.size == 0:
        return None
    if array.ndim >= 3:
        columns = array.shape[1] if array.ndim == 4 and 1 < array.shape[1] <= 8 else 0
        return Pictures(array, array.shape[:-2], array.shape[-2], array.shape[-1], is_folded=False, columns=columns)
    side = math.isqrt(array.shape[-1]) if array.ndim else 0
    if array.ndim and side >= _FEWEST_PIXELS and side * side == array.shape[-1]:
        return Pictures(array, array.shape[:-1], side, side, is_folded=True)
    return None
