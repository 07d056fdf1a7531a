"""Where a point of a sampling grid lies in an input, and how much each place around it counts; in any dimensions.

Formulas: PyTorch's documentation of grid_sample, and ATen/native/GridSampler.h for what lies outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..call import Array, UnfitError
from ..case import Index
from .interpolation import keys_kernel, keys_slope

Mode = Literal["bilinear", "nearest", "bicubic"]
Padding = Literal["zeros", "border", "reflection"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Taps:
    """The places around points along one dimension; each array: shape (taps, ...points), `position`: (...points).

    position: where the points lie. places: -1 where outside, which counts as 0. slopes: ∂weight/∂(grid's number).
    """

    position: Floats
    places: Places
    weights: Floats
    slopes: Floats


@dataclass(frozen=True, slots=True)
class Rule:
    """How a grid is read. corners: -1 and 1 are the middles of the outermost places, not their edges."""

    mode: Mode
    padding: Padding
    corners: bool

    def taps(self, grid: Array, shape: Index) -> list[Taps]:
        """Along each dimension of the input (sizes `shape`). grid: (..., dimensions), the last one's number first.

        Raises UnfitError for points that are not finite.
        """
        if not np.all(np.isfinite(grid)):
            raise UnfitError("a point of its grid is not finite", "它的网格中有不是有限值的点")
        last = len(shape) - 1
        return [self._along(grid[..., last - i].astype(np.float64), size) for i, size in enumerate(shape)]

    def _along(self, grid: Floats, size: int) -> Taps:
        scale = (size - 1) / 2 if self.corners else size / 2
        position = (grid + 1) * scale - (0.0 if self.corners else 0.5)
        slope = np.full(position.shape, scale)
        if self.mode != "bicubic":
            position, sign = self._brought_inside(position, size)
            slope = slope * sign
        if self.mode == "nearest":
            places = np.rint(position)[None]
            weights, slopes = np.ones_like(places), np.zeros_like(places)
        else:
            start = np.floor(position)
            offsets = np.arange(2) if self.mode == "bilinear" else np.arange(-1, 3)
            steps = offsets.reshape(-1, *[1] * position.ndim)
            distance = position - start - steps
            weights = 1 - np.abs(distance) if self.mode == "bilinear" else keys_kernel(distance, -0.75)
            slopes = np.where(steps == 0, -1.0, 1.0) if self.mode == "bilinear" else keys_slope(distance, -0.75)
            places, slopes = start + steps, slopes * slope
        if self.mode == "bicubic":
            places, _ = self._brought_inside(places, size)
        inside = (places >= 0) & (places < size)
        return Taps(position, np.where(inside, places, -1).astype(np.int64), weights, slopes)

    def _brought_inside(self, position: Floats, size: int) -> tuple[Floats, Floats]:
        """Positions brought to the border or reflected at it, and by what their slopes change (0: they stay there)."""
        if self.padding == "zeros":
            return position, np.ones_like(position)
        sign = np.ones_like(position)
        if self.padding == "reflection":
            low, span = (0.0, float(size - 1)) if self.corners else (-0.5, float(size))
            if span == 0:
                return np.zeros_like(position), np.zeros_like(position)
            away = np.abs(position - low)
            sign = np.where(position < low, -1.0, 1.0)
            is_even = np.floor(away / span) % 2 == 0
            rest = np.fmod(away, span)
            position = np.where(is_even, rest, span - rest) + low
            sign = np.where(is_even, sign, -sign)
        sign = np.where((position <= 0) | (position >= size - 1), 0.0, sign)
        return np.clip(position, 0, size - 1), sign


def combinations(taps: list[Taps]) -> Iterator[tuple[Index, Places]]:
    """(tap along each dimension, flat place in the input or -1) for all that a point is made from."""
    sizes = [part.places.shape[0] for part in taps]
    for chosen in product(*map(range, sizes)):
        yield chosen, np.stack([part.places[i] for part, i in zip(taps, chosen, strict=True)])


def flat(places: Places, shape: Index) -> Places:
    """Places along each dimension (shape (dimensions, ...)) as one number; -1 where any lies outside."""
    found = np.zeros(places.shape[1:], np.int64)
    for part, size in zip(places, shape, strict=True):
        found = found * size + part
    return np.where(np.any(places < 0, axis=0), -1, found)


def weight(taps: list[Taps], chosen: Index, by: int | None = None) -> Floats:
    """The product of the weights along each dimension; by: of the slope along that one."""
    parts = [
        (part.slopes if d == by else part.weights)[i] for d, (part, i) in enumerate(zip(taps, chosen, strict=True))
    ]
    return np.asarray(prod(parts[1:], start=parts[0]))
