"""Rows of updates by hand: what a line of the script writes into a parameter.

Most of them are ops that write into their first argument, so the op's own row in the table of operations computes and
explains them (`sub_`, `addcmul_`, `clamp_`). Copies and constants have nothing to compute.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ....bilingual import Bilingual, sentences
from ...notation.expression import Equals, EquationLine, Number, Product, Symbol
from ..call import Array, Form, UnfitError, bind
from ..case import Forward, Index, MissingNumbersError, Operand, Update, Worked
from ..kinds.pointwise import stretched
from ..operation import Operation, row_of
from ..rule import ANY_OP, RULES, Step, UpdateRule, update
from ..words import Words
from .parts import Part, part_of

_OWN_LINE = Bilingual("The script's own update.", "脚本自己的更新。")
_NOT_WRITTEN = Bilingual(
    "The script writes to another part of it; this place stays as it is.", "脚本写入的是另一部分；这个位置保持不变。"
)

_WORDS = Words(
    (
        "A line of the script itself changes the parameter, outside autograd.",
        "脚本中的一行代码在自动微分之外直接修改参数。",
    ),
    (
        "Usually it takes off the learning rate times the gradient: a step downhill.",
        "通常是减去学习率乘以梯度，即沿梯度反方向走一步。",
    ),
)


class Written(UpdateRule):
    """An op that writes into a parameter."""

    words = _WORDS

    def __init__(self, name: str = "") -> None:
        self._name = name

    def named(self, name: str) -> UpdateRule:
        """For the op of that name."""
        return type(self)(name)

    def step(self, step: Step) -> Mapping[str, Array]:
        """What the op makes of the old numbers, at the places that it writes to."""
        row, form = self._op()
        part = part_of(step.settings, step.old.shape)
        tensors: dict[str, Array | None] = {name: array for name, array in step.state.items() if name != "out"}
        if step.gradient is not None and "1" not in step.settings:
            tensors.setdefault("1", step.gradient)
        tensors.setdefault("0", part.of(step.old))
        made = row.forward(bind(form, self._function, tensors, _arguments(step.settings), (), True))
        array = made if isinstance(made, np.ndarray | np.generic) else made[0]
        return {"value": part.put(step.old, np.asarray(array))}

    def equation(self, case: Update) -> Worked:
        """The op's own equation, and above it how the script made what it takes off."""
        row, form = self._op()
        part = part_of(case.settings, case.old.array.shape)
        place = part.place(case.index)
        if place is None:
            return Worked(case.old.at(case.index), None, case.old.value_at(case.index), note=_NOT_WRITTEN)
        event = replace(case.event, arguments_json=_without_part(case))
        operands, result = _operands(case, part), replace(case.new, data=part.of(case.new.array))
        worked = row.equation(Forward(event, form, operands, (result,), place, False))
        before = (*_change_line(case, place), *worked.before)
        return replace(worked, before=before, note=sentences(_OWN_LINE, worked.note))

    @property
    def _function(self) -> str:
        return f"torch.Tensor.{self._name}"

    def _op(self) -> tuple[Operation, Form]:
        found = row_of(self._name)
        if found is None:
            raise UnfitError(f"there is no formula for {self._name} in numpy", f"{self._name} 没有 NumPy 公式")
        if found[0].draws:
            raise UnfitError("the new numbers are drawn at random", "新的数值是随机抽取的")
        return found


def _operands(case: Update, part: Part) -> tuple[Operand, ...]:
    """The op's arguments that are tensors, by its own names: the parameter, or the part of it, is the first."""
    change = case.gradient
    given = [
        change if change is not None and change.name == name else operand
        for name, operand in case.before.items()
        if name != "out"
    ]
    if any(operand.name in ("0", "input") for operand in given):
        return tuple(given)
    return replace(case.old, name="0", data=part.of(case.old.array)), *given


def _arguments(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: setting for name, setting in settings.items() if name != "part"}


