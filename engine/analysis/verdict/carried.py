"""An optimizer's state where the trace left it out: carried forward by the rule, from where it was last kept.

A recorder keeps large state (Adam's two averages of every weight) at some iterations only. Each step's gradient and
parameter are kept, so the steps in between are done again in float64. What is carried forward is then as exact as the
first state, and is compared at the next iteration at which it was kept.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ...events import Event, Kind, Slot
from ...trace.reader import Trace
from ..table.call import Array, UnfitError

MOST_STEPS = 300
"""Steps that are done again at most."""

MOST_NUMBERS = 200_000_000
"""Numbers that are worked out again at most, over all steps."""

Carry = Callable[[Event, Mapping[str, Array]], tuple[Mapping[str, Array], Array]]
"""(an update, the state before it) -> the state after it, and the gradient that was read."""


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """A state that was carried forward: arrays by name.

    sizes: for each element the largest number that went into it on the way, whose rounding torch's state has, also
    where it has come to almost nothing.
    """

    arrays: Mapping[str, Array]
    sizes: Mapping[str, Array]


class CarriedState:
    """The states of one trace that were left out. carry: carries one update out, with the state that it is given."""

    def __init__(self, trace: Trace, carry: Carry) -> None:
        self._trace = trace
        self._carry = carry
        self._last: dict[int | None, tuple[int, State]] = {}

    def before(self, event: Event, kept: Callable[[int], Array]) -> State:
        """The state before an update. kept: reads a recorded value.

        Raises UnfitError where it was kept too long ago, or in an iteration of which nothing was kept.
        """
        steps = self._steps_since_kept(event)
        state = State({}, {})
        for i, step in enumerate(steps):
            state = self._last[step.tensor][1] if self._has_carried(step) else self._after(step, state, i == 0, kept)
        self._last[event.tensor] = steps[-1].position, state
        return state

    def _after(self, step: Event, before: State, is_first: bool, kept: Callable[[int], Array]) -> State:
        arrays = _recorded(step, kept) if is_first else before.arrays
        made, gradient = self._carry(step, arrays)
        sizes = {}
        for name, array in made.items():
            parts = [arrays.get(name), gradient, before.sizes.get(name), array]
            of_shape = [np.abs(part) for part in parts if part is not None and part.shape == array.shape]
            sizes[name] = np.maximum.reduce(of_shape)
        return State(made, sizes)

    def _has_carried(self, event: Event) -> bool:
        """Whether the state after an update is what was carried last."""
        return event.tensor in self._last and self._last[event.tensor][0] == event.position

    def _steps_since_kept(self, event: Event) -> list[Event]:
        """The updates of the same parameter from the last one whose state before it was kept (or carried), in order."""
        found: list[Event] = []
        current: Event = event
        numbers = 0
        while True:
            before = self._update_before(current)
            if before is None:
                raise UnfitError(
                    "the update before it, from which its state comes, is not in the trace",
                    "它的状态来自前一次更新，而那次更新不在记录中",
                )
            found.append(before)
            numbers += sum(self._trace.value(slot.value).numel for slot in before.outputs if slot.value is not None)
            if self._has_carried(before) or self._is_kept(before):
                return found[::-1]
            if len(found) >= MOST_STEPS or numbers > MOST_NUMBERS:
                raise UnfitError(
                    "its state was last kept too long ago to be carried forward",
                    "它的状态上次被保存的时间太早，无法推算到这里",
                )
            current = before

    def _update_before(self, event: Event) -> Event | None:
        """The update that made the state which an update begins with."""
        wanted = {slot.value for slot in _state(event.inputs)}
        for number in range(event.iteration, max(event.iteration - 3, -2), -1):
            for other in reversed(self._trace.events(iteration=number)):
                is_earlier = other.kind == Kind.UPDATE and other.position < event.position
                if is_earlier and other.tensor == event.tensor and wanted & {s.value for s in _state(other.outputs)}:
                    return other
        return None

    def _is_kept(self, event: Event) -> bool:
        return all(self._trace.value(slot.value).kept for slot in _state(event.inputs) if slot.value is not None)


def _state(slots: tuple[Slot, ...]) -> list[Slot]:
    return [slot for slot in slots if slot.name not in ("value", "grad") and slot.value is not None]


def _recorded(event: Event, kept: Callable[[int], Array]) -> dict[str, Array]:
    return {slot.name: kept(slot.value) for slot in _state(event.inputs) if slot.value is not None}
