"""Rows of sums, means and products, over all numbers or along some dimensions.

Formulas: PyTorch's documentation of torch.sum, mean, nansum, nanmean, prod, logsumexp, count_nonzero, all and any.
"""

from __future__ import annotations

import numpy as np

from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Fraction, Number, Product, Sub
from ..call import Array
from ..kinds.curve import as_floats
from ..kinds.pointwise import ONE, Settings
from ..kinds.reducing import Line, Reduction
from ..operation import operation
from ..words import Words

Written = tuple[Expression, Expression]

_LIKE_SUM = "(input, dim=None, keepdim=False, *, dtype=None)"


@operation(f"sum{_LIKE_SUM}")
class SumRow(Reduction):
    """Σ x."""

    nodes = ("SumBackward",)
    words = Words(
        ("sum adds the numbers up.", "sum 把所有数加起来。"),
        (
            "Every term of a sum gets the same gradient: what arrived for the sum.",
            "和的每一项都得到同样的梯度：传到和上的梯度。",
        ),
    )

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(lines.sum(axis=-1))

    def slopes(self, settings: Settings, y: Array, lines: Array) -> Array | float:
        return 1.0

    def write(self, settings: Settings, line: Line) -> Written:
        return line.sum()

    def write_slope(self, settings: Settings, count: int, y: Expression, x: Expression) -> Expression:
        return ONE


@operation(f"nansum{_LIKE_SUM}")
class NanSum(SumRow):
    """Σ x over what is a number."""

    nodes = ("NansumBackward",)
    words = Words(
        ("nansum adds up what is a number and leaves NaN out.", "nansum 把是数的元素加起来，忽略 NaN。"),
        (
            "Every number gets what arrived for the sum; NaN gets nothing.",
            "每个数都得到传到和上的梯度；NaN 得不到梯度。",
        ),
    )

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(np.nansum(lines, axis=-1))

    def slopes(self, settings: Settings, y: Array, lines: Array) -> Array | float:
        return np.where(np.isnan(lines), 0.0, 1.0)

    def write_slope(self, settings: Settings, count: int, y: Expression, x: Expression) -> Expression:
        return Number(0) if isinstance(x, Number) and np.isnan(x.value) else ONE


@operation(f"mean{_LIKE_SUM}")
class Mean(Reduction):
    """Σ x / n."""

    nodes = ("MeanBackward",)
    words = Words(
        ("mean adds the numbers up and divides by how many they are.", "mean 把所有数加起来再除以个数。"),
        ("Every number gets an equal share of the gradient: one n-th.", "每个数平均分得梯度的 n 分之一。"),
    )

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(lines.sum(axis=-1) / np.float64(lines.shape[-1]))

    def slopes(self, settings: Settings, y: Array, lines: Array) -> Array | float:
        return float(1 / np.float64(lines.shape[-1]))

    def write(self, settings: Settings, line: Line) -> Written:
        share = Fraction(ONE, Number(line.count))
        symbols, numbers = line.sum()
        return Product((share, symbols)), Product((share, numbers))

    def write_slope(self, settings: Settings, count: int, y: Expression, x: Expression) -> Expression:
        return Fraction(ONE, Number(count))


@operation(f"nanmean{_LIKE_SUM}")
class NanMean(Reduction):
    """The mean of what is a number."""

    nodes = ("NansumBackward", "DivBackward")
    words = Words(
        ("nanmean is the mean of what is a number; NaN is left out.", "nanmean 求是数的元素的平均值，忽略 NaN。"),
        ("Every number gets an equal share of the gradient; NaN gets nothing.", "每个数平均分得梯度；NaN 得不到梯度。"),
    )

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(np.nansum(lines, axis=-1) / (~np.isnan(lines)).sum(axis=-1))

    def slopes(self, settings: Settings, y: Array, lines: Array) -> Array | float:
        known = ~np.isnan(lines)
        return np.asarray(known / known.sum(axis=-1, keepdims=True))

    def write(self, settings: Settings, line: Line) -> Written:
        return line.of("nanmean")


