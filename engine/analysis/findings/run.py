"""A recorded run as the rules look at it: its events, losses, `.grad` boxes and source, read once."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ...bilingual import Bilingual, listed, same
from ...events import Event, Kind, Phase, Tensor
from ...trace.reader import Trace
from ...values import Statistics, Value, statistics
from ..families import is_view
from ..flow import Flow, flow_of
from ..names import ValueNames
from ..roles import Roles, roles
from .boxes import BoxStep, box_steps
from .script import Script

MOST_EVENTS = 40_000
"""Of a longer trace the first and the last iterations are looked at."""

_MOST_SAMPLES = 4


@dataclass(frozen=True, slots=True)
class Loss:
    """What a backward pass began with. position: of its first node. op: position of what computed it, None if unseen.

    value: its id; number: what it was, None where it is not one number.
    """

    iteration: int
    position: int
    op: Event | None
    value: int | None
    number: float | None


class Run:
    """What the rules read. numbers: the iterations looked at, in order; total: how many the trace has.

    events: those of the iterations looked at that are completed and did not raise.
    """

    def __init__(self, trace: Trace, wanted: int | None = None) -> None:
        self.trace = trace
        self.names = ValueNames(trace)
        spans = list(trace.iterations())
        self.total = len(spans)
        chosen = spans
        if spans and spans[-1].end > MOST_EVENTS:
            share = MOST_EVENTS // 2
            last = spans[-1].end
            chosen = [row for row in spans if row.end <= share or row.begin >= last - share or row.number == wanted]
        self.numbers = [row.number for row in chosen]
        found = [event for row in chosen for event in trace.events(begin=row.begin, end=row.end)]
        self.events = [event for event in found if not event.pending and not event.error]
        self._by_position = {event.position: event for event in self.events}
        ids = {slot.value for event in self.events for slot in (*event.inputs, *event.outputs)}
        self.values: dict[int, Value] = trace.values(value for value in ids if value is not None)
        self.tensors: dict[int, Tensor] = {tensor.id: tensor for tensor in trace.tensors()}

    def event(self, position: int | None) -> Event | None:
        """The event at a position, None where it is not looked at."""
        return None if position is None else self._by_position.get(position)

    @cached_property
    def script(self) -> Script:
        """The source."""
        return Script(self.trace.sources())

    @cached_property
    def boxes(self) -> dict[int, list[BoxStep]]:
        """What happened to each parameter's `.grad`."""
        return box_steps(self.events)

    @cached_property
    def updates(self) -> dict[int, list[Event]]:
        """Updates of each parameter, in order."""
        found: dict[int, list[Event]] = {}
        for event in self.events:
            if event.kind == Kind.UPDATE and event.tensor is not None and event.inputs:
                found.setdefault(event.tensor, []).append(event)
        return found

    @cached_property
    def makers(self) -> dict[int, Event]:
        """Value id -> the op that made it (not one that it only passed through)."""
        found: dict[int, Event] = {}
        for event in self.events:
            if event.kind == Kind.OP:
                taken = {slot.value for slot in event.inputs}
                for slot in event.outputs:
                    if slot.value is not None and slot.value not in taken:
                        found.setdefault(slot.value, event)
        return found

    @cached_property
    def losses(self) -> list[Loss]:
        """What each backward pass began with, in order."""
        made_at: dict[tuple[int, int], tuple[Event, int]] = {}
        sent: set[int] = set()
        found: list[Loss] = []
        for event in self.events:
            if event.kind == Kind.OP:
                for slot in event.outputs:
                    if slot.node is not None and slot.value is not None:
                        made_at.setdefault((slot.node, slot.index), (event, slot.value))
                if event.phase != Phase.BACKWARD:
                    sent.clear()
            elif event.kind == Kind.NODE and event.node is not None:
                if event.node not in sent and event.inputs:
                    op, value = made_at.get((event.node, event.inputs[0].index), (None, None))
                    number = None if value is None else self.number(value)
                    found.append(Loss(event.iteration, event.position, op, value, number))
                sent.update(slot.node for slot in event.outputs if slot.node is not None)
        return found

    @cached_property
    def curve(self) -> list[Loss]:
        """One loss an iteration, where all backward passes begin at one place in the source; otherwise empty."""
        known = [loss for loss in self.losses if loss.op is not None and loss.number is not None]
        if len({(loss.op.site, loss.op.name) for loss in known if loss.op is not None}) != 1:
            return []
        by_iteration: dict[int, Loss] = {}
        for loss in known:
            by_iteration.setdefault(loss.iteration, loss)
        return list(by_iteration.values())

    @cached_property
    def samples(self) -> list[int]:
        """A few iterations spread over the run, for what needs arrays: the first two, one in the middle, the last."""
        numbers = [number for number in self.numbers if number >= 0]
        if len(numbers) <= _MOST_SAMPLES:
            return numbers
        return [numbers[0], numbers[1], numbers[len(numbers) // 2], numbers[-1]]

    @cached_property
    def data(self) -> frozenset[int]:
        """Tensor ids of leaves that are data: an x that requires grad."""
        return frozenset().union(*(self.roles(number).inputs for number in self.samples))

    @cached_property
    def layer_tensors(self) -> dict[int, str]:
        """Tensor ids of parameters that forward passes used -> "w1", "b1" or their names."""
        found: dict[int, str] = {}
        for number in self.samples:
            for tensor, role in self.roles(number).of_tensor.items():
                found.setdefault(tensor, role)
        return found

    def flow(self, iteration: int) -> Flow:
        """How values flow through an iteration."""
        return flow_of(self.trace, iteration)

    def roles(self, iteration: int) -> Roles:
        """The textbook's names of an iteration's values."""
        return roles(self.trace, iteration)

    def value(self, value: int) -> Value:
        """A value without its array."""
        return self.values[value] if value in self.values else self.trace.value(value)

    def statistics(self, value: int) -> Statistics | None:
        """Of a value's elements, also where it is a view; None where that cannot be known."""
        known = self.value(value).statistics
        if known is not None:
            return known
        array = self.array(value)
        return None if array is None else statistics(array)

    def array(self, value: int | None) -> np.ndarray | None:
        """The numbers of a value, None if they were not kept."""
        return None if value is None else self.trace.array(value)

    def number(self, value: int) -> float | None:
        """A value of one element as a number."""
        if self.value(value).numel != 1:
            return None
        array = self.array(value)
        if array is None or array.dtype.kind not in "fiu":
            return None
        return float(array.reshape(-1)[0])

    def has_bad(self, value: int) -> bool:
        """Whether a value holds NaN or infinity."""
        known = self.statistics(value)
        return known is not None and known.nans + known.infs > 0

    def name(self, tensor: int) -> Bilingual:
        """What to call a parameter: its name, or its shape."""
        known = self.tensors.get(tensor)
        if known is None:
            return Bilingual(f"parameter {tensor}", f"参数 {tensor}")
        shape = list(known.shape)
        return same(known.name) if known.name else Bilingual(f"a parameter of shape {shape}", f"形状为 {shape} 的参数")

    def listed(self, tensors: list[int]) -> Bilingual:
        """Several parameters by name, the first few."""
        names = listed(self.name(tensor) for tensor in tensors[:4])
        if len(tensors) <= 4:
            return names
        return names + Bilingual(f" and {len(tensors) - 4} more", f" 等 {len(tensors)} 个参数")

    def line(self, event: Event) -> int:
        """Line in the source that an event was called from, 0 where that is unknown."""
        site = self.trace.site(event.site)
        return 0 if site is None else site.line

    def at(self, event: Event) -> Bilingual:
        """ "line 12", or the event's name where its line is unknown."""
        line = self.line(event)
        return Bilingual(f"line {line}", f"第 {line} 行") if line else Bilingual(event.name, f"{event.name} 处")

    def op(self, event: Event) -> Bilingual:
        """ "mse_loss at line 12", or the event's name alone where its line is unknown."""
        line = self.line(event)
        name = event.name
        return Bilingual(f"{name} at line {line}", f"第 {line} 行的 {name}") if line else Bilingual(name, f" {name}")

    def source_of(self, value: int | None) -> Event | None:
        """The op that computed a value, through ops that only hand numbers on."""
        made = None if value is None else self.makers.get(value)
        while made is not None and is_view(made) and made.inputs and made.inputs[0].value is not None:
            made = self.makers.get(made.inputs[0].value)
        return made


def is_finite(number: float | None) -> bool:
    """Whether there is a number, and it is one."""
    return number is not None and math.isfinite(number)
