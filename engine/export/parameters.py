"""What the parameters were in one iteration: value, gradient and new value, by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..analysis.flow import flow_of
from ..events import Event, Kind, Slot
from ..trace.reader import Trace


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter in one iteration, each by the id of its value, None where there was none.

    tensor: its id. value: what the forward pass used. grad: its `.grad` when it was updated, or else as the backward
    pass left it. new: what the update made of it.
    """

    tensor: int
    name: str
    value: int | None
    grad: int | None
    new: int | None


def parameters(trace: Trace, iteration: int) -> list[Parameter]:
    """The parameters that an iteration used, in the order in which they were first seen.

    That is: leaves that require grad, and in networks without autograd whatever tensor an update changed.
    """
    events = trace.events(iteration)
    found = _Found(trace, events, flow_of(trace, iteration).leaves)
    for event in events:
        found.add(event)
    return [
        Parameter(
            tensor.id, tensor.name, found.value.get(tensor.id), found.gradient(tensor.id), found.new.get(tensor.id)
        )
        for tensor in trace.tensors()
        if tensor.name and (tensor.id in found.new or (tensor.kind == "parameter" and found.knows(tensor.id)))
    ]


class _Found:
    """Gathers value ids by tensor id, event by event."""

    def __init__(self, trace: Trace, events: list[Event], leaves: Mapping[int, int]) -> None:
        ids = {slot.value for event in events for slot in (*event.inputs, *event.outputs) if slot.value is not None}
        known = {value.id: value.tensor for value in trace.values(ids).values() if value.tensor is not None}
        self._tensor_of: dict[int, int] = {**known, **leaves}
        self.value: dict[int, int] = {}
        self.new: dict[int, int] = {}
        self._left_by_backward: dict[int, int] = {}
        self._used_by_update: dict[int, int] = {}

    def knows(self, tensor: int) -> bool:
        """Whether the iteration had anything to do with a tensor."""
        return tensor in self.value or tensor in self.new or tensor in self._left_by_backward

    def gradient(self, tensor: int) -> int | None:
        """The value id of a tensor's `.grad`."""
        return self._used_by_update.get(tensor, self._left_by_backward.get(tensor))

    def add(self, event: Event) -> None:
        """Takes what an event says."""
        if event.kind is Kind.UPDATE and event.tensor is not None:
            _note(self.value, event.tensor, _slot(event.inputs, "value"), first=True)
            _note(self._used_by_update, event.tensor, _slot(event.inputs, "grad"))
            _note(self.new, event.tensor, _slot(event.outputs, "value"))
        elif event.kind is Kind.NODE and event.tensor is not None:
            _note(self._left_by_backward, event.tensor, _slot(event.outputs, "grad"))
        elif event.kind is Kind.OP:
            for slot in event.inputs:
                tensor = None if slot.value is None else self._tensor_of.get(slot.value)
                if tensor is not None:
                    _note(self.value, tensor, slot.value, first=True)
            if event.iteration < 0:
                for slot in event.outputs:
                    tensor = None if slot.value is None else self._tensor_of.get(slot.value)
                    if tensor is not None:
                        _note(self.value, tensor, slot.value)


def _slot(slots: tuple[Slot, ...], name: str) -> int | None:
    return next((slot.value for slot in slots if slot.name == name), None)


def _note(into: dict[int, int], tensor: int, value: int | None, *, first: bool = False) -> None:
    if value is not None and not (first and tensor in into):
        into[tensor] = value
