"""Rows of max pooling and of its partial inverse.

Formulas: PyTorch's documentation of MaxPool2d, AdaptiveMaxPool2d and MaxUnpool2d. Of equal numbers torch takes the
first in a window, row by row; a NaN wins over any number, and the last NaN over others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from ....bilingual import Bilingual
from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Number, Text
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Index, Operand, Worked
from ..kinds.kernel_terms import settings_of
from ..kinds.many_terms import values_at
from ..kinds.moving import Moving
from ..kinds.pool_axes import adaptive_axes, pooled_sizes, steps, walking_axes
from ..kinds.weighing import window_note
from ..kinds.windows import OUTSIDE, Axis, Places, grid
from ..operation import Operation, Result, operation
from ..sums import elided, first_and_last
from ..words import Words

_SHOWN = 9
"""Numbers of a window that are written out; of larger ones the first three and the last."""

_FORM = "(input, kernel_size, stride=None, padding=0, dilation=1, ceil_mode=False, return_indices=False)"


@operation(*(f"max_pool{n}d{ending}{_FORM}" for n in (1, 2, 3) for ending in ("", "_with_indices")))
class MaxPool(Operation):
    """The largest number of each window; if asked for, also its place in the pooled dimensions laid end to end."""

    modules = tuple(f"MaxPool{n}d" for n in (1, 2, 3))
    nodes: ClassVar[tuple[str, ...]] = ("MaxPool2DWithIndicesBackward", "MaxPool3DWithIndicesBackward")
    order = ("input",)
    words = Words(
        ("max_pool keeps the largest number of each window.", "max_pool 只保留每个窗口中最大的数。"),
        (
            "The gradient of a window goes to its largest number alone; the others get 0.",
            "窗口的梯度只传给其中最大的数；其余的数得到 0。",
        ),
    )

    def axes(self, call: Call, shape: Index) -> tuple[Axis, ...]:
        """Where the windows lie. shape: the input's."""
        return walking_axes(call, shape)

    def forward(self, call: Call) -> Result:
        """The largest numbers, and their places where torch gives them too."""
        x = call.array("input")
        values, places = largest(x, self.axes(call, x.shape))
        with_places = len(call.outputs) > 1 or call.name.endswith("_with_indices")
        return [values, places] if with_places else values

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What arrived for each window goes to the place of its largest number."""
        x = call.array("input")
        axes = self.axes(call, x.shape)
        _, places = largest(x, axes)
        size = prod(axis.inputs for axis in axes)
        starts = size * np.arange(prod(x.shape[: x.ndim - len(axes)]))
        flat = places.reshape(len(starts), -1 if places.size else 0) + starts[:, None]
        sent = np.bincount(flat.reshape(-1), upstream[0].reshape(-1), x.size)
        return {"input": np.asarray(sent, np.float64).reshape(x.shape)}

    def equation(self, case: Forward) -> Worked:
        """The largest element of the window."""
        x = case.needed("input")
        axes = self.axes(settings_of(case), x.array.shape)
        places, reads = _window(axes, case.index)
        values = values_at(x, places)
        winner = tuple(places[_winner(values)].tolist())
        seen = range(len(places)) if len(places) <= _SHOWN else first_and_last(range(len(places)))
        shown = [tuple(places[i].tolist()) for i in seen]
        spot = winner[len(winner) - len(axes) :]
        window, at = window_note(reads), spot if len(spot) > 1 else spot[0]
        note = Bilingual(f"{window.english[:-1]}; the largest is at {at}.", f"{window.chinese[:-1]}；最大值在 {at}。")
        if case.place == 1:
            flat = int(np.ravel_multi_index(spot, [axis.inputs for axis in axes]))
            return Worked(Number(flat), None, flat, note=note)
        symbols = _max([x.at(i) for i in shown], len(places))
        numbers = _max([x.number(i) for i in shown], len(places))
        return Worked(symbols, numbers, x.value_at(winner), note=note)

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived for the windows whose largest element it was."""
        x, G = case.needed("input"), case.upstreams[0]
        if G is None:
            raise UnfitError("nothing arrived for its numbers", "它的数值没有收到任何梯度")
        axes = self.axes(settings_of(case), x.array.shape)
        front, spot = case.index[: -len(axes)], case.index[-len(axes) :]
        readers = [[i for _, i in axis.readers(place)] for axis, place in zip(axes, spot, strict=True)]
        covering = [tuple(place) for place in grid(*([n] for n in front), *readers).tolist()]
        won = [place for place in covering if _place_of_largest(x, axes, place) == case.index]
        if not won:
            return Worked(
                Number(0),
                None,
                0.0,
                note=Bilingual(
                    "It was no window's maximum, so no gradient comes back to it.",
                    "它不是任何窗口的最大值，因此没有梯度传回。",
                ),
            )
        shown = first_and_last(won)
        symbols, numbers = [G.at(place) for place in shown], [G.number(place) for place in shown]
        note = Bilingual(
            "It was its window's maximum, so the gradient goes to it alone.", "它是所在窗口的最大值，因此梯度只传给它。"
        )
        if len(won) > 1:
            note = Bilingual(
                f"It was the maximum of {len(won)} windows; their gradients add up.",
                f"它是 {len(won)} 个窗口的最大值；它们的梯度相加。",
            )
        computed = float(sum(G.value_at(place) for place in won))
        return Worked(elided(symbols, len(won)), elided(list(numbers), len(won)), computed, note=note)


