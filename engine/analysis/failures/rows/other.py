"""Errors that no other row knows."""

from __future__ import annotations

from ..facts import Facts, shape_text
from ..row import Row
from ..told import Told, told


def _any(facts: Facts) -> Told | None:
    given = "; ".join(f"{x.name or x.role.english} {shape_text(x.shape)} {x.dtype}" for x in facts.operands[:6])
    what = (f" It was given: {given}.", f"它得到的是：{given}。") if given else ("", "")
    forward = facts.forward_place
    where = ("", "")
    if forward is not None:
        where = (
            f" It belongs to line {forward.line} ({forward.text}).",
            f"它来自第 {forward.line} 行（{forward.text}）。",
        )
    return told(
        (
            f"{facts.op or 'torch'} could not go on with what it was given; torch's message says "
            f"why.{what[0]}{where[0]}",
            f"{facts.op or 'torch'} 无法处理得到的数据，原因见 torch 的消息。{what[1]}{where[1]}",
        ),
        (
            "Compare shapes, types and devices of the operands with what the documentation of the op asks for.",
            "把各操作数的形状、类型和设备与该操作文档中的要求对照。",
        ),
    )


ROWS = (Row("other", r"", _any),)
