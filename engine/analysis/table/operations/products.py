"""Rows of products of two tensors: matrices, vectors, batches of them, outer and Kronecker products.

For C = A B with gradient G: dA = G Bᵀ, dB = Aᵀ G (PyTorch's derivatives.yaml); see NOTE [Labels] in contraction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..call import UnfitError
from ..kinds.contraction import Contraction, Plan, planned
from ..operation import operation
from ..words import Words

BATCH = "bcdefghlmopqrstuvwxyz"
"""Letters for dimensions of a batch, the last one first."""

Shapes = Sequence[tuple[int, ...]]
"""The shapes of the factors."""

_FACTORS_SWAP = (
    "Each factor's gradient is what arrived, multiplied by the other factor turned on its side.",
    "每个因子的梯度等于传来的梯度与另一个因子的转置相乘。",
)


def batch_labels(count: int) -> str:
    """Labels of the first `count` dimensions, so that they line up at the last one."""
    return BATCH[: max(count, 0)][::-1]


@operation("matmul(input, other)", "linalg_matmul(input, other)")
class Matmul(Contraction):
    """C = A B over the last two dimensions; vectors as numpy's matmul takes them; batches are broadcast."""

    nodes = ("MmBackward", "BmmBackward", "MvBackward", "DotBackward", "UnsafeViewBackward")
    order = ("other", "input")
    matrices = True
    words = Words(
        (
            "Multiplies matrices: each element is a row of the first times a column of the second, added up.",
            "矩阵相乘：每个元素是第一个矩阵的一行与第二个矩阵的一列对应相乘后求和。",
        ),
        _FACTORS_SWAP,
    )

    def keys(self, function: str, keys: Sequence[str]) -> list[str]:
        """The second argument comes first in `other.__rmatmul__(input)`."""
        return ["other", "input"] if function.endswith("__rmatmul__") else ["input", "other"]

    def plan(self, settings: Mapping[str, Any], shapes: Shapes) -> Plan:
        a, b = map(len, shapes)
        if not a or not b:
            raise UnfitError(
                "a number without dimensions cannot be multiplied as a matrix", "没有维度的数不能作为矩阵相乘"
            )
        left = batch_labels(a - 2) + "n" * (a > 1)
        right = batch_labels(b - 2) + "k" + "j" * (b > 1)
        return planned([left + "k", right], batch_labels(max(a, b) - 2) + "n" * (a > 1) + "j" * (b > 1), shapes)


class Fixed(Contraction):
    """A row whose arguments always have the same dimensions. labels: of each factor, then of the result."""

    labels: tuple[str, ...]

    def plan(self, settings: Mapping[str, Any], shapes: Shapes) -> Plan:
        return planned(self.labels[:-1], self.labels[-1], shapes)


@operation("mm(input, mat2)")
class Mm(Fixed):
    """C = A B for two matrices."""

    nodes = ("MmBackward",)
    order = ("mat2", "input")
    factors = ("input", "mat2")
    labels = ("nk", "kj", "nj")
    matrices = True
    words = Words(
        (
            "Multiplies two matrices: each element is a row of the first times a column of the second, added up.",
            "两个矩阵相乘：每个元素是第一个矩阵的一行与第二个矩阵的一列对应相乘后求和。",
        ),
        _FACTORS_SWAP,
    )


@operation("bmm(input, mat2)")
class Bmm(Fixed):
    """C_b = A_b B_b for each b of a batch."""

    nodes = ("BmmBackward",)
    order = ("mat2", "input")
    factors = ("input", "mat2")
    labels = ("bnk", "bkj", "bnj")
    words = Words(
        (
            "Multiplies the matrices of two batches pair by pair.",
            "把两个批量中的矩阵逐对相乘。",
        ),
        (
            "In each pair, a factor's gradient is what arrived times the other factor turned on its side.",
            "对批量中的每一对，因子的梯度等于传来的梯度与另一个因子的转置相乘。",
        ),
    )


@operation("mv(input, vec)")
class Mv(Fixed):
    """y = A x for a matrix and a vector."""

    nodes = ("MvBackward",)
    order = ("input", "vec")
    factors = ("input", "vec")
    labels = ("nk", "k", "n")
    words = Words(
        (
            "Multiplies a matrix by a vector: each element is a row of the matrix times the vector, added up.",
            "矩阵乘以向量：每个元素是矩阵的一行与向量对应相乘后求和。",
        ),
        (
            "The matrix's gradient is what arrived at its row times the vector's element; "
            "the vector's is the sum over rows.",
            "矩阵元素的梯度是所在行传来的梯度乘以向量的对应元素；向量的梯度是对各行求和。",
        ),
    )


@operation("dot(input, tensor)")
class Dot(Fixed):
    """Σ aₖ bₖ of two vectors."""

    nodes = ("DotBackward",)
    order = ("input", "tensor")
    factors = ("input", "tensor")
    labels = ("k", "k", "")
    words = Words(
        ("Multiplies two vectors place by place and adds the products up.", "两个向量逐位相乘并求和（点积）。"),
        (
            "Each vector's gradient is the other vector, times what arrived.",
            "每个向量的梯度等于另一个向量乘以传来的梯度。",
        ),
    )


