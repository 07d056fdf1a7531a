"""Rows of variance and standard deviation, alone or with the mean.

Formulas: Σ (x - x̄)² / (n - c), PyTorch's documentation of torch.var; c is 1 by default (Bessel's correction). At a
standard deviation of 0 torch sends back 0.
"""

from __future__ import annotations

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Expression, Fraction, Number, Power, Product, Root, Sub, Symbol
from ..call import Array
from ..kinds.pointwise import Settings
from ..kinds.reducing import Line, Reduction, Several, axes_of
from ..operation import operation
from ..words import Words
from .reductions import Mean, Written

_FORM = "(input, dim=None, unbiased=None, keepdim=False, *, correction=None)"
MEAN = Symbol("x", accent="bar")
"""x̄."""


def correction_of(settings: Settings) -> float:
    """What is taken from n: `correction`, or 1 for `unbiased`, which may stand in the place of `dim`."""
    if settings.get("correction") is not None:
        return float(settings["correction"])
    unbiased = settings.get("dim") if isinstance(settings.get("dim"), bool) else settings.get("unbiased")
    return 1.0 if unbiased is None else float(unbiased)


class Spread(Reduction):
    """What variance and standard deviation have in common."""

    def axes(self, settings: Settings, ndim: int) -> tuple[int, ...]:
        return axes_of({} if isinstance(settings.get("dim"), bool) else settings, ndim)

    def variance(self, settings: Settings, lines: Array) -> Array:
        """Σ (x - x̄)² / (n - c) of each line."""
        n = lines.shape[-1]
        apart = lines - lines.sum(axis=-1, keepdims=True) / np.float64(n)
        return np.asarray((np.abs(apart) ** 2).sum(axis=-1) / np.float64(max(n - correction_of(settings), 0.0)))

    def apart(self, settings: Settings, lines: Array) -> Array:
        """(x - x̄) / (n - c), the conjugate of complex numbers."""
        n = np.float64(lines.shape[-1])
        return np.asarray(np.conj(lines - lines.sum(axis=-1, keepdims=True) / n) / (n - correction_of(settings)))

    def squares(self, settings: Settings, line: Line) -> Written:
        """The formula of the variance."""
        mean = float(np.mean(line.numbers, dtype=np.float64)) if line.count else float("nan")
        number = Number(mean, 10 if line.operand.array.dtype == np.float64 else 7)
        divisor = Number(line.count - correction_of(settings))
        symbols, _ = line.sum(lambda x: Power(Sub(x, MEAN), Number(2)))
        _, numbers = line.sum(lambda x: Power(Sub(x, number), Number(2)))
        return Fraction(symbols, divisor), Fraction(numbers, divisor)

    def note(self, line: Line, computed: float) -> Bilingual:
        return Bilingual(f"x\u0304 is the mean of the {line.count} numbers.", f"x̄ 是这 {line.count} 个数的均值。")


@operation(f"var{_FORM}")
class Variance(Spread):
    """Σ (x - x̄)² / (n - c)."""

    nodes = ("VarBackward",)
    words = Words(
        (
            "var is how far the numbers lie from their mean, squared, on average.",
            "var 是各数与平均值之差的平方的平均。",
        ),
        (
            "Every number gets the gradient times twice its distance from the mean, over n - 1 (over n without the "
            "correction).",
            "每个数得到梯度乘以它与平均值之差的两倍，再除以 n - 1（不做校正时除以 n）。",
        ),
    )

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return self.variance(settings, lines)

    def slopes(self, settings: Settings, y: Array, lines: Array) -> Array | float:
        return 2 * self.apart(settings, lines)

    def write(self, settings: Settings, line: Line) -> Written:
        return self.squares(settings, line)

    def write_slope(self, settings: Settings, count: int, y: Expression, x: Expression) -> Expression | None:
        if isinstance(x, Number):
            return None
        divisor = Number(count - correction_of(settings))
        return Fraction(Product((Number(2), Sub(x, MEAN))), divisor)


@operation(f"std{_FORM}")
class Deviation(Spread):
    """The root of the variance."""

    nodes = ("StdBackward",)
    words = Words(
        ("std is the typical distance of the numbers from their mean.", "std 是各数与平均值的典型距离（标准差）。"),
        (
            "Every number gets the gradient times its distance from the mean, over std times n - 1 (n without the "
            "correction).",
            "每个数得到梯度乘以它与平均值之差，再除以标准差与 n - 1（不做校正时为 n）之积。",
        ),
    )

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(np.sqrt(self.variance(settings, lines)))

    def slopes(self, settings: Settings, y: Array, lines: Array) -> Array | float:
        return np.where(y == 0, 0.0, self.apart(settings, lines) / y)

    def write(self, settings: Settings, line: Line) -> Written:
        symbols, numbers = self.squares(settings, line)
        return Root(symbols), Root(numbers)

    def write_slope(self, settings: Settings, count: int, y: Expression, x: Expression) -> Expression | None:
        if isinstance(x, Number):
            return None
        return Fraction(Sub(x, MEAN), Product((Number(count - correction_of(settings)), y)))


class MeanOfSpread(Mean):
    """The mean beside a variance: `dim` may hold `unbiased`."""

    def axes(self, settings: Settings, ndim: int) -> tuple[int, ...]:
        return axes_of({} if isinstance(settings.get("dim"), bool) else settings, ndim)


@operation(f"var_mean{_FORM}")
class VarianceAndMean(Several):
    """Variance and mean."""

    nodes = ("VarMeanBackward",)
    rows = (Variance(), MeanOfSpread())
    words = Words(
        ("var_mean gives the variance and the mean.", "var_mean 同时给出方差和平均值。"),
        ("What the variance and the mean send back adds up.", "方差与平均值各自传回的梯度相加。"),
    )


@operation(f"std_mean{_FORM}")
class DeviationAndMean(Several):
    """Standard deviation and mean."""

    nodes = ("StdMeanBackward",)
    rows = (Deviation(), MeanOfSpread())
    words = Words(
        ("std_mean gives the standard deviation and the mean.", "std_mean 同时给出标准差和平均值。"),
        ("What the standard deviation and the mean send back adds up.", "标准差与平均值各自传回的梯度相加。"),
    )
