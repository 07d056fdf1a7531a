"""How a gradient was changed between the backward pass and the update that reads it: clipped by norm or value, scaled.

torch.nn.utils.clip_grad_norm_ multiplies all gradients by c = min(1, max_norm/(N + 1e-6)), N being the norm of all of
them together; clip_grad_value_ clamps each number. A trace has the ops that these are made of.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from ...bilingual import NOTHING, Bilingual, sentences
from ...events import Event, Slot
from ..flow import Flow, slot_named
from ..notation.expression import (
    Add,
    Call,
    Equals,
    EquationLine,
    Expression,
    Fraction,
    Number,
    Power,
    Product,
    Root,
    Symbol,
)
from ..table.case import Index, MissingNumbersError, Operand, Update, Worked
from ..table.sums import elided, first_and_last
from .values_of import Values

_MOST = 8
"""Changes of one gradient that are followed back."""

_KINDS = {
    **{"mul": "mul", "div": "div", "amp_foreach_non_finite_check_and_unscale": "unscale"},
    **dict.fromkeys(("clamp", "clamp_min", "clamp_max"), "clamp"),
}
"""Op that writes into gradients, without `_foreach_` -> what it does to them."""

_ONE, _N, _C = Number(1), Symbol("N"), Symbol("c")


@dataclass(frozen=True, slots=True)
class Clipped:
    """An update that reads a changed gradient. lines: how it was changed, at case.index. note: a sentence about it."""

    case: Update
    lines: tuple[EquationLine, ...] = ()
    note: Bilingual = NOTHING

    def told(self, worked: Worked) -> Worked:
        """The update's equation, with what happened before."""
        return replace(worked, before=(*self.lines, *worked.before), note=sentences(self.note, worked.note))


def clipped(case: Update, flow: Flow, values: Values) -> Clipped:
    """The update with its gradient called what it is ("clipped dC/dw1"), and the lines that lead to it."""
    gradient = case.gradient
    if gradient is None or gradient.name != "grad" or gradient.value is None:
        return Clipped(case)
    changes = _changes(gradient.value, flow)
    if not changes:
        return Clipped(case)
    lines: list[EquationLine] = []
    notes: list[Bilingual] = []
    name = gradient.symbol
    before = Operand("grad", name, changes[0].before, values.array(changes[0].before), "gradient")
    for change in changes:
        step = _Step(change, flow, values)
        after = Operand("grad", f"{step.word} {name}", change.after, values.array(change.after), "gradient")
        lines += [*step.lines(), step.line(before, after, case.index)]
        notes.append(step.note(case.event.name))
        before = after
    return Clipped(replace(case, gradient=before), tuple(lines), sentences(*dict.fromkeys(notes)))


@dataclass(frozen=True, slots=True)
class _Change:
    """One op that wrote into a `.grad`. before, after: ids of the values. kind: see `_KINDS`."""

    op: Event
    kind: str
    before: int
    after: int


def _changes(value: int, flow: Flow) -> list[_Change]:
    """What wrote into the gradient's box, first to last."""
    found: list[_Change] = []
    while len(found) < _MOST:
        op, slot = flow.made.get(value, (None, None))
        if op is None or slot is None or not op.name.endswith("_"):
            break
        kind = _KINDS.get(_plain_name(op))
        before = _read(op, slot)
        if kind is None or before is None:
            break
        found.append(_Change(op, kind, before, value))
        value = before
    return found[::-1]


def _read(op: Event, made: Slot) -> int | None:
    """What an in-place op read where it left this."""
    several = any(slot.name == "0.0" for slot in op.inputs)
    name = f"0.{made.name}" if several else "0"
    return next((slot.value for slot in op.inputs if slot.name == name), None)


@dataclass(frozen=True, slots=True)
class _Norm:
    """What clipping by norm went by. limit: the largest norm allowed; small: added to the norm; total: the norm.

    parts: each parameter's; order: which norm, 2 or "inf" or another.
    """

    limit: float
    small: float
    total: float
    parts: tuple[float, ...]
    order: Any

    def lines(self, factor: float) -> list[EquationLine]:
        """The norm from its parts, and the coefficient from the norm."""
        symbols = Call("min", (_ONE, Fraction(Symbol("N", "max"), Add((_N, Number(self.small))))))
        numbers = Call("min", (_ONE, Fraction(Number(self.limit), Add((_number(self.total), Number(self.small))))))
        caption = Bilingual("The largest norm that is allowed, over the norm.", "允许的最大范数与范数之比。")
        found = EquationLine(Equals((_C, symbols, numbers, _number(factor))), caption)
        return [*self._total_line(), found]

    def _total_line(self) -> list[EquationLine]:
        shown, order = [_number(part) for part in first_and_last(self.parts)], self.order
        if not shown:
            return []
        if order == "inf":
            numbers: Expression = Call("max", tuple(shown))
        elif isinstance(order, int | float):
            powers = elided([Power(part, Number(order)) for part in shown], len(self.parts))
            numbers = Root(powers) if order == 2 else Power(powers, Fraction(_ONE, Number(order)))
        else:
            return []
        caption = Bilingual(
            "The norm of all gradients, from each parameter's.", "所有梯度的总范数，由各参数的范数得到。"
        )
        return [EquationLine(Equals((_N, numbers, _number(self.total))), caption)]


