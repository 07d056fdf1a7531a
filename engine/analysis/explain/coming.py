"""The equation of what a running script is about to do: its inputs are known, its result is a question mark.

An op that was not carried out has no role yet, so its result is called as the script calls it. In the backward pass the
unit at work is known, and which of its gradients come next: slope, bias, weight, input.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...events import Event, Phase, Slot
from ...events import Kind as EventKind
from ...trace.reader import Trace
from ..families import ACTIVATIONS, LOSSES, VIEWS, WEIGHT_SLOTS
from ..flow import ACCUMULATE, Flow, flow_of
from ..names import ValueNames
from ..notation.expression import Call, Equals, EquationLine, Expression, Kind, Number, Text
from ..quantities import Quantity
from ..roles import Roles, roles_of
from ..symbols import expression_of, gradient_of, slope_of
from ..table.call import Form
from ..table.case import Backward, Forward, MissingNumbersError, Operand, Worked, subscripted
from ..table.operation import row_of
from .explainer import UNFIT
from .values_of import Values

if TYPE_CHECKING:
    from ..table.operations.activations import Activation

UNKNOWN = Text("?")

_ELEMENTWISE = frozenset({"add", "sub", "mul", "div", "truediv", "pow", "neg", "exp", "log", "square", "sqrt"})
_SUMS = frozenset({"sum", "mean"})


def coming_lines(trace: Trace, iteration: int, revealed: Sequence[Quantity]) -> list[EquationLine]:
    """Of the event at which the script is held, which may be ahead of the place by some that reveal nothing new.

    revealed: the iteration's quantities that are known, in order. Empty where nothing sensible can be said.
    """
    event = trace.event(len(trace))
    if event is None or event.iteration != iteration:
        return []
    flow = flow_of(trace, event.iteration)
    known = roles_of(flow)
    if event.kind is EventKind.OP:
        return _forward(flow, known, event)
    if event.kind is EventKind.NODE:
        return _backward(flow, known, revealed, event)
    return []


def _forward(flow: Flow, known: Roles, event: Event) -> list[EquationLine]:
    operands = tuple(_operand(flow, known, event, slot) for slot in event.inputs)
    if not operands or event.name.startswith("_") or event.name in VIEWS:
        return []
    dimensions = _dimensions(event, operands)
    row, form = row_of(event.name) or (None, None)
    name = ValueNames(flow.trace).variable(event)
    left = _left(name, operands, dimensions) if name else None
    try:
        if row is None or form is None or dimensions is None:
            raise MissingNumbersError(event.name)
        result = Operand("result", name or "?", None, np.zeros((1,) * dimensions))
        worked = row.equation(Forward(event, form, operands, (result,), (0,) * dimensions, False))
    except UNFIT:
        left = expression_of(name) if name else None
        worked = Worked(Call(event.name, tuple(operand.expression for operand in operands)), None, 0.0)
    return _lines(left, worked)


def _left(name: str, operands: tuple[Operand, ...], dimensions: int | None) -> Expression:
    """The result's name, with the place of its first element if it will have several."""
    is_one_number = all(operand.data is None or operand.data.size == 1 for operand in operands)
    if not dimensions or is_one_number:
        return expression_of(name)
    return _symbol_at(Operand("result", name, None, None), (0,) * dimensions)


def _operand(flow: Flow, known: Roles, event: Event, slot: Slot) -> Operand:
    """An argument under its role, or what the script calls it, or its letter in the formula."""
    symbol = known.symbol(slot.value) if slot.value is not None else ""
    tensor = flow.trace.tensor(flow.value(slot.value).tensor or 0) if slot.value is not None else None
    is_parameter = tensor is not None and tensor.requires_grad
    letters = {name: letter for names, letter in zip(WEIGHT_SLOTS.get(event.name, ()), "xwb", strict=False)
               for name in names}  # fmt: skip
    if not symbol or is_parameter:
        symbol = letters.get(slot.name, "") if is_parameter or event.name in WEIGHT_SLOTS else ""
        symbol = symbol or ValueNames(flow.trace).argument(event, slot.name) or _letter(event, slot)
    kind: Kind = "parameter" if is_parameter else "value"
    return Operand(slot.name, symbol, slot.value, flow.trace.array(slot.value) if slot.value else None, kind)


def _letter(event: Event, slot: Slot) -> str:
    """Of an argument that nobody named: a loss compares with t."""
    return "t" if event.name in LOSSES and slot.name in ("1", "target") else "x"


