"""Rows that choose between numbers: clamp, maximum and minimum, replacements of NaN, a step, a borrowed sign.

Formulas: PyTorch's documentation; at ties the two largest share the gradient (derivatives.yaml: maximum, clamp).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from ...notation.expression import Call as Applied
from ...notation.expression import Expression, Number
from ..call import Array, Call, UnfitError
from ..case import Backward, Forward, Operand, Worked, constant
from ..kinds.curve import as_floats
from ..kinds.pointwise import Pointwise, Settings
from ..operation import operation
from ..words import Words
from .arithmetic import Slopes, Written

ZERO = Number(0)
_OPEN = {"min": -np.inf, "max": np.inf}


def _is_open(x: Expression) -> bool:
    return isinstance(x, Number) and bool(np.isinf(x.value))


@operation("clamp(input, min=None, max=None)", "clip(input, min=None, max=None)")
class Clamp(Pointwise):
    """min(max(x, low), high); a bound that is not given is infinite."""

    operands = ("input", "min", "max")
    nodes = ("ClampBackward", "ClampMinBackward", "ClampMaxBackward")
    words = Words(
        ("clamp moves numbers outside of the bounds to the nearer bound.", "clamp 把超出界限的数移到最近的界限上。"),
        (
            "The gradient goes through within the bounds; outside it goes to the bound, if that is a tensor.",
            "在界限之内梯度原样通过；在界限之外梯度流向界限（若界限是张量）。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """With infinities for missing bounds."""
        return super().forward(_bounded(call))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """With infinities for missing bounds."""
        return super().vjp(_bounded(call), upstream)

    def _operands(self, case: Forward | Backward) -> list[Operand]:
        return [case.operand(name) or constant(_OPEN.get(name, 0.0), name) for name in self.operands]

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.minimum(np.maximum(x[0], x[1]), x[2]))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        z, low, high = x
        has_both = not (np.all(np.isneginf(as_floats(low))) or np.all(np.isposinf(as_floats(high))))
        of_low = (z < low) & (low < high) if has_both else z < low
        of_high = (z > high) | (high < low) if has_both else z > high
        return [_one((z >= low) & (z <= high)), _one(of_low), _one(of_high)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        inner = x[0] if _is_open(x[1]) else Applied("max", (x[0], x[1]))
        return inner if _is_open(x[2]) else Applied("min", (inner, x[2]))


def _one(where: Array) -> Array:
    return np.asarray(where).astype(np.float64)


def _bounded(call: Call) -> Call:
    for name, bound in _OPEN.items():
        if call.get(name) is None:
            call = call.replaced(name, np.asarray(bound))
    return call


@operation("clamp_min(input, min)")
class ClampMin(Pointwise):
    """max(x, low)."""

    operands = ("input", "min")
    nodes = ("ClampMinBackward",)
    words = Words(
        ("clamp_min raises numbers below the bound to it.", "clamp_min 把低于下界的数提高到下界。"),
        (
            "The gradient goes through from the bound upwards and stops below it.",
            "不低于下界处梯度原样通过，低于下界处梯度为零。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.maximum(*x))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [_one(x[0] >= x[1]), _one(x[0] < x[1])]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Applied("max", x)


@operation("clamp_max(input, max)")
class ClampMax(Pointwise):
    """min(x, high)."""

    operands = ("input", "max")
    nodes = ("ClampMaxBackward",)
    words = Words(
        ("clamp_max lowers numbers above the bound to it.", "clamp_max 把高于上界的数降低到上界。"),
        (
            "The gradient goes through up to the bound and stops above it.",
            "不高于上界处梯度原样通过，高于上界处梯度为零。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.minimum(*x))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [_one(x[0] <= x[1]), _one(x[0] > x[1])]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Applied("min", x)


@operation("maximum(input, other)")
class Maximum(Pointwise):
    """The larger of two; NaN if one is NaN."""

    operands = ("input", "other")
    nodes = ("MaximumBackward", "MaxBackward")
    words = Words(
        ("maximum takes the larger of two numbers at each place.", "maximum 逐位取两数中较大者。"),
        ("The larger number gets the whole gradient; equal ones share it.", "较大的数得到全部梯度；相等时两者平分。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.maximum(*x))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        shared = np.where(x[0] == x[1], 0.5, 1.0)
        return [np.where(x[0] < x[1], 0.0, shared), np.where(x[0] > x[1], 0.0, shared)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Applied("max", x)


@operation("minimum(input, other)")
class Minimum(Pointwise):
    """The smaller of two; NaN if one is NaN."""

    operands = ("input", "other")
    nodes = ("MinimumBackward", "MinBackward")
    words = Words(
        ("minimum takes the smaller of two numbers at each place.", "minimum 逐位取两数中较小者。"),
        ("The smaller number gets the whole gradient; equal ones share it.", "较小的数得到全部梯度；相等时两者平分。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.minimum(*x))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        shared = np.where(x[0] == x[1], 0.5, 1.0)
        return [np.where(x[0] > x[1], 0.0, shared), np.where(x[0] < x[1], 0.0, shared)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Applied("min", x)


@operation("fmax(input, other)")
class FMax(Pointwise):
    """The larger of two; a number is preferred to NaN."""

    operands = ("input", "other")
    nodes = ("FmaxBackward",)
    words = Words(
        ("fmax takes the larger of two numbers and passes NaN over.", "fmax 逐位取较大者，忽略 NaN。"),
        (
            "The number that was taken gets the whole gradient; the first if equal.",
            "被取的数得到全部梯度；相等时归第一个。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.fmax(*x))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        first = (x[0] >= x[1]) | np.isnan(x[1])
        return [_one(first), _one(~first)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Applied("max", x)


@operation("fmin(input, other)")
class FMin(Pointwise):
    """The smaller of two; a number is preferred to NaN."""

    operands = ("input", "other")
    nodes = ("FminBackward",)
    words = Words(
        ("fmin takes the smaller of two numbers and passes NaN over.", "fmin 逐位取较小者，忽略 NaN。"),
        (
            "The number that was taken gets the whole gradient; the first if equal.",
            "被取的数得到全部梯度；相等时归第一个。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.fmin(*x))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        first = (x[0] <= x[1]) | np.isnan(x[1])
        return [_one(first), _one(~first)]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Applied("min", x)


_LARGEST = (65504.0, float(np.finfo(np.float32).max), 3.3895313892515355e38, float(np.finfo(np.float64).max))
"""The largest numbers of float16, float32, bfloat16 and float64."""


@operation("nan_to_num(input, nan=None, posinf=None, neginf=None)")
class NanToNum(Pointwise):
    """x, with numbers for NaN and the infinities: by default 0 and the largest of the type."""

    nodes = ("NanToNumBackward",)
    words = Words(
        ("nan_to_num puts numbers in the place of NaN and of infinities.", "nan_to_num 用数替换 NaN 和无穷大。"),
        (
            "The gradient goes through where there was a number, and stops where one was put in.",
            "原来是有限数处梯度原样通过，被替换处梯度为零。",
        ),
    )

    def forward(self, call: Call) -> Array:
        """The type's largest number is read off the recorded result, since it was widened."""
        made = super().forward(call)
        x, recorded = call.array("input"), call.outputs[0] if call.outputs else None
        for name, infinite in (("posinf", np.isposinf(x)), ("neginf", np.isneginf(x))):
            if call.get(name) is not None or not infinite.any():
                continue
            if recorded is None:
                raise UnfitError("the largest number of its type is not known", "不知道该类型的最大值")
            if np.abs(recorded[infinite][0]) in _LARGEST:
                made = np.where(infinite, recorded[infinite][0], made)
        return made

    def equation(self, case: Forward) -> Worked:
        """Which number it is, or was put in."""
        worked = super().equation(case)
        x = case.needed("input")
        value = x.value_at(case.index)
        if not np.isinf(value) or case.settings.get("posinf" if value > 0 else "neginf") is not None:
            return worked
        return replace(worked, computed=float(np.copysign(np.finfo(x.array.dtype).max, value)))

    def compute(self, settings: Settings, *x: Array) -> Array:
        if x[0].dtype.kind not in "fc":
            return x[0]
        put, high, low = (settings.get(name) for name in ("nan", "posinf", "neginf"))
        return np.asarray(np.nan_to_num(x[0], nan=put or 0.0, posinf=high, neginf=low))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [_one(np.isfinite(x[0]))]

    def write(self, settings: Settings, *x: Expression) -> Expression:
        return Applied("nan_to_num", x)


