"""Rows of products with something added: addmm and its kin, bilinear.

Formulas: β·input + α·(product), from PyTorch's documentation of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..kinds.contraction import Contraction, Plan, planned
from ..operation import operation
from ..words import Words
from .products import Fixed, Shapes, batch_labels

_ADDED_GRADIENT = (
    "What was added gets the gradient as it arrived, summed where it was used again; "
    "each factor gets it multiplied by the other factor.",
    "被加项直接得到传来的梯度（重复使用处求和）；每个因子得到传来的梯度与另一个因子的乘积。",
)


@operation("addmm(input, mat1, mat2, *, beta=1, alpha=1)")
class Addmm(Fixed):
    """β·input + α·(A B); A: (n, k), B: (k, j)."""

    nodes = ("AddmmBackward",)
    order = ("input", "mat2", "mat1")
    factors = ("mat1", "mat2")
    added = "input"
    labels = ("nk", "kj", "nj")
    words = Words(
        (
            "Multiplies two matrices and adds a third, as a layer adds its bias.",
            "两个矩阵相乘再加上第三个，如同一层加上偏置。",
        ),
        _ADDED_GRADIENT,
    )


@operation("addmv(input, mat, vec, *, beta=1, alpha=1)")
class Addmv(Fixed):
    """β·input + α·(A x); A: (n, k), x: (k,)."""

    nodes = ("AddmvBackward",)
    order = ("input", "mat", "vec")
    factors = ("mat", "vec")
    added = "input"
    labels = ("nk", "k", "n")
    words = Words(
        ("Multiplies a matrix by a vector and adds another vector.", "矩阵乘以向量，再加上另一个向量。"),
        _ADDED_GRADIENT,
    )


@operation("addr(input, vec1, vec2, *, beta=1, alpha=1)")
class Addr(Fixed):
    """β·input + α·(the outer product of two vectors)."""

    nodes = ("AddrBackward",)
    order = ("input", "vec1", "vec2")
    factors = ("vec1", "vec2")
    added = "input"
    labels = ("n", "j", "nj")
    words = Words(
        (
            "Multiplies every element of one vector by every element of another and adds a matrix.",
            "一个向量的每个元素乘以另一个向量的每个元素，再加上一个矩阵。",
        ),
        _ADDED_GRADIENT,
    )


@operation("baddbmm(input, batch1, batch2, *, beta=1, alpha=1)")
class Baddbmm(Fixed):
    """β·input + α·(A_b B_b) for each b of a batch."""

    nodes = ("BaddbmmBackward",)
    order = ("input", "batch2", "batch1")
    factors = ("batch1", "batch2")
    added = "input"
    labels = ("bnk", "bkj", "bnj")
    words = Words(
        (
            "Multiplies the matrices of two batches pair by pair and adds a third batch.",
            "把两个批量中的矩阵逐对相乘，再加上第三个批量。",
        ),
        _ADDED_GRADIENT,
    )


@operation("addbmm(input, batch1, batch2, *, beta=1, alpha=1)")
class Addbmm(Fixed):
    """β·input + α·(Σ over the batch of A_b B_b)."""

    nodes = ("AddbmmBackward",)
    order = ("input", "batch2", "batch1")
    factors = ("batch1", "batch2")
    added = "input"
    labels = ("bnk", "bkj", "nj")
    words = Words(
        (
            "Multiplies the matrices of two batches pair by pair, adds all products up, and adds a matrix.",
            "把两个批量中的矩阵逐对相乘，将所有乘积相加，再加上一个矩阵。",
        ),
        _ADDED_GRADIENT,
    )


@operation("bilinear(input1, input2, weight, bias=None)")
class Bilinear(Contraction):
    """yₒ = Σᵢⱼ x₁ᵢ Wₒᵢⱼ x₂ⱼ + bₒ; x₁: (..., i), W: (o, i, j), x₂: (..., j)."""

    modules = ("Bilinear",)
    nodes = ("AddBackward", "TrilinearBackward")
    order = ("bias", "weight", "input1", "input2")
    factors = ("input1", "weight", "input2")
    added = "bias"
    words = Words(
        (
            "Each unit multiplies every pair of elements of two inputs by a weight of its own and adds up.",
            "每个单元把两个输入的元素两两相乘，再乘以各自的权重并求和。",
        ),
        (
            "A weight's gradient is the product of its two inputs times the gradient of its unit.",
            "权重的梯度等于它的两个输入之积乘以所在单元的梯度。",
        ),
    )

    def plan(self, settings: Mapping[str, Any], shapes: Shapes) -> Plan:
        batch = batch_labels(len(shapes[0]) - 1).replace("b", "n")
        return planned([batch + "i", "kij", batch + "j"], batch + "k", shapes)
