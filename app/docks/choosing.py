"""Turns what was clicked, in whichever panel, into the one selection that all panels show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import prod

import numpy as np

from app.models.built_scene import BuiltScene, CardFacts, Known
from app.models.scene_part import ScenePart
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
    """A parameter: its value before this iteration's update, and the card that it is beside."""
    tensor = built.tensor_of_pill.get(pill)
    facts = built.pills.get(pill)
    value = None if facts is None else facts.value
    card = None if tensor is None else built.card_of_tensor.get(tensor)
    position = None if card is None else built.op_of_card.get(card)
    return Selection(card, position, value, pill=pill, symbol=_symbol(trace, built, value))


def of_part(trace: Trace, built: BuiltScene, moment: Moment, part: ScenePart) -> Selection:
    """What the graph shows there at this moment: a parameter after its update is the new one."""
    if part.pill is not None:
        found, known = of_pill(trace, built, part.pill), _of_pill_now(built, moment, part.pill, part.is_gradient)
    elif part.card is not None:
        found = of_card(trace, built, part.card)
        grads = built.cards.get(part.card, CardFacts()).grads if part.is_gradient else ()
        known = _newest(grads, moment)
    else:
        return NOTHING
    if known is not None:
        shown = of_ref(trace, built, moment, f"{VALUE_REF}{known}")
        symbol = shown.symbol or (f"dC/d{found.symbol}" if part.is_gradient and found.symbol else "")
        found = replace(shown, card=found.card, pill=part.pill, symbol=symbol)
    if part.at is None or found.value is None:
        return found
    return replace(found, element=_element(trace.value(found.value).shape, part.at))


def quantity_of(moment: Moment, chosen: Selection) -> int | None:
    """The index of the quantity that is selected, also where its card was."""
    if chosen.quantity is not None or chosen.value is None:
        return chosen.quantity
    return next((step.index for step in moment.steps if step.value == chosen.value), None)


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


def _of_pill_now(built: BuiltScene, moment: Moment, pill: str, is_gradient: bool) -> int | None:
    """The value in `.grad`, or the new one after an update; None for a parameter as it was, or an empty box."""
    facts = built.pills.get(pill)
    if facts is None:
        return None
    known = _newest([change.at for change in facts.boxes] if is_gradient else facts.updates, moment)
    return known if known is not None and known >= 0 else None


def _newest(all_known: Sequence[Known], moment: Moment) -> int | None:
    return next((one.value for one in reversed(all_known) if one.is_revealed(moment.place)), None)


def _element(shape: tuple[int, ...], at: tuple[int, ...]) -> tuple[int, ...] | None:
    """The place of a number in a value: of a unit's in a batch of any rank, or in one sample alone."""
    if not shape:
        return ()
    if len(at) == len(shape) and all(place < size for place, size in zip(at, shape, strict=True)):
        return at
    rows = prod(shape[:-1])
    if not rows or at[-1] >= shape[-1]:
        return None
    row = min(at[0], rows - 1) if len(at) > 1 else 0
    return (*(int(place) for place in np.unravel_index(row, shape[:-1])), at[-1])


def _symbol(trace: Trace, built: BuiltScene, value: int | None) -> str:
    return "" if value is None else roles(trace, built.iteration).symbol(value)
