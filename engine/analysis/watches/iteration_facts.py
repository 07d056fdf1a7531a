"""What one iteration tells a watch: when each value came to be known, and who wrote which box, state and variable."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ...events import Event, Kind, ModuleCall
from ...trace.reader import Trace
from ..families import is_in_place
from ..flow import ACCUMULATE
from ..names import ValueNames
from .role_patterns import RolePatterns, RolesHere


@dataclass(frozen=True, slots=True)
class Moment:
    """A value, and the position from which it is known. value: None where a box is emptied."""

    known_at: int
    value: int | None


@dataclass(frozen=True, slots=True)
class BoxChange:
    """A change of `.grad` boxes. tensor: whose box was set to `value`, or None for `written`: old value -> new one,
    of whichever boxes hold them.
    """

    known_at: int
    tensor: int | None
    value: int | None
    written: Mapping[int, int | None]


class IterationFacts:
    """One iteration as far as it is recorded; each part is worked out when it is first asked for.

    seen: value id -> position from which it is known. made: values that an event of this iteration put out.
    """

    def __init__(self, trace: Trace, iteration: int, names: ValueNames, patterns: RolePatterns) -> None:
        self.iteration = iteration
        self._patterns = patterns
        self._trace = trace
        self._names = names
        self.events = trace.events(iteration=iteration)
        self.seen: dict[int, int] = {}
        self.made: set[int] = set()
        for event in self.events:
            for slot in event.inputs:
                if slot.value is not None:
                    self.seen.setdefault(slot.value, event.position)
            for slot in event.outputs:
                if slot.value is not None and slot.value not in self.seen:
                    self.seen[slot.value] = event.position + 1
                    self.made.add(slot.value)

    @cached_property
    def roles(self) -> RolesHere:
        """The roles of its values and of its parameters."""
        return self._patterns.roles_of(self._trace, self.iteration, self.events, tuple(self.seen))

    @cached_property
    def box_changes(self) -> list[BoxChange]:
        """Everything that changed a `.grad`, in order."""
        return list(self._box_changes())

    @cached_property
    def boxes_of(self) -> dict[int, list[BoxChange]]:
        """What was put into the `.grad` of each parameter, by the tensor's id, in order."""
        found: dict[int, list[BoxChange]] = {}
        for change in self.box_changes:
            if change.tensor is not None:
                found.setdefault(change.tensor, []).append(change)
        return found

    @cached_property
    def box_writes(self) -> list[BoxChange]:
        """What was written into boxes, whosever they are, in order."""
        return [change for change in self.box_changes if change.tensor is None]

    def _box_changes(self) -> Iterator[BoxChange]:
        for event in self._completed():
            made = event.outputs[0].value if event.outputs else None
            is_set = event.kind == Kind.GRAD or (event.kind == Kind.NODE and event.name == ACCUMULATE)
            if is_set and event.tensor is not None:
                yield BoxChange(event.position + 1, event.tensor, made, {})
            elif event.kind == Kind.EDIT and event.inputs and event.inputs[0].value is not None:
                yield BoxChange(event.position + 1, None, None, {event.inputs[0].value: made})
            elif event.kind == Kind.OP and is_in_place(event):
                # Clipping, or a script of its own, writes into boxes.
                slots = zip(event.inputs, event.outputs, strict=False)
                written = {old.value: new.value for old, new in slots if old.value is not None}
                yield BoxChange(event.position + 1, None, None, written)

    @cached_property
    def variables(self) -> dict[str, list[Moment]]:
        """What the script's variables stood for, by name, in order: what was given to them or used under their name."""
        found: dict[str, list[Moment]] = {}
        for name, moment in sorted(self._variables(), key=lambda one: one[1].known_at):
            found.setdefault(name, []).append(moment)
        return found

    def _variables(self) -> Iterator[tuple[str, Moment]]:
        holds: dict[str, int] = {}
        for event in self._completed():
            if event.kind == Kind.EDIT and event.inputs and event.outputs and event.tensor is None:
                for name in [name for name, value in holds.items() if value == event.inputs[0].value]:
                    new = event.outputs[0].value
                    if new is not None:
                        holds[name] = new
                        yield name, Moment(event.position + 1, new)
            if event.kind not in (Kind.OP, Kind.UPDATE):
                continue
            for slot in event.inputs if event.kind == Kind.OP else ():
                name = self._names.argument(event, slot.name) if slot.value is not None else ""
                if slot.value is not None and name.isidentifier() and not self._is_inside(event, slot.value, name):
                    yield name, Moment(self.seen[slot.value], slot.value)
            for place, slot in enumerate(event.outputs):
                name = self._names.variable(event, place) if slot.value is not None else ""
                if slot.value is not None and name and not self._has_other_name(slot.value, name):
                    holds[name] = slot.value
                    yield name, Moment(event.position + 1, slot.value)

    def _is_inside(self, event: Event, value: int, name: str) -> bool:
        """Whether an op is inside of what the expression calls: `nn.LayerNorm(n)` fills weights, and not n."""
        return self._has_other_name(value, name) and not self._names.calls_by_name(event)

    def _has_other_name(self, value: int, name: str) -> bool:
        """Whether a value is a parameter's: what `self.out = Linear(4, 1)` made last is out.bias, and not `out`."""
        tensor = self._trace.value(value).tensor
        known = None if tensor is None else self._trace.tensor(tensor)
        return known is not None and known.kind != "input" and known.name.rpartition(".")[2] != name

    @cached_property
    def of_tensors(self) -> dict[int, list[Event]]:
        """What happened to each parameter and to its `.grad`: id of the tensor -> events, in order."""
        found: dict[int, list[Event]] = {}
        for event in self.events:
            if event.tensor is not None and not event.pending:
                found.setdefault(event.tensor, []).append(event)
        return found

    @cached_property
    def updates(self) -> list[Event]:
        """Updates, steps of schedulers and learning rates set by hand, in order."""
        return [
            event
            for event in self._completed()
            if event.kind == Kind.UPDATE or (event.kind == Kind.EDIT and "new_lr" in event.arguments)
        ]

    @cached_property
    def calls(self) -> list[ModuleCall]:
        """Module calls, in order."""
        return self._trace.calls(self.iteration)

    def result_of(self, call: ModuleCall) -> int | None:
        """What a module call gave back: what its last op put out."""
        inside = [e for e in self._completed() if e.kind == Kind.OP and call.begin <= e.position < call.end]
        return next((e.outputs[0].value for e in reversed(inside) if e.outputs), None)

    def _completed(self) -> Iterator[Event]:
        return (event for event in self.events if not event.pending and not event.error)
