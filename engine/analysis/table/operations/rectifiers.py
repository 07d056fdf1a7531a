"""Rows of activations made of straight pieces: relu's relatives, the hard versions of smooth ones, shrinkages.

Formulas: PyTorch's documentation of torch.nn.functional; at a kink the slope that torch takes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ....bilingual import Bilingual
from ...notation.expression import Add, Expression, Fraction, Number, Product, Sub
from ...notation.expression import Call as Applied
from ..call import Array, Call
from ..kinds.pointwise import ONE, Settings
from ..operation import operation
from ..words import Words
from .activations import IF_POSITIVE, ZERO, Activation, piecewise

_BETWEEN = Bilingual("the input lies between the limits: the gradient passes", "输入在界限之间，梯度通过")
_OUTSIDE = Bilingual("the input is at a limit or outside: nothing passes", "输入在界限上或界限之外，没有梯度通过")
_ON_THE_WAY = Bilingual("the input lies on the slope: a part of the gradient passes", "输入在斜坡上，部分梯度通过")
_SHRUNK = Bilingual("the input was made 0: nothing passes", "输入被置为 0，没有梯度通过")
_KEPT = Bilingual("the input is far enough from 0: the gradient passes", "输入离 0 足够远，梯度通过")


class Clipped(Activation):
    """min(max(z, low), high): slope 1 between the limits, else 0."""

    passes, stops = _BETWEEN, _OUTSIDE

    def limits(self, settings: Settings) -> tuple[float, float]:
        """Lowest and highest result."""
        raise NotImplementedError

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.minimum(np.maximum(x[0], self.limits(settings)[0]), self.limits(settings)[1])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        low, high = self.limits(settings)
        return [np.where((x[0] <= low) | (x[0] >= high), 0.0, 1.0)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        low, high = map(Number, self.limits(settings))
        return Applied("min", (Applied("max", (*x, low)), high))


@operation("relu6(input, inplace=False)")
class ReLU6(Clipped):
    """min(max(0, z), 6)."""

    modules = ("ReLU6",)
    nodes = ("HardtanhBackward",)
    words = Words(
        (
            "relu6 keeps numbers from 0 to 6 and cuts off what lies outside.",
            "relu6 保留 0 到 6 之间的数，超出的部分被截断。",
        ),
        ("relu6 lets the gradient through between 0 and 6 only.", "relu6 只在 0 与 6 之间让梯度通过。"),
    )

    def limits(self, settings: Settings) -> tuple[float, float]:
        return 0.0, 6.0


@operation("hardtanh(input, min_val=-1.0, max_val=1.0, inplace=False)")
class Hardtanh(Clipped):
    """min(max(z, min_val), max_val)."""

    modules = ("Hardtanh",)
    nodes = ("HardtanhBackward",)
    words = Words(
        (
            "hardtanh keeps numbers between two limits and cuts off what lies outside.",
            "hardtanh 保留上下限之间的数，超出的部分被截断。",
        ),
        (
            "hardtanh lets the gradient through between its limits and stops it outside.",
            "hardtanh 在上下限之间让梯度通过，在界外截断梯度。",
        ),
    )

    def floats(self, call: Call) -> Call:
        """The same call with floats; of integers the limits are made integers too, as torch does."""
        made = super().floats(call)
        if call.array("input").dtype.kind == "f":
            return made
        return made.replaced("min_val", np.trunc(call.number("min_val"))).replaced(
            "max_val", np.trunc(call.number("max_val"))
        )

    def limits(self, settings: Settings) -> tuple[float, float]:
        return float(settings["min_val"]), float(settings["max_val"])


@operation("leaky_relu(input, negative_slope=0.01, inplace=False)")
class LeakyReLU(Activation):
    """z where it is positive, a small part of it elsewhere."""

    modules = ("LeakyReLU",)
    nodes = ("LeakyReluBackward",)
    words = Words(
        (
            "leaky_relu keeps positive numbers and only a small part of the others.",
            "leaky_relu 保留正数，其余的数只保留一小部分。",
        ),
        (
            "leaky_relu lets the gradient through where z > 0, and a small part of it elsewhere.",
            "leaky_relu 在 z > 0 处让梯度全部通过，在其他地方只让一小部分通过。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.where(x[0] > 0, x[0], x[0] * settings["negative_slope"])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        return [np.where(x[0] > 0, 1.0, settings["negative_slope"])]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        share = Product((Number(settings["negative_slope"]), x[0]))
        return piecewise(x[0], (_is_positive, x[0], IF_POSITIVE), other=share)


@operation("hardsigmoid(input, inplace=False)")
class Hardsigmoid(Activation):
    """min(max(z + 3, 0), 6) / 6."""

    modules = ("Hardsigmoid",)
    nodes = ("HardsigmoidBackward",)
    words = Words(
        (
            "hardsigmoid is sigmoid drawn with straight lines: 0 below -3, 1 above 3, evenly rising between.",
            "hardsigmoid 是用直线画出的 sigmoid：低于 -3 为 0，高于 3 为 1，中间均匀上升。",
        ),
        (
            "hardsigmoid passes a sixth of the gradient between -3 and 3, and nothing outside.",
            "hardsigmoid 在 -3 与 3 之间让六分之一的梯度通过，在其外不让通过。",
        ),
    )
    passes, stops = _ON_THE_WAY, _OUTSIDE

    def compute(self, settings: Settings, *x: Array) -> Array:
        return _relu6(x[0] + 3) / 6

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        return [np.where((x[0] > -3) & (x[0] < 3), 1 / 6, 0.0)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Fraction(_written_relu6(x[0]), Number(6))


@operation("hardswish(input, inplace=False)")
class Hardswish(Activation):
    """z · min(max(z + 3, 0), 6) / 6."""

    modules = ("Hardswish",)
    nodes = ("HardswishBackward",)
    words = Words(
        (
            "hardswish multiplies a number by a straight-line sigmoid of itself.",
            "hardswish 把一个数乘以它自身的分段线性 sigmoid。",
        ),
        (
            "hardswish passes the whole gradient above 3, nothing below -3, and a part that grows with z between.",
            "hardswish 在 3 以上让梯度全部通过，在 -3 以下不让通过，中间通过的比例随 z 增大。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return x[0] * _relu6(x[0] + 3) / 6

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        return [np.where(x[0] <= -3, 0.0, np.where(x[0] < 3, x[0] / 3 + 0.5, 1.0))]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Fraction(Product((x[0], _written_relu6(x[0]))), Number(6))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Sequence[Expression | None]:
        middle = Add((Fraction(x[0], Number(3)), Number(0.5)))
        low = (lambda z: z <= -3, ZERO, Bilingual("if at most -3", "若不大于 -3"))
        return [piecewise(x[0], low, (lambda z: z < 3, middle, Bilingual("if below 3", "若小于 3")), other=ONE)]


@operation("hardshrink(input, lambd=0.5)")
class Hardshrink(Activation):
    """z, or 0 where -λ <= z <= λ."""

    modules = ("Hardshrink",)
    nodes = ("HardshrinkBackward",)
    words = Words(
        ("hardshrink sets numbers near 0 to 0 and keeps the others.", "hardshrink 把 0 附近的数置为 0，其余保留。"),
        (
            "hardshrink lets the gradient through where the number was kept.",
            "hardshrink 在数被保留的地方让梯度通过。",
        ),
    )
    passes, stops = _KEPT, _SHRUNK

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.where(np.abs(x[0]) <= settings["lambd"], 0.0, x[0])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        return [np.where(np.abs(x[0]) <= settings["lambd"], 0.0, 1.0)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        limit = settings["lambd"]
        return piecewise(
            x[0],
            (
                lambda z: abs(z) <= limit,
                ZERO,
                Bilingual(f"if from -{limit:g} to {limit:g}", f"若在 -{limit:g} 到 {limit:g} 之间"),
            ),
            other=x[0],
        )


@operation("softshrink(input, lambd=0.5)")
class Softshrink(Activation):
    """z moved towards 0 by λ, 0 where it would pass it."""

    modules = ("Softshrink",)
    nodes = ("SoftshrinkBackward",)
    words = Words(
        (
            "softshrink moves each number towards 0 by a fixed amount; what is nearer than that becomes 0.",
            "softshrink 把每个数向 0 移动固定的量；离 0 更近的数变为 0。",
        ),
        (
            "softshrink lets the gradient through where the number did not become 0.",
            "softshrink 在数没有变为 0 的地方让梯度通过。",
        ),
    )
    passes, stops = _KEPT, _SHRUNK

    def compute(self, settings: Settings, *x: Array) -> Array:
        z, limit = x[0], settings["lambd"]
        return np.where(z > limit, z - limit, np.where(z < -limit, z + limit, z * 0))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        return [np.where(np.abs(x[0]) <= settings["lambd"], 0.0, 1.0)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        limit = settings["lambd"]
        above = (lambda z: z > limit, Sub(x[0], Number(limit)), Bilingual(f"if above {limit:g}", f"若大于 {limit:g}"))
        below = (
            lambda z: z < -limit,
            Add((x[0], Number(limit))),
            Bilingual(f"if below -{limit:g}", f"若小于 -{limit:g}"),
        )
        return piecewise(x[0], above, below, other=ZERO)


@operation("threshold(input, threshold, value, inplace=False)", "_threshold(input, threshold, value, inplace=False)")
class Threshold(Activation):
    """z above the threshold, else a fixed value."""

    modules = ("Threshold",)
    nodes = ("ThresholdBackward",)
    words = Words(
        (
            "threshold keeps numbers above a limit and puts a fixed value in place of the others.",
            "threshold 保留高于阈值的数，其余的用固定的值代替。",
        ),
        (
            "threshold lets the gradient through where the number was kept.",
            "threshold 在数被保留的地方让梯度通过。",
        ),
    )
    passes = Bilingual("the input is above the threshold: the gradient passes", "输入高于阈值，梯度通过")
    stops = Bilingual("the input is not above the threshold: nothing passes", "输入不高于阈值，没有梯度通过")

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.where(x[0] <= settings["threshold"], float(settings["value"]), x[0])

    def derive(self, settings: Settings, y: Array, *x: Array) -> Sequence[Array]:
        return [np.where(x[0] <= settings["threshold"], 0.0, 1.0)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        limit = settings["threshold"]
        replaced = (
            lambda z: z <= limit,
            Number(settings["value"]),
            Bilingual(f"if at most {limit:g}", f"若不大于 {limit:g}"),
        )
        return piecewise(x[0], replaced, other=x[0])


def _is_positive(z: float) -> bool:
    return z > 0


def _relu6(z: Array) -> Array:
    return np.minimum(np.maximum(z, 0.0), 6.0)


def _written_relu6(z: Expression) -> Expression:
    return Applied("min", (Applied("max", (Add((z, Number(3))), ZERO)), Number(6)))