@operation("vdot(input, other)")
class Vdot(Fixed):
    """Σ conj(aₖ) bₖ of two vectors."""

    nodes = ("VdotBackward",)
    order = ("input", "other")
    labels = ("k", "k", "")
    conjugated = ("input",)
    words = Words(
        (
            "Multiplies two vectors place by place, the first one conjugated, and adds the products up.",
            "第一个向量取共轭后与第二个向量逐位相乘并求和。",
        ),
        (
            "Each vector's gradient is the other vector, times what arrived (conjugated for complex numbers).",
            "每个向量的梯度等于另一个向量乘以传来的梯度（复数时取共轭）。",
        ),
    )


@operation("linalg_vecdot(x, y, dim=-1)")
class Vecdot(Contraction):
    """Σ conj(x) y over one dimension; the others are broadcast."""

    nodes = ("LinalgVecdotBackward", "SumBackward", "MulBackward")
    order = ("x", "y")
    factors = ("x", "y")
    conjugated = ("x",)
    words = Words(
        (
            "Multiplies two tensors place by place and adds up along one dimension.",
            "两个张量逐位相乘，并沿一个维度求和。",
        ),
        (
            "Each factor's gradient is the other factor, times what arrived for their sum.",
            "每个因子的梯度等于另一个因子乘以其和传来的梯度。",
        ),
    )

    def plan(self, settings: Mapping[str, Any], shapes: Shapes) -> Plan:
        count = max(map(len, shapes))
        all_labels = batch_labels(count)
        place = range(-count, 0)[int(settings.get("dim", -1))]
        summed = all_labels[place]
        return planned([all_labels[count - len(s) :] for s in shapes], all_labels.replace(summed, ""), shapes)


@operation("inner(input, other)")
class Inner(Contraction):
    """Σ over the last dimension of both; all others stand side by side. A number multiplies."""

    nodes = ("MulBackward", "MmBackward", "DotBackward")
    order = ("other", "input")
    words = Words(
        (
            "Multiplies every vector along the last dimension of the one by every one of the other, and adds up.",
            "把两者最后一维上的向量两两相乘并求和（内积）。",
        ),
        (
            "A factor's gradient is what arrived, times the vectors that it was multiplied by, added up.",
            "因子的梯度等于传来的梯度乘以与它相乘过的向量并求和。",
        ),
    )

    def plan(self, settings: Mapping[str, Any], shapes: Shapes) -> Plan:
        a, b = map(len, shapes)
        if not a or not b:
            return planned([batch_labels(a), batch_labels(b)], batch_labels(max(a, b)), shapes)
        left, right = _apart(a - 1, b - 1)
        return planned([left + "k", right + "k"], left + right, shapes)


@operation("outer(input, vec2)", "ger(input, vec2)", "linalg_outer(input, vec2)")
class Outer(Fixed):
    """Cᵢⱼ = aᵢ bⱼ of two vectors."""

    nodes = ("MulBackward", "OuterBackward")
    order = ("vec2", "input")
    factors = ("input", "vec2")
    labels = ("n", "j", "nj")
    words = Words(
        (
            "Multiplies every element of one vector by every element of the other.",
            "一个向量的每个元素乘以另一个向量的每个元素（外积）。",
        ),
        (
            "An element's gradient is what arrived in its row or column, times the other vector, added up.",
            "元素的梯度是它所在行或列传来的梯度乘以另一个向量并求和。",
        ),
    )


@operation("kron(input, other)")
class Kron(Contraction):
    """Each element of the first times the whole of the second, side by side."""

    nodes = ("ViewBackward", "UnsafeViewBackward", "ReshapeAliasBackward", "MulBackward")
    order = ("other", "input")
    words = Words(
        (
            "Replaces every element of the first by that element times the whole second.",
            "把第一个张量的每个元素换成该元素乘以整个第二个张量（克罗内克积）。",
        ),
        (
            "A factor's gradient is what arrived wherever it had a part, times the other's elements, added up.",
            "因子的梯度是它参与之处传来的梯度乘以另一个因子的元素并求和。",
        ),
    )

    def plan(self, settings: Mapping[str, Any], shapes: Shapes) -> Plan:
        a, b = map(len, shapes)
        left, right = _apart(a, b)
        wide, narrow = (left, right) if a > b else (right, left)
        free = len(wide) - len(narrow)
        pairs = zip(left[a - min(a, b) :], right[b - min(a, b) :], strict=True)
        return planned([left, right], [*wide[:free], *(one + other for one, other in pairs)], shapes)


def _apart(a: int, b: int) -> tuple[str, str]:
    """Labels for the dimensions of two tensors that share none."""
    letters = "nm" + BATCH.replace("m", "")
    return letters[:a], ("j" + letters[a:])[:b]
