"""Holds every equation of an event, element by element, beside the number that was recorded."""

from __future__ import annotations

import numpy as np

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_latex, to_text
from engine.events import Event, Kind
from engine.trace.reader import Trace

MOST = 40
"""Elements of one event that are looked at."""


def compare(trace: Trace, event: Event) -> int:
    """How many of an event's equations come to the recorded number; fails where one does not, or cannot be printed.

    An op must have an equation; a node may be a part of one. Numbers are float32.
    """
    value = event.outputs[0].value
    shape = () if value is None else trace.value(value).shape
    compared = 0
    for element in (None, *list(np.ndindex(shape))[:MOST]):
        page = explain(trace, event.position, element)
        assert event.kind == Kind.NODE or page.worked, page.notes
        for line in page.lines:
            assert to_text(line.expression)
            assert to_latex(line.expression)
        for check in page.checks:
            recorded = np.asarray(check.recorded, dtype=np.float64)
            np.testing.assert_allclose(check.computed, recorded, rtol=2e-4, atol=3e-6, err_msg=page.caption)
            compared += 1
    return compared


def compare_script(trace: Trace, name: str) -> int:
    """How many equations of a trace's ops of that name, and of all its nodes, come to the recorded numbers."""
    ops = [event for event in trace.events() if event.kind == Kind.OP and event.name == name]
    assert ops, f"no {name} was recorded"
    assert all(compare(trace, event) for event in ops)
    return sum(compare(trace, event) for event in trace.events() if event.kind == Kind.NODE)
