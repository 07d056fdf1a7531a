"""Rows of changes of shape: the same numbers in the same order, in other dimensions.

Formulas: PyTorch's documentation of torch.Tensor.view and its like: row by row, the last dimension runs fastest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ....bilingual import Bilingual
from ..call import Array, Call, UnfitError
from ..kinds.moving import Reordering
from ..operation import operation
from ..words import Words


class Reshaping(Reordering):
    """A row of an op that keeps the order of the elements."""

    note = Bilingual("The same numbers in another shape.", "同样的数，换了形状。")
    back = Bilingual("The same gradient in the argument's shape.", "同样的梯度，还原为参数的形状。")


def sizes(call: Call, name: str) -> tuple[int, ...]:
    """The lengths that were asked for, given one by one, as a list or as `size=`.

    Raises UnfitError for a type in their place.
    """
    wanted = call.get(name) if call.get("size") is None else call["size"]
    if wanted is None or any(isinstance(item, str) for item in np.ravel(np.asarray(wanted, dtype=object))):
        raise UnfitError("it reads the same bytes as numbers of another type", "它把同样的字节当作另一种类型的数来读取")
    return call.integers(name if call.get("size") is None else "size")


@operation("view(input, *shape, size=None, dtype=None)")
class View(Reshaping):
    """Another shape on the same memory."""

    nodes = ("ViewBackward", "UnsafeViewBackward")
    words = Words(
        (
            "view shows the same numbers in another shape; nothing is copied, so a write to one changes both.",
            "view 用另一种形状查看同样的数；不复制数据，因此改写其一，另一个也随之改变。",
        ),
        ("The gradient goes back unchanged, in the argument's shape.", "梯度原样传回，只是恢复为参数的形状。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return x.reshape(sizes(call, "shape" if call.get("dtype") is None else "dtype"))


@operation("reshape(input, *shape)")
class Reshape(Reshaping):
    """Another shape, copied where the memory does not allow a view."""

    nodes = ("ReshapeBackward", "ViewBackward", "UnsafeViewBackward", "ReshapeAliasBackward")
    words = Words(
        (
            "reshape gives the same numbers another shape, and copies them only if it must.",
            "reshape 把同样的数排成另一种形状，只有必要时才复制。",
        ),
        ("The gradient is reshaped back to the argument's shape.", "梯度被重新排回参数的形状。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return x.reshape(call.integers("shape"))


@operation("view_as(input, other)", "reshape_as(input, other)")
class ReshapeAs(Reshaping):
    """The shape of another tensor."""

    nodes = ("ViewBackward", "ReshapeAliasBackward")
    words = Words(
        ("Gives the same numbers the shape of another tensor.", "把同样的数排成另一个张量的形状。"),
        (
            "The gradient goes back in the argument's own shape; the other tensor only lent its shape.",
            "梯度按参数自己的形状传回；另一个张量只提供形状，没有梯度。",
        ),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return x.reshape(call.array("other").shape)


@operation("flatten(input, start_dim=0, end_dim=-1)")
class Flatten(Reshaping):
    """Several dimensions become one."""

    modules = ("Flatten",)
    nodes = ("ViewBackward", "ReshapeAliasBackward", "UnsafeViewBackward")
    words = Words(
        (
            "flatten makes one dimension of several: a picture becomes one long row of numbers.",
            "flatten 把若干个维度合成一个：一幅图像变成一长行数。",
        ),
        ("The gradient takes the shape from before again.", "梯度恢复为展平之前的形状。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        if x.ndim == 0:
            return x.reshape(1)
        first, last = (int(call.number(name)) % x.ndim for name in ("start_dim", "end_dim"))
        return x.reshape(*x.shape[:first], math.prod(x.shape[first : last + 1]), *x.shape[last + 1 :])


@operation("unflatten(input, dim, sizes)")
class Unflatten(Reshaping):
    """One dimension becomes several."""

    modules = ("Unflatten",)
    nodes = ("ViewBackward",)
    words = Words(
        ("unflatten makes several dimensions of one.", "unflatten 把一个维度拆成若干个。"),
        ("The gradient's dimensions are joined again.", "梯度的这些维度重新合成一个。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        dim, parts = int(call.number("dim")) % x.ndim, list(call.integers("sizes"))
        if -1 in parts:
            parts[parts.index(-1)] = x.shape[dim] // -math.prod(parts)
        return x.reshape(*x.shape[:dim], *parts, *x.shape[dim + 1 :])


@operation("ravel(input)")
class Ravel(Reshaping):
    """One dimension."""

    nodes = ("ViewBackward", "ReshapeAliasBackward")
    words = Words(
        ("ravel lays all numbers out in one row, in their order.", "ravel 把所有的数按原来的次序排成一行。"),
        ("The gradient is folded back into the argument's shape.", "梯度重新折回参数的形状。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return x.reshape(-1)


@operation("squeeze(input, dim=None)")
class Squeeze(Reshaping):
    """Without dimensions of length 1."""

    nodes = ("SqueezeBackward",)
    words = Words(
        ("squeeze removes dimensions of length 1.", "squeeze 去掉长度为 1 的维度。"),
        ("The gradient gets the removed dimensions back.", "梯度重新添上被去掉的维度。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        if call["dim"] is None:
            return x.reshape(tuple(size for size in x.shape if size != 1))
        dims = {dim % max(x.ndim, 1) for dim in call.integers("dim")}
        return x.reshape(tuple(size for i, size in enumerate(x.shape) if size != 1 or i not in dims))


@operation("unsqueeze(input, dim)")
class Unsqueeze(Reshaping):
    """With one more dimension of length 1."""

    nodes = ("UnsqueezeBackward",)
    words = Words(
        (
            "unsqueeze adds a dimension of length 1, often to line shapes up for broadcasting.",
            "unsqueeze 添上一个长度为 1 的维度，常用来对齐形状以便广播。",
        ),
        ("The gradient loses the added dimension again.", "梯度再去掉所添的维度。"),
    )

    def reorder(self, call: Call, x: Array) -> Array:
        return np.expand_dims(x, int(call.number("dim")))


class AtLeast(Reshaping):
    """A row for one tensor or several: each gets dimensions until it has enough."""

    carried = ("tensors",)

    def raised(self, x: Array) -> Array:
        """One tensor with dimensions enough."""
        raise NotImplementedError

    def move(self, call: Call, arrays: Any, fill: float) -> Array | Sequence[Array]:
        """Each tensor by itself."""
        made = [self.raised(x) for x in arrays.values()]
        return made[0] if len(made) == 1 else made


@operation("atleast_1d(*tensors)")
class AtLeast1d(AtLeast):
    """(1,) for a scalar."""

    nodes = ("ViewBackward", "ReshapeAliasBackward")
    words = Words(
        ("atleast_1d makes a vector of a single number.", "atleast_1d 把单个数变成向量。"),
        ("The gradient becomes a single number again.", "梯度再变回单个数。"),
    )

    def raised(self, x: Array) -> Array:
        return np.atleast_1d(x)


@operation("atleast_2d(*tensors)")
class AtLeast2d(AtLeast):
    """(1, n) for a vector."""

    nodes = ("ViewBackward", "UnsqueezeBackward", "ReshapeAliasBackward")
    words = Words(
        ("atleast_2d makes a matrix with one row of a vector.", "atleast_2d 把向量变成只有一行的矩阵。"),
        ("The gradient becomes a vector again.", "梯度再变回向量。"),
    )

    def raised(self, x: Array) -> Array:
        return np.atleast_2d(x)


@operation("atleast_3d(*tensors)")
class AtLeast3d(AtLeast):
    """(m, n, 1) for a matrix, (1, n, 1) for a vector."""

    nodes = ("ViewBackward", "UnsqueezeBackward", "ReshapeAliasBackward")
    words = Words(
        (
            "atleast_3d adds dimensions of length 1 until there are three.",
            "atleast_3d 添上长度为 1 的维度，直到有三维。",
        ),
        ("The gradient loses the added dimensions again.", "梯度再去掉所添的维度。"),
    )

    def raised(self, x: Array) -> Array:
        return np.atleast_3d(x)