_ADAPTIVE = "(input, output_size, return_indices=False)"


@operation(*(f"adaptive_max_pool{n}d{ending}{_ADAPTIVE}" for n in (1, 2, 3) for ending in ("", "_with_indices")))
class AdaptiveMaxPool(MaxPool):
    """The largest number of each window, with windows of such sizes that there are output_size of them."""

    modules = tuple(f"AdaptiveMaxPool{n}d" for n in (1, 2, 3))
    nodes = ("AdaptiveMaxPool2DBackward", "AdaptiveMaxPool3DBackward")
    words = Words(
        (
            "adaptive_max_pool shares the input out into as many windows as results are wanted, and keeps the largest "
            "number of each.",
            "adaptive_max_pool 按所需的输出大小划分窗口，只保留每个窗口中最大的数。",
        ),
        MaxPool.words.gradient,
    )

    def axes(self, call: Call, shape: Index) -> tuple[Axis, ...]:
        return adaptive_axes(call, shape)


def largest(x: Array, axes: Sequence[Axis]) -> tuple[Array, NDArray[np.int64]]:
    """(values, places) of each window's largest number; places count through the pooled dimensions laid end to end.

    One dimension after the other, the last first: the largest of a window is the largest of its rows' largest.
    """
    values, places, unit = x, np.zeros(x.shape, np.int64), 1
    for number in reversed(range(len(axes))):
        axis, dim = axes[number], x.ndim - len(axes) + number
        inside = axis.sources != OUTSIDE
        if not inside.any(axis=1).all():
            raise UnfitError("a window of it lies outside the input", "它有一个窗口落在输入之外")
        best, found = _taken(values, places, axis.sources[np.arange(axis.outputs), inside.argmax(axis=1)], dim, unit)
        for offset in range(axis.size):
            value, place = _taken(values, places, np.maximum(axis.sources[:, offset], 0), dim, unit)
            usable = inside[:, offset].reshape(-1, *[1] * (x.ndim - dim - 1))
            better = ((value > best) | (value != value)) & usable
            best, found = np.where(better, value, best), np.where(better, place, found)
        values, places, unit = best, found, unit * axis.inputs
    return values, places


def _taken(
    values: Array, places: NDArray[np.int64], rows: Places, dim: int, unit: int
) -> tuple[Array, NDArray[np.int64]]:
    """Values and places at some rows of a dimension, with the rows counted into the places."""
    own = unit * rows.reshape(-1, *[1] * (values.ndim - dim - 1))
    return values.take(rows, axis=dim), places.take(rows, axis=dim) + own


