"""How a window walks over an input, one dimension at a time: which places each result reads, and with what weights.

Sizes and places follow PyTorch's documentation of Conv2d, MaxPool2d and AdaptiveAvgPool2d.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ....bilingual import Bilingual
from ..call import Array, Call, UnfitError

Places = NDArray[np.int64]

OUTSIDE = -1
"""In place of a place: the window hangs over the edge, into the padding."""

_PLACE, _PLANE = Bilingual("place", "个位置"), Bilingual("plane", "层")
_ROW, _COLUMN = Bilingual("row", "行"), Bilingual("column", "列")
NAMES = {1: (_PLACE,), 2: (_ROW, _COLUMN), 3: (_PLANE, _ROW, _COLUMN)}
"""What the places along each dimension are called, by the number of dimensions."""


@dataclass(frozen=True, slots=True, eq=False)
class Axis:
    """One dimension: its window has `size` offsets at each of `outputs` results.

    inputs: the input's length. sources: shape (outputs, size), the input's place under each offset, or OUTSIDE.
    weights: of the same shape, what it is multiplied by; None: 1.
    """

    inputs: int
    sources: Places
    weights: NDArray[np.float64] | None = None

    @property
    def outputs(self) -> int:
        """The result's length."""
        return len(self.sources)

    @property
    def size(self) -> int:
        """The window's length."""
        return int(self.sources.shape[1])

    def read(self, output: int) -> list[tuple[int, int]]:
        """(offset, place) of what a result reads."""
        row = self.sources[output].tolist()
        return [(offset, place) for offset, place in enumerate(row) if place != OUTSIDE]

    def readers(self, place: int) -> list[tuple[int, int]]:
        """(offset, output) of the results that read a place."""
        return [(offset, output) for output, offset in np.argwhere(self.sources == place).tolist()]

    def weight(self, output: int, offset: int) -> float:
        """What a result multiplies the place under an offset by."""
        return 1.0 if self.weights is None else float(self.weights[output, offset])

    def used(self, offset: int) -> tuple[slice, slice]:
        """(outputs, places) at which one offset is used, for a window that walks in even steps."""
        outputs = np.flatnonzero(self.sources[:, offset] != OUTSIDE)
        if not outputs.size:
            return slice(0, 0), slice(0, 0)
        places = self.sources[outputs, offset]
        step = int(places[1] - places[0]) if len(places) > 1 else 1
        return slice(int(outputs[0]), int(outputs[-1]) + 1), slice(int(places[0]), int(places[-1]) + 1, step)

    def gather(self, x: Array, dim: int) -> Array:
        """Each result's weighted sum over its window, along one dimension of an array."""
        outputs, offsets = np.nonzero(self.sources != OUTSIDE)
        return _summed(x, dim, self.outputs, outputs, self.sources[outputs, offsets], self._at(outputs, offsets))

    def scatter(self, gradient: Array, dim: int) -> Array:
        """The transpose of `gather`: each place's weighted sum over the results that read it."""
        outputs, offsets = np.nonzero(self.sources != OUTSIDE)
        places = self.sources[outputs, offsets]
        order = np.argsort(places, kind="stable")
        weights = self._at(outputs, offsets)
        return _summed(gradient, dim, self.inputs, places[order], outputs[order], weights[order])

    def _at(self, outputs: Places, offsets: Places) -> NDArray[np.float64]:
        return np.ones(len(outputs)) if self.weights is None else self.weights[outputs, offsets]


def _summed(x: Array, dim: int, size: int, targets: Places, places: Places, weights: NDArray[np.float64]) -> Array:
    """For each target (in rising order, each perhaps several times) the sum of x at its places times their weights."""
    columns = np.moveaxis(x, dim, 0)
    found = np.zeros((size, *columns.shape[1:]))
    if targets.size:
        starts = np.flatnonzero(np.diff(targets, prepend=-1))
        terms = columns[places] * weights.reshape(-1, *[1] * (columns.ndim - 1))
        found[targets[starts]] = np.add.reduceat(terms, starts, axis=0)
    return np.moveaxis(found, 0, dim)


def walking(inputs: int, outputs: int, kernel: int, stride: int, padding: int, dilation: int) -> Axis:
    """A kernel that walks in even steps: result i reads stride·i + dilation·u - padding for each offset u."""
    sources = stride * np.arange(outputs)[:, None] + dilation * np.arange(kernel)[None, :] - padding
    return Axis(inputs, np.where((sources >= 0) & (sources < inputs), sources, OUTSIDE))


def adaptive(inputs: int, outputs: int) -> Axis:
    """Windows that share an input out evenly: result i reads from ⌊i·in/out⌋ to below ⌈(i+1)·in/out⌉."""
    i = np.arange(outputs)
    starts, ends = i * inputs // max(outputs, 1), -(-(i + 1) * inputs // max(outputs, 1))
    sources = starts[:, None] + np.arange(int(np.max(ends - starts, initial=1)))[None, :]
    return Axis(inputs, np.where(sources < ends[:, None], sources, OUTSIDE))


def reach(kernel: int, dilation: int) -> int:
    """How many places a kernel spans from its first to its last."""
    return dilation * (kernel - 1) + 1


def count_of_steps(inputs: int, kernel: int, stride: int, padding: int, dilation: int, *, ceil: bool = False) -> int:
    """How many windows there are, with `padding` on both sides; ceil: with a last one that hangs over the edge.

    A window that would begin in the right padding is left out, as in torch.
    """
    room = inputs + 2 * padding - reach(kernel, dilation)
    count = (room + (stride - 1 if ceil else 0)) // stride + 1
    return count - 1 if ceil and (count - 1) * stride >= inputs + padding else count


def spatial(call: Call, name: str, count: int) -> tuple[int, ...]:
    """A setting for each dimension that the window walks in, given as one number or several."""
    found = call.integers(name, count)
    if len(found) != count:
        raise UnfitError(
            f"its argument {name} has another number of dimensions than its input", f"它的参数 {name} 与输入的维数不同"
        )
    return found


def grid(*ranges: Sequence[int] | Places) -> Places:
    """All combinations of places, the last changing fastest; shape (combinations, dimensions)."""
    corners = np.meshgrid(*(np.asarray(part, dtype=np.int64) for part in ranges), indexing="ij")
    return np.stack([corner.reshape(-1) for corner in corners], axis=-1)


def one_place(name: Bilingual, place: object) -> Bilingual:
    """ "row 2", one of `NAMES` with its number."""
    return Bilingual(f"{name.english} {place}", f"第 {place} {name.chinese}")
