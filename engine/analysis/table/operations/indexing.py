"""Rows of picks by index: [ ], take, gather, index_select, masked_select, where.

Formulas: PyTorch's documentation of torch.gather, take_along_dim and their like; see NOTE [Indexing in two steps].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Number
from ..call import Array, Call, UnfitError
from ..case import Forward, Worked
from ..kinds.brackets import Places, places_of
from ..kinds.moving import Moving, Reordering
from ..kinds.pointwise import broadcast, stretched
from ..operation import operation
from ..words import Words


class Picking(Reordering):
    """A row of an op that takes elements by their places."""

    note = Bilingual("The same number, taken from its place in the argument.", "同一个数，取自参数中它的位置。")
    back = Bilingual("The gradient of the place that it was taken to.", "它被取到的那个位置的梯度。")


_FIRST = Bilingual("The condition is true there, so it is the first.", "该处条件为真，因此取第一个。")
_SECOND = Bilingual("The condition is false there, so it is the second.", "该处条件为假，因此取第二个。")


@operation("getitem(input, index)")
class GetItem(Picking):
    """x[index]."""

    nodes = ("SelectBackward", "SliceBackward", "IndexBackward", "UnsqueezeBackward", "AliasBackward")
    words = Words(
        ("[ ] takes the elements at the places of an index.", "[ ] 按下标取出相应位置的元素。"),
        (
            "The gradient goes back to the places that were taken; all others get 0.",
            "梯度传回被取出的位置；其余位置的梯度为 0。",
        ),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return index_read(call, x).read(x)


def index_read(call: Call, x: Array) -> Places:
    """The index of x[index]; the shape that was recorded tells a list from several numbers.

    Raises UnfitError where no reading of what was recorded gives that shape.
    """
    wanted = call.output().shape
    for parts in readings(call["index"]):
        try:
            found = places_of(parts, x.ndim)
            shape = found.read(x).shape
        except (IndexError, ValueError):
            continue
        if shape == wanted:
            return found
        if len(shape) < len(wanted):
            # Nones at an index's end are not recorded beside tensors.
            longer = places_of([*parts, *[None] * (len(wanted) - len(shape))], x.ndim)
            if longer.read(x).shape == wanted:
                return longer
    raise UnfitError("a part of its index was not recorded", "它的索引有一部分没有被记录")


def readings(index: Any) -> list[list[Any]]:
    """What a recorded index can mean: x[1, 2] and x[[1, 2]] are recorded alike."""
    if not isinstance(index, list):
        return [[index]]
    if any(not isinstance(part, bool | int) for part in index):
        return [index]
    return [index, [index]]


@operation("take(input, index)")
class Take(Picking):
    """Elements by their places in the flattened tensor."""

    nodes = ("TakeBackward",)
    words = Words(
        (
            "take picks elements by their number, counted through the whole tensor.",
            "take 把张量当作一长行，按序号取元素。",
        ),
        (
            "The gradient goes back to the elements that were taken; one taken twice gets both.",
            "梯度传回被取的元素；取了两次的元素得到两份梯度之和。",
        ),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return np.asarray(x.reshape(-1)[call.array("index")])


@operation("take_along_dim(input, indices, dim=None)")
class TakeAlongDim(Picking):
    """x[..., index, ...]: an index for each place of the other dimensions."""

    nodes = ("GatherBackward",)
    words = Words(
        (
            "take_along_dim picks along a dimension, by an index of its own at each place, as argsort gives them.",
            "take_along_dim 沿一个维度取元素，每处各有自己的下标，正如 argsort 所给出的。",
        ),
        ("The gradient goes back to the elements that were taken.", "梯度传回被取的元素。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        indices = call.array("indices")
        if call["dim"] is None:
            return x.reshape(-1)[indices.reshape(-1)]
        dim = int(call.number("dim")) % x.ndim
        shape = list(np.broadcast_shapes(*((*y.shape[:dim], 1, *y.shape[dim + 1 :]) for y in (x, indices))))
        wide = [np.broadcast_to(y, (*shape[:dim], y.shape[dim], *shape[dim + 1 :])) for y in (x, indices)]
        return np.take_along_axis(wide[0], wide[1], axis=dim)


def beside(index: Array, dim: int) -> tuple[Array, ...]:
    """The places (i, index[i, j], ...) that gather reads and scatter writes: `index` stands for its own dimension."""
    places: list[Array] = list(np.indices(index.shape, sparse=True))
    if places:
        places[dim % index.ndim] = index
    return tuple(places)


@operation("gather(input, dim, index, *, sparse_grad=False)")
class Gather(Picking):
    """y[i, j] = x[index[i, j], j] for dimension 0, and so on."""

    nodes = ("GatherBackward",)
    words = Words(
        (
            "gather picks one element a place: its index says which along the dimension, as the class of each sample.",
            "gather 在每处取一个元素：下标指明沿该维度取哪一个，例如每个样本的类别。",
        ),
        (
            "The gradient goes back to the elements that were picked; the others get 0.",
            "梯度传回被取的元素；其余元素的梯度为 0。",
        ),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        index = call.array("index")
        if x.ndim == 0 or index.ndim == 0:
            return np.asarray(x.reshape(-1)[index])
        if index.size == 0:
            return np.empty(index.shape, dtype=x.dtype)
        return x[beside(index, int(call.number("dim")))]


@operation("index_select(input, dim, index)")
class IndexSelect(Picking):
    """Whole slices by their numbers."""

    nodes = ("IndexSelectBackward",)
    words = Words(
        ("index_select picks whole slices, as rows by their numbers.", "index_select 按序号取整个切片，如取若干行。"),
        (
            "The gradient goes back to the slices that were picked; one picked twice gets both.",
            "梯度传回被取的切片；取了两次的切片得到两份梯度之和。",
        ),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        index = call.array("index").reshape(-1)
        if x.ndim == 0:
            return np.asarray(x.reshape(1)[index]).reshape(())
        return np.take(x, index, axis=int(call.number("dim")))


@operation("masked_select(input, mask)")
class MaskedSelect(Picking):
    """The elements where a mask is true, in one row."""

    nodes = ("MaskedSelectBackward",)
    words = Words(
        ("masked_select keeps the elements where the mask is true.", "masked_select 保留掩码为真处的元素。"),
        ("The gradient goes back to the kept elements; the others get 0.", "梯度传回被保留的元素；其余为 0。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        both = np.broadcast_arrays(x, call.array("mask"))
        return np.asarray(both[0][both[1]])


@operation("where(condition, input=None, other=None)")
class Where(Moving):
    """One of two, by a condition; x.where(condition, other) has them in another order."""

    nodes = ("WhereBackward",)
    note = Bilingual("The condition chooses which of the two.", "由条件决定取两者中的哪一个。")
    back = Bilingual("The gradient of the places where it was chosen.", "选中它的各个位置的梯度。")
    words = Words(
        (
            "where chooses at each place: the first value if the condition is true, the second if not.",
            "where 在每处做选择：条件为真取第一个值，否则取第二个。",
        ),
        (
            "The gradient goes to whichever was chosen; the other gets 0 there.",
            "梯度传给被选中的那个；另一个在该处的梯度为 0。",
        ),
    )

    def parts(self, call: Call) -> tuple[str, str, str]:
        """The keys of the condition and of the two."""
        if call.function == "torch.Tensor.where" and call["other"] is not None:
            return "input", "condition", "other"
        return "condition", "input", "other"

    def moved(self, call: Call) -> list[str]:
        """Those of the two that are tensors."""
        return [key for key, _ in call.tensors() if key in self.parts(call)[1:]]

    def forward(self, call: Call) -> Array | Sequence[Array]:
        """Of a condition alone: the places where it is true."""
        condition, *both = self.parts(call)
        if call["other"] is None:
            return list(np.nonzero(np.atleast_1d(call.array(condition))))
        arrays = [call.array(key) for key in (condition, *both)]
        call.allow(broadcast(arrays))
        return np.where(arrays[0] != 0, *arrays[1:])

    def move(self, call: Call, arrays: Mapping[str, Array], fill: float) -> Array:
        """A plain number of the script is `fill`."""
        if call["other"] is None:
            raise UnfitError("it has no gradient", "它没有梯度")
        condition, *both = self.parts(call)
        chosen = [arrays.get(key, np.asarray(int(fill))) for key in both]
        return np.where(call.array(condition) != 0, *chosen)

    def equation(self, case: Forward) -> Worked:
        """Which of the two it is."""
        condition, *both = self.parts(case.call)
        chooser = case.needed(condition)
        chosen = bool(chooser.array[stretched(case.index, chooser.array.shape)])
        operand = case.needed(both[0] if chosen else both[1])
        place = stretched(case.index, operand.array.shape)
        note = _FIRST if chosen else _SECOND
        symbol = Number(operand.value_at(place)) if operand.value is None else operand.at(place)
        return Worked(symbol, None, operand.value_at(place), note=note)
