"""Checks an update: the optimizer's rule, or what the script did by hand, against the new parameter and state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from ...events import Event
from ..explain.call import Array, UnfitError, bind
from ..explain.operation import row_of
from ..explain.rule import RULES, Step, UpdateRule
from ..explain.values_of import Values
from .answer import Comparison
from .arrays import Arrays
from .disturbance import disturbed
from .formula import fitting
from .precision import Precision, lowest
from .tolerance import Disturbed, Scale, compare

_ROUNDED = Scale(4.0, False)
"""The new parameter is the old one and a small change: nearly all of the rounding is in the last sum."""

_GRADIENT = "the gradient"


def update_comparisons(
    event: Event, values: Values, arrays: Arrays, symbol: Callable[[int | None], str]
) -> list[Comparison]:
    """The new parameter, and the optimizer's state, beside what the rule makes. Raises UnfitError."""
    precision = lowest(arrays.dtype(slot.value) for slot in (*event.inputs, *event.outputs) if slot.value is not None)
    rule = RULES.get(event.name)
    if rule is None:
        return [_in_place(event, arrays, symbol, precision)]
    step = _step(event, values, arrays)
    made = _carried_out(rule, step)
    found = []
    for place, slot in enumerate(event.outputs):
        name = "value" if place == 0 else slot.name
        if slot.value is None:
            continue
        if name not in made:
            raise UnfitError(f"its rule does not say what becomes of {name}")
        found.append(
            compare(
                "new parameter" if place == 0 else f"state {name}",
                symbol(slot.value),
                "numpy",
                arrays.recorded(slot.value),
                np.asarray(made[name]),
                precision,
                _ROUNDED,
                _samples(rule, step, name, precision, event.position),
                step.old if place == 0 else None,
            ).comparison
        )
    return found


def _step(event: Event, values: Values, arrays: Arrays) -> Step:
    """What the update had before it."""
    case = values.update(event)
    if not event.inputs or event.inputs[0].value is None:
        raise UnfitError("what the parameter was before is not known")
    old = arrays.wide(event.inputs[0].value)
    gradient = None
    if case.gradient is not None:
        value = case.gradient.value
        gradient = np.asarray(case.gradient.data) if value is None else arrays.wide(value)
    taken = "" if case.gradient is None else case.gradient.name
    state = {
        slot.name: arrays.wide(slot.value)
        for slot in event.inputs[1:]
        if slot.value is not None and slot.name not in ("grad", taken)
    }
    return Step(old, gradient, state, event.arguments)


def _carried_out(rule: UpdateRule, step: Step) -> Mapping[str, Array]:
    with fitting():
        return rule.step(step)


def _samples(rule: UpdateRule, step: Step, name: str, precision: Precision | None, seed: int) -> Disturbed:
    """A new value where the gradient and the state are off by rounding; the old parameter is as it was."""

    def compute(inputs: Mapping[str, Array], upstream: Sequence[Array]) -> Array:
        state = {**step.state, **{key: array for key, array in inputs.items() if key != _GRADIENT}}
        old = step.old.astype(np.result_type(np.float32, *(array.dtype for array in inputs.values())))
        made = _carried_out(rule, Step(old, inputs.get(_GRADIENT), state, step.settings))
        return np.asarray(made[name])

    def samples() -> Iterator[Array]:
        inputs = {name: array for name, array in step.state.items() if array.ndim}
        if step.gradient is not None:
            inputs[_GRADIENT] = step.gradient
        return disturbed(compute, inputs, (), precision, seed)

    return samples


def _in_place(
    event: Event, arrays: Arrays, symbol: Callable[[int | None], str], precision: Precision | None
) -> Comparison:
    """A write by hand without a rule of its own: the op that it is (`mul_`, `clamp_`, `copy_`)."""
    found = row_of(event.name)
    made = event.outputs[0].value if event.outputs else None
    if found is None or made is None:
        raise UnfitError(f"there is no rule for {event.name} in the table")
    row, form = found
    tensors = {
        "0" if place == 0 else slot.name: arrays.wide(slot.value)
        for place, slot in enumerate(event.inputs)
        if slot.value is not None
    }
    with fitting():
        computed = row.forward(bind(form, event.function, tensors, event.arguments, (arrays.wide(made),), True))
    array = computed if isinstance(computed, np.ndarray | np.generic) else computed[0]
    recorded = arrays.recorded(made)
    return compare("new parameter", symbol(made), "numpy", recorded, np.asarray(array), precision, _ROUNDED).comparison
