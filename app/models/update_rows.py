"""One parameter's update as its four numbers: before, gradient, what is taken away, and after. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.models.built_scene import BuiltScene, Step
from app.models.card_states import number_text
from app.models.scene import preview_of
from engine.events import Event
from engine.session.place import Place
from engine.trace.reader import Trace

_PLAIN = {"momentum": 0, "weight_decay": 0, "dampening": 0, "nesterov": False, "maximize": False}
"""Settings with which SGD is nothing but a step against the gradient."""


@dataclass(frozen=True, slots=True, eq=False)
class UpdateCell:
    """A number as text, or a larger array as a preview (both empty: not recorded)."""

    text: str = ""
    preview: NDArray[Any] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class UpdateRow:
    """The update of the parameter of a pill: new = old - change.

    rate: the learning rate where the change is rate x gradient and nothing else, else None (momentum, Adam, by hand).
    """

    pill: str
    symbol: str
    old: UpdateCell
    grad: UpdateCell
    change: UpdateCell
    new: UpdateCell
    rate: float | None


def update_row(trace: Trace, built: BuiltScene, place: Place) -> UpdateRow | None:
    """The update that was revealed last, if that is what came last."""
    if place.quantity is None or not 0 < place.quantity <= len(built.steps):
        return None
    step = built.steps[place.quantity - 1]
    pills = built.pills_of_tensor.get(step.tensor, ()) if step.tensor is not None else ()
    event = trace.event(step.event) if step.event is not None else None
    if step.direction != "update" or not pills or event is None:
        return None
    old, grad, new = _arrays(trace, built, step, event, pills[0])
    rate = _plain_rate(event)
    change = None
    if rate is not None and grad is not None:
        change = rate * grad
    elif old is not None and new is not None and old.shape == new.shape:
        rate, change = None, old - new
    symbol = next(pill.text for card in built.scene.cards for pill in card.pills if pill.id == pills[0])
    return UpdateRow(pills[0], symbol, _cell(old), _cell(grad), _cell(change), _cell(new), rate)


def _arrays(
    trace: Trace, built: BuiltScene, step: Step, event: Event, pill: str
) -> tuple[NDArray[Any] | None, NDArray[Any] | None, NDArray[Any] | None]:
    """Before, gradient and after, as the event has them; by hand the gradient is what is in `.grad`."""
    values = {slot.name: slot.value for slot in event.inputs}
    facts = built.pills[pill]
    updates = [known.value for known in facts.updates]
    new = next((known.value for known in facts.updates if known.quantity == step.index), None)
    before = updates[updates.index(new) - 1] if new in updates[1:] else facts.value
    grad = values.get("grad")
    if grad is None:
        filled = [change.at.value for change in facts.boxes if change.at.known_at <= event.position]
        grad = filled[-1] if filled and filled[-1] >= 0 else None
    found = (trace.array(value) if value is not None else None for value in (before, grad, new))
    old_array, grad_array, new_array = (
        None if one is None or np.iscomplexobj(one) else np.asarray(one, dtype=np.float64) for one in found
    )
    return old_array, grad_array, new_array


def _plain_rate(event: Event) -> float | None:
    settings = event.arguments
    rate = settings.get("lr")
    plain = event.name == "SGD" and all(settings.get(name, default) == default for name, default in _PLAIN.items())
    return float(rate) if plain and isinstance(rate, int | float) else None


def _cell(array: NDArray[Any] | None) -> UpdateCell:
    if array is None:
        return UpdateCell()
    text = number_text(array)
    return UpdateCell(text) if text else UpdateCell(preview=preview_of(array))
