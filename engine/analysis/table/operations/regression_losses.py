"""Rows of losses of numbers: squared and absolute differences, and the likelihood of counts and of measured values.

Formulas: PyTorch's documentation of MSELoss, L1Loss, SmoothL1Loss, HuberLoss, PoissonNLLLoss, GaussianNLLLoss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Add, Expression, Fraction, Neg, Number, Power, Product, Sub, Symbol
from ...notation.expression import Call as Applied
from ...notation.printing import to_text
from ..call import Array, Call
from ..case import Forward, Worked
from ..kinds.curve import sign
from ..kinds.factors import HALF, ONE, TWO, exact
from ..kinds.loss import WRITTEN_OUT, numbers_of, reduction_of
from ..kinds.pointwise_loss import Point, PointwiseLoss, Settings
from ..operation import operation
from ..words import Words


def _sign(a: Expression, t: Expression) -> Expression:
    return Applied("sign", (Sub(a, t),))


@operation("mse_loss(input, target, size_average=None, reduce=None, reduction='mean', weight=None)")
class SquaredError(PointwiseLoss):
    """(a - t)²."""

    modules = ("MSELoss",)
    nodes = ("MseLossBackward",)
    share_of_weight = True
    words = Words(
        (
            "Squares the distance of each prediction from its target; large errors count much more than small ones.",
            "求每个预测值与目标值之差的平方；大误差的分量远超小误差。",
        ),
        (
            "The gradient is twice the error, over n for the mean: the farther off a prediction is, the harder it is "
            "pulled back.",
            "梯度等于误差的两倍（取平均时再除以 n）：预测偏得越远，被拉回的力越大。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.square(x[0] - x[1]))

    def derive(self, settings: Settings, *x: Array) -> Sequence[Array]:
        slope = 2.0 * (x[0] - x[1])
        return [slope, -slope]

    def write(self, settings: Settings, point: Point | None, *x: Expression) -> Expression:
        return Power(Sub(*x), TWO)

    def write_slopes(self, settings: Settings, point: Point, *x: Expression) -> Sequence[Expression]:
        return [Product((TWO, Sub(x[0], x[1]))), Product((TWO, Sub(x[1], x[0])))]


@operation("l1_loss(input, target, size_average=None, reduce=None, reduction='mean', weight=None)")
class AbsoluteError(PointwiseLoss):
    """|a - t|."""

    modules = ("L1Loss",)
    share_of_weight = True
    words = Words(
        ("Takes the distance of each prediction from its target.", "求每个预测值与目标值之间的距离。"),
        (
            "The gradient is only the error's sign, over n for the mean: every prediction is pulled equally hard, "
            "however far off it is.",
            "梯度只取误差的符号（取平均时再除以 n）：无论偏离多远，每个预测值受到的拉力都相同。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.abs(x[0] - x[1]))

    def derive(self, settings: Settings, *x: Array) -> Sequence[Array]:
        slope = sign(x[0] - x[1])
        return [slope, -slope]

    def write(self, settings: Settings, point: Point | None, *x: Expression) -> Expression:
        return Applied("abs", (Sub(*x),))

    def write_slopes(self, settings: Settings, point: Point, *x: Expression) -> Sequence[Expression]:
        return [_sign(x[0], x[1]), _sign(x[1], x[0])]


class _Blended(PointwiseLoss):
    """A parabola up to a distance, and a straight line beyond it. setting: the distance's name."""

    setting = "delta"
    letter = "huber"

    def is_near(self, settings: Settings, point: Point) -> bool:
        """Whether a point lies on the parabola."""
        return abs(point[0] - point[1]) < numbers_of(settings, self.setting)

    def write(self, settings: Settings, point: Point | None, *x: Expression) -> Expression:
        if point is None:
            return Applied(self.letter, (Sub(*x),))
        edge = exact(numbers_of(settings, self.setting))
        return self.write_near(edge, Sub(*x)) if self.is_near(settings, point) else self.write_far(edge, Sub(*x))

    def equation(self, case: Forward) -> Worked:
        """As of any loss; of many terms with a word about the two formulas."""
        worked, error = super().equation(case), Symbol("e")
        if reduction_of(case.call) == "none" or max(one.array.size for one in case.operands) <= WRITTEN_OUT:
            return worked
        edge = exact(numbers_of(case.settings, self.setting))
        near, far, end = map(to_text, (self.write_near(edge, error), self.write_far(edge, error), edge))
        if edge == exact(0):
            return replace(worked, note=Bilingual(f"{self.letter}(e) is {far}.", f"{self.letter}(e) 等于 {far}。"))
        note = Bilingual(
            f"{self.letter}(e) is {near} where |e| is up to {end}, and {far} beyond.",
            f"当 |e| 不超过 {end} 时 {self.letter}(e) 等于 {near}，超过时等于 {far}。",
        )
        return replace(worked, note=note)

    def write_near(self, edge: Expression, error: Expression) -> Expression:
        """The parabola."""
        raise NotImplementedError

    def write_far(self, edge: Expression, error: Expression) -> Expression:
        """The line."""
        raise NotImplementedError


