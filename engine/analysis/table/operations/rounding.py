"""Rows of signs and whole parts: abs, sign, floor, ceil, round, trunc, frac.

Formulas: PyTorch's documentation of these functions. What is rounded is flat between its steps, so torch sends 0 back;
the sign of NaN is 0 for torch, and so is the slope of abs there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Number, Power, Product, Sub
from ..call import Array, UnfitError
from ..kinds.curve import curve, sign
from ..kinds.pointwise import ONE, Pointwise, Settings
from ..operation import operation
from ..words import Words
from .arithmetic import Slopes, Written

ZERO = Number(0)


def _flat(x: Array, y: Array) -> float:
    if np.iscomplexobj(x):
        raise UnfitError("the gradient of a complex direction has no formula here", "这里没有复数方向的梯度公式")
    return 0.0


def _write_flat(x: Expression, y: Expression) -> Expression:
    return ZERO


_STEPS: Any = {"slope_text": _write_flat}

curve(
    "abs absolute fabs",
    np.abs,
    lambda x, y: np.conj(sign(x)),
    Words(
        ("abs takes the sign off each number.", "abs 求每个数的绝对值。"),
        (
            "The gradient keeps its sign where the number is positive and turns it where it is negative.",
            "数为正时梯度不变，为负时梯度变号。",
        ),
    ),
    slope_text=lambda x, y: Applied("sign", (x,)),
    nodes=("AbsBackward",),
)

curve(
    "sign",
    sign,
    _flat,
    Words(
        (
            "sign is 1 for positive numbers, -1 for negative ones and 0 for 0.",
            "sign 对正数取 1，对负数取 -1，对 0 取 0。",
        ),
        ("sign is flat, so it lets no gradient through.", "sign 是平的，不让梯度通过。"),
    ),
    **_STEPS,
)

curve(
    "sgn",
    sign,
    _flat,
    Words(
        ("sgn is the sign of each number; of a complex one its direction.", "sgn 求每个数的符号；对复数求其方向。"),
        ("For real numbers sgn is flat, so it lets no gradient through.", "对实数 sgn 是平的，不让梯度通过。"),
    ),
    **_STEPS,
)

curve(
    "floor",
    np.floor,
    _flat,
    Words(
        ("floor rounds each number down.", "floor 把每个数向下取整。"),
        ("floor is flat between its steps, so it lets no gradient through.", "floor 在台阶之间是平的，不让梯度通过。"),
    ),
    **_STEPS,
)

curve(
    "ceil",
    np.ceil,
    _flat,
    Words(
        ("ceil rounds each number up.", "ceil 把每个数向上取整。"),
        ("ceil is flat between its steps, so it lets no gradient through.", "ceil 在台阶之间是平的，不让梯度通过。"),
    ),
    **_STEPS,
)

curve(
    "trunc fix",
    np.trunc,
    _flat,
    Words(
        ("trunc cuts off what comes after the decimal point.", "trunc 截去小数部分。"),
        ("trunc is flat between its steps, so it lets no gradient through.", "trunc 在台阶之间是平的，不让梯度通过。"),
    ),
    **_STEPS,
)

curve(
    "frac",
    lambda x: x - np.trunc(x),
    lambda x, y: 1.0,
    Words(
        ("frac keeps only what comes after the decimal point.", "frac 只保留小数部分。"),
        ("The gradient goes through unchanged.", "梯度原样通过。"),
    ),
    write=lambda x: Sub(x, Applied("trunc", (x,))),
    slope_text=lambda x, y: ONE,
)


@operation("round(input, *, decimals=0)", "special_round(input, *, decimals=0)")
class Round(Pointwise):
    """To the nearest whole number, or so many decimals; half-way to the even one."""

    nudged = "none"
    nodes = ("RoundBackward",)
    words = Words(
        (
            "round goes to the nearest whole number, and from half-way to the even one.",
            "round 取最接近的整数，恰在中间时取偶数。",
        ),
        ("round is flat between its steps, so it lets no gradient through.", "round 在台阶之间是平的，不让梯度通过。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        decimals = int(settings["decimals"])
        if decimals == 0 or x[0].dtype.kind in "iu":
            return np.asarray(np.rint(x[0]))
        scale = 10.0 ** abs(decimals)
        return np.asarray(np.rint(x[0] * scale) / scale if decimals > 0 else np.rint(x[0] / scale) * scale)

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [0.0]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        decimals = int(settings["decimals"])
        if decimals == 0:
            return Applied("round", x)
        scaled = Applied("round", (Product((x[0], Power(Number(10), Number(decimals)))),))
        return Product((scaled, Power(Number(10), Number(-decimals))))

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [ZERO]