def _dimensions(event: Event, operands: tuple[Operand, ...]) -> int | None:
    """How many the result will have; None for ops of which that is not known beforehand."""
    shapes = [operand.data.ndim for operand in operands if operand.data is not None]
    if len(shapes) != len(operands) or not shapes:
        return None
    if event.name in LOSSES:
        return shapes[0] if event.arguments.get("reduction") == "none" else 0
    if event.name in _SUMS:
        return 0 if not event.arguments.get("dim") and "1" not in event.arguments else None
    if event.name in WEIGHT_SLOTS:
        return shapes[0]
    return max(shapes) if event.name in ACTIVATIONS or event.name in _ELEMENTWISE else None


def _backward(flow: Flow, known: Roles, revealed: Sequence[Quantity], event: Event) -> list[EquationLine]:
    """The gradient that the unit at work sends next, or its slope before that."""
    node = flow.node(event.node)
    if node is None:
        return []
    last = revealed[-1] if revealed else None
    position = last.op if node.name == ACCUMULATE and last is not None else node.op
    op = flow.trace.event(position) if position is not None else None
    if op is None or not op.outputs or op.outputs[0].value is None:
        return []
    done = {step.symbol for step in revealed if step.op == op.position}
    values = Values(flow, known)
    row, form = row_of(op.name) or (None, None)
    if row is None or form is None:
        return []
    from ..table.operations.activations import Activation

    z = op.inputs[0].value if op.inputs else None
    if z is not None and isinstance(row, Activation) and slope_of(op.name, known.symbol(z)) not in done:
        return _slope(values, op, row, form)
    is_begun = last is not None and last.op == op.position and last.phase is Phase.BACKWARD
    begun = flow.trace.event(last.event) if last is not None and is_begun else None
    upstreams = values.upstreams(begun, op) if begun is not None else _arriving(values, known, event, op)
    if not any(upstreams):
        return []
    for wrt in _in_textbook_order(flow, known, op, values.operands(op)):
        symbol = gradient_of(wrt.symbol)
        if symbol in done or wrt.data is None:
            continue
        gradient = Operand("gradient", symbol, None, np.zeros_like(wrt.data), "gradient")
        index = (0,) * wrt.data.ndim
        try:
            operands, results = values.operands(op), values.results(op)
            worked = row.gradient_equation(
                Backward(op, form, operands, results, upstreams, wrt, gradient, index, False)
            )
        except UNFIT:
            return []
        left = gradient.expression if wrt.data.size == 1 else _symbol_at(gradient, index)
        return _lines(left, worked)
    return []


def _slope(values: Values, op: Event, row: Activation, form: Form) -> list[EquationLine]:
    """The local derivative; where it has no formula of its own, only its symbol."""
    operands, results = values.operands(op), values.results(op)
    z, a = operands[0], results[0]
    if z.data is None or a.data is None:
        return []
    index = (0,) * z.data.ndim
    line = row.slope_line(Forward(op, form, operands, results, index, False), z, a, index, 0.0)
    parts = line.expression.parts if isinstance(line.expression, Equals) else ()
    return [EquationLine(Equals((*parts[:-1], UNKNOWN)))]


def _arriving(values: Values, known: Roles, event: Event, op: Event) -> tuple[Operand | None, ...]:
    """What arrives at the pending node, if it is the first of its unit."""
    arrived = {slot.index: slot.value for slot in event.inputs}
    return tuple(
        None
        if made.node != event.node or made.value is None or (value := arrived.get(made.index)) is None
        else values.gradient(value, gradient_of(known.symbol(made.value)))
        for made in op.outputs
    )


def _in_textbook_order(flow: Flow, known: Roles, op: Event, operands: tuple[Operand, ...]) -> list[Operand]:
    """The arguments that want a gradient that is a step: bias, weight, then what was computed before."""
    found: list[tuple[int, Operand]] = []
    for operand in operands:
        if operand.value is None:
            continue
        tensor = flow.leaves.get(operand.value)
        if tensor is not None and tensor not in known.inputs:
            rank = 0 if operand.symbol.startswith("b") else 1
            found.append((rank, operand))
        elif flow.is_computed(operand.value):
            found.append((2, operand))
    return [operand for _, operand in sorted(found, key=lambda pair: pair[0])]


def _symbol_at(unknown: Operand, index: tuple[int, ...]) -> Expression:
    """The symbol of one element: it has no value yet, so `Operand.at` would leave its place out."""
    symbol = expression_of(unknown.symbol, unknown.kind)
    return subscripted(symbol, ",".join(map(str, index)))


def _lines(left: Expression | None, worked: Worked) -> list[EquationLine]:
    # A bare number on the right would be the result.
    numbers = None if isinstance(worked.numbers, Number) else worked.numbers
    parts = [part for part in (left, worked.symbols, numbers, UNKNOWN) if part is not None]
    return [*worked.before, EquationLine(Equals(tuple(parts)))] if len(parts) > 1 else []
