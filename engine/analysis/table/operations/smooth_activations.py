"""Rows of smooth activations: elu and its relatives, gelu, silu, mish, softplus, softsign, tanhshrink, logsigmoid.

Formulas: PyTorch's documentation of torch.nn.functional.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ...notation.expression import Add, Expression, Fraction, Neg, Number, Power, Product, Sub
from ...notation.expression import Call as Applied
from ..call import Array, Call
from ..kinds.factors import scaled
from ..kinds.pointwise import ONE, Settings
from ..kinds.special_functions import logistic
from ..operation import operation
from ..words import Words
from .activations import IF_POSITIVE, Activation, E, piecewise

_ALPHA, _SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
"""selu's two constants, as in PyTorch's documentation of SELU."""

_LINEAR_SHARE = 0.044715
"""gelu's tanh form: the share of z³, as in PyTorch's documentation of GELU."""


class Exponential(Activation):
    """z where positive, else outer · (e^(inner z) - 1), all times a scale."""

    def constants(self, settings: Settings) -> tuple[float, float, float]:
        """outer, inner and scale."""
        raise NotImplementedError

    def compute(self, settings: Settings, *x: Array) -> Array:
        outer, inner, scale = self.constants(settings)
        return scale * np.where(x[0] <= 0, outer * np.expm1(inner * np.minimum(x[0], 0)), x[0])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        outer, inner, scale = self.constants(settings)
        return [scale * np.where(x[0] <= 0, outer * inner * np.exp(inner * np.minimum(x[0], 0)), 1.0)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        outer, inner, scale = self.constants(settings)
        below = scaled(scale * outer, Sub(Power(E, scaled(inner, x[0])), ONE))
        return piecewise(x[0], (_is_positive, scaled(scale, x[0]), IF_POSITIVE), other=below)

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Sequence[Expression | None]:
        outer, inner, scale = self.constants(settings)
        below = scaled(scale * outer * inner, Power(E, scaled(inner, x[0])))
        return [piecewise(x[0], (_is_positive, Number(scale), IF_POSITIVE), other=below)]


@operation("elu(input, alpha=1.0, inplace=False)")
class ELU(Exponential):
    """α (e^z - 1) where z is not positive."""

    modules = ("ELU",)
    nodes = ("EluBackward",)
    words = Words(
        (
            "elu keeps positive numbers and bends the others smoothly towards -α.",
            "elu 保留正数，并让其余的数平滑地趋近 -α。",
        ),
        (
            "elu lets the gradient through where z > 0, and less and less of it the further z lies below 0.",
            "elu 在 z > 0 处让梯度全部通过，z 越低于 0，通过得越少。",
        ),
    )

    def constants(self, settings: Settings) -> tuple[float, float, float]:
        return float(settings["alpha"]), 1.0, 1.0


@operation("selu(input, inplace=False)")
class SELU(Exponential):
    """elu with an α and a scale that keep mean 0 and variance 1 through the layers."""

    modules = ("SELU",)
    nodes = ("EluBackward",)
    words = Words(
        (
            "selu is elu with two constants chosen so that mean and variance stay the same from layer to layer.",
            "selu 是带两个常数的 elu，使均值和方差在各层之间保持不变。",
        ),
        (
            "selu makes the gradient slightly larger where z > 0, and fades it out far below 0.",
            "selu 在 z > 0 处使梯度略微变大，在远低于 0 处使梯度逐渐消失。",
        ),
    )

    def constants(self, settings: Settings) -> tuple[float, float, float]:
        return _ALPHA, 1.0, _SCALE


@operation("celu(input, alpha=1.0, inplace=False)")
class CELU(Exponential):
    """α (e^(z/α) - 1) where z is not positive: its slope has no jump for any α."""

    modules = ("CELU",)
    nodes = ("CeluBackward",)
    words = Words(
        (
            "celu keeps positive numbers and bends the others towards -α, without a kink at 0.",
            "celu 保留正数，并让其余的数趋近 -α，在 0 处没有折点。",
        ),
        (
            "celu lets the gradient through where z > 0, and a share that fades smoothly below 0.",
            "celu 在 z > 0 处让梯度全部通过，在 0 以下通过的比例平滑减小。",
        ),
    )

    def constants(self, settings: Settings) -> tuple[float, float, float]:
        alpha = float(settings["alpha"])
        return alpha, 1 / alpha, 1.0


@operation("gelu(input, approximate='none')")
class GELU(Activation):
    """z Φ(z), Φ: the normal distribution function; or its form with tanh."""

    cancels = True
    modules = ("GELU",)
    nodes = ("GeluBackward",)
    words = Words(
        (
            "gelu multiplies a number by the probability that a normally distributed one is smaller.",
            "gelu 把一个数乘以标准正态变量小于它的概率。",
        ),
        (
            "gelu passes nearly the whole gradient of large numbers and hardly any of very negative ones.",
            "gelu 对很大的正数几乎让整个梯度通过，对绝对值很大的负数几乎不让通过。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return x[0] * _share(settings, x[0])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        z = x[0]
        if settings["approximate"] == "none":
            return [_share(settings, z) + z * np.exp(-z * z / 2) / math.sqrt(2 * math.pi)]
        t = np.tanh(_inside(z))
        return [(1 + t) / 2 + z / 2 * (1 - t * t) * math.sqrt(2 / math.pi) * (1 + 3 * _LINEAR_SHARE * z * z)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        z = x[0]
        if settings["approximate"] == "none":
            return Product((z, Applied("Φ", (z,))))
        inner = Add((z, Product((Number(_LINEAR_SHARE), Power(z, Number(3))))))
        bent = Applied("tanh", (Product((Number(math.sqrt(2 / math.pi), 6), inner)),))
        return Product((Number(0.5), z, Add((ONE, bent))))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Sequence[Expression | None]:
        if settings["approximate"] != "none":
            return [None]
        return [Add((Applied("Φ", x), Product((x[0], Applied("φ", x)))))]


@operation("silu(input, inplace=False)")
class SiLU(Activation):
    """z σ(z)."""

    modules = ("SiLU",)
    nodes = ("SiluBackward",)
    takes_complex = True
    words = Words(
        ("silu multiplies a number by its own sigmoid.", "silu 把一个数乘以它自身的 sigmoid。"),
        (
            "silu passes the gradient of large numbers; below -1.28 it turns the sign, and far below it lets hardly "
            "any through.",
            "silu 对很大的数让梯度通过；在 -1.28 以下改变其符号，再往下几乎不让通过。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return x[0] * logistic(x[0])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        s = logistic(x[0])
        return [s * (1 + x[0] * (1 - s))]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Product((x[0], Applied("σ", x)))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Sequence[Expression | None]:
        s = Applied("σ", x)
        return [Product((s, Add((ONE, Product((x[0], Sub(ONE, s)))))))]


@operation("mish(input, inplace=False)")
class Mish(Activation):
    """z tanh(ln(1 + e^z))."""

    modules = ("Mish",)
    nodes = ("MishBackward",)
    words = Words(
        ("mish multiplies a number by the tanh of its softplus.", "mish 把一个数乘以其 softplus 的 tanh。"),
        (
            "mish passes the gradient of large numbers and hardly any of very negative ones, without a kink.",
            "mish 对很大的正数让梯度通过，对绝对值很大的负数几乎不让通过，且没有折点。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return x[0] * np.tanh(np.logaddexp(0, x[0]))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        t = np.tanh(np.logaddexp(0, x[0]))
        return [t + x[0] * logistic(x[0]) * (1 - t * t)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Product((x[0], Applied("tanh", (_softplus(x[0]),))))


@operation("softplus(input, beta=1.0, threshold=20.0)")
class Softplus(Activation):
    """ln(1 + e^(βz)) / β; z itself where βz is above the threshold."""

    modules = ("Softplus",)
    nodes = ("SoftplusBackward",)
    words = Words(
        (
            "softplus is a relu without a kink; its result is always positive.",
            "softplus 是没有折点的 relu，结果总为正。",
        ),
        (
            "softplus passes the share σ(βz) of the gradient: nearly all of it far above 0, hardly any far below.",
            "softplus 让梯度的 σ(βz) 部分通过：远高于 0 时几乎全部，远低于 0 时几乎没有。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        z, beta = x[0], settings["beta"]
        return np.where(z * beta > settings["threshold"], z, np.logaddexp(0, z * beta) / beta)

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        z = x[0] * settings["beta"]
        return [np.where(z > settings["threshold"], 1.0, logistic(z))]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        beta = settings["beta"]
        curve = _softplus(scaled(beta, x[0]))
        if beta != 1:
            curve = Fraction(curve, Number(beta))
        is_large = isinstance(x[0], Number) and x[0].value * beta > settings["threshold"]
        return x[0] if is_large else curve

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Sequence[Expression | None]:
        is_large = isinstance(x[0], Number) and x[0].value * settings["beta"] > settings["threshold"]
        return [ONE if is_large else Applied("σ", (scaled(settings["beta"], x[0]),))]


@operation("softsign(input)")
class Softsign(Activation):
    """z / (1 + |z|)."""

    modules = ("Softsign",)
    nodes = ("DivBackward",)
    words = Words(
        (
            "softsign squeezes any number into the range from -1 to 1, more slowly than tanh.",
            "softsign 把任意数压缩到 -1 与 1 之间，比 tanh 更缓慢。",
        ),
        (
            "softsign passes the whole gradient at 0 and less and less of it far from 0.",
            "softsign 在 0 处让整个梯度通过，离 0 越远通过得越少。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(x[0] / (1 + np.abs(x[0])))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        below = 1 + np.abs(x[0])
        return [1 / below - np.abs(x[0]) / below / below]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Fraction(x[0], _one_and_size(x[0]))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Sequence[Expression | None]:
        return [Fraction(ONE, Power(_one_and_size(x[0]), Number(2)))]


@operation("tanhshrink(input)")
class Tanhshrink(Activation):
    """z - tanh z."""

    modules = ("Tanhshrink",)
    nodes = ("SubBackward",)
    takes_complex = True
    words = Words(
        (
            "tanhshrink takes a number's tanh off it: small numbers nearly vanish, large ones lose 1.",
            "tanhshrink 从一个数中减去它的 tanh：小的数几乎消失，大的数减少 1。",
        ),
        (
            "tanhshrink passes hardly any gradient near 0 and nearly all of it far from 0.",
            "tanhshrink 在 0 附近几乎不让梯度通过，远离 0 时几乎全部通过。",
        ),
    )

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """dC/dz = G - G tanh'(z): in two parts, as torch adds them up, which loses digits where z is small."""
        (G,) = upstream
        slope = 1 - np.tanh(self.floats(call).array("input")) ** 2
        return {"input": G - G * np.conj(slope)}

    def compute(self, settings: Settings, *x: Array) -> Array:
        return x[0] - np.tanh(x[0])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        return [np.tanh(x[0]) ** 2]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Sub(x[0], Applied("tanh", x))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Sequence[Expression | None]:
        return [Power(Applied("tanh", x), Number(2))]


