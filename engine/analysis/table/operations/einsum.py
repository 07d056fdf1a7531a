"""Rows of products that say themselves which dimensions run together: einsum, tensordot, chains of matrices."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np

from ..call import UnfitError
from ..kinds.contraction import Contraction, Plan, planned
from ..operation import operation
from ..words import Words
from .products import BATCH, Shapes

_TERM = re.compile(r"[A-Za-z]*(\.\.\.)?[A-Za-z]*")
_SUMMED = "kijαβγδεζ"
_SPARE = "αβγδεζηθικλμνξοπρστυφχψω"
"""Labels for dimensions that `...` stands for, which no equation of a script can have."""


@operation("einsum(equation, *operands)")
class Einsum(Contraction):
    """Σ over all letters that the right-hand side of its equation does not have."""

    nodes = ("BmmBackward", "SumBackward", "MulBackward", "ViewBackward", "PermuteBackward")
    many = "operands"
    words = Words(
        (
            "Multiplies tensors whose dimensions are named by letters, and adds up over each letter that is not in "
            "the result.",
            "按字母标记的维度把张量相乘，并对结果中没有的字母求和。",
        ),
        (
            "A factor's gradient is the same kind of product, of what arrived and all other factors.",
            "因子的梯度也是这样的乘积：传来的梯度与其余所有因子相乘求和。",
        ),
    )

    def plan(self, settings: Mapping[str, Any], shapes: Shapes) -> Plan:
        text = settings.get("equation")
        if not isinstance(text, str):
            raise UnfitError("its equation is not known", "不知道它的算式")
        left, arrow, right = text.replace(" ", "").partition("->")
        terms = left.split(",")
        if len(terms) != len(shapes) or not all(map(_TERM.fullmatch, [*terms, right])):
            raise UnfitError("its equation does not fit its arguments", "它的算式与参数不符")
        hidden = [len(s) - len(t.replace("...", "")) if "..." in t else 0 for t, s in zip(terms, shapes, strict=True)]
        dots = _SPARE[: max(hidden, default=0)]
        labels = [term.replace("...", dots[len(dots) - n :]) for term, n in zip(terms, hidden, strict=True)]
        letters = left.replace("...", "").replace(",", "")
        once = "".join(sorted(letter for letter in set(letters) if letters.count(letter) == 1))
        return planned(labels, right.replace("...", dots) if arrow else dots + once, shapes)


@operation("tensordot(a, b, dims=2, out=None)")
class Tensordot(Contraction):
    """Σ over dimensions of the one and as many of the other; all others stand side by side."""

    nodes = ("MmBackward", "ViewBackward")
    factors = ("a", "b")
    words = Words(
        (
            "Multiplies two tensors and adds up over some dimensions of the one and as many of the other.",
            "两个张量相乘，并对各自选定的维度成对求和。",
        ),
        (
            "A factor's gradient is what arrived, times the other factor, added up over what only that one has.",
            "因子的梯度是传来的梯度乘以另一个因子，并对只属于后者的维度求和。",
        ),
    )

    def plan(self, settings: Mapping[str, Any], shapes: Shapes) -> Plan:
        a, b = map(len, shapes)
        firsts, seconds = _paired(settings.get("dims", 2), a, b)
        letters = iter("nm" + BATCH.replace("m", ""))
        left = [next(letters) for _ in range(a)]
        right = [next(letters) for _ in range(b)]
        if len(firsts) > len(_SUMMED):
            raise UnfitError("it sums over more dimensions than can be told apart", "它求和的维数太多，无法逐一区分")
        for i, j, label in zip(firsts, seconds, _SUMMED[: len(firsts)], strict=True):
            left[i], right[j] = label, label
        rest = [label for label in (*left, *right) if label not in _SUMMED]
        return planned(["".join(left), "".join(right)], rest, shapes)


def _paired(dims: Any, a: int, b: int) -> tuple[list[int], list[int]]:
    """The dimensions of both that are summed over together, counted from 0."""
    found = dims.tolist() if isinstance(dims, np.ndarray) else dims
    if isinstance(found, int):
        return list(range(a - found, a)), list(range(found))
    if not isinstance(found, list | tuple) or len(found) != 2 or not all(isinstance(d, list | tuple) for d in found):
        raise UnfitError("its argument dims is not known", "不知道它的参数 dims")
    return [int(i) % a for i in found[0]], [int(i) % b for i in found[1]]


@operation("linalg_multi_dot(tensors)")
class MultiDot(Contraction):
    """A₁ A₂ ⋯ Aₙ; the first and the last may be vectors."""

    nodes: ClassVar[tuple[str, ...]] = ("LinalgMultiDotBackward",)
    many = "tensors"
    matrices = True
    words = Words(
        (
            "Multiplies a chain of matrices, in the order of products that costs least.",
            "把一串矩阵连乘，并选择计算量最小的次序。",
        ),
        (
            "A matrix's gradient is what arrived, between the products of all before it and of all after it.",
            "矩阵的梯度是传来的梯度夹在它之前各矩阵之积与之后各矩阵之积（转置）之间。",
        ),
    )

    def plan(self, settings: Mapping[str, Any], shapes: Shapes) -> Plan:
        inner = "kl" + BATCH.replace("l", "")
        ends = f"n{inner[: len(shapes) - 1]}j"
        pairs = [ends[i : i + 2] for i in range(len(shapes))]
        is_row, is_column = len(shapes[0]) == 1, len(shapes[-1]) == 1
        if is_row:
            pairs[0] = pairs[0][1:]
        if is_column:
            pairs[-1] = pairs[-1][:-1]
        return planned(pairs, "n" * (not is_row) + "j" * (not is_column), shapes)


@operation("chain_matmul(*matrices, out=None)")
class ChainMatmul(MultiDot):
    """The same for matrices given one by one."""

    nodes = ("ChainMatmulBackward", "LinalgMultiDotBackward", "MmBackward")
    many = "matrices"
    words = Words(
        ("Multiplies matrices given one by one as a chain.", "把逐个给出的矩阵依次连乘。"),
        MultiDot.words.gradient,
    )
