"""Rows of special functions: the error function and its inverse, gamma and its kin, logit, Bessel functions.

Formulas: derivatives.yaml of PyTorch; the functions themselves: see `special_functions`.
"""

from __future__ import annotations

import math

import numpy as np

from ...notation.expression import Add, Expression, Fraction, Neg, Number, Power, Product, Root, Sub, Symbol
from ...notation.expression import Call as Applied
from ..call import Array, UnfitError
from ..kinds.curve import as_floats, curve
from ..kinds.pointwise import ONE, Pointwise, Settings
from ..kinds.special_functions import bessel_i, digamma, erf, erfc, erfinv, lgamma, ndtri, polygamma, trigamma
from ..operation import operation
from ..words import Words
from .arithmetic import TWO, Slopes, Written

_ROOT_PI = Root(Symbol("π"))


def _bell(x: Expression) -> Expression:
    return Applied("exp", (Neg(Power(x, TWO)),))


curve(
    "erf special_erf",
    erf,
    lambda x, y: 2 / math.sqrt(math.pi) * np.exp(-x * x),
    Words(
        ("erf is a smooth step from -1 to 1, the error function.", "erf 是从 -1 到 1 的平滑阶跃（误差函数）。"),
        (
            "The gradient is multiplied by a bell curve: much near 0, hardly anything far away.",
            "梯度乘以钟形曲线：0 附近大，远处几乎为零。",
        ),
    ),
    slope_text=lambda x, y: Product((Fraction(TWO, _ROOT_PI), _bell(x))),
)
curve(
    "erfc special_erfc",
    erfc,
    lambda x, y: -2 / math.sqrt(math.pi) * np.exp(-x * x),
    Words(
        ("erfc is 1 minus the error function.", "erfc 是 1 减误差函数。"),
        ("The gradient is multiplied by minus a bell curve.", "梯度乘以负的钟形曲线。"),
    ),
    slope_text=lambda x, y: Neg(Product((Fraction(TWO, _ROOT_PI), _bell(x)))),
)
curve(
    "erfinv special_erfinv",
    erfinv,
    lambda x, y: math.sqrt(math.pi) / 2 * np.exp(y * y),
    Words(
        ("erfinv finds the number whose error function this is.", "erfinv 是误差函数的反函数。"),
        ("The gradient is multiplied by √π/2 times exp of the squared result.", "梯度乘以 √π/2 与结果平方的指数之积。"),
    ),
    slope_text=lambda x, y: Product((Fraction(_ROOT_PI, TWO), Applied("exp", (Power(y, TWO),)))),
)
curve(
    "lgamma special_gammaln",
    lgamma,
    lambda x, y: digamma(x),
    Words(
        (
            "lgamma is the logarithm of the gamma function, which continues the factorial.",
            "lgamma 是伽马函数（阶乘的延拓）的对数。",
        ),
        (
            "The gradient is multiplied by digamma, which is the slope of lgamma.",
            "梯度乘以双伽马函数，即 lgamma 的导数。",
        ),
    ),
    slope_text=lambda x, y: Applied("digamma", (x,)),
)
curve(
    "digamma special_digamma special_psi",
    digamma,
    lambda x, y: trigamma(x),
    Words(
        ("digamma is the slope of the logarithm of the gamma function.", "digamma 是伽马函数对数的导数。"),
        ("The gradient is multiplied by the next derivative, trigamma.", "梯度乘以下一阶导数（三伽马函数）。"),
    ),
    slope_text=lambda x, y: Applied("trigamma", (x,)),
)
curve(
    "special_ndtr",
    lambda x: (1 + erf(x / math.sqrt(2))) / 2,
    lambda x, y: np.exp(-x * x / 2) / math.sqrt(2 * math.pi),
    Words(
        ("ndtr is the probability that a standard normal draw is not larger.", "ndtr 求标准正态分布的累积概率。"),
        ("The gradient is multiplied by the bell curve's height there.", "梯度乘以该处正态密度的高度。"),
    ),
)
curve(
    "special_ndtri",
    ndtri,
    lambda x, y: math.sqrt(2 * math.pi) * np.exp(y * y / 2),
    Words(
        (
            "ndtri finds the number below which a normal draw lies with this probability.",
            "ndtri 求标准正态分布的分位数。",
        ),
        ("The gradient is divided by the bell curve's height at the result.", "梯度除以结果处正态密度的高度。"),
    ),
)
curve(
    "special_entr",
    lambda x: np.where(x == 0, 0.0, np.where(x < 0, -np.inf, -x * np.log(np.where(x > 0, x, 1.0)) + 0 * x)),
    lambda x, y: -(1 + np.log(x)),
    Words(
        ("entr is a probability's part of the entropy, -x ln x.", "entr 是概率对熵的贡献，即 -x ln x。"),
        ("The gradient is multiplied by -(1 + ln x).", "梯度乘以 -(1 + ln x)。"),
    ),
    write=lambda x: Neg(Product((x, Applied("ln", (x,))))),
    slope_text=lambda x, y: Neg(Add((ONE, Applied("ln", (x,))))),
)
curve(
    "i0 special_i0",
    lambda x: bessel_i(0, x) * np.exp(np.abs(x)),
    lambda x, y: bessel_i(1, x) * np.exp(np.abs(x)),
    Words(
        ("i0 is the modified Bessel function of order 0.", "i0 是零阶修正贝塞尔函数。"),
        ("The gradient is multiplied by the Bessel function of order 1.", "梯度乘以一阶修正贝塞尔函数。"),
    ),
)


