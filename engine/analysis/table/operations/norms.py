"""Rows of norms: how long a vector is, measured in one of many ways.

Formulas: (Σ |x|ᵖ)^(1/p), PyTorch's documentation of torch.linalg.vector_norm; the largest |x| for p = ∞, how many are
not 0 for p = 0. Slopes: norm_backward of PyTorch's FunctionsManual.cpp; torch sends 0 back where the norm is 0.
"""

from __future__ import annotations

import numpy as np

from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Fraction, Number, Power, Root
from ..call import Array, UnfitError
from ..kinds.lengths import length, slopes, write_slope
from ..kinds.pointwise import ONE, Settings
from ..kinds.reducing import Line, Reduction, axes_of
from ..operation import operation
from ..words import Words
from .reductions import Written


class Norm(Reduction):
    """(Σ |x|ᵖ)^(1/p)."""

    nodes = ("LinalgVectorNormBackward", "NormBackward")

    def order_of(self, settings: Settings) -> float:
        """p. Raises UnfitError for norms that are not of vectors."""
        p = settings.get("p", settings.get("ord"))
        if p is None or p == "fro":
            return 2.0
        if not isinstance(p, int | float):
            raise UnfitError(f"the {p} norm of a matrix has no formula here", f"这里没有矩阵的 {p} 范数的公式")
        return float(p)

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return length(lines, self.order_of(settings))

    def slopes(self, settings: Settings, y: Array, lines: Array) -> Array | float:
        return np.conj(slopes(lines, y, self.order_of(settings)))

    def write(self, settings: Settings, line: Line) -> Written:
        p = self.order_of(settings)
        if p == 0:
            return line.of("count_nonzero")
        if np.isinf(p):
            return line.of("max" if p > 0 else "min", lambda x: Applied("abs", (x,)))
        if p == 2:
            symbols, numbers = line.sum(lambda x: Power(x, Number(2)))
            return Root(symbols), Root(numbers)
        if p == 1:
            return line.sum(lambda x: Applied("abs", (x,)))
        symbols, numbers = line.sum(lambda x: Power(Applied("abs", (x,)), Number(p)))
        root = Fraction(ONE, Number(p))
        return Power(symbols, root), Power(numbers, root)

    def write_slope(self, settings: Settings, count: int, y: Expression, x: Expression) -> Expression | None:
        if isinstance(y, Number) and y.value == 0:
            return None
        return write_slope(self.order_of(settings), x, y)


_GRADIENT = (
    "Every number gets the gradient by its own share of the length: the number over the norm.",
    "每个数按它在长度中的份额得到梯度：乘以该数与范数之比。",
)


@operation("norm(input, p='fro', dim=None, keepdim=False, *, dtype=None, out=None)")
class AnyNorm(Norm):
    """torch.norm."""

    words = Words(
        ("norm is the length of all numbers taken as one vector.", "norm 把所有数看作一个向量求其长度（范数）。"),
        _GRADIENT,
    )


@operation("linalg_vector_norm(input, ord=2, dim=None, keepdim=False, *, dtype=None, out=None)")
class VectorNorm(Norm):
    """torch.linalg.vector_norm."""

    words = Words(("vector_norm is the length of a vector.", "vector_norm 求向量的长度（范数）。"), _GRADIENT)


class OfMatrices(Norm):
    """A row that may mean the norm of a matrix: of these only the Frobenius norm is one of a vector."""

    def check(self, settings: Settings, axes: tuple[int, ...]) -> tuple[int, ...]:
        """The dimensions. Raises UnfitError for a matrix norm other than Frobenius."""
        if len(axes) == 2 and settings.get("ord") not in (None, "fro"):
            raise UnfitError("the norm of a matrix has no formula here", "这里没有矩阵范数的公式")
        return axes


@operation("linalg_norm(input, ord=None, dim=None, keepdim=False, *, dtype=None, out=None)")
class LinalgNorm(OfMatrices):
    """torch.linalg.norm: of a vector or of a matrix."""

    words = Words(
        (
            "linalg.norm is the length of a vector, or the size of a matrix.",
            "linalg.norm 求向量的长度或矩阵的大小（范数）。",
        ),
        _GRADIENT,
    )

    def axes(self, settings: Settings, ndim: int) -> tuple[int, ...]:
        return self.check(settings, axes_of(settings, ndim))


@operation("linalg_matrix_norm(input, ord='fro', dim=None, keepdim=False, *, dtype=None, out=None)")
class MatrixNorm(OfMatrices):
    """torch.linalg.matrix_norm, Frobenius only."""

    words = Words(
        (
            "matrix_norm is the size of a matrix: by default the length of all its numbers.",
            "matrix_norm 求矩阵的范数：默认为所有元素平方和的平方根。",
        ),
        _GRADIENT,
    )

    def axes(self, settings: Settings, ndim: int) -> tuple[int, ...]:
        last = {**settings, "dim": [-2, -1]} if settings.get("dim") is None else settings
        return self.check(settings, axes_of(last, ndim))
