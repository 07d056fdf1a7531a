"""Rows of ops that hand all numbers on as they are: copies, detached views, and numbers used again by broadcasting.

Formulas: PyTorch's documentation of torch.Tensor.expand and its like; see NOTE [Broadcasting] in pointwise.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ....bilingual import Bilingual
from ..call import Array, Call, UnfitError
from ..kinds.moving import Moving, Reordering
from ..operation import operation
from ..words import Words
from .views import sizes


class Handing(Reordering):
    """A row of an op that changes no number and no shape."""

    note = Bilingual("The same number.", "同一个数。")
    back = Bilingual("The same gradient.", "同样的梯度。")

    def reorder(self, call: Call, x: Array) -> Array:
        """As it is."""
        return x


@operation("clone(input, memory_format=None)")
class Clone(Handing):
    """A copy."""

    nodes = ("CloneBackward",)
    words = Words(
        (
            "clone copies the numbers to memory of their own; the copy stays in the graph.",
            "clone 把数复制到新的内存；副本仍在计算图中。",
        ),
        ("The gradient of the copy is the gradient of the original.", "副本的梯度就是原张量的梯度。"),
    )


@operation("contiguous(input, memory_format=None)")
class Contiguous(Handing):
    """Row by row in memory."""

    nodes = ("CloneBackward",)
    words = Words(
        (
            "contiguous puts the numbers next to each other in memory, row by row; none of them changes.",
            "contiguous 让数在内存中逐行相邻存放；数值都不变。",
        ),
        ("The gradient goes back unchanged.", "梯度原样传回。"),
    )


@operation("alias(input)", "resolve_conj(input)", "resolve_neg(input)")
class Alias(Handing):
    """The same numbers under another name, or written out in memory."""

    nodes = ("AliasBackward", "ResolveConjBackward", "ResolveNegBackward")
    words = Words(
        ("Gives the same numbers another name.", "给同样的数换一个名字。"),
        ("The gradient goes back unchanged.", "梯度原样传回。"),
    )


@operation("real(input)")
class Real(Handing):
    """The real part; of real numbers the numbers themselves."""

    nodes = ("RealBackward",)
    words = Words(
        ("real takes the real part; real numbers stay as they are.", "real 取实部；实数保持不变。"),
        ("The gradient goes to the real part only.", "梯度只传给实部。"),
    )

    def forward(self, call: Call) -> Array:
        """Re x."""
        return np.real(call.array("input"))


@operation("detach(input)", "data(input)")
class Detach(Handing):
    """The same numbers, without a history."""

    words = Words(
        (
            "Hands on the same numbers, cut off from the graph: no gradient comes back through here.",
            "得到同样的数，但与计算图断开：梯度不会从这里传回。",
        ),
    )

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """None: that is what it is for."""
        raise UnfitError("it cuts the graph, so it has no gradient", "它切断了计算图，因此没有梯度")


class Repeating(Reordering):
    """A row of broadcasting: an element stands at many places, and gets the sum of what comes back from them."""

    note = Bilingual(
        "The same number is used again along the new or stretched dimensions.", "在新增或扩展的维度上重复使用同一个数。"
    )
    back = Bilingual("The gradient of the only place where it was used.", "它唯一被用到的位置的梯度。")


def expanded(x: Array, shape: Sequence[int]) -> Array:
    """An array stretched to a shape in which -1 keeps a length."""
    own = (1,) * (len(shape) - x.ndim) + x.shape
    return np.broadcast_to(x, tuple(have if want == -1 else want for have, want in zip(own, shape, strict=True)))


@operation("expand(input, *sizes, size=None, implicit=False)")
class Expand(Repeating):
    """Dimensions of length 1 stretched, without copying."""

    nodes = ("ExpandBackward",)
    words = Words(
        (
            "expand uses the same numbers again along dimensions of length 1, without copying them.",
            "expand 沿长度为 1 的维度重复使用同样的数，不复制数据。",
        ),
        (
            "A number that was used at several places gets the sum of their gradients.",
            "一个数若用在多处，它的梯度就是各处梯度之和。",
        ),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return expanded(x, sizes(call, "sizes"))


@operation("expand_as(input, other)")
class ExpandAs(Repeating):
    """Stretched to the shape of another tensor."""

    nodes = ("ExpandBackward",)
    words = Words(
        ("expand_as stretches a tensor to the shape of another one.", "expand_as 把张量扩展成另一个张量的形状。"),
        (
            "Each number gets the sum of the gradients of the places where it was used; the other tensor gets none.",
            "每个数得到它所用各处梯度之和；另一个张量没有梯度。",
        ),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return expanded(x, call.array("other").shape)


@operation("broadcast_to(input, size)")
class BroadcastTo(Repeating):
    """Stretched to a shape."""

    nodes = ("ExpandBackward",)
    words = Words(
        (
            "broadcast_to stretches a tensor to a shape, as arithmetic does by itself.",
            "broadcast_to 把张量扩展成给定形状，正如算术运算自动所做的那样。",
        ),
        (
            "Broadcasting forward means summing backward: all uses of a number add up.",
            "前向广播意味着反向求和：一个数的各次使用的梯度相加。",
        ),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return expanded(x, call.integers("size"))


@operation("broadcast_tensors(*tensors)")
class BroadcastTensors(Moving):
    """All stretched to the shape that they have in common."""

    nodes = ("ExpandBackward",)
    carried = ("tensors",)
    note = Repeating.note
    back = Repeating.back
    words = Words(
        (
            "broadcast_tensors stretches several tensors to the shape that they have in common.",
            "broadcast_tensors 把几个张量扩展成它们共同的形状。",
        ),
        (
            "Each number gets the sum of the gradients of the places where it was used.",
            "每个数得到它所用各处梯度之和。",
        ),
    )

    def move(self, call: Call, arrays: Mapping[str, Array], fill: float) -> Sequence[Array]:
        """Each tensor in the common shape."""
        return np.broadcast_arrays(*arrays.values())