@operation("logit(input, eps=None)", "special_logit(input, eps=None)")
class Logit(Pointwise):
    """ln(x / (1 - x)), the inverse of sigmoid; eps keeps x away from 0 and 1."""

    nodes = ("LogitBackward",)
    words = Words(
        ("logit finds the number whose sigmoid this is.", "logit 是 sigmoid 的反函数。"),
        (
            "The gradient is divided by x(1 - x), so it grows without bound towards 0 and 1.",
            "梯度除以 x(1 - x)，在 0 和 1 附近趋于无穷。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        kept = self._kept(settings, as_floats(x[0]))
        return np.asarray(np.log(kept / (1 - kept)))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        z, eps = as_floats(x[0]), settings.get("eps")
        slope = 1 / np.abs(z * (1 - z))
        if eps is None:
            return [np.where((z < 0) | (z > 1), np.nan, slope)]
        return [np.where((z < eps) | (z > 1 - eps), 0.0, slope)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Applied("ln", (Fraction(x[0], Sub(ONE, x[0])),)) if settings.get("eps") is None else Applied("logit", x)

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [Fraction(ONE, Product((x[0], Sub(ONE, x[0])))) if settings.get("eps") is None else None]

    def _kept(self, settings: Settings, x: Array) -> Array:
        eps = settings.get("eps")
        return x if eps is None else np.clip(x, eps, 1 - eps)


def _of_order(order: int, x: Array) -> Array:
    """The derivative of digamma of an order, the first as exact as torch's."""
    return digamma(x) if order == 0 else trigamma(x) if order == 1 else polygamma(order, x)


@operation("polygamma(n, input)", "special_polygamma(n, input)")
class Polygamma(Pointwise):
    """The n-th derivative of digamma."""

    nodes = ("PolygammaBackward",)
    words = Words(
        ("polygamma is a derivative of digamma, of any order.", "polygamma 是双伽马函数的各阶导数。"),
        ("The gradient is multiplied by the next derivative.", "梯度乘以下一阶导数。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return _of_order(self._order(settings), as_floats(x[0]))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [_of_order(self._order(settings) + 1, as_floats(x[0]))]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Applied("polygamma", (Number(self._order(settings)), x[0]))

    def _order(self, settings: Settings) -> int:
        if not isinstance(settings.get("n"), int):
            raise UnfitError("the order stands behind the tensor", "阶数写在张量之后")
        return int(settings["n"])
