"""Names in a trace that a breakpoint may wait for, to choose from while typing."""

from __future__ import annotations

from collections.abc import Mapping

from engine.events import Kind, Phase
from engine.trace.reader import Trace
from engine.wire.breakpoints import What

MOST_EVENTS = 4000
"""Names are taken from so many events at the start: a loop calls the same ones again."""


def names_by_kind(trace: Trace) -> Mapping[What, list[str]]:
    """Sorted names for each kind of breakpoint that has a pattern; files for lines."""
    ops: set[str] = set()
    nodes: set[str] = set()
    iterations = set()
    for event in trace.events(begin=0, end=MOST_EVENTS):
        (nodes if event.kind == Kind.NODE else ops).add(event.name)
        iterations.add(event.iteration)
    calls = [call for number in sorted(iterations)[:2] for call in trace.calls(number)]
    modules = {name for call in calls for name in (call.path, call.class_name, call.variable) if name}
    tensors = [tensor for tensor in trace.tensors() if tensor.name]
    parameters = sorted(tensor.name for tensor in tensors if tensor.kind == "parameter")
    gradients = [f"{name}.grad" for name in parameters]
    return {
        What.LINE: [source.path for source in trace.sources()],
        What.OP: sorted(ops),
        What.NODE: sorted(nodes),
        What.NOT_FINITE: sorted(ops | nodes),
        What.MODULE: sorted(modules),
        What.NAME: sorted(ops | nodes | modules),
        What.PARAMETER: sorted(tensor.name for tensor in tensors),
        What.GRADIENT_ABOVE: parameters,
        What.GRADIENT_BELOW: parameters,
        What.DATA: [*parameters, *gradients],
        What.PHASE: [phase.value for phase in Phase],
        What.EXCEPTION: ["IndexError", "RuntimeError", "TypeError", "ValueError"],
    }