class _Step:
    """One change, in words and equations."""

    def __init__(self, change: _Change, flow: Flow, values: Values) -> None:
        self._change = change
        self._flow = flow
        self._values = values
        self._norm = self._find_norm() if change.kind == "mul" else None
        self.word = "clipped" if change.kind == "clamp" or self._norm is not None else "scaled"

    def lines(self) -> list[EquationLine]:
        """The norm of all gradients, and the coefficient that comes of it."""
        return [] if self._norm is None else self._norm.lines(self._factor())

    def line(self, before: Operand, after: Operand, index: Index) -> EquationLine:
        """The element before and after."""
        symbols, numbers = (self._written(x) for x in (before.at(index), before.number(index)))
        if self._norm is not None:
            symbols = Product((_C, before.at(index)))
        return EquationLine(Equals((after.at(index), symbols, numbers, after.number(index))))

    def _written(self, x: Expression) -> Expression:
        if self._change.kind == "clamp":
            low, high = self._bounds()
            x = x if high is None else Call("min", (Number(high), x))
            return x if low is None else Call("max", (Number(low), x))
        factor = _number(self._factor())
        return Fraction(x, factor) if self._change.kind == "div" else Product((factor, x))

    def note(self, reader: str) -> Bilingual:
        """What happened to the gradient that the optimizer read."""
        if self._change.kind == "clamp":
            return Bilingual(
                f"The gradient that {reader} read was clipped place by place.", f"{reader} 所用的梯度被逐元素裁剪。"
            )
        factor = self._factor()
        if self._norm is not None and factor == 1:
            return Bilingual(
                "The norm of all gradients was small enough, so clipping left them as they were.",
                "所有梯度的总范数足够小，因此裁剪没有改变它们。",
            )
        if self._norm is not None:
            return Bilingual(
                f"The gradient that {reader} read was clipped: multiplied by {factor:.4g}.",
                f"{reader} 所用的梯度被裁剪：乘以 {factor:.4g}。",
            )
        if self._change.kind == "div":
            return Bilingual(
                f"The gradient that {reader} read was divided by {factor:.4g}.",
                f"{reader} 所用的梯度被除以 {factor:.4g}。",
            )
        return Bilingual(
            f"The gradient that {reader} read was multiplied by {factor:.4g}.",
            f"{reader} 所用的梯度被乘以 {factor:.4g}。",
        )

    def _bounds(self) -> tuple[float | None, float | None]:
        plain = self._change.op.arguments
        name = _plain_name(self._change.op)
        if name == "clamp":
            return plain.get("1", plain.get("min")), plain.get("2", plain.get("max"))
        bound = plain.get("1", plain.get("min", plain.get("max")))
        return (bound, None) if name == "clamp_min" else (None, bound)

    def _factor(self) -> float:
        """What it was multiplied with, or divided by."""
        op, name = self._change.op, _factor_slot(self._change.kind)
        slot = slot_named(op.inputs, (name,))
        array = None if slot is None else self._values.array(slot.value)
        if slot is None:
            return float(op.arguments[name])
        if array is None or array.size != 1:
            raise MissingNumbersError("factor")
        return float(array.reshape(-1)[0])

    def _find_norm(self) -> _Norm | None:
        """Goes back along clip_grad_norm_: clamp(max_norm / (norm + 1e-6), max=1)."""
        clamp = self._maker(self._change.op, "1", "clamp")
        ratio = self._maker(clamp, "0", "rdiv", "div")
        added = self._maker(ratio, "0", "add")
        if ratio is None or added is None:
            return None
        limit, small = ratio.arguments.get("1"), added.arguments.get("1")
        total = self._values.array(added.inputs[0].value)
        if total is None or not isinstance(limit, int | float) or not isinstance(small, int | float):
            return None
        norm = self._maker(added, "0", "linalg_vector_norm")
        stack = self._maker(norm, "0", "stack")
        arrays = [] if stack is None else [self._values.array(slot.value) for slot in stack.inputs]
        parts = tuple(float(array) for array in arrays if array is not None and array.size == 1)
        order = None if norm is None else norm.arguments.get("1", norm.arguments.get("ord", 2))
        return _Norm(limit, small, float(total), parts if len(parts) == len(arrays) else (), order)

    def _maker(self, op: Event | None, slot: str, *names: str) -> Event | None:
        """The op of one of these names that made an argument."""
        found = None if op is None else slot_named(op.inputs, (slot,))
        made, _ = (
            (None, None) if found is None or found.value is None else self._flow.made.get(found.value, (None, None))
        )
        return made if made is not None and made.name in names else None


def _plain_name(op: Event) -> str:
    """ "clamp_min" for `_foreach_clamp_min_`."""
    return op.name.strip("_").removeprefix("foreach_")


def _factor_slot(kind: str) -> str:
    return "2" if kind == "unscale" else "1"


def _number(x: float) -> Number:
    """In as many digits as it has: what was float32 is written as such."""
    single = np.float32(x)
    return Number(cast(float, single) if float(single) == x else x)
