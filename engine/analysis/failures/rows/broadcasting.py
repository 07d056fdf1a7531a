"""Elementwise operations on shapes that do not broadcast."""

from __future__ import annotations

from ..facts import Facts, shape_text
from ..row import Row
from ..told import Told, told


def _sizes(facts: Facts) -> Told | None:
    left_size, right_size, dimension = (int(group) for group in facts.found.groups())
    left, right = facts.operand("0", "input"), facts.operand("1", "other", "target")
    rule = (
        "Shapes are compared from the last dimension; two sizes go together if they are equal or one of them is 1.",
        "形状从最后一维开始比较；两个大小相等、或其中一个为 1 时才匹配。",
    )
    if left is None or right is None:
        return told(
            (
                f"Dimension {dimension} has size {left_size} in one operand and {right_size} in the other. {rule[0]}",
                f"第 {dimension} 维在一个操作数中大小为 {left_size}，在另一个中为 {right_size}。{rule[1]}",
            ),
            ("Print the shapes of both operands before this line.", "在这一行之前打印两个操作数的形状。"),
        )
    back = max(len(left.shape), len(right.shape)) - dimension
    own = (len(left.shape) - back, len(right.shape) - back)
    meaning = (
        f"Dimension {own[0]} of {left.en} {shape_text(left.shape)} has size {left_size}, dimension {own[1]} of "
        f"{right.en} "
        f"{shape_text(right.shape)} has size {right_size}. {rule[0]}",
        f"{left.zh} {shape_text(left.shape)} 的第 {own[0]} 维大小是 {left_size}，{right.zh} "
        f"{shape_text(right.shape)} 的第 "
        f"{own[1]} 维大小是 {right_size}。{rule[1]}",
    )
    a, b = left.code("a"), right.code("b")
    if len(left.shape) == 2 and left.shape == tuple(reversed(right.shape)):
        return told(
            meaning, ("One of them lies the other way: turn it.", "其中一个方向相反：把它转置。"), f"{b} = {b}.T"
        )
    if len(right.shape) == 1 and len(left.shape) > 1 and right.shape[0] == left.shape[0]:
        fix = (f"Make {right.en} a column, one number a row.", f"把 {right.zh} 变成一列，每行一个数。")
        return told(meaning, fix, f"{b} = {b}.unsqueeze(1)")
    if len(left.shape) == 1 and len(right.shape) > 1 and left.shape[0] == right.shape[0]:
        fix = (f"Make {left.en} a column, one number a row.", f"把 {left.zh} 变成一列，每行一个数。")
        return told(meaning, fix, f"{a} = {a}.unsqueeze(1)")
    return told(
        meaning,
        (
            f"Make both the same size there, or one of them 1. Look at what made {left.en} and {right.en}.",
            f"让两者在这一维大小相同，或其中一个为 1。检查 {left.zh} 和 {right.zh} 是怎么得到的。",
        ),
        f"print({a}.shape, {b}.shape)",
    )


def _expanded(facts: Facts) -> Told | None:
    size, existing, dimension, target, own = facts.found.groups()
    return told(
        (
            f"A tensor of shape {own} cannot become {target}: dimension {dimension} has size {existing}, and "
            "only a size "
            f"of 1 can be repeated to {size}.",
            f"形状 {own} 的张量无法扩展成 {target}：第 {dimension} 维大小是 {existing}，只有大小为 1 的维才能重"
            f"复成 {size}。",
        ),
        (
            "Make that dimension 1 or the wanted size, as with unsqueeze, or choose another place to write to.",
            "用 unsqueeze 等让这一维为 1 或等于目标大小，或写到别的位置。",
        ),
    )


ROWS = (
    Row(
        "broadcasting",
        r"The size of tensor a \((\d+)\) must match the size of tensor b \((\d+)\) at non-singleton dimension (\d+)",
        _sizes,
    ),
    Row(
        "expanding",
        r"expanded size of the tensor \((-?\d+)\) must match the existing size \((\d+)\) at non-singleton dimension "
        r"(\d+)\.\s+Target sizes: (\[.*?\])\.\s+Tensor sizes: (\[.*?\])",
        _expanded,
    ),
)