@operation("prod(input, dim=None, keepdim=False, *, dtype=None)")
class Multiplied(Reduction):
    """Π x."""

    nodes = ("ProdBackward",)
    words = Words(
        ("prod multiplies the numbers.", "prod 把所有数相乘。"),
        (
            "Every factor's gradient is what arrives times the product of all others.",
            "每个因子的梯度等于传来的梯度乘以其余因子的积。",
        ),
    )

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(lines.prod(axis=-1))

    def slopes(self, settings: Settings, y: Array, lines: Array) -> Array | float:
        ones = np.ones_like(lines[..., :1])
        before = np.cumprod(np.concatenate([ones, lines[..., :-1]], axis=-1), axis=-1)
        after = np.cumprod(np.concatenate([ones, lines[..., :0:-1]], axis=-1), axis=-1)[..., ::-1]
        return np.asarray(before * after)[..., : lines.shape[-1]]

    def write(self, settings: Settings, line: Line) -> Written:
        return line.product()

    def write_slope(self, settings: Settings, count: int, y: Expression, x: Expression) -> Expression | None:
        return None if isinstance(x, Number) and x.value == 0 else Fraction(y, x)


@operation("logsumexp(input, dim, keepdim=False)", "special_logsumexp(input, dim, keepdim=False)")
class LogSumExp(Reduction):
    """ln Σ exp x, without overflow."""

    nodes = ("LogsumexpBackward",)
    words = Words(
        (
            "logsumexp is the logarithm of the sum of exponentials, a smooth maximum.",
            "logsumexp 是指数之和的对数，可看作平滑的最大值。",
        ),
        (
            "The gradient is shared out as softmax would: most to the largest.",
            "梯度按 softmax 的比例分配：最大的数分得最多。",
        ),
    )

    def reduce(self, settings: Settings, lines: Array) -> Array:
        x = as_floats(lines)
        top = np.max(x, axis=-1, keepdims=True, initial=-np.inf)
        top = np.where(np.isinf(top), 0.0, top)
        return np.asarray(np.log(np.exp(x - top).sum(axis=-1)) + top[..., 0])

    def slopes(self, settings: Settings, y: Array, lines: Array) -> Array | float:
        return np.asarray(np.exp(lines - y))

    def write(self, settings: Settings, line: Line) -> Written:
        symbols, numbers = line.sum(lambda x: Applied("exp", (x,)))
        return Applied("ln", (symbols,)), Applied("ln", (numbers,))

    def write_slope(self, settings: Settings, count: int, y: Expression, x: Expression) -> Expression:
        return Applied("exp", (Sub(x, y),))


@operation("count_nonzero(input, dim=None)")
class Counted(Reduction):
    """How many are not 0."""

    words = Words(("count_nonzero counts the numbers that are not 0.", "count_nonzero 统计非零元素的个数。"))

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(np.count_nonzero(lines, axis=-1))

    def write(self, settings: Settings, line: Line) -> Written:
        return line.of("count_nonzero")


@operation("any(input, dim=None, keepdim=False)")
class AnyRow(Reduction):
    """Whether one is not 0."""

    words = Words(
        ("any says whether at least one number is not 0, or True.", "any 判断是否至少有一个元素非零（为真）。")
    )

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(lines.astype(bool).any(axis=-1))

    def write(self, settings: Settings, line: Line) -> Written:
        return line.of("any")


@operation("all(input, dim=None, keepdim=False)")
class AllRow(Reduction):
    """Whether none is 0."""

    words = Words(("all says whether every number is not 0, or True.", "all 判断是否所有元素都非零（为真）。"))

    def reduce(self, settings: Settings, lines: Array) -> Array:
        return np.asarray(lines.astype(bool).all(axis=-1))

    def write(self, settings: Settings, line: Line) -> Written:
        return line.of("all")
