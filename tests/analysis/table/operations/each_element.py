"""Records a call and holds the equation of each element beside the recorded number, forward and backward."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from engine.analysis.explain.explainer import explain
from engine.analysis.explain.explanation import Explanation
from engine.analysis.notation.printing import to_latex, to_text
from engine.analysis.table.operation import row_of
from engine.events import Event, Kind
from engine.trace.reader import Trace

SOURCE = """
    import torch
    import torch.nn.functional as F
    x = torch.tensor([[0.5, 1.5, -2.0], [3.0, -0.25, 1.0]], requires_grad=True) * 1
    t = torch.tensor([[2.0, -1.0, 4.0], [0.5, 3.0, 1.5]], requires_grad=True) * 1
    w = torch.tensor([[0.5, 1.25, 2.0], [1.5, 0.75, 0.25]], requires_grad=True) * 1
    r = torch.tensor([0.5, -1.5, 0.25], requires_grad=True) * 1
    y = torch.tensor([2, 0])
    p = torch.tensor([[0.2, 0.7, 0.1], [0.5, 0.25, 0.25]], requires_grad=True) * 1
    result = {}
    (result * 1.5).sum().backward()
"""
"""Values to call an op with, computed ones, as its arguments are as a rule.

Numbers x and t, positive weights w, one row r, classes y, shares p."""


def pages(trace: Trace) -> Iterator[Explanation]:
    """The pages of all events, without a chosen element."""
    for event in trace.events():
        yield explain(trace, event.position)


def equations_hold(recorded: Callable[..., Trace], call: str) -> int:
    """Records a call of the values above and compares each element of its result and gradients.

    Returns how many numbers were compared. The op that is meant must have an equation.
    """
    trace = recorded(source=SOURCE.format(call))
    name = call.removeprefix("F.").removeprefix("torch.").partition("(")[0]
    compared = 0
    for event in trace.events():
        if event.name != name and not _is_backward_of(trace, event, name):
            continue
        for slot in event.outputs:
            shape = () if slot.value is None else trace.value(slot.value).shape
            for element in np.ndindex(shape):
                page = explain(trace, event.position, element)
                assert page.worked or event.kind == Kind.NODE, f"{event.name} has no equation"
                compared += _holds(page)
    return compared


def _is_backward_of(trace: Trace, event: Event, name: str) -> bool:
    node = trace.node(event.node) if event.kind == Kind.NODE and event.node is not None else None
    op = trace.event(node.op) if node is not None and node.op is not None else None
    return op is not None and op.name == name and row_of(name) is not None


def _holds(page: Explanation) -> int:
    for line in page.lines:
        assert to_text(line.expression)
        assert to_latex(line.expression)
    for check in page.checks:
        np.testing.assert_allclose(check.computed, check.recorded, rtol=2e-5, atol=2e-6, err_msg=page.caption)
    return len(page.checks)
