"""Rows of regular picks: a slice, one row, a diagonal, sliding windows.

Formulas: PyTorch's documentation of torch.narrow, select, diagonal, Tensor.unfold, as_strided and nn.functional.unfold.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from ....bilingual import Bilingual
from ..call import Array, Call, UnfitError
from ..kinds.moving import Reordering
from ..operation import operation
from ..words import Words


class Picking(Reordering):
    """A row of an op that takes some elements."""

    note = Bilingual("The same number, taken from its place in the argument.", "同一个数，取自参数中它的位置。")
    back = Bilingual("The gradient of the place that it was taken to.", "它被取到的那个位置的梯度。")


@operation("narrow(input, dim, start, length)", "narrow_copy(input, dim, start, length)")
class Narrow(Picking):
    """x[start : start + length] along a dimension."""

    nodes = ("SliceBackward", "NarrowBackward", "NarrowCopyBackward")
    words = Words(
        ("narrow takes a stretch of a dimension.", "narrow 取一个维度上连续的一段。"),
        (
            "The gradient goes back to that stretch; the rest gets 0.",
            "梯度传回这一段；其余部分的梯度为 0。",
        ),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        dim, start = (int(call.number(name)) for name in ("dim", "start"))
        start += x.shape[dim] if start < 0 else 0
        return along(x, dim, slice(start, start + int(call.number("length"))))


@operation("select(input, dim, index)")
class Select(Picking):
    """x[index] along a dimension, which disappears."""

    nodes = ("SelectBackward",)
    words = Words(
        (
            "select takes one slice of a dimension, as one row of a matrix.",
            "select 取一个维度上的一个切片，如矩阵的一行。",
        ),
        ("The gradient goes back to that slice; the others get 0.", "梯度传回这个切片；其余切片的梯度为 0。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return along(x, int(call.number("dim")), int(call.number("index")))


def along(x: Array, dim: int, what: int | slice) -> Array:
    """x[:, ..., what] with `what` at a dimension."""
    return x[(slice(None),) * (dim % x.ndim) + (what,)]


@operation("diagonal(input, offset=0, dim1=0, dim2=1)", "linalg_diagonal(A, *, offset=0, dim1=-2, dim2=-1)")
class Diagonal(Picking):
    """x[i, i + offset] of two dimensions; the diagonal becomes the last dimension."""

    carried = ("input", "A")
    nodes = ("DiagonalBackward",)
    words = Words(
        ("diagonal takes the numbers on a diagonal.", "diagonal 取对角线上的数。"),
        ("The gradient goes back to the diagonal; the rest gets 0.", "梯度传回对角线；其余位置的梯度为 0。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return np.diagonal(x, *(int(call.number(name)) for name in ("offset", "dim1", "dim2")))


@operation("unfold(input, kernel_size=None, dilation=1, padding=0, stride=1, *, dimension=None, size=None, step=None)")
class Unfold(Picking):
    """Sliding windows: Tensor.unfold(dimension, size, step) along one dimension; F.unfold: patches of pictures."""

    modules = ("Unfold",)
    nodes = ("UnfoldBackward", "Im2ColBackward")
    words = Words(
        (
            "unfold slides a window over the numbers and lays the windows side by side.",
            "unfold 让窗口在数据上滑动，并把各个窗口并排放好。",
        ),
        (
            "A number that lies in several windows gets the sum of their gradients.",
            "落在多个窗口里的数，其梯度为这些窗口梯度之和。",
        ),
    )
    note = Bilingual("The same number, as part of a window.", "同一个数，作为窗口的一部分。")

    def move(self, call: Call, arrays: Mapping[str, Array], fill: float) -> Array:
        """Windows of a tensor, or patches of pictures with padding around them."""
        x = arrays["input"]
        if call.function.startswith("torch.nn."):
            return self.patches(call, x, fill)
        names = ("kernel_size", "dilation", "padding") if call["dimension"] is None else ("dimension", "size", "step")
        dim, size, step = (int(call.number(name)) for name in names)
        if x.ndim == 0:
            return x.reshape(1)[:size]
        return along(sliding_window_view(x, size, axis=dim % x.ndim), dim % x.ndim, slice(None, None, step))

    def patches(self, call: Call, x: Array, fill: float) -> Array:
        """x: ([N,] C, H, W) -> ([N,] C * kernel places, patches): column l is the l-th patch, channel by channel."""
        names = ("kernel_size", "dilation", "padding", "stride")
        size, dilation, padding, stride = (call.integers(name, 2) for name in names)
        frame = [(0, 0)] * (x.ndim - 2) + [(n, n) for n in padding]
        span = [d * (k - 1) + 1 for d, k in zip(dilation, size, strict=True)]
        windows = sliding_window_view(np.pad(x, frame, constant_values=fill), span, axis=(-2, -1))
        rows, columns = stride
        windows = windows[..., ::rows, ::columns, :: dilation[0], :: dilation[1]]
        *front, channels, down, across, _, _ = windows.shape
        return np.moveaxis(windows, (-2, -1), (-4, -3)).reshape(*front, channels * math.prod(size), down * across)


@operation("as_strided(input, size, stride, storage_offset=None)")
class AsStrided(Picking):
    """Any places of the memory. Where the argument's numbers lie in it is not recorded: row by row is tried."""

    nodes = ("AsStridedBackward",)
    words = Words(
        (
            "as_strided reads the memory of a tensor with steps of its own choice.",
            "as_strided 按自行指定的步长读取张量的内存。",
        ),
        (
            "A number in memory that was read several times gets the sum of their gradients.",
            "内存中被读取多次的数，其梯度为各次梯度之和。",
        ),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        size, stride = call.integers("size"), call.integers("stride")
        start = int(call["storage_offset"] or 0)
        places = start + np.tensordot(stride, np.indices(size), 1).astype(np.int64)
        if places.size and int(places.max()) >= x.size:
            raise UnfitError("it reads memory outside of its argument", "它读取了参数之外的内存")
        return x.reshape(-1)[places]

    def forward(self, call: Call) -> Array:
        """Raises UnfitError where the numbers do not lie row by row."""
        made = np.asarray(super().forward(call))
        if not np.array_equal(made, call.output(), equal_nan=made.dtype.kind in "fc"):
            raise UnfitError(
                "how its argument's numbers lie in memory is not recorded", "没有记录参数的数值在内存中的排列方式"
            )
        return made

    def sources(self, call: Call) -> list[Array]:
        """Only where they lie row by row."""
        self.forward(call)
        return super().sources(call)
