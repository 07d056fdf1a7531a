"""Asks for the equation of each event of a trace, and holds it beside the recorded number."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.analysis.explain.explainer import explain
from engine.analysis.flow import flow_of
from engine.analysis.notation.printing import to_latex, to_text
from engine.events import Event, Kind
from engine.trace.reader import Trace

RTOL, ATOL = 2e-4, 2e-6
"""float32 results of a few operations, some of which cancel."""


def assert_explained(trace: Trace, *names: str, sent: int = 0) -> None:
    """Each op with one of these names, and each of its gradients, has an equation that comes to the recorded number.

    sent: how many elements of gradients are compared at least.
    """
    found: dict[str, int] = dict.fromkeys(names, 0)
    gradients = 0
    for event in trace.events():
        if event.kind == Kind.OP and event.name in found:
            found[event.name] += _compared(trace, event)
        if event.kind == Kind.NODE and _op_name(trace, event) in found:
            gradients += _compared(trace, event, must=False)
    missing = [name for name, count in found.items() if not count]
    assert not missing, f"no equation was compared for {missing}"
    assert gradients >= sent, f"only {gradients} elements of gradients were compared"


def _compared(trace: Trace, event: Event, *, must: bool = True) -> int:
    compared = 0
    for element in _some_elements(trace, event):
        page = explain(trace, event.position, element)
        assert page.worked or not must, f"{event.name} {event.arguments}: {page.notes}"
        for line in page.lines:
            assert to_text(line.expression)
            assert to_latex(line.expression)
        for check in page.checks:
            recorded = np.asarray(check.recorded, dtype=np.float64)
            np.testing.assert_allclose(check.computed, recorded, RTOL, ATOL, err_msg=f"{page.caption} at {element}")
            compared += 1
    return compared


def _some_elements(trace: Trace, event: Event) -> Iterator[tuple[int, ...] | None]:
    """No element, the last one, and one in the middle of the event's first value."""
    yield None
    value = event.outputs[0].value if event.outputs else None
    shape = () if value is None else trace.value(value).shape
    if shape and 0 not in shape:
        yield tuple(size - 1 for size in shape)
        yield tuple(size // 2 for size in shape)


def _op_name(trace: Trace, event: Event) -> str:
    """The name of the op whose backward a node is."""
    node = flow_of(trace, event.iteration).node(event.node)
    op = trace.event(node.op) if node is not None and node.op is not None else None
    return "" if op is None else op.name


def text_of_result(trace: Trace, name: str, element: tuple[int, ...] | None = None) -> str:
    """The equation of the first op with a name, as text."""
    event = next(event for event in trace.events() if event.kind == Kind.OP and event.name == name)
    return to_text(explain(trace, event.position, element).lines[-1].expression)


def text_of_gradient(trace: Trace, name: str, element: tuple[int, ...] | None = None, which: int = -1) -> str:
    """The equation of a gradient that the first op with a name sends back, as text."""
    event = next(event for event in trace.events() if event.kind == Kind.NODE and _op_name(trace, event) == name)
    return to_text(explain(trace, event.position, element).lines[which].expression)