@operation("heaviside(input, values)")
class Heaviside(Pointwise):
    """0 below 0, 1 above, `values` at 0."""

    operands = ("input", "values")
    words = Words(
        (
            "heaviside is a step: 0 below 0, 1 above it, and the given value at 0.",
            "heaviside 是阶跃函数：小于 0 取 0，大于 0 取 1，等于 0 取给定值。",
        ),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.where(x[0] == 0, x[1], _one(x[0] > 0)))

    def vjp(self, call: Call, upstream: Sequence[Array]) -> Mapping[str, Array]:
        """Torch has none."""
        raise UnfitError("torch has no gradient for it", "torch 没有它的梯度")


@operation("copysign(input, other)")
class CopySign(Pointwise):
    """|x| with the sign of y."""

    operands = ("input", "other")
    nodes = ("CopysignBackward",)
    words = Words(
        ("copysign gives each number the sign of another.", "copysign 把另一个数的符号赋给每个数。"),
        ("The gradient turns its sign where the number's sign was turned.", "符号被改变处梯度也变号。"),
    )

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(np.copysign(as_floats(x[0]), as_floats(x[1])))

    def derive(self, settings: Settings, y: Array, *x: Array) -> Slopes:
        return [np.where(x[0] == 0, 0.0, y / x[0]), 0.0]

    def write_slopes(self, settings: Settings, y: Expression, *x: Expression) -> Written:
        return [Applied("sign", x[1:]) if not isinstance(x[0], Number) else None, ZERO]
