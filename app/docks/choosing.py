"""Turns what was clicked, in whichever panel, into the one selection that all panels show."""

from __future__ import annotations

import re
from dataclasses import replace

from app.models.built_scene import BuiltScene
from app.models.term_refs import EVENT_REF, VALUE_REF
from app.state import NOTHING, Selection
from engine.analysis.quantities import Quantity
from engine.analysis.roles import roles
from engine.events import Kind
from engine.session.moment import Moment
from engine.trace.reader import Trace

_ELEMENT = re.compile(r"(value:\d+)\[([\d,]*)\]")


def of_card(trace: Trace, built: BuiltScene, card: str) -> Selection:
    """A card: the op that made it and its value."""
    value = built.value_of_card.get(card)
    return Selection(card, built.op_of_card.get(card), value, symbol=_symbol(trace, built, value))


def of_pill(trace: Trace, built: BuiltScene, pill: str) -> Selection:
    """A parameter: its value in this iteration, and the card that it is beside."""
    tensor = built.tensor_of_pill.get(pill)
    facts = built.pills.get(pill)
    value = None if facts is None else facts.value
    card = None if tensor is None else built.card_of_tensor.get(tensor)
    position = None if card is None else built.op_of_card.get(card)
    return Selection(card, position, value, pill=pill, symbol=_symbol(trace, built, value))


def of_quantity(built: BuiltScene, quantity: Quantity) -> Selection:
    """A quantity: the card that it concerns, and its numbers."""
    card = built.steps[quantity.index].card if quantity.index < len(built.steps) else None
    pills = () if quantity.tensor is None else built.pills_of_tensor.get(quantity.tensor, ())
    pill = pills[0] if pills else None
    return Selection(card, quantity.event, quantity.value, quantity.index, pill, quantity.symbol)


def of_event(trace: Trace, built: BuiltScene, moment: Moment, position: int) -> Selection:
    """An event: the last quantity that it yields, else its card and what came out of it."""
    yielded = [step for step in moment.steps if step.event == position]
    if yielded:
        return of_quantity(built, yielded[-1])
    event = trace.event(position)
    if event is None:
        return NOTHING
    value = next((slot.value for slot in event.outputs if slot.value is not None), None)
    card = built.card_of_op.get(position) if event.kind is Kind.OP else built.card_of_node.get(position)
    return Selection(card, position, value, symbol=_symbol(trace, built, value))


def of_ref(trace: Trace, built: BuiltScene, moment: Moment, ref: str) -> Selection:
    """A term of an equation: the quantity that has this value, else its card, else the value alone.

    "value:35[0,3]" is an element of it; "event:12" the event whose local derivative the term is.
    """
    element = _ELEMENT.fullmatch(ref)
    if element is not None:
        place = tuple(int(part) for part in element[2].split(",") if part)
        return replace(of_ref(trace, built, moment, element[1]), element=place)
    event = ref.removeprefix(EVENT_REF)
    if event != ref and event.isdigit():
        return of_event(trace, built, moment, int(event))
    number = ref.removeprefix(VALUE_REF)
    if number == ref or not number.isdigit():
        return NOTHING
    value = int(number)
    steps = [step for step in moment.steps if step.value == value]
    if steps:
        return of_quantity(built, steps[0])
    card = built.card_of_value.get(value)
    if card is not None:
        return of_card(trace, built, card)
    pill = next((pill for pill, facts in built.pills.items() if facts.value == value), None)
    if pill is not None:
        return of_pill(trace, built, pill)
    return Selection(value=value, symbol=_symbol(trace, built, value))


def _symbol(trace: Trace, built: BuiltScene, value: int | None) -> str:
    return "" if value is None else roles(trace, built.iteration).symbol(value)