def _window(axes: Sequence[Axis], index: Index) -> tuple[Places, list[list[tuple[int, int]]]]:
    """The input's places under the window of a result, row by row; and (offset, place) in each dimension."""
    front, spot = index[: -len(axes)], index[-len(axes) :]
    reads = [axis.read(i) for axis, i in zip(axes, spot, strict=True)]
    return grid(*([n] for n in front), *([place for _, place in read] for read in reads)), reads


def _winner(values: NDArray[np.float64]) -> int:
    """Which number of a window torch takes for the largest."""
    missing = np.flatnonzero(np.isnan(values))
    return int(missing[-1]) if missing.size else int(np.argmax(values))


def _place_of_largest(x: Operand, axes: Sequence[Axis], index: Index) -> Index:
    places, _ = _window(axes, index)
    return tuple(places[_winner(values_at(x, places))].tolist())


def _max(parts: Sequence[Expression], count: int) -> Expression:
    if count == 1:
        return parts[0]
    return Applied("max", tuple(parts) if count == len(parts) else (*parts[:-1], Text("⋯"), parts[-1]))


@operation(
    *(
        f"max_unpool{n}d(input, indices, kernel_size, stride=None, padding=0, output_size=None)"
        for n in (1, 2, 3)
    )
)  # fmt: skip
class MaxUnpool(Moving):
    """Puts each number back at the place where max pooling found it; the rest is 0."""

    nudged = "none"  # where two go to one place, torch sends to both
    modules = tuple(f"MaxUnpool{n}d" for n in (1, 2, 3))
    nodes = ("MaxUnpool2DBackward", "MaxUnpool3DBackward")
    order = ("input",)
    words = Words(
        (
            "max_unpool puts each number back at the place where max pooling had found it and fills the rest with 0.",
            "max_unpool 把每个数放回最大池化时它所在的位置，其余位置填 0。",
        ),
        ("The gradient comes back from the place that each number was put at.", "梯度从每个数被放到的位置传回。"),
    )
    note = Bilingual("It was put back where max pooling had found it.", "它被放回最大池化找到它的位置。")

    def move(self, call: Call, arrays: Mapping[str, Array], fill: float) -> Array:
        """x: (..., pooled sizes) -> (..., output_size), each number at its place."""
        x = arrays["input"]
        places, sizes = call.array("indices"), _unpooled(call, x.shape)
        front = x.shape[: x.ndim - len(sizes)]
        flat = np.full((prod(front), prod(sizes)), fill, dtype=x.dtype)
        rows = places.reshape(prod(front), -1 if places.size else 0)
        np.put_along_axis(flat, rows, x.reshape(rows.shape), axis=1)
        return flat.reshape(*front, *sizes)

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dx = G at the place of x, also where a later number was put over it, as in torch."""
        x, (G,) = call.array("input"), upstream
        count = len(_unpooled(call, x.shape))
        lead = prod(x.shape[: x.ndim - count])
        rows = call.array("indices").reshape(lead, -1 if x.size else 0)
        return {"input": np.take_along_axis(G.reshape(lead, -1 if G.size else 0), rows, axis=1).reshape(x.shape)}

    def gradient_equation(self, case: Backward) -> Worked:
        """What arrived at its place."""
        G, x = case.upstream, case.needed("input")
        count = len(pooled_sizes(settings_of(case), x.array.shape))
        flat = int(case.needed("indices").array[case.index])
        sizes = G.array.shape[G.array.ndim - count :]
        place = (*case.index[: len(case.index) - count], *(int(i) for i in np.unravel_index(flat, sizes)))
        return Worked(G.at(place), G.number(place), G.value_at(place), note=self.back)


def _unpooled(call: Call, shape: Index) -> Index:
    """The sizes of the result's last dimensions."""
    sizes = pooled_sizes(call, shape)
    if call["output_size"] is not None:
        return call.integers("output_size")[-len(sizes) :]
    parts = zip(sizes, *steps(call, len(sizes)), strict=True)
    return tuple((size - 1) * stride + kernel - 2 * padding for size, kernel, stride, padding in parts)
