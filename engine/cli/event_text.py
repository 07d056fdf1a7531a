"""One event in full, as text: what it is, where it was called from, what went in and what came out."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..analysis.flow import flow_of
from ..analysis.grad_fn import python_of, successors
from ..analysis.saved_values import SavedValue, saved_values
from ..counting import from_one
from ..events import UNTRACKED, AtenOp, Event, Kind, Slot
from ..export.described import Described
from .numbers import memory_text, shape_text, tensor_lines
from .terminal import Terminal

_PRINTED_ELEMENTS = 1000


def event_text(described: Described, position: int, terminal: Terminal) -> list[str]:
    """Lines about the event at `position`, which exists."""
    event = described.trace.event(position)
    assert event is not None
    function = "" if event.function == event.name else f"  {terminal.dim(event.function)}"
    number = from_one(event.iteration)
    lines = [
        f"{terminal.bold(event.name)}{function}",
        f"position {event.position}, iteration {number}, {terminal.styled(event.phase, event.phase)}",
    ]
    call, place = described.call(event), described.place(event)
    if call is not None:
        lines.append(f"in module {described.module(event)} ({call.class_name})")
        called = described.called_from(call)
        if called is not None:
            lines.append(f"  called at {Path(called.file).name}:{called.line}  {terminal.dim(called.text)}")
    if place is not None:
        lines.append(f"called from {Path(place.file).name}:{place.line}  {terminal.dim(place.text)}")
    mode = described.trace.grad_mode(event)
    if mode in UNTRACKED:
        lines.append(f"under {UNTRACKED[mode]}: autograd does not follow it")
    if event.pending:
        lines.append("about to happen: its outputs are not known yet")
    if event.error:
        lines.append(terminal.red(f"raised {event.error}"))
    names = {Kind.NODE: ("gradients that arrive", "gradients sent on")}.get(event.kind, ("inputs", "outputs"))
    for title, slots in zip(names, (event.inputs, event.outputs), strict=True):
        if slots:
            lines += ["", terminal.bold(title), *_slots(described, event, slots, terminal)]
    lines += _autograd(described, event, terminal)
    if event.arguments:
        lines += ["", terminal.bold("settings")]
        lines += [f"  {name} = {value}" for name, value in event.arguments.items() if value is not None]
    calls = described.trace.aten(position, position + 1)
    if calls:
        lines += ["", terminal.bold("what torch called")]
        lines += [f"  {_call_text(described, call, terminal)}" for call in calls]
    return lines


def _autograd(described: Described, event: Event, terminal: Terminal) -> list[str]:
    """How to get to a node in Python and what follows it; what the nodes of an op keep, as it is at the run's end."""
    flow = flow_of(described.trace, event.iteration)
    node = flow.node(event.node)
    if event.kind is Kind.NODE and node is not None:
        python = python_of(flow, event)
        after = [f"  .next_functions[{number}][0]  {name}" for number, name in enumerate(successors(flow, node))]
        return ["", terminal.bold("in Python"), *([f"  {python}"] if python else []), *after]
    kept = saved_values(flow, event, len(described.trace)) if event.kind is Kind.OP else []
    return ["", terminal.bold("kept for the backward pass"), *(f"  {_kept_text(one)}" for one in kept)] if kept else []


def _kept_text(one: SavedValue) -> str:
    """As "a1, version 0, by SigmoidBackward0: freed at step 27"."""
    written = "" if one.overwritten_by is None else f", written to at step {one.overwritten_by} meanwhile"
    state = "still there" if one.freed_by is None else f"freed at step {one.freed_by}"
    version = "" if one.version is None else f", version {one.version}"
    return f"{one.symbol}{version}, by {one.node}: {state}{written}"


def _call_text(described: Described, call: AtenOp, terminal: Terminal) -> str:
    """As "aten::mm (2x3, 3x4) -> 2x4"."""

    def shapes(slots: tuple[Slot, ...]) -> str:
        known = [described.trace.value(slot.value) for slot in slots if slot.value is not None]
        return ", ".join(shape_text(value.shape) for value in known)

    before = "" if call.inside else terminal.dim("  before the event")
    result = f"raised {call.error}" if call.error else f"-> {shapes(call.outputs)}"
    return f"{call.function} ({shapes(call.inputs)}) {result}{before}"


def _slots(described: Described, event: Event, slots: tuple[Slot, ...], terminal: Terminal) -> list[str]:
    lines = []
    for slot in slots:
        if slot.value is None:
            lines.append(f"  {slot.name}: no tensor")
            continue
        value = described.trace.value(slot.value)
        array = described.trace.array(slot.value)
        owner = None if value.tensor is None else described.trace.tensor(value.tensor)
        known = [described.role(slot.value, event.iteration), "" if owner is None else owner.name]
        title = f"{slot.name}: {' = '.join(name for name in known if name)}".rstrip(": ")
        kind = f"{shape_text(value.shape)} {value.dtype} {value.device}{memory_text(value)}"
        kind = terminal.dim(f"{kind}{_sent_to(described, event, slot)}")
        numbers = _numbers(described, slot.value, array, terminal)
        if len(numbers) == 1:
            lines.append(f"  {title}  {numbers[0]}  {kind}")
        else:
            lines += [f"  {title}  {kind}", *(f"    {line}" for line in numbers)]
    return lines


def _sent_to(described: Described, event: Event, slot: Slot) -> str:
    """Where a node sends a gradient."""
    node = described.trace.node(slot.node) if event.kind is Kind.NODE and slot.node is not None else None
    if node is None:
        return ""
    leaf = None if node.tensor is None else described.trace.tensor(node.tensor)
    return f", to {node.name}{'' if leaf is None else f' of {leaf.name}'}"


def _numbers(described: Described, value: int, array: np.ndarray | None, terminal: Terminal) -> list[str]:
    if array is not None and 16 < array.size <= _PRINTED_ELEMENTS:
        return np.array2string(array, precision=4, max_line_width=max(40, terminal.width - 6)).splitlines()
    return tensor_lines(array, described.trace.value(value))
