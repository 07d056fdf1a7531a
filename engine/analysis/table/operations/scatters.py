"""Rows of writes and sums by index: [ ] =, index_put, index_add, scatter and their like.

Formulas: PyTorch's documentation of torch.Tensor.scatter_, index_add_, index_put_, put_; see NOTE [Writes as moves].
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..call import Array, Call, UnfitError
from ..kinds.brackets import Places, places_of
from ..kinds.writing import ADDED, OVERWRITTEN, Placing
from ..operation import operation
from ..words import Words
from .indexing import beside, readings


@operation("setitem(input, index, value)")
class SetItem(Placing):
    """x[index] = value."""

    nodes = ("CopySlices", "IndexPutBackward", "CopyBackward", "FillBackward")
    words = Words(("[ ] = writes to the places of an index.", "[ ] = 向下标所指的位置写入数。"), OVERWRITTEN)

    def pick(self, call: Call, x: Array) -> Array:
        return self.places(call).read(x)

    def places(self, call: Call) -> Places:
        """The index; what was recorded afterwards tells a list from several numbers.

        Raises UnfitError where no reading of what was recorded fits.
        """
        x = call.array("input")
        found = [places_of(parts, x.ndim) for parts in readings(call["index"]) if _is_fit(parts, x.ndim)]
        if len(found) == 1:
            return found[0]
        value = call.array("value").astype(x.dtype)
        made = call.output().astype(x.dtype)
        for places in found:
            try:
                written = places.read(made)
                changed = x.copy()
                window = changed[(*places.basic, ...)]
                window[places.picked or ...] = written
                fits = np.allclose(written, self.fit(call, value, written.shape), 1e-2, 1e-6, equal_nan=True)
            except (IndexError, ValueError, UnfitError):
                continue
            if fits and np.array_equal(changed, made, equal_nan=x.dtype.kind in "fc"):
                return places
        raise UnfitError("a part of its index was not recorded", "它的索引有一部分没有被记录")


def _is_fit(parts: Sequence[Any], dims: int) -> bool:
    """Whether an index does not name more dimensions than there are."""
    return sum(isinstance(part, int) and not isinstance(part, bool) for part in parts) <= dims


@operation("index_put(input, indices, values, accumulate=False)")
class IndexPut(Placing):
    """x[indices] = values, or += with accumulate."""

    source = "values"
    nodes = ("IndexPutBackward", "IndexPutImplBackward")
    words = Words(
        (
            "index_put writes values to the places that index tensors name, or adds them.",
            "index_put 把数写入下标张量所指的位置，或加到其上。",
        ),
        OVERWRITTEN,
    )

    def pick(self, call: Call, x: Array) -> Array:
        return places_of(call.arrays("indices"), x.ndim).read(x)


@operation("put(input, index, source, accumulate=False)")
class Put(Placing):
    """Numbers written by their places in the flattened tensor, or added."""

    source = "source"
    nodes = ("PutBackward",)
    words = Words(
        (
            "put writes numbers by their place, counted through the whole tensor, or adds them.",
            "put 把张量当作一长行，按序号写入或加上数。",
        ),
        OVERWRITTEN,
    )

    def pick(self, call: Call, x: Array) -> Array:
        return np.asarray(x.reshape(-1)[call.array("index")])

    def fit(self, call: Call, value: Array, shape: tuple[int, ...]) -> Array:
        """In their order, whatever the shape."""
        return value.reshape(shape)


class Slicing(Placing):
    """A row of a write to whole slices along a dimension."""

    def places(self, call: Call) -> Any:
        """What stands in [ ] for the dimension."""
        return call.array("index").reshape(-1)

    def pick(self, call: Call, x: Array) -> Array:
        """Those slices; a single number counts as a vector."""
        x = x.reshape(x.shape or (1,))
        return np.asarray(x[(slice(None),) * (int(call.number("dim")) % x.ndim) + (self.places(call),)])

    def fit(self, call: Call, value: Array, shape: tuple[int, ...]) -> Array:
        """As it is, or one number for all."""
        return value.reshape(shape) if value.size == np.prod(shape) else np.broadcast_to(value, shape)


@operation("index_copy(input, dim, index, source)")
class IndexCopy(Slicing):
    """Slices replaced by those of a source."""

    source = "source"
    nodes = ("IndexCopyBackward",)
    words = Words(
        (
            "index_copy replaces slices by those of a source, by their numbers.",
            "index_copy 按序号用来源的切片替换切片。",
        ),
        OVERWRITTEN,
    )


@operation("index_fill(input, dim, index, value)")
class IndexFill(Slicing):
    """Slices filled with one number."""

    nodes = ("IndexFillBackward",)
    words = Words(
        ("index_fill writes one number into slices, by their numbers.", "index_fill 按序号把一个数写满若干切片。"),
        OVERWRITTEN,
    )

    def refuse_twice(self, call: Call, places: Array) -> None:
        """All write the same number, and torch sends its gradient back once."""


@operation("index_add(input, dim, index, source, *, alpha=1)")
class IndexAdd(Slicing):
    """Slices of a source added to those of the tensor."""

    source = "source"
    nodes = ("IndexAddBackward",)
    words = Words(
        (
            "index_add adds slices of a source to slices of a tensor, by their numbers; several may go to one.",
            "index_add 按序号把来源的切片加到张量的切片上；多个切片可以加到同一处。",
        ),
        ADDED,
    )

    def adds(self, call: Call) -> bool:
        """Always."""
        return True


@operation("select_scatter(input, src, dim, index)")
class SelectScatter(Slicing):
    """One slice replaced."""

    source = "src"
    nodes = ("SelectScatterBackward",)
    words = Words(
        ("select_scatter replaces one slice in a copy.", "select_scatter 在副本中替换一个切片。"),
        OVERWRITTEN,
    )

    def places(self, call: Call) -> Any:
        return int(call.number("index"))


@operation("slice_scatter(input, src, dim=0, start=None, end=None, step=1)")
class SliceScatter(Slicing):
    """A stretch replaced."""

    source = "src"
    nodes = ("SliceScatterBackward",)
    words = Words(
        ("slice_scatter replaces a stretch of a dimension in a copy.", "slice_scatter 在副本中替换一个维度上的一段。"),
        OVERWRITTEN,
    )

    def places(self, call: Call) -> Any:
        return slice(*(None if call[name] is None else int(call.number(name)) for name in ("start", "end", "step")))


@operation("diagonal_scatter(input, src, offset=0, dim1=0, dim2=1)")
class DiagonalScatter(Placing):
    """A diagonal replaced."""

    source = "src"
    nodes = ("DiagonalScatterBackward",)
    words = Words(
        ("diagonal_scatter replaces a diagonal in a copy.", "diagonal_scatter 在副本中替换一条对角线。"),
        OVERWRITTEN,
    )

    def pick(self, call: Call, x: Array) -> Array:
        return np.diagonal(x, *(int(call.number(name)) for name in ("offset", "dim1", "dim2")))


class Beside(Placing):
    """A row of a write at x[index[i, j], j] (for dimension 0), and so on: the reverse of gather."""

    source = "src"

    def pick(self, call: Call, x: Array) -> Array:
        """The element for each place of the index."""
        index = call.array("index")
        if x.ndim == 0 or index.ndim == 0:
            return np.asarray(x.reshape(-1)[index])
        if index.size == 0:
            return np.empty(index.shape, dtype=x.dtype)
        return np.asarray(x[beside(index, int(call.number("dim")))])

    def fit(self, call: Call, value: Array, shape: tuple[int, ...]) -> Array:
        """The corner of the source that is as large as the index; one number for all."""
        if value.ndim == 0:
            return np.broadcast_to(value, shape)
        return value[tuple(slice(size) for size in shape)].reshape(shape)


@operation("scatter(input, dim, index, src=None, reduce=None, *, value=None)")
class Scatter(Beside):
    """Written to the places that an index names: a source, or one number."""

    nodes = ("ScatterBackward",)
    words = Words(
        (
            "scatter writes each number to the place that its index names, along a dimension.",
            "scatter 沿一个维度把每个数写到其下标所指的位置。",
        ),
        OVERWRITTEN,
    )

    def source_of(self, call: Call) -> str:
        return "src" if call["value"] is None else "value"

    def adds(self, call: Call) -> bool:
        """With reduce="add"."""
        if call["reduce"] not in (None, "add"):
            raise UnfitError(f"reduce={call['reduce']!r} is not known", f"不认识 reduce={call['reduce']!r}")
        return call["reduce"] is not None


@operation("scatter_add(input, dim, index, src)")
class ScatterAdd(Beside):
    """Added at the places that an index names."""

    nodes = ("ScatterAddBackward",)
    words = Words(
        (
            "scatter_add adds each number to the place that its index names; several may go to one place.",
            "scatter_add 把每个数加到其下标所指的位置；多个数可以加到同一处。",
        ),
        ADDED,
    )

    def adds(self, call: Call) -> bool:
        """Always."""
        return True
