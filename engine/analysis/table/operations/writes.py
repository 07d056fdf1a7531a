"""Rows of writes to all elements, or to those of a mask or diagonal; for writes by index see scatters.py.

Formulas: PyTorch's documentation of torch.Tensor.copy_, masked_fill_, masked_scatter_ and their like.
"""

from __future__ import annotations

import numpy as np

from ..call import Array, Call
from ..kinds.writing import OVERWRITTEN, Writing
from ..operation import operation
from ..words import Words


@operation("copy(input, src, non_blocking=False)")
class Copy(Writing):
    """All numbers replaced by another tensor's, broadcast."""

    source = "src"
    nodes = ("CopyBackward", "CopySlices")
    words = Words(
        ("copy_ replaces all numbers by those of another tensor.", "copy_ 用另一个张量的数替换全部的数。"),
        (
            "The gradient goes to the tensor that was copied from; the old numbers get 0.",
            "梯度传给被复制的张量；旧的数梯度为 0。",
        ),
    )

    def write(self, call: Call, x: Array, value: Array) -> Array:
        return np.broadcast_to(value, x.shape)


@operation("data=(input, value)")
class SetData(Writing):
    """The tensor shows other numbers from now on; autograd does not see it."""

    words = Words(
        (
            "Setting .data replaces a tensor's numbers behind the back of autograd.",
            "给 .data 赋值会绕过自动微分替换张量的数。",
        ),
    )

    def write(self, call: Call, x: Array, value: Array) -> Array:
        return value


@operation("fill(input, value)")
class Fill(Writing):
    """All numbers replaced by one."""

    nodes = ("FillBackward",)
    words = Words(
        ("fill_ writes one number everywhere.", "fill_ 处处写入同一个数。"),
        (
            "The old numbers get gradient 0; the number that is written gets the sum of all.",
            "旧的数梯度为 0；写入的那个数得到全部梯度之和。",
        ),
    )

    def write(self, call: Call, x: Array, value: Array) -> Array:
        return np.broadcast_to(value, x.shape)


@operation("zero(input)")
class Zero(Writing):
    """All numbers replaced by 0."""

    nodes = ("ZeroBackward", "ZerosLikeBackward")
    words = Words(
        ("zero_ writes 0 everywhere.", "zero_ 处处写入 0。"),
        ("The old numbers are gone, so their gradient is 0.", "旧的数已不复存在，因此梯度为 0。"),
    )

    def filling(self, call: Call) -> float:
        """0."""
        return 0.0

    def write(self, call: Call, x: Array, value: Array) -> Array:
        return np.broadcast_to(value, x.shape)


@operation("masked_fill(input, mask, value)")
class MaskedFill(Writing):
    """One number where a mask is true."""

    nodes = ("MaskedFillBackward",)
    words = Words(
        (
            "masked_fill writes one number where the mask is true, as -inf before the softmax of attention.",
            "masked_fill 在掩码为真处写入一个数，例如在注意力的 softmax 之前写入 -inf。",
        ),
        (
            "No gradient goes back where the mask is true; elsewhere it passes unchanged.",
            "掩码为真处没有梯度传回；其余位置梯度原样通过。",
        ),
    )

    def write(self, call: Call, x: Array, value: Array) -> Array:
        return np.where(call.array("mask"), value, x)


@operation("masked_scatter(input, mask, source)")
class MaskedScatter(Writing):
    """The numbers of a source, one after the other, where a mask is true."""

    source = "source"
    nodes = ("MaskedScatterBackward",)
    words = Words(
        (
            "masked_scatter writes the numbers of a source, one after the other, where the mask is true.",
            "masked_scatter 把来源中的数依次写到掩码为真的位置。",
        ),
        OVERWRITTEN,
    )

    def write(self, call: Call, x: Array, value: Array) -> Array:
        both = np.broadcast_arrays(x, call.array("mask"))
        made = both[0].copy()
        made[both[1]] = value.reshape(-1)[: np.count_nonzero(both[1])]
        return made


@operation("fill_diagonal(input, fill_value, wrap=False)")
class FillDiagonal(Writing):
    """One number on the main diagonal."""

    source = "fill_value"
    nodes = ("FillDiagonalBackward", "AsStridedBackward", "FillBackward")
    words = Words(
        ("fill_diagonal_ writes one number along the main diagonal.", "fill_diagonal_ 沿主对角线写入一个数。"),
        OVERWRITTEN,
    )

    def write(self, call: Call, x: Array, value: Array) -> Array:
        made = x.copy()
        np.fill_diagonal(made, value, wrap=bool(call["wrap"]))
        return made