@operation("smooth_l1_loss(input, target, size_average=None, reduce=None, reduction='mean', beta=1.0)")
class SmoothL1(_Blended):
    """d²/(2β) for d = |a - t| < β, else d - β/2."""

    modules = ("SmoothL1Loss",)
    nodes = ("SmoothL1LossBackward",)
    setting = "beta"
    letter = "smooth"
    words = Words(
        (
            "Squares small errors and takes large ones as they are, so that outliers weigh less.",
            "小误差取平方，大误差取绝对值，从而减轻离群点的影响。",
        ),
        (
            "The gradient is the error divided by beta while it is small, and its sign once it is large, over n for "
            "the mean.",
            "误差小时，梯度为误差除以 beta；误差大时，梯度只取其符号（取平均时再除以 n）。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        distance, beta = np.abs(x[0] - x[1]), numbers_of(settings, "beta")
        return np.asarray(
            np.where(distance < beta, distance**2 / (2 * beta) if beta else distance, distance - beta / 2)
        )

    def derive(self, settings: Settings, *x: Array) -> Sequence[Array]:
        error, beta = x[0] - x[1], numbers_of(settings, "beta")
        slope = np.where(np.abs(error) >= beta, sign(error), error / beta) if beta else sign(error)
        return [slope, -slope]

    def write_near(self, edge: Expression, error: Expression) -> Expression:
        return Fraction(Power(error, TWO), Product((TWO, edge)))

    def write_far(self, edge: Expression, error: Expression) -> Expression:
        distance = Applied("abs", (error,))
        return distance if edge == exact(0) else Sub(distance, Fraction(edge, TWO))

    def write_slopes(self, settings: Settings, point: Point, *x: Expression) -> Sequence[Expression]:
        if not self.is_near(settings, point):
            return [_sign(x[0], x[1]), _sign(x[1], x[0])]
        edge = exact(numbers_of(settings, "beta"))
        return [Fraction(Sub(x[0], x[1]), edge), Fraction(Sub(x[1], x[0]), edge)]


@operation("huber_loss(input, target, reduction='mean', delta=1.0, weight=None)")
class Huber(_Blended):
    """d²/2 for d = |a - t| ≤ δ, else δ(d - δ/2). A mean divides by the number of terms, with a weight too."""

    modules = ("HuberLoss",)
    nodes = ("HuberLossBackward",)
    words = Words(
        (
            "Takes half the squared error up to delta, and a straight line beyond it, so that outliers weigh less.",
            "误差不超过 delta 时取平方的一半，超过后按直线增长，从而减轻离群点的影响。",
        ),
        (
            "The gradient is the error itself, cut off at plus and minus delta, over n for the mean.",
            "梯度就是误差本身，并截断在正负 delta 之间（取平均时再除以 n）。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        distance, delta = np.abs(x[0] - x[1]), numbers_of(settings, "delta")
        return np.asarray(np.where(distance < delta, 0.5 * distance**2, delta * (distance - 0.5 * delta)))

    def derive(self, settings: Settings, *x: Array) -> Sequence[Array]:
        delta = numbers_of(settings, "delta")
        slope = np.clip(x[0] - x[1], -delta, delta)
        return [slope, -slope]

    def write_near(self, edge: Expression, error: Expression) -> Expression:
        return Product((HALF, Power(error, TWO)))

    def write_far(self, edge: Expression, error: Expression) -> Expression:
        return Product((edge, Sub(Applied("abs", (error,)), Fraction(edge, TWO))))

    def write_slopes(self, settings: Settings, point: Point, *x: Expression) -> Sequence[Expression]:
        if self.is_near(settings, point):
            return [Sub(x[0], x[1]), Sub(x[1], x[0])]
        edge = exact(numbers_of(settings, "delta"))
        return [Product((edge, _sign(x[0], x[1]))), Product((edge, _sign(x[1], x[0])))]


@operation(
    "poisson_nll_loss(input, target, log_input=True, full=False, size_average=None, eps=1e-8, reduce=None, "
    "reduction='mean')"
)
class PoissonLikelihood(PointwiseLoss):
    """eˣ - t x for the logarithm x of a rate, x - t ln(x + ε) for a rate x; full adds Stirling's ln t! for t > 1."""

    modules = ("PoissonNLLLoss",)
    words = Words(
        (
            "Measures how unlikely the counted target is, if events come at random at the predicted rate (Poisson).",
            "假设事件按预测速率随机发生（泊松分布），衡量目标计数有多不可能。",
        ),
        (
            "The gradient is the predicted rate minus the count, or, without log_input, 1 minus the count over the "
            "rate.",
            "梯度等于预测速率减去计数；log_input 为假时，等于 1 减去计数与速率之比。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        rate, t = x
        if settings["log_input"]:
            found = np.exp(rate) - t * rate
        else:
            found = rate - t * np.log(rate + numbers_of(settings, "eps"))
        if not settings["full"]:
            return np.asarray(found)
        return np.asarray(found + np.where(t <= 1, 0.0, t * np.log(t) - t + 0.5 * np.log(2 * np.pi * t)))

    def derive(self, settings: Settings, *x: Array) -> Sequence[Array]:
        rate, t = x
        if settings["log_input"]:
            slopes = [np.exp(rate) - t, -rate]
        else:
            eps = numbers_of(settings, "eps")
            slopes = [1 - t / (rate + eps), -np.log(rate + eps)]
        if settings["full"]:
            # torch multiplies by 0 where the term is left out, so an infinite slope there becomes NaN.
            slopes[1] = slopes[1] + (t > 1) * (np.log(t) + 0.5 / t)
        return slopes

    def write(self, settings: Settings, point: Point | None, *x: Expression) -> Expression:
        rate, t = x
        if settings["log_input"]:
            found = Sub(Power(Symbol("e"), rate), Product((t, rate)))
        else:
            found = Sub(rate, Product((t, Applied("ln", (self._kept_from_zero(settings, rate),)))))
        if not settings["full"] or (point is not None and point[1] <= 1):
            return found
        half = Product((HALF, Applied("ln", (Product((Number(2), Symbol("π"), t)),))))
        return Add((found, Sub(Product((t, Applied("ln", (t,)))), t), half))

    def write_slopes(self, settings: Settings, point: Point, *x: Expression) -> Sequence[Expression | None]:
        rate, t = x
        if settings["log_input"]:
            slope, back = Sub(Power(Symbol("e"), rate), t), Neg(rate)
        else:
            kept = self._kept_from_zero(settings, rate)
            slope, back = Sub(ONE, Fraction(t, kept)), Neg(Applied("ln", (kept,)))
        return [slope, None if settings["full"] else back]

    def _kept_from_zero(self, settings: Settings, rate: Expression) -> Expression:
        return Add((rate, exact(numbers_of(settings, "eps"))))


@operation("gaussian_nll_loss(input, target, var, full=False, eps=1e-6, reduction='mean')")
class GaussianLikelihood(PointwiseLoss):
    """½ (ln v + (a - t)²/v), v = max(var, ε); full adds ½ ln 2π. The gradient passes the max unchanged."""

    modules = ("GaussianNLLLoss",)
    operands = ("input", "target", "var")
    order = ("input", "target", "var")
    words = Words(
        (
            "Measures how unlikely the target is, if it scatters around the prediction with the given variance "
            "(Gaussian).",
            "假设目标值以给定方差围绕预测值散布（高斯分布），衡量该目标值有多不可能。",
        ),
        (
            "The gradient is the error divided by the variance: sure predictions are corrected harder.",
            "梯度等于误差除以方差：把握越大的预测，修正越强。",
        ),
    )

    def lined_up(self, call: Call, name: str) -> tuple[int, ...]:
        """One variance for a whole row may come without its last dimension."""
        shape, full = np.shape(call[name]), call.array("input").shape
        return (*shape, 1) if name == "var" and shape != full and shape == full[:-1] else shape

    def compute(self, settings: Settings, *x: Array) -> Array:
        a, t, v = x[0], x[1], np.maximum(x[2], numbers_of(settings, "eps"))
        constant = 0.5 * np.log(2 * np.pi) if settings["full"] else 0.0
        return np.asarray(0.5 * (np.log(v) + (a - t) ** 2 / v) + constant)

    def derive(self, settings: Settings, *x: Array) -> Sequence[Array]:
        error, v = x[0] - x[1], np.maximum(x[2], numbers_of(settings, "eps"))
        return [error / v, -error / v, 0.5 * (1 / v - (error / v) ** 2)]

    def write(self, settings: Settings, point: Point | None, *x: Expression) -> Expression:
        a, t, v = x[0], x[1], self._variance(settings, point, x[2])
        body = Add((Applied("ln", (v,)), Fraction(Power(Sub(a, t), TWO), v)))
        found = Product((HALF, body))
        if not settings["full"]:
            return found
        return Add((found, Product((HALF, Applied("ln", (Product((TWO, Symbol("π"))),))))))

    def write_slopes(self, settings: Settings, point: Point, *x: Expression) -> Sequence[Expression]:
        a, t, v = x[0], x[1], self._variance(settings, point, x[2])
        spread = Sub(Fraction(ONE, v), Fraction(Power(Sub(a, t), TWO), Power(v, TWO)))
        return [Fraction(Sub(a, t), v), Fraction(Sub(t, a), v), Product((HALF, spread))]

    def _variance(self, settings: Settings, point: Point | None, v: Expression) -> Expression:
        eps = numbers_of(settings, "eps")
        if point is not None and point[2] < eps:
            return Applied("max", (v, exact(eps)))
        return v
