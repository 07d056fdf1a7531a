"""Since when a whole relu has been 0, and whether learning can still wake it.

NOTE [Silence]
A relu that is 0 for a while is not dead: with one sample at a time it may be 0 for some of them, and a hinge loss that
is 0 has done its work. It is dead if four things hold from some iteration to the last one: all of its outputs are 0;
the gradients of all parameters that it is made of are 0, to the last bit; it was given all samples again that it had
been given before; and something weighs its output, or holds it beside a target, and the loss is not 0.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...events import Event
from ...values import Value
from ..families import LOSSES, is_view
from .boxes import Change
from .run import Run

LEAST = 3
"""Iterations that it must have been silent for."""

_WEIGHS = frozenset({"linear", "addmm", "matmul", "mm", "mv", "bmm", "dot", "sub", "rsub", *LOSSES})
"""Ops by which an output goes on into the network, or is held beside a target."""


def silence(run: Run, places: list[Event]) -> list[Event]:
    """Those of a relu's events, one an iteration, since it is dead; see NOTE [Silence]. Empty if it is not."""
    silent: list[Event] = []
    for event in reversed(places):
        if not is_zero(run, event.outputs[0].value):
            break
        silent.insert(0, event)
    if not LEAST <= len(silent) < len(places):
        return []
    before, since = places[: -len(silent)], {event.iteration for event in silent}
    origins = [_origins(run, event) for event in silent]
    parameters = {tensor for tensors, _ in origins for tensor in tensors}
    is_dead = (
        all(_is_listened_to(run, event) for event in silent)
        and _has_loss(run, since)
        and _gets_nothing(run, parameters, since)
        and _is_given_again(run, (_origins(run, event)[1] for event in before), (given for _, given in origins))
    )
    return silent if is_dead else []


def is_zero(run: Run, value: int | None) -> bool:
    """Whether all numbers of a value are known to be 0."""
    known = None if value is None else run.statistics(value)
    return known is not None and known.min == 0 == known.max and known.nans == 0


def _has_loss(run: Run, iterations: set[int]) -> bool:
    numbers = {loss.iteration: loss.number for loss in run.losses if loss.iteration in iterations}
    return numbers.keys() == iterations and all(number is not None and number != 0 for number in numbers.values())


def _gets_nothing(run: Run, parameters: set[int], iterations: set[int]) -> bool:
    """Whether gradients arrive for the parameters in each of the iterations, and all of them are 0."""
    arrived = [
        step.event
        for tensor in parameters
        for step in run.boxes.get(tensor, [])
        if step.change == Change.FILL and step.event.iteration in iterations
    ]
    is_each = {event.iteration for event in arrived} == iterations
    return is_each and all(is_zero(run, slot.value) for event in arrived for slot in event.inputs)


def _origins(run: Run, event: Event) -> tuple[set[int], set[int]]:
    """(tensor ids of the parameters that an op's input is made of, values that go in without coming from any).

    Values from other iterations are taken as they are.
    """
    origins: dict[int, tuple[set[int], set[int]]] = {}
    for op in run.flow(event.iteration).ops:
        if op.position > event.position:
            break
        taken = {slot.value for slot in op.inputs if slot.value is not None}
        parts = {value: origins.get(value) or (_parameter(run, run.value(value)), set()) for value in taken}
        tensors = set().union(*(tensors for tensors, _ in parts.values()))
        given = set().union(*(given for _, given in parts.values()))
        if tensors:
            given |= {value for value, (of_value, _) in parts.items() if not of_value}
        if op.position == event.position:
            return tensors, given
        for slot in op.outputs:
            if slot.value is not None and slot.value not in taken:
                origins[slot.value] = tensors, given
    return set(), set()


def _parameter(run: Run, value: Value) -> set[int]:
    return {value.tensor} if value.tensor is not None and value.tensor in run.boxes else set()


def _is_given_again(run: Run, before: Iterable[set[int]], since: Iterable[set[int]]) -> bool:
    """Whether all samples (rows) that went in before went in since, too."""
    again = set().union(*since)
    missing = set().union(*before) - again
    seen = {row for value in again for row in _rows(run, value)} if missing else set()
    return all((rows := _rows(run, value)) and seen.issuperset(rows) for value in missing)


def _rows(run: Run, value: int) -> set[bytes]:
    array = run.array(value)
    return set() if array is None else {row.tobytes() for row in array.reshape(len(array) if array.ndim else 1, -1)}


def _is_listened_to(run: Run, event: Event) -> bool:
    """Whether something weighs the output, or holds it beside a target."""
    wanted = {slot.value for slot in event.outputs}
    for after in run.flow(event.iteration).ops:
        if after.position <= event.position or not any(slot.value in wanted for slot in after.inputs):
            continue
        if after.name in _WEIGHS or after.name.startswith("conv"):
            return True
        others = [run.value(slot.value) for slot in after.inputs if slot.value is not None]
        if after.name == "mul" and any(_parameter(run, value) for value in others):
            return True
        if is_view(after) or after.name == "dropout" or "pool" in after.name:
            wanted.update(slot.value for slot in after.outputs)
    return False
