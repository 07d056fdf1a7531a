"""Explains an event or a quantity: finds its row in the table of operations and puts the recorded numbers in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...bilingual import NOTHING, Bilingual, same, sentences
from ...events import Event, Kind, Node
from ...trace.reader import Trace
from ..flow import ACCUMULATE, Flow, flow_of
from ..notation.expression import EquationLine, Row, Text
from ..quantities import Quantity
from ..roles import Roles, roles_of
from ..symbols import words_of
from ..table.call import UnfitError
from ..table.case import Backward, Forward, Index, MissingNumbersError, Operand
from ..table.kinds.moving import Moving
from ..table.operation import row_of
from ..table.rule import rule_of
from .boxes import accumulation, box_set, sum_of_parts
from .clipping import clipped
from .edited import edited
from .explanation import Explanation
from .memory import memory_gradient
from .page import element_of, numbers_line, page, page_without_numbers
from .unexplained import UNCHECKED, forward_without_row, gradient_without_row
from .values_of import Values

_FOLDED = ("View", "T", "Transpose", "Permute", "Unsqueeze", "Squeeze", "Expand", "UnsafeView", "ReshapeAlias", "Clone")

# A script may call an op in a way that its row does not know (arguments of another form); then there is no equation.
UNFIT = (MissingNumbersError, UnfitError, ArithmeticError, LookupError, TypeError, ValueError, StopIteration)


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
    # Memory that nobody has written to yet may hold anything, also what numpy warns of.
    with np.errstate(all="ignore"):
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
            why = Bilingual("It is about to happen; its result is not known yet.", "它即将发生，结果还不知道。")
            if event.error:
                why = Bilingual(f"It failed: {event.error}", f"它运行失败：{event.error}")
            return Explanation(same(event.name), (), (why,), worked=False)
        try:
            match event.kind:
                case Kind.OP:
                    is_update = bool(event.outputs) and self._values.is_update(event)
                    return self._update(event) if is_update else self._forward(event, 0)
                case Kind.NODE:
                    return self._node(event)
                case Kind.UPDATE:
                    return self._update(event)
                case Kind.GRAD:
                    return box_set(event, self._roles, self._values)
                case Kind.EDIT:
                    return edited(event, self._roles, self._values)
        except UNFIT:
            return page_without_numbers(same(event.name))

    def quantity(self, quantity: Quantity, event: Event) -> Explanation:
        """One quantity: only its own equation."""
        if quantity.slope is not None and quantity.op is not None:
            return self._slope(quantity)
        if event.kind == Kind.OP and not self._values.is_update(event):
            return self._forward(event, self._place_of(event, quantity.value))
        node = self._flow.node(event.node)
        if event.kind != Kind.NODE or node is None or quantity.value is None:
            return self.event(event)
        gradient = self._values.gradient(quantity.value, quantity.symbol)
        parts = self._values.parts(event, node, quantity)
        if parts:
            try:
                return sum_of_parts(gradient, parts, self._element, self._reveal)
            except UNFIT:
                symbol = words_of(quantity.symbol)
                return page_without_numbers(
                    Bilingual(f"sum of parts: {symbol.english}", f"各部分之和：{symbol.chinese}")
                )
        op = self._flow.trace.event(quantity.op) if quantity.op is not None else None
        wrt = None if op is None else self._values.argument(op, quantity.target, quantity.tensor)
        if op is None or wrt is None:
            asked = self._element, self._reveal
            memory = None if op is None else memory_gradient(event, node, op, quantity, self._values, *asked)
            return memory or self.event(event)
        return self._gradient(event, node, op, wrt, gradient, NOTHING)

    def _place_of(self, event: Event, value: int | None) -> int:
        """Which of an op's results a value is."""
        return next((place for place, slot in enumerate(event.outputs) if slot.value == value), 0)

    def _slope(self, quantity: Quantity) -> Explanation:
        op = self._flow.trace.event(quantity.op) if quantity.op is not None else None
        if op is None:
            raise KeyError(quantity.symbol)
        operands, results = self._values.operands(op), self._values.results(op)
        from ..table.operations.activations import Activation

        row, form = row_of(op.name) or (None, None)
        slope = quantity.array(self._flow.trace)
        try:
            index, _ = element_of(operands[0], self._element)
            if slope is None or form is None or not isinstance(row, Activation):
                raise MissingNumbersError(quantity.symbol)
            case = Forward(op, form, operands, results, index, False)
            line = row.slope_line(case, operands[0], results[0], index, float(slope[index]))
        except UNFIT:
            return page_without_numbers(words_of(quantity.symbol))
        caption = _headed(op.name, quantity.symbol)
        return Explanation(caption, (line,), (), index, about=Bilingual(*row.words.gradient))

    def _forward(self, event: Event, place: int) -> Explanation:
        operands, results = self._values.operands(event), self._values.results(event)
        caption = _headed(event.name, results[place].symbol)
        found = row_of(event.name)
        if found is None:
            return forward_without_row(event, caption, operands, results[place])
        row, form = found
        try:
            index, whole = element_of(results[place], self._element)
            worked = row.equation(Forward(event, form, operands, results, index, whole, place))
            worked = replace(worked, before=(*self._product_lines(event, index), *worked.before))
            explained = page(caption, results[place], index, worked, reveal=self._reveal)
        except UNFIT as error:
            if any(operand.data is None for operand in (*operands, *results)):
                return page_without_numbers(caption)
            explained = forward_without_row(event, caption, operands, results[place], _reason(error))
        return replace(explained, about=Bilingual(*row.words.does))

    def _product_lines(self, event: Event, index: Index) -> tuple[EquationLine, ...]:
        """How the product comes about that a bias is added to: one step for the learner, two ops for torch."""
        for slot in event.inputs:
            if slot.value is None or self._roles.before_bias.get(slot.value) != event.outputs[0].value:
                continue
            made = self._flow.made.get(slot.value)
            if made is not None:
                return _Explainer(self._flow, index).event(made[0]).lines
        return ()

    def _node(self, event: Event) -> Explanation:
        node = self._flow.node(event.node)
        if node is None:
            return Explanation(
                same(event.name),
                (),
                (Bilingual("Nothing is known of this node.", "对这个节点一无所知。"),),
                worked=False,
            )
        if node.name == ACCUMULATE:
            return accumulation(event, node, self._roles, self._values, self._element, self._reveal)
        op = self._flow.trace.event(node.op) if node.op is not None else None
        if op is None or not self._is_main(node, op):
            return self._folded(event, node, op)
        found = []
        for target in self._values.targets(event, node, op):
            found.append(self._gradient(event, node, op, target.wrt, target.gradient, target.part_of))
        if not found:
            return self._folded(event, node, op)
        return Explanation(
            Bilingual(f"{node.name}, the backward of {op.name}", f"{node.name}，{op.name} 的反向"),
            tuple(line for part in found for line in part.lines),
            tuple(dict.fromkeys(note for part in found for note in part.notes)),
            found[0].element if len(found) == 1 else None,
            tuple(check for part in found for check in part.checks),
            any(part.worked for part in found),
            found[0].about,
        )

    def _is_main(self, node: Node, op: Event) -> bool:
        """Whether a node does its op's work, and does not only turn numbers on the way in or out."""
        found = row_of(op.name)
        return not _is_folded(node) or (found is not None and isinstance(found[0], Moving))

    def _folded(self, event: Event, node: Node, op: Event | None) -> Explanation:
        """A node inside an op: what it hands on."""
        sent = [self._values.gradient(slot.value, "") for slot in event.outputs if slot.value is not None]
        where = NOTHING
        if op is not None:
            where = Bilingual(
                f"It is a part of {op.name}, which the script wrote.", f"它是脚本自己编写的 {op.name} 的一部分。"
            )
        if _is_folded(node) or not sent:
            on = Bilingual("The same gradient in another shape.", "同样的梯度，换了形状。")
            if not sent:
                on = Bilingual("Nothing is sent on.", "没有梯度继续传出。")
            return Explanation(same(node.name), tuple(map(numbers_line, sent)), (sentences(on, where),), worked=False)
        arrived = [self._values.gradient(slot.value, "grad") for slot in event.inputs if slot.value is not None]
        return gradient_without_row(node.name, same(node.name), arrived, (), sent[0], last=where or UNCHECKED)

    def _gradient(
        self, event: Event, node: Node, op: Event, wrt: Operand, gradient: Operand, part_of: Bilingual
    ) -> Explanation:
        symbol = words_of(gradient.symbol)
        caption = Bilingual(f"backward of {op.name}: {symbol.english}", f"{op.name} 的反向：{symbol.chinese}")
        upstreams = self._values.upstreams(event, op)
        operands, results = self._values.operands(op), self._values.results(op)
        arrived = [found for found in upstreams if found is not None]
        found = row_of(op.name)
        if found is None or not arrived:
            return gradient_without_row(node.name, caption, arrived, operands, gradient)
        row, form = found
        left = None
        try:
            index, whole = element_of(wrt, self._element)
            if gradient.array.shape != wrt.array.shape:
                raise MissingNumbersError(gradient.symbol)
            if part_of:
                left = Row((Text(Bilingual("part of", "部分：")), gradient.at(index)))
            worked = row.gradient_equation(
                Backward(op, form, operands, results, upstreams, wrt, gradient, index, whole)
            )
            explained = page(caption, gradient, index, worked, left, reveal=self._reveal)
        except UNFIT as error:
            explained = gradient_without_row(node.name, caption, arrived, operands, gradient, _reason(error))
        notes = (*explained.notes, part_of) if part_of else explained.notes
        return replace(explained, notes=notes, about=Bilingual(*row.words.gradient))

    def _update(self, event: Event) -> Explanation:
        case = self._values.update(event)
        caption = _headed(event.name, case.new.symbol)
        row = rule_of(event.name)
        if row is None:
            return forward_without_row(event, caption, self._read_by(event), case.new)
        try:
            index, _ = element_of(case.new, self._element)
            found = clipped(replace(case, index=index), self._flow, self._values)
            explained = page(caption, case.new, index, found.told(row.equation(found.case)), reveal=self._reveal)
        except UNFIT as error:
            explained = forward_without_row(event, caption, self._read_by(event), case.new, _reason(error))
        return replace(explained, about=Bilingual(*row.words.does))

    def _read_by(self, event: Event) -> tuple[Operand, ...]:
        return self._values.operands(event) if event.kind == Kind.OP else ()


def _reason(error: Exception) -> Bilingual:
    """Why a row does not fit, where it says so."""
    if isinstance(error, MissingNumbersError):
        return Bilingual(
            "some of the numbers that it is made of are not in the trace", "算出它所需的一些数值不在记录中"
        )
    return error.reason if isinstance(error, UnfitError) else NOTHING


def _is_folded(node: Node) -> bool:
    return node.name.rstrip("0123456789").removesuffix("Backward") in _FOLDED


def _headed(name: str, symbol: str) -> Bilingual:
    """A caption: what is done, and the symbol of what it makes."""
    words = words_of(symbol)
    return Bilingual(f"{name}: {words.english}", f"{name}：{words.chinese}")
