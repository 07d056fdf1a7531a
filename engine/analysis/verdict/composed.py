"""Functions of the script's own (`torch.autograd.Function`): no row, but the ops that `forward` ran were recorded.

So the function is put together from the rows of these ops, and its `backward`, which the script wrote, is held to
central differences of it. That goes wrong where `forward` leaves torch (`item()`, NumPy) and comes back with a number
that depends on its arguments; such functions are refused.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Literal, Protocol

from ...events import Event, Kind
from ..flow import Flow
from ..table.call import Array, UnfitError
from .arrays import Arrays
from .blame import leaves_torch
from .formula import Formula
from .program import Program, Step
from .tolerance import SUMMED

_CONSTANTS = frozenset({
    "zeros", "ones", "full", "arange", "eye", "linspace", "empty", "rand", "randn", "randint", "randperm", "normal",
})  # fmt: skip
"""Ops without arguments that make the same whatever came before, or draw at random."""


class _Source(Protocol):
    def of(self, event: Event) -> Formula: ...


def inner_events(flow: Flow, event: Event) -> list[Event]:
    """The ops that ran inside an op: an op is written when it is over, so they are those before it that began later."""
    found: list[Event] = []
    for other in reversed(_before(flow, event)):
        if other.kind != Kind.OP or other.start_ns < event.start_ns:
            break
        found.append(other)
    return found[::-1]


def _before(flow: Flow, event: Event) -> list[Event]:
    """The iteration's events before one."""
    place = bisect_left(flow.events, event.position, key=lambda other: other.position)
    return flow.events[:place]


class Composed:
    """The formula of such a function. Raises UnfitError where something inside it cannot be computed."""

    def __init__(self, flow: Flow, event: Event, inner: Sequence[Event], formulas: _Source, arrays: Arrays) -> None:
        self.event = event
        self.scale = SUMMED
        self.nudged: Literal["each", "mirrored", "none"] = "each"
        self.cancels = False
        self._flow = flow
        left = leaves_torch(flow.trace, event)
        if left:
            raise UnfitError(f"its forward leaves torch, by {left}", f"它的 forward 通过 {left} 离开了 torch")
        self._values = {slot.name: slot.value for slot in event.inputs if slot.value is not None}
        self._results = [slot.value for slot in event.outputs if slot.value is not None]
        needed = self._needed(inner)
        reached = self._reached(needed)
        self.keys: Mapping[str, str] = {name: name for name, value in self._values.items() if value in reached}
        self.inputs: Mapping[str, Array] = {name: arrays.wide(self._values[name]) for name in self.keys}
        self._program = Program([self._step(formulas, other) for other in needed])

    def make(self, inputs: Mapping[str, Array]) -> list[Array]:
        """What `forward` makes."""
        values = self._program.run(self._given(inputs))
        try:
            return [values[value] for value in self._results]
        except KeyError:
            raise UnfitError(
                "one of its results does not come from its arguments", "它有一个结果不是由参数算出来的"
            ) from None

    def vjp(self, inputs: Mapping[str, Array], upstream: Sequence[Array]) -> Mapping[str, Array]:
        """What a right `backward` would send, by the chain rule; at kinks the script may have chosen otherwise."""
        sent = self._program.gradients(self._given(inputs), dict(zip(self._results, upstream, strict=True)))
        return {key: sent[self._values[key]] for key in self.keys if self._values[key] in sent}

    def _given(self, inputs: Mapping[str, Array]) -> dict[int, Array]:
        return {self._values[key]: array for key, array in inputs.items()}

    def _needed(self, inner: Sequence[Event]) -> list[Event]:
        """The inner ops that its results come from."""
        made: dict[int, Event] = {}
        for event in inner:
            taken = {slot.value for slot in event.inputs}
            for slot in event.outputs:
                if slot.value is not None and slot.value not in taken:
                    made.setdefault(slot.value, event)
        own = set(self._values.values())
        needed: dict[int, Event] = {}
        waiting = list(self._results)
        while waiting:
            value = waiting.pop()
            if value in own:
                continue
            maker = made.get(value)
            if maker is None:
                self._check_known(value, inner[0])
            elif maker.position not in needed:
                if not maker.inputs and maker.name not in _CONSTANTS:
                    raise UnfitError(
                        f"inside it {maker.name} makes a tensor of numbers that are not seen to be made",
                        f"它内部的 {maker.name} 用来历不明的数值建立了张量",
                    )
                needed[maker.position] = maker
                waiting += [slot.value for slot in maker.inputs if slot.value is not None]
        return [needed[position] for position in sorted(needed) if needed[position].inputs]

    def _check_known(self, value: int, first: Event) -> None:
        """Whether a tensor that no inner op made was there before."""
        if self._flow.trace.value(value).iteration < self._flow.iteration:
            return
        for event in _before(self._flow, first):
            if any(slot.value == value for slot in (*event.inputs, *event.outputs)):
                return
        raise UnfitError(
            "inside it there is a tensor that no recorded op made", "它内部有一个不是由已记录运算得到的张量"
        )

    def _reached(self, needed: Sequence[Event]) -> set[int]:
        """The values that the needed ops read."""
        return {slot.value for event in needed for slot in event.inputs if slot.value is not None} | {
            value for value in self._results if value in self._values.values()
        }

    def _step(self, formulas: _Source, event: Event) -> Step:
        try:
            formula = formulas.of(event)
        except UnfitError as error:
            why = error.reason
            raise UnfitError(
                f"inside it, at {event.name}: {why.english}", f"在它内部的 {event.name} 处：{why.chinese}"
            ) from error
        sources = {formula.keys[slot.name]: slot.value for slot in event.inputs if slot.value is not None}
        return Step(formula, sources, tuple(slot.value for slot in event.outputs))
