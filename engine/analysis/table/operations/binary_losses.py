"""Rows of losses between probabilities, place by place: binary cross-entropy, soft margin, Kullback-Leibler divergence.

Formulas: PyTorch's documentation of BCELoss, BCEWithLogitsLoss, SoftMarginLoss, KLDivLoss.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...notation.expression import Add, Expression, Fraction, Neg, Number, Power, Product, Sub, Symbol
from ...notation.expression import Call as Applied
from ..call import Array
from ..kinds.factors import ONE
from ..kinds.pointwise_loss import Point, PointwiseLoss, Settings
from ..kinds.special_functions import logistic
from ..operation import operation
from ..words import Words

LOWEST_LOGARITHM = -100.0
"""torch keeps the logarithms of binary cross-entropy above this, so that a = 0 and a = 1 stay finite."""

SMALLEST = float(np.float32(1e-12))
"""torch keeps the denominator a(1 - a) of its gradient above this, a constant of single precision."""


def log_logistic(z: Array) -> Array:
    """ln σ(z), without overflow."""
    return np.minimum(z, 0.0) - np.log1p(np.exp(-np.abs(z)))


def _log(expression: Expression) -> Expression:
    return Applied("ln", (expression,))


@operation(
    "binary_cross_entropy(input, target, weight=None, size_average=None, reduce=None, reduction='mean')",
)
class BinaryCrossEntropy(PointwiseLoss):
    """-(t ln a + (1 - t) ln(1 - a))."""

    modules = ("BCELoss",)
    nodes = ("BinaryCrossEntropyBackward",)
    words = Words(
        (
            "Measures how unlikely the targets are, if each is 1 with the predicted probability.",
            "假设每个目标以预测的概率取 1，衡量这些目标有多不可能。",
        ),
        (
            "The gradient is the error divided by a(1 - a), and by n for the mean: sure but wrong predictions are "
            "corrected very hard.",
            "梯度等于误差除以 a(1 - a)（取平均时再除以 n）：越自信的错误预测，修正越强。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        a, t = x
        hit, miss = np.maximum(np.log(a), LOWEST_LOGARITHM), np.maximum(np.log1p(-a), LOWEST_LOGARITHM)
        return np.asarray((t - 1) * miss - t * hit)

    def derive(self, settings: Settings, *x: Array) -> Sequence[Array]:
        a, t = x
        return [(a - t) / np.maximum(a * (1 - a), SMALLEST), np.log1p(-a) - np.log(a)]

    def write(self, settings: Settings, point: Point | None, *x: Expression) -> Expression:
        a, t = x
        sides = [Product((t, _log(a))), Product((Sub(ONE, t), _log(Sub(ONE, a))))]
        if point is not None and point[0] in (0.0, 1.0):
            # ln 0 is kept at -100 by torch.
            lowest = 0 if point[0] == 0 else 1
            sides[lowest] = Product(((t, Sub(ONE, t))[lowest], Number(LOWEST_LOGARITHM)))
        return Neg(Add(tuple(sides)))

    def write_slopes(self, settings: Settings, point: Point, *x: Expression) -> Sequence[Expression | None]:
        a, t = x
        if point[0] in (0.0, 1.0):
            return [None, None]
        return [Fraction(Sub(a, t), Product((a, Sub(ONE, a)))), Sub(_log(Sub(ONE, a)), _log(a))]


@operation(
    "binary_cross_entropy_with_logits(input, target, weight=None, size_average=None, reduce=None, reduction='mean', "
    "pos_weight=None)"
)
class BinaryCrossEntropyWithLogits(PointwiseLoss):
    """-(q t ln σ(z) + (1 - t) ln(1 - σ(z))), q: pos_weight."""

    modules = ("BCEWithLogitsLoss",)
    nodes = ("BinaryCrossEntropyWithLogitsBackward",)
    operands = ("input", "target", "pos_weight")
    words = Words(
        (
            "Takes sigmoid and binary cross-entropy in one, so that no large number overflows.",
            "把 sigmoid 与二元交叉熵合为一步，数值上不会溢出。",
        ),
        (
            "The gradient is simply the predicted probability minus the target, over n for the mean.",
            "梯度就是预测概率减去目标值（取平均时再除以 n）。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        z, t = x[0], x[1]
        hit = log_logistic(z) * x[2] if len(x) > 2 else log_logistic(z)
        return np.asarray(-(t * hit + (1 - t) * log_logistic(-z)))

    def derive(self, settings: Settings, *x: Array) -> Sequence[Array | None]:
        z, t = x[0], x[1]
        if len(x) == 2:
            return [logistic(z) - t, -z]
        q = x[2]
        by_target = log_logistic(-z) - q * log_logistic(z)
        return [(q * t + 1 - t) * logistic(z) - q * t, by_target, None]

    def write(self, settings: Settings, point: Point | None, *x: Expression) -> Expression:
        z, t, *q = x
        share = Applied("σ", (z,))
        return Neg(Add((Product((*q, t, _log(share))), Product((Sub(ONE, t), _log(Sub(ONE, share)))))))

    def write_slopes(self, settings: Settings, point: Point, *x: Expression) -> Sequence[Expression | None]:
        z, t = x[0], x[1]
        share = Applied("σ", (z,))
        if len(x) == 2:
            return [Sub(share, t), Neg(z)]
        q = x[2]
        by_target = Sub(_log(Sub(ONE, share)), Product((q, _log(share))))
        return [Sub(Product((Add((Product((q, t)), Sub(ONE, t))), share)), Product((q, t))), by_target, None]


@operation("soft_margin_loss(input, target, size_average=None, reduce=None, reduction='mean')")
class SoftMargin(PointwiseLoss):
    """ln(1 + e^(-t x)) for targets of 1 and -1."""

    modules = ("SoftMarginLoss",)
    nodes = ("SoftMarginLossBackward",)
    words = Words(
        (
            "Is small where a score has the sign of its target (1 or -1), and grows with the score where it has not.",
            "得分与目标（1 或 -1）同号时损失小，异号时随得分增大。",
        ),
        (
            "The gradient is minus the target, times the probability of being on the wrong side, over n for the mean.",
            "梯度等于负的目标值乘以落在错误一侧的概率（取平均时再除以 n）。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        # As torch: infinite where e overflows.
        return np.asarray(np.log1p(np.exp(-x[1] * x[0])))

    def derive(self, settings: Settings, *x: Array) -> Sequence[Array | None]:
        e = np.exp(-x[1] * x[0])
        return [-x[1] * e / (1 + e), None]

    def write(self, settings: Settings, point: Point | None, *x: Expression) -> Expression:
        return _log(Add((ONE, Power(Symbol("e"), Neg(Product((x[1], x[0])))))))

    def write_slopes(self, settings: Settings, point: Point, *x: Expression) -> Sequence[Expression | None]:
        return [Neg(Fraction(x[1], Add((ONE, Power(Symbol("e"), Product((x[1], x[0]))))))), None]


@operation("kl_div(input, target, size_average=None, reduce=None, reduction='mean', log_target=False)")
class Divergence(PointwiseLoss):
    """t (ln t - a), a: logarithm of the prediction; with log_target e^t (t - a)."""

    modules = ("KLDivLoss",)
    nodes = ("KlDivBackward",)
    words = Words(
        (
            "Measures how far the predicted distribution, given as logarithms, is from the target's "
            "(Kullback-Leibler).",
            "衡量以对数给出的预测分布与目标分布相差多远（KL 散度）。",
        ),
        (
            "Each logarithm's gradient is minus the target's probability, over n for the mean.",
            "每个对数概率的梯度等于负的目标概率（取平均时再除以 n）。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        a, t = x
        if settings["log_target"]:
            return np.asarray(np.exp(t) * (t - a))
        return np.asarray(np.where(t == 0, 0.0, t * np.log(t)) - t * a)

    def derive(self, settings: Settings, *x: Array) -> Sequence[Array]:
        a, t = x
        if settings["log_target"]:
            return [-np.exp(t), np.exp(t) * (t - a + 1)]
        # t/t is 1, but NaN at 0, where torch's derivative is NaN too.
        return [-t, np.log(t) + t / t - a]

    def write(self, settings: Settings, point: Point | None, *x: Expression) -> Expression:
        a, t = x
        if settings["log_target"]:
            return Product((Power(Symbol("e"), t), Sub(t, a)))
        if point is not None and point[1] == 0:
            return Number(0)
        return Product((t, Sub(_log(t), a)))

    def write_slopes(self, settings: Settings, point: Point, *x: Expression) -> Sequence[Expression]:
        a, t = x
        if settings["log_target"]:
            e = Power(Symbol("e"), t)
            return [Neg(e), Product((e, Add((Sub(t, a), ONE))))]
        return [Neg(t), Add((Sub(_log(t), a), ONE))]