@operation("log_sigmoid(input)", "logsigmoid(input)")
class LogSigmoid(Activation):
    """ln σ(z) = -ln(1 + e^-z)."""

    modules = ("LogSigmoid",)
    nodes = ("LogSigmoidBackward",)
    words = Words(
        (
            "logsigmoid is the logarithm of sigmoid, computed so that nothing overflows.",
            "logsigmoid 是 sigmoid 的对数，其计算方式不会溢出。",
        ),
        (
            "logsigmoid passes the share 1 - σ(z): nearly all of the gradient far below 0, hardly any far above.",
            "logsigmoid 让梯度的 1 - σ(z) 部分通过：远低于 0 时几乎全部，远高于 0 时几乎没有。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return -np.logaddexp(0, -x[0])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        return [logistic(-x[0])]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Neg(_softplus(Neg(x[0])))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Sequence[Expression | None]:
        return [Applied("σ", (Neg(x[0]),))]


def _share(settings: Settings, z: Array) -> Array:
    """Φ(z), or what gelu's tanh form takes for it."""
    if settings["approximate"] == "none":
        return np.asarray(_erfc(-z / math.sqrt(2)), dtype=np.float64) / 2
    return (1 + np.tanh(_inside(z))) / 2


def _inside(z: Array) -> Array:
    return math.sqrt(2 / math.pi) * (z + _LINEAR_SHARE * z**3)


_erfc: Any = np.frompyfunc(math.erfc, 1, 1)


def _softplus(z: Expression) -> Expression:
    return Applied("ln", (Add((ONE, Power(E, z))),))


def _one_and_size(z: Expression) -> Expression:
    return Add((ONE, Applied("abs", (z,))))


def _is_positive(z: float) -> bool:
    return z > 0
