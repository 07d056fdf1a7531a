"""Explains what happens to `.grad`: parts that add up, gradients that are put into the box, boxes that are emptied."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...bilingual import Bilingual, same
from ...events import Event, Node
from ..notation.expression import Expression, Group, Row, Text, Underbrace, is_negative
from ..roles import Roles
from ..symbols import expression_of, gradient_of, text_of
from ..table.call import UnfitError
from ..table.case import Index, Operand, Worked
from ..table.sums import elided, first_and_last, joined
from .explanation import Explanation
from .page import element_of, numbers_line, page
from .values_of import Values


def sum_of_parts(gradient: Operand, parts: Sequence[Operand], element: Index | None, reveal: bool) -> Explanation:
    """A gradient that several consumers sent parts of, each under the name of its op."""
    index, _ = element_of(gradient, element)
    shown = first_and_last(parts)
    numbers = [part.number(index) for part in shown]
    # A sign after a plus stands in parentheses inside its brace, where no precedence asks for them.
    inner = [Group(number) if place and is_negative(number) else number for place, number in enumerate(numbers)]
    terms: list[Expression] = [
        Underbrace(number, Bilingual(f"from {part.name}", f"来自 {part.name}"))
        for number, part in zip(inner, shown, strict=True)
    ]
    computed = float(np.sum([part.value_at(index) for part in parts]))
    note = Bilingual(
        f"{len(parts)} ops used it; what they send back adds up.", f"有 {len(parts)} 个运算用到它；它们传回的梯度相加。"
    )
    worked = Worked(None, elided(terms, len(parts)), computed, note=note)
    return page(
        Bilingual(f"sum of parts: {text_of(gradient.symbol)}", f"各部分之和：{text_of(gradient.symbol)}"),
        gradient,
        index,
        worked,
        reveal=reveal,
    )


def accumulation(
    event: Event, node: Node, roles: Roles, values: Values, element: Index | None, reveal: bool
) -> Explanation:
    """AccumulateGrad: what arrived is put into the parameter's box, or added to what the box held."""
    name = (roles.of_tensor.get(node.tensor, "") if node.tensor is not None else "") or "w"
    arrived_id = event.inputs[0].value if event.inputs else None
    box_id = event.outputs[0].value if event.outputs else None
    if arrived_id is None or box_id is None:
        return Explanation(same("AccumulateGrad"), (), (Bilingual("Nothing arrived.", "没有梯度传来。"),), worked=False)
    arrived, box = values.gradient(arrived_id, gradient_of(name)), values.gradient(box_id, f"{name}.grad")
    index, _ = element_of(box, element)
    try:
        old = None if arrived_id == box_id else values.box_before(event)
    except UnfitError as error:
        why = error.reason
        added = Bilingual(f"Added to what was there; {why.english}.", f"加到原有的值上；{why.chinese}。")
        return Explanation(same("AccumulateGrad"), (numbers_line(box),), (added,), worked=False)
    if old is None:
        worked = Worked(
            arrived.at(index),
            None,
            arrived.value_at(index),
            note=Bilingual("The box was empty.", "原来的 .grad 为空。"),
        )
    else:
        terms: list[Expression] = [old.number(index), arrived.number(index)]
        note = Bilingual(
            "Added to what was there: gradients add up until they are cleared.",
            "加到原有的值上：梯度会一直累加，直到被清空。",
        )
        worked = Worked(None, joined(terms), float(old.value_at(index) + arrived.value_at(index)), note=note)
    left = Row((expression_of(name), Text(".grad")))
    return page(same(f"AccumulateGrad: {text_of(name)}.grad"), box, index, worked, left, reveal=reveal)


def box_set(event: Event, roles: Roles, values: Values) -> Explanation:
    """A box that was emptied or set from outside a backward pass."""
    name = text_of(roles.of_tensor.get(event.tensor, "w")) if event.tensor is not None else "w"
    caption = same(f"{event.name}: {name}.grad")
    if not event.outputs:
        return Explanation(
            caption, (), (Bilingual(f"{name}.grad is cleared: it is None now.", f"{name}.grad 已清空：现在是 None。"),)
        )
    found = [values.gradient(slot.value, f"{name}.grad") for slot in event.outputs if slot.value is not None]
    note = Bilingual(f"{name}.grad is set from outside a backward pass.", f"{name}.grad 是在反向传播之外设置的。")
    return Explanation(caption, tuple(numbers_line(value) for value in found), (note,))