def _without_part(case: Update) -> str:
    return json.dumps(_arguments(case.settings))


def _change_line(case: Update, place: Index) -> tuple[EquationLine, ...]:
    """What is taken off or added is η times a gradient, if the script multiplied one."""
    change = case.gradient
    if change is None or case.rate is None or case.multiplied is None:
        return ()
    if case.multiplied.array.shape != change.array.shape:
        return ()
    own = stretched(place, change.array.shape)
    parts = (
        change.at(own),
        Product((Symbol("η"), case.multiplied.at(own))),
        Product((case.rate.expression, case.multiplied.number(own))),
        change.number(own),
    )
    return (EquationLine(Equals(parts)),)


@update("copy_")
class Copied(UpdateRule):
    """The old numbers are written over by other ones."""

    words = Words(
        (
            "The script writes other numbers over the old ones.",
            "脚本用其他数值覆盖旧值。",
        ),
        (
            "The step is whatever the script made it: often the old number less the learning rate times the gradient.",
            "这一步由脚本自己决定：常常是旧值减去学习率乘以梯度。",
        ),
    )

    def step(self, step: Step) -> Mapping[str, Array]:
        """The other numbers, stretched to the parameter's shape."""
        if step.gradient is None:
            raise UnfitError("what was written is not in the trace", "写入的内容不在记录中")
        part = part_of(step.settings, step.old.shape)
        return {"value": part.put(step.old, step.gradient)}

    def equation(self, case: Update) -> Worked:
        """The number that was written."""
        change = case.gradient
        if change is None:
            raise MissingNumbersError("change")
        place = part_of(case.settings, case.old.array.shape).place(case.index)
        if place is None:
            return Worked(case.old.at(case.index), None, case.old.value_at(case.index), note=_NOT_WRITTEN)
        own = stretched(place, change.array.shape)
        # A value without a name of its own is called a change, which a copy is not.
        symbols = change.number(own) if change.symbol.startswith("Δ") else change.at(own)
        return Worked(
            symbols, None, change.value_at(own), note=Bilingual("The old number is written over.", "旧的数被覆盖。")
        )


@update("data=")
class Replaced(Copied):
    """The parameter is another tensor from now on, which may have another shape."""

    def step(self, step: Step) -> Mapping[str, Array]:
        """The other tensor's numbers."""
        if step.gradient is None:
            raise UnfitError("what was written is not in the trace", "写入的内容不在记录中")
        return {"value": step.gradient}


@update("fill_", "zero_")
class Filled(UpdateRule):
    """The old numbers are written over by one and the same."""

    words = Words(
        (
            "The script writes one number over all the old ones.",
            "脚本用同一个数覆盖所有旧值。",
        ),
        (
            "What was learned at these places is gone: training goes on from the number that was written.",
            "这些位置上学到的值不复存在：训练从写入的数继续。",
        ),
    )

    def step(self, step: Step) -> Mapping[str, Array]:
        """The number everywhere."""
        number = _filled_with(step.settings) if step.gradient is None else step.gradient
        return {"value": part_of(step.settings, step.old.shape).put(step.old, np.asarray(number))}

    def equation(self, case: Update) -> Worked:
        """The number that was written."""
        place = part_of(case.settings, case.old.array.shape).place(case.index)
        if place is None:
            return Worked(case.old.at(case.index), None, case.old.value_at(case.index), note=_NOT_WRITTEN)
        number = _filled_with(case.settings) if case.gradient is None else case.gradient.value_at(())
        return Worked(Number(number), None, number, note=Bilingual("The old number is written over.", "旧的数被覆盖。"))


def _filled_with(settings: Mapping[str, Any]) -> float:
    found = settings.get("value", settings.get("1", 0.0))
    if not isinstance(found, int | float):
        raise UnfitError("what was written is not a number", "写入的不是数")
    return float(found)


RULES[ANY_OP] = Written()
