"""Checks an update: the optimizer's rule, or what the script did by hand, against the new parameter and state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from ...bilingual import Bilingual
from ...events import Event
from ...trace.reader import Trace
from ..explain.values_of import Values, is_schedule
from ..flow import flow_of
from ..roles import roles_of
from ..table.call import Array, UnfitError
from ..table.rule import Step, UpdateRule, rule_of
from .answer import Comparison
from .arrays import Arrays
from .carried import CarriedState, State
from .disturbance import disturbed
from .formula import fitting
from .precision import Precision, lowest
from .tolerance import Disturbed, Scale, compare

_ROUNDED = Scale(4.0, False)
"""The new parameter is the old one and a small change: nearly all of the rounding is in the last sum."""

_GRADIENT = "the gradient"


def carried_state(trace: Trace) -> CarriedState:
    """States that the trace left out, carried forward by the rules."""

    def carry(event: Event, state: Mapping[str, Array]) -> tuple[Mapping[str, Array], Array]:
        flow = flow_of(trace, event.iteration)
        step = _step(event, Values(flow, roles_of(flow)), Arrays(trace), state)
        made = _carried_out(_rule(event), step)
        gradient = np.zeros(()) if step.gradient is None else step.gradient
        return {name: array for name, array in made.items() if name != "value"}, gradient

    return CarriedState(trace, carry)


def update_comparisons(
    event: Event, values: Values, arrays: Arrays, symbol: Callable[[int | None], str], carried: CarriedState
) -> list[Comparison]:
    """The new parameter, and the optimizer's state, beside what the rule makes. Raises UnfitError."""
    if is_schedule(event):
        return _rate_comparisons(event, values)
    precision = lowest(arrays.dtype(slot.value) for slot in (*event.inputs, *event.outputs) if slot.value is not None)
    rule = _rule(event)
    is_left_out = any(not arrays.has(slot.value) for slot in event.inputs[1:] if slot.value is not None)
    state = carried.before(event, arrays.wide) if is_left_out else None
    step = _step(event, values, arrays, None if state is None else state.arrays)
    made = _carried_out(rule, step)
    found = []
    for place, slot in enumerate(event.outputs):
        name = "value" if place == 0 else slot.name
        if slot.value is None or (place > 0 and not arrays.has(slot.value)):
            continue
        if name not in made:
            raise UnfitError(f"its rule does not say what becomes of {name}", f"它的规则没有说明 {name} 会变成什么")
        found.append(
            compare(
                Bilingual("new parameter", "新的参数") if place == 0 else Bilingual(f"state {name}", f"状态 {name}"),
                symbol(slot.value),
                "numpy",
                arrays.recorded(slot.value),
                np.asarray(made[name]),
                precision,
                _ROUNDED,
                _samples(rule, step, name, precision, event.position),
                step.old if place == 0 else _size_of(state, name, made[name]),
            ).comparison
        )
    return found


def _size_of(state: State | None, name: str, made: Array) -> Array | None:
    """How large the numbers are whose rounding is in a state that was carried; None for one that cannot cancel."""
    sizes = None if state is None else state.sizes.get(name)
    return sizes if sizes is not None and sizes.shape == made.shape and np.min(made, initial=0.0) < 0.0 else None


def _step(event: Event, values: Values, arrays: Arrays, given: Mapping[str, Array] | None = None) -> Step:
    """What the update had before it. given: its state, where it was not recorded."""
    case = values.update(event)
    if not event.inputs or event.inputs[0].value is None:
        raise UnfitError("what the parameter was before is not known", "不知道参数之前的值")
    old = arrays.wide(event.inputs[0].value)
    gradient = None
    if case.gradient is not None:
        value = case.gradient.value
        gradient = np.asarray(case.gradient.data) if value is None else arrays.wide(value)
    taken = "" if case.gradient is None else case.gradient.name
    if given is None:
        given = {
            slot.name: arrays.wide(slot.value)
            for slot in event.inputs[1:]
            if slot.value is not None and slot.name not in ("grad", taken)
        }
    return Step(old, gradient, given, event.arguments)


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


def _rate_comparisons(event: Event, values: Values) -> list[Comparison]:
    """A scheduler's learning rates, and the momentum that some turn too, one a group."""
    rule, case = _rule(event), values.update(event)
    made = _carried_out(rule, Step(case.old.array, None, {}, event.arguments))
    pairs = [(Bilingual("new learning rate", "新的学习率"), "η", case.new.array, made["value"])]
    if "momentum" in made:
        pairs.append(
            (Bilingual("new momentum", "新的动量"), "μ", np.asarray(event.arguments["new_momentum"]), made["momentum"])
        )
    found = []
    for what, symbol, recorded, computed in pairs:
        # A rate may be kept in a tensor, in single precision.
        is_single = np.array_equal(recorded, recorded.astype(np.float32))
        precision = lowest(["float32" if is_single else "float64"])
        found.append(compare(what, symbol, "numpy", recorded, np.asarray(computed), precision, _ROUNDED).comparison)
    return found


def _rule(event: Event) -> UpdateRule:
    found = rule_of(event.name)
    if found is None:
        raise UnfitError(f"there is no rule for {event.name} in the table", f"表中没有 {event.name} 的规则")
    return found
