"""One iteration as a tree: phases, module calls, events with their positions and what they made, aten calls in them."""

from __future__ import annotations

import itertools
from pathlib import Path

from ..analysis.call_name import call_name
from ..events import UNTRACKED, AtenOp, Event, Kind, ModuleCall, Phase
from ..export.described import Described
from .numbers import one_line
from .terminal import Terminal, visible_length

_NAME_WIDTH = 36
"""Columns for the indented names of events."""


def tree_text(described: Described, iteration: int, phase: Phase | None, terminal: Terminal) -> list[str]:
    """The lines of the tree of an iteration, or of one phase of it."""
    events = [event for event in described.trace.events(iteration) if phase in (None, event.phase)]
    lines: list[str] = []
    for part, group in itertools.groupby(events, key=lambda event: event.phase):
        lines.append(terminal.bold(terminal.styled(part.value, part.value)))
        opened: list[ModuleCall] = []
        for event in group:
            around = described.calls_around(event) if part is not Phase.BACKWARD else []
            kept = _shared(opened, around)
            for depth in range(kept, len(around)):
                around_it = around[depth - 1] if depth else None
                lines.append(_call_line(described, around[depth], around_it, depth + 1, terminal))
            opened = around
            calls = described.trace.aten(event.position, event.position + 1)
            depth = len(around) + 1
            lines += [_aten_line(described, call, depth, terminal) for call in calls if not call.inside]
            lines.append(_line(described, event, depth, terminal))
            lines += [_aten_line(described, call, depth + 1, terminal) for call in calls if call.inside]
    return lines


def _shared(opened: list[ModuleCall], around: list[ModuleCall]) -> int:
    """How many of the open module calls are still around."""
    pairs = itertools.takewhile(lambda pair: pair[0].id == pair[1].id, zip(opened, around, strict=False))
    return len(list(pairs))


def _call_line(
    described: Described, call: ModuleCall, around: ModuleCall | None, depth: int, terminal: Terminal
) -> str:
    """A module call, and the line that called it: `net(x)`, not the one inside its forward."""
    name = call_name(call, around)
    left = "  " * depth + (call.class_name if name == call.class_name else f"{name} ({call.class_name})")
    place = described.called_from(call)
    if place is None:
        return left
    where = f"{Path(place.file).name}:{place.line}"
    return f"{left.ljust(terminal.width - len(where) - 2)}  {terminal.dim(where)}"


def _line(described: Described, event: Event, depth: int, terminal: Terminal) -> str:
    made = event.outputs[0].value if event.outputs else None
    value = None if made is None else described.trace.value(made)
    shown = "" if made is None else one_line(described.trace.array(made), value)
    role = described.role(made, event.iteration) or described.parameter(event)
    module = described.module(event) if event.kind is Kind.NODE else ""
    title = f"{event.name} · {module}" if module else event.name
    mode = described.trace.grad_mode(event)
    title += f" ({mode})" if mode in UNTRACKED else ""
    title = _cut(title, _NAME_WIDTH - 2 * depth - 6)
    name = "  " * depth + f"{terminal.dim(str(event.position).rjust(4))} {title}"
    place = described.place(event)
    where = "" if place is None else f"{Path(place.file).name}:{place.line}"
    result = "raised " + event.error if event.error else f"{role} = {shown}" if role and shown else shown
    left = name + " " * max(1, _NAME_WIDTH - visible_length(name))
    taken = visible_length(left) + len(where) + 2
    return f"{left}{_cut(result, terminal.cut_at - taken).ljust(terminal.width - taken)}  {terminal.dim(where)}"


def _aten_line(described: Described, call: AtenOp, depth: int, terminal: Terminal) -> str:
    """What torch called inside an event."""
    made = call.outputs[0].value if call.outputs else None
    value = None if made is None else described.trace.value(made)
    shown = "" if made is None else one_line(described.trace.array(made), value)
    name = "  " * depth + "     " + _cut(call.function, _NAME_WIDTH - 2 * depth - 6)
    left = name + " " * max(1, _NAME_WIDTH - visible_length(name))
    result = f"raised {call.error}" if call.error else shown
    return terminal.dim(f"{left}{_cut(result, terminal.cut_at - visible_length(left) - 2)}")


def _cut(text: str, width: int) -> str:
    """Text of at most this width, with an ellipsis where it was longer."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"
