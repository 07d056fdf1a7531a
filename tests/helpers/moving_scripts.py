"""Scripts that move numbers about, and the check that each element of their results is explained by its own number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_latex, to_text
from engine.events import Event, Kind
from engine.trace.reader import Trace


def assert_each_is_explained(
    record: Callable[..., Trace], expressions: dict[str, str], without_gradient: tuple[str, ...] = ()
) -> None:
    """Each op, and its gradients, in a script that computes expressions of some tensors; by the op's name.

    There are x (2, 3), c (3,) and d (2,), which require grad, k (2, 3) integers, and b (2, 3) bools. The loss is a sum
    of squares, so that each element has a gradient of its own.
    """
    lines = [
        "import torch",
        "import torch.nn.functional as F",
        "x = torch.tensor([[0.5, 1.5, -2.0], [3.0, -0.25, 1.0]], requires_grad=True)",
        "c = torch.tensor([1.5, -0.5, 2.5], requires_grad=True)",
        "d = torch.tensor([0.75, -3.5], requires_grad=True)",
        "k = torch.tensor([[0, 1, 1], [1, 0, 0]])",
        "b = torch.tensor([[True, False, True], [False, True, True]])",
        "C = (x * x).sum()",
    ]
    for expression in expressions.values():
        lines.append(f"y = {expression}")
        lines.append("for part in (y if isinstance(y, (list, tuple)) else [y]):")
        lines.append("    C = C + (part * part).sum()")
    trace = record(source="\n".join([*lines, "C.backward()"]))
    forward, backward = _counts(trace, set(expressions))
    assert set(expressions) - set(forward) == set()
    assert set(expressions) - set(backward) == set(without_gradient)


def _counts(trace: Trace, names: set[str]) -> tuple[Counter[str], Counter[str]]:
    """How many numbers the equations of these ops, and of their nodes, came to."""
    forward: Counter[str] = Counter()
    backward: Counter[str] = Counter()
    for event in trace.events():
        if event.kind == Kind.OP and event.name in names:
            forward[event.name] += _explained(trace, event)
        node = trace.node(event.node) if event.kind == Kind.NODE and event.node is not None else None
        op = trace.event(node.op) if node is not None and node.op is not None else None
        if op is not None and op.name in names:
            backward[op.name] += _explained(trace, event)
    return +forward, +backward


def _explained(trace: Trace, event: Event) -> int:
    """Fails where an element's equation is missing, cannot be printed, or does not come to the recorded number."""
    value = event.outputs[0].value
    found = 0
    for element in np.ndindex(() if value is None else trace.value(value).shape):
        page = explain(trace, event.position, element)
        assert page.worked or event.kind == Kind.NODE, f"{event.name}: {page.notes}"
        for line in page.lines:
            assert to_text(line.expression)
            assert to_latex(line.expression)
        for check in page.checks:
            recorded = np.asarray(check.recorded, dtype=np.float64)
            np.testing.assert_allclose(check.computed, recorded, 1e-5, 1e-6, err_msg=f"{page.caption} at {element}")
        found += len(page.checks)
    return found
