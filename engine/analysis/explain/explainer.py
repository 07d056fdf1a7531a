"""Explains an event or a quantity: finds its row in the table of equations and puts the recorded numbers in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ...events import Event, Kind, Node
from ...trace.reader import Trace
from ..flow import ACCUMULATE, Flow, flow_of
from ..quantities import Quantity
from ..roles import Roles, roles_of
from ..symbols import expression_of, gradient_of, text_of
from . import operations, optimizers
from .call import UnfitError
from .case import Backward, Forward, Index, MissingNumbersError, Operand, Worked, matrix_of
from .explanation import Check, Explanation
from .expression import Call, Equals, EquationLine, Expression, Number, Row, Text, Underbrace
from .moving import Moving
from .operation import row_of
from .operations.activations import Activation
from .rule import RULES
from .sums import joined
from .values_of import Values

TABLES = (operations, optimizers)
"""Importing them fills the tables of operations and of updates."""

_FOLDED = ("View", "T", "Transpose", "Permute", "Unsqueeze", "Squeeze", "Expand", "UnsafeView", "ReshapeAlias", "Clone")
_SHOWN_NUMBERS = 6

_GROSS = 0.05
"""Relative difference from which an equation cannot be right; half precision stays well below."""

# A script may call an op in a way that its row does not know (arguments of another form); then there is no equation.
_UNFIT = (MissingNumbersError, UnfitError, IndexError, KeyError, TypeError, ValueError, StopIteration)


def explain(
    trace: Trace, what: int | Quantity, element: tuple[int, ...] | None = None, *, reveal: bool = True
) -> Explanation:
    """How the event at a position, or a quantity, came about.

    element: a place in the result, counted from 0; without it a small value is shown whole and a large one at its first
    element. reveal: with the result; without it, the page is what can be known before the event, to predict from.
    Raises KeyError where there is no such event. An element outside the array is answered like none.
    """
    position = what.event if isinstance(what, Quantity) else what
    event = trace.event(position)
    if event is None:
        raise KeyError(position)
    explainer = _Explainer(flow_of(trace, event.iteration), element, reveal)
    return explainer.quantity(what, event) if isinstance(what, Quantity) else explainer.event(event)


class _Explainer:
    """One question about one iteration."""

    def __init__(self, flow: Flow, element: Index | None, reveal: bool = True) -> None:
        self._flow = flow
        self._roles: Roles = roles_of(flow)
        self._values = Values(flow, self._roles)
        self._element = element
        self._reveal = reveal

    def event(self, event: Event) -> Explanation:
        """Any event, by its kind."""
        if event.pending or event.error:
            why = f"It failed: {event.error}" if event.error else "It is about to happen; its result is not known yet."
            return Explanation(event.name, (), (why,), worked=False)
        match event.kind:
            case Kind.OP:
                is_update = bool(event.outputs) and self._values.is_update(event)
                return self._update(event) if is_update else self._forward(event)
            case Kind.NODE:
                return self._node(event)
            case Kind.UPDATE:
                return self._update(event)
            case Kind.GRAD:
                return self._grad(event)

    def quantity(self, quantity: Quantity, event: Event) -> Explanation:
        """One quantity: only its own equation."""
        if quantity.slope is not None and quantity.op is not None:
            return self._slope(quantity)
        node = self._flow.node(event.node)
        if event.kind != Kind.NODE or node is None or quantity.value is None:
            return self.event(event)
        gradient = self._values.gradient(quantity.value, quantity.symbol)
        if self._values.parts(event, node, quantity):
            return self._sum(event, node, quantity, gradient)
        op = self._flow.trace.event(quantity.op) if quantity.op is not None else None
        wrt = None if op is None else self._values.argument(op, quantity.target, quantity.tensor)
        if op is None or wrt is None:
            return self.event(event)
        return self._gradient(event, op, wrt, gradient, "")

    def _slope(self, quantity: Quantity) -> Explanation:
        op = self._flow.trace.event(quantity.op) if quantity.op is not None else None
        if op is None:
            raise KeyError(quantity.symbol)
        operands = self._values.operands(op)
        result = self._values.results(op)
        found = row_of(op.name)
        try:
            index, _ = self._index(operands[0])
            slope = quantity.array
            if slope is None or found is None or not isinstance(found[0], Activation):
                raise MissingNumbersError(quantity.symbol)
            case = Forward(op, found[1], operands, result, index, False)
            line = found[0].slope_line(case, operands[0], result[0], index, float(slope[index]))
        except _UNFIT:
            return self._without_numbers(text_of(quantity.symbol))
        return Explanation(f"{op.name}: {text_of(quantity.symbol)}", (line,), (), index)

    def _forward(self, event: Event) -> Explanation:
        results = self._values.results(event)
        result = results[0]
        caption = f"{event.name}: {text_of(result.symbol)}"
        found = row_of(event.name)
        if found is None:
            return self._without_row(event, caption)
        row, form = found
        try:
            index, whole = self._index(result)
            worked = row.equation(Forward(event, form, self._values.operands(event), results, index, whole))
        except _UNFIT:
            return self._without_row(event, caption) if self._has_numbers(event) else self._without_numbers(caption)
        worked = replace(worked, before=(*self._product_lines(event, index), *worked.before))
        return self._explanation(caption, result, index, worked)

    def _product_lines(self, event: Event, index: Index) -> tuple[EquationLine, ...]:
        """How the product comes about that a bias is added to: one step for the learner, two ops for torch."""
        for slot in event.inputs:
            if slot.value is None or self._roles.before_bias.get(slot.value) != event.outputs[0].value:
                continue
            made = self._flow.made.get(slot.value)
            if made is not None:
                return _Explainer(self._flow, index).event(made[0]).lines
        return ()

    def _has_numbers(self, event: Event) -> bool:
        return all(operand.data is not None for operand in (*self._values.operands(event), *self._values.results(event)))

    def _explanation(
        self, caption: str, result: Operand, index: Index, worked: Worked, left: Expression | None = None
    ) -> Explanation:
        """The lines before it, then left side = symbols = numbers = result."""
        recorded = result.array if worked.whole else np.asarray(result.array[index])
        end: Expression = matrix_of(result) if worked.whole else result.number(index)
        if left is None:
            left = result.expression if worked.whole else result.at(index)
        parts = [part for part in (left, worked.symbols, worked.numbers, end) if part is not None]
        parts = [part for i, part in enumerate(parts) if i == len(parts) - 1 or not _reads_alike(part, parts[i + 1])]
        notes = (worked.note,) if worked.note else ()
        if not self._reveal and len(parts) > 1:
            parts.pop()
        if not np.allclose(
            worked.computed, np.asarray(recorded, dtype=np.float64), _GROSS, _GROSS / 100, equal_nan=True
        ):
            notes = (*notes, "This equation does not come to the recorded number, so torch did something else here.")
        check = Check(result.symbol, np.asarray(worked.computed, dtype=np.float64), recorded)
        lines = (*worked.before, EquationLine(Equals(tuple(parts))))
        return Explanation(caption, lines, notes, None if worked.whole else index, (check,))

    def _index(self, operand: Operand) -> tuple[Index, bool]:
        """The element that is explained, and whether none was asked for."""
        shape = operand.array.shape
        if operand.array.size == 0:
            raise MissingNumbersError(operand.symbol)
        wanted = self._element
        if (
            wanted is not None
            and len(wanted) == len(shape)
            and all(0 <= i < n for i, n in zip(wanted, shape, strict=True))
        ):
            return wanted, False
        return (0,) * len(shape), True

    def _node(self, event: Event) -> Explanation:
        node = self._flow.node(event.node)
        if node is None:
            return Explanation(event.name, (), ("Nothing is known of this node.",), worked=False)
        if node.name == ACCUMULATE:
            return self._accumulation(event, node)
        op = self._flow.trace.event(node.op) if node.op is not None else None
        if op is None or not self._is_main(node, op):
            return self._folded(event, node, op)
        found = []
        for target in self._values.targets(event, node, op):
            found.append(self._gradient(event, op, target.wrt, target.gradient, target.part_of))
        if not found:
            return self._folded(event, node, op)
        checks = tuple(check for part in found for check in part.checks)
        notes = tuple(dict.fromkeys(note for part in found for note in part.notes))
        lines = tuple(line for part in found for line in part.lines)
        worked = any(part.worked for part in found)
        element = found[0].element if len(found) == 1 else None
        return Explanation(f"{node.name}, the backward of {op.name}", lines, notes, element, checks, worked)

    def _is_folded(self, node: Node) -> bool:
        return node.name.rstrip("0123456789").removesuffix("Backward") in _FOLDED

    def _is_main(self, node: Node, op: Event) -> bool:
        """Whether a node does its op's work, and does not only turn numbers on the way in or out."""
        found = row_of(op.name)
        return not self._is_folded(node) or (found is not None and isinstance(found[0], Moving))

    def _folded(self, event: Event, node: Node, op: Event | None) -> Explanation:
        sent = [self._values.gradient(s.value, "") for s in event.outputs if s.value is not None]
        where = f" It is a part of {op.name}, which the script wrote." if op is not None else ""
        if self._is_folded(node):
            notes = ("The same gradient in another shape." + where,)
        else:
            notes = (f"There is no equation for {node.name} yet." + where,)
        return Explanation(node.name, tuple(self._numbers_line(gradient) for gradient in sent), notes, worked=False)

    def _gradient(self, event: Event, op: Event, wrt: Operand, gradient: Operand, part_of: str) -> Explanation:
        caption = f"backward of {op.name}: {text_of(gradient.symbol)}"
        upstreams = self._values.upstreams(event, op)
        found = row_of(op.name)
        if found is None or not any(upstreams):
            return self._without_row(op, caption, gradient)
        row, form = found
        operands, results = self._values.operands(op), self._values.results(op)
        try:
            index, whole = self._index(wrt)
            if gradient.array.shape != wrt.array.shape:
                raise MissingNumbersError(gradient.symbol)
            case = Backward(op, form, operands, results, upstreams, wrt, gradient, index, whole)
            worked = row.gradient_equation(case)
        except _UNFIT:
            return self._without_row(op, caption, gradient)
        left = Row((Text("part of"), gradient.at(index))) if part_of else None
        page = self._explanation(caption, gradient, index, worked, left)
        return page if not part_of else Explanation(
            caption, page.lines, (*page.notes, part_of), page.element, page.checks
        )  # fmt: skip

    def _sum(self, event: Event, node: Node, quantity: Quantity, gradient: Operand) -> Explanation:
        """A gradient that several consumers sent parts of."""
        caption = f"sum of parts: {text_of(quantity.symbol)}"
        try:
            index, _ = self._index(gradient)
            parts = self._values.parts(event, node, quantity)
            terms: list[Expression] = [Underbrace(part.number(index), f"from {part.name}") for part in parts]
            computed = float(np.sum([part.value_at(index) for part in parts]))
        except _UNFIT:
            return self._without_numbers(caption)
        worked = Worked(None, joined(terms), computed, note=f"{len(parts)} ops used it; what they send back adds up.")
        return self._explanation(caption, gradient, index, worked)

    def _accumulation(self, event: Event, node: Node) -> Explanation:
        name = self._roles.of_tensor.get(node.tensor, "") if node.tensor is not None else ""
        if not event.inputs or not event.outputs or event.inputs[0].value is None or event.outputs[0].value is None:
            return Explanation("AccumulateGrad", (), ("Nothing arrived.",), worked=False)
        arrived = self._values.gradient(event.inputs[0].value, gradient_of(name or "w"))
        box = self._values.gradient(event.outputs[0].value, f"{name or 'w'}.grad")
        old = self._values.box_before(event)
        try:
            index, _ = self._index(box)
            left = Row((expression_of(name or "w"), Text(".grad")))
            if event.inputs[0].value == event.outputs[0].value:
                worked = Worked(arrived.at(index), None, arrived.value_at(index), note="The box was empty.")
            elif old is None:
                return Explanation(
                    "AccumulateGrad", (self._numbers_line(box),), ("Added to what was there.",), worked=False
                )
            else:
                terms: list[Expression] = [old.number(index), arrived.number(index)]
                note = "Added to what was there: gradients add up until they are cleared."
                worked = Worked(None, joined(terms), float(old.value_at(index) + arrived.value_at(index)), note=note)
        except _UNFIT:
            return self._without_numbers("AccumulateGrad")
        return self._explanation(f"AccumulateGrad: {text_of(name or 'w')}.grad", box, index, worked, left)

    def _update(self, event: Event) -> Explanation:
        case = self._values.update(event)
        caption = f"{event.name}: {text_of(case.new.symbol)}"
        row = RULES.get(event.name)
        if row is None:
            return self._without_row(event, caption, case.new)
        try:
            index, _ = self._index(case.new)
            worked = row.equation(replace(case, index=index))
        except _UNFIT:
            return self._without_row(event, caption, case.new)
        return self._explanation(caption, case.new, index, worked)

    def _grad(self, event: Event) -> Explanation:
        name = text_of(self._roles.of_tensor.get(event.tensor, "w")) if event.tensor is not None else "w"
        if not event.outputs:
            return Explanation(f"{event.name}: {name}.grad", (), (f"{name}.grad is cleared: it is None now.",))
        values = [self._values.gradient(slot.value, f"{name}.grad") for slot in event.outputs if slot.value is not None]
        lines = tuple(self._numbers_line(value) for value in values)
        return Explanation(f"{event.name}: {name}.grad", lines, (f"{name}.grad is set from outside a backward pass.",))

    def _without_row(self, event: Event, caption: str, result: Operand | None = None) -> Explanation:
        """What can be said of an op that has no equation: what goes in, what comes out."""
        operands = self._values.operands(event) if event.kind == Kind.OP else ()
        made = result or self._values.results(event)[0]
        call = Call(event.name, tuple(operand.expression for operand in operands))
        left: Expression = made.expression
        lines = [EquationLine(Equals((left, call)) if result is None else left)]
        lines += [self._numbers_line(operand) for operand in (*operands, made)]
        return Explanation(caption, tuple(lines), (f"There is no equation for {event.name} yet.",), worked=False)

    def _without_numbers(self, caption: str) -> Explanation:
        note = "The numbers of this step are not in the trace, so they cannot be put in."
        return Explanation(caption, (), (note,), worked=False)

    def _numbers_line(self, operand: Operand) -> EquationLine:
        """A value's symbol, its shape and its first few numbers."""
        if operand.data is None:
            return EquationLine(Row((operand.expression, Text("not kept"))))
        flat = operand.data.reshape(-1)
        numbers: Iterable[Expression] = [
            Number(x.item() if operand.data.dtype.kind in "biu" else x) for x in flat[:_SHOWN_NUMBERS]
        ]
        shape = "×".join(map(str, operand.data.shape)) or "scalar"
        rest = (Text("⋯"),) if flat.size > _SHOWN_NUMBERS else ()
        return EquationLine(Row((operand.expression, Text(f"[{shape}]:"), *numbers, *rest)))


def _reads_alike(one: Expression, other: Expression) -> bool:
    """Whether two sides of an equation look the same, so that one of them is enough."""
    if isinstance(one, Number) and isinstance(other, Number):
        return one.value == other.value
    return one == other

