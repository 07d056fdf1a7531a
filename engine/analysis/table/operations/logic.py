"""Rows of logic: of truths (logical_and), and of the bits of integers (bitwise_and), also as the operators & | ^ ~.

Formulas: PyTorch's documentation of torch.logical_and and torch.bitwise_and.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np

from ..call import Array
from ..kinds.deciding import Deciding
from ..kinds.pointwise import Settings
from ..operation import operation
from ..words import Words


class Logic(Deciding):
    """A row of numpy's function of the same meaning."""

    operands: ClassVar[tuple[str, ...]] = ("input", "other")
    decides: ClassVar[Callable[..., Array]]

    def compute(self, settings: Settings, *x: Array) -> Array:
        return np.asarray(type(self).decides(*x))


@operation("logical_and(input, other)")
class LogicalAnd(Logic):
    """x ∧ y."""

    sign, decides = "∧", np.logical_and
    words = Words(("logical_and says at each place whether both are true.", "logical_and 逐位判断两者是否都为真。"))


@operation("logical_or(input, other)")
class LogicalOr(Logic):
    """x ∨ y."""

    sign, decides = "∨", np.logical_or
    words = Words(
        ("logical_or says at each place whether at least one is true.", "logical_or 逐位判断是否至少一个为真。")
    )


@operation("logical_xor(input, other)")
class LogicalXor(Logic):
    """x ⊕ y."""

    sign, decides = "⊕", np.logical_xor
    words = Words(
        ("logical_xor says at each place whether exactly one is true.", "logical_xor 逐位判断是否恰有一个为真。")
    )


@operation("logical_not(input)")
class LogicalNot(Logic):
    """¬x."""

    operands = ("input",)
    sign, decides = "¬", np.logical_not
    words = Words(("logical_not turns true into false and false into true.", "logical_not 逐位取逻辑非。"))


@operation(*(f"{name}(input, other)" for name in ("and", "iand", "bitwise_and")))
class BitAnd(Logic):
    """x & y."""

    sign, decides = "&", np.bitwise_and
    words = Words(
        ("& keeps the bits that both have; of truths: whether both are true.", "& 逐位取按位与；对布尔值即两者都为真。")
    )


@operation(*(f"{name}(input, other)" for name in ("or", "ior", "ror", "bitwise_or")))
class BitOr(Logic):
    """x | y."""

    sign, decides = "|", np.bitwise_or
    words = Words(
        (
            "| keeps the bits that one of them has; of truths: whether one is true.",
            "| 逐位取按位或；对布尔值即至少一个为真。",
        )
    )


@operation(*(f"{name}(input, other)" for name in ("xor", "ixor", "rxor", "bitwise_xor")))
class BitXor(Logic):
    """x ^ y."""

    sign, decides = "⊕", np.bitwise_xor
    words = Words(
        (
            "^ keeps the bits that just one of them has; of truths: whether just one is true.",
            "^ 逐位取按位异或；对布尔值即恰有一个为真。",
        )
    )


@operation("invert(input)", "bitwise_not(input)")
class BitNot(Logic):
    """~x."""

    operands = ("input",)
    sign, decides = "~", np.invert
    words = Words(("~ turns every bit over; of truths: true into false.", "~ 逐位取反；对布尔值即真假互换。"))


@operation(*(f"{name}(input, other)" for name in ("lshift", "ilshift", "bitwise_left_shift")))
class ShiftLeft(Logic):
    """x · 2ʸ."""

    sign, decides = "<<", np.left_shift
    words = Words(
        ("<< moves the bits to the left: each place doubles the number.", "<< 把二进制位左移：每移一位数值翻倍。")
    )


@operation(*(f"{name}(input, other)" for name in ("rshift", "irshift", "bitwise_right_shift")))
class ShiftRight(Logic):
    """⌊x / 2ʸ⌋."""

    sign, decides = ">>", np.right_shift
    words = Words(
        (">> moves the bits to the right: each place halves the number.", ">> 把二进制位右移：每移一位数值减半。")
    )


@operation("rlshift(input, other)")
class ShiftedLeft(ShiftLeft):
    """y · 2ˣ: the tensor says by how many places."""

    operands = ("other", "input")
    words = Words(
        ("The number's bits are moved to the left by the tensor's numbers.", "按张量中的数把该数的二进制位左移。")
    )


@operation("rrshift(input, other)")
class ShiftedRight(ShiftRight):
    """⌊y / 2ˣ⌋: the tensor says by how many places."""

    operands = ("other", "input")
    words = Words(
        ("The number's bits are moved to the right by the tensor's numbers.", "按张量中的数把该数的二进制位右移。")
    )
