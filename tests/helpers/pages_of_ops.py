"""Asks for the equation of every element that some ops made or sent back, and holds it beside the recorded number."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from engine.analysis.explain.explainer import explain
from engine.analysis.explain.explanation import Explanation
from engine.analysis.notation.printing import to_latex, to_text
from engine.events import Kind
from engine.trace.reader import Trace


def every_equation(trace: Trace, *names: str, most: int = 40) -> Iterator[Explanation]:
    """The checked pages of the ops with these names and of their nodes, for up to `most` elements a result or gradient.

    Fails where an op has no equation, or one that does not come to the recorded number.
    """
    seen = set()
    for event in trace.events():
        op = event
        if event.kind == Kind.NODE:
            node = trace.node(event.node) if event.node is not None else None
            found = trace.event(node.op) if node is not None and node.op is not None else None
            if found is None:
                continue
            op = found
        if op.name not in names or event.kind not in (Kind.OP, Kind.NODE):
            continue
        shapes = {trace.value(slot.value).shape for slot in event.outputs if slot.value is not None}
        for element in [None, *(place for shape in shapes for place in _some_places(shape, most))]:
            page = explain(trace, event.position, element)
            if event.kind == Kind.OP:
                assert page.worked, f"{event.name} has no equation: {page.notes}"
            _compare(page)
            seen.add(op.name)
            yield page
    assert seen == set(names), f"not met: {set(names) - seen}"


def _some_places(shape: tuple[int, ...], most: int) -> list[tuple[int, ...]]:
    places = list(np.ndindex(shape))
    return places[:: max(1, len(places) // most)]


def _compare(page: Explanation) -> None:
    for line in page.lines:
        assert to_text(line.expression)
        assert to_latex(line.expression)
    assert not any("torch did something else" in note for note in page.notes), page.caption
    for check in page.checks:
        assert check.computed.shape == check.recorded.shape
        recorded = np.asarray(check.recorded, dtype=np.float64)
        tolerance = 1e-10 if check.recorded.dtype == np.float64 else 1e-4
        np.testing.assert_allclose(check.computed, recorded, rtol=tolerance, atol=tolerance, err_msg=page.caption)
