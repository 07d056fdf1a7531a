"""Holds the equations of recorded ops, and of what they send back, beside the recorded numbers, element by element."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from engine.analysis.explain.explainer import explain
from engine.analysis.explain.explanation import Explanation
from engine.analysis.notation.printing import to_latex, to_text
from engine.bilingual import Bilingual
from engine.events import Event, Kind
from engine.trace.reader import Trace
from tests.helpers.chinese import english_left, has_chinese

VALUES = """
import torch
import torch.nn.functional as F
x = torch.tensor([[0.5, 1.5, -2.0], [3.0, -0.25, 1.0]], requires_grad=True) * 1
t = torch.tensor([[2.0, -1.0, 4.0], [0.5, 3.0, 1.5]], requires_grad=True) * 1
w = torch.tensor([[0.5, 1.25, 2.0], [1.5, 0.75, 0.25]], requires_grad=True) * 1
p = torch.tensor([[0.2, 0.7, 0.1], [0.5, 0.25, 0.25]], requires_grad=True) * 1
c = torch.tensor([1.5, -0.5, 2.5], requires_grad=True) * 1
d = torch.tensor([0.75, -3.5], requires_grad=True) * 1
y = torch.tensor([2, 0])
k = torch.tensor([[0, 1, 1], [1, 0, 0]])
b = torch.tensor([[True, False, True], [False, True, True]])
C = (x * x).sum()
"""
"""Numbers x and t, positive weights w, shares p, integers k, bools b, each (2, 3); c (3,), d (2,) and classes y (2,).

Those that can be differentiated are results of ops, as the arguments of an op are as a rule."""

OF_FLOAT64, OF_FLOAT32 = (1e-10, 1e-11), (2e-5, 2e-6)
"""Relative and absolute tolerance, by the type that was recorded; others as float32."""


@dataclass(frozen=True, slots=True)
class Compared:
    """How many recorded numbers equations came to, by the op's name, and the pages that they stand on.

    results: of what the ops made. gradients: of what their nodes sent back.
    """

    results: Counter[str]
    gradients: Counter[str]
    pages: tuple[Explanation, ...]


def equations_hold(trace: Trace, *names: str, most: int = 40, rtol: float | None = None) -> Compared:
    """Each op with one of these names, and what is sent back through it, is explained by its own numbers.

    Asked for are the event as a whole and, unless it is a node that has no equation of its own, up to `most` elements
    of each of its results, spread evenly. Fails where an op has no equation, where an equation does not come to the
    recorded number, or where a name is not met.
    """
    found = Compared(Counter(), Counter(), ())
    pages = []
    for event in trace.events():
        op = op_of(trace, event)
        if op is None or op.name not in names:
            continue
        count = found.results if event.kind == Kind.OP else found.gradients
        for element in some_elements(trace, event, most):
            page = explain(trace, event.position, element)
            assert page.worked or event.kind == Kind.NODE, f"{op.name} {op.arguments} has no equation: {page.notes}"
            count[op.name] += holds(page, rtol=rtol)
            pages.append(page)
            if not page.worked:
                break
    missing = [name for name in names if not found.results[name]]
    assert not missing, f"no equation was compared for {missing}"
    return Compared(found.results, +found.gradients, tuple(pages))


def holds(page: Explanation, *, rtol: float | None = None, atol: float | None = None) -> int:
    """How many numbers the equations of a page come to; fails where one does not, where one cannot be printed, or where
    what is said beside it is not in Chinese too.

    Without tolerances those of the recorded type are taken.
    """
    for line in page.lines:
        assert to_text(line.expression)
        assert to_latex(line.expression)
    for text in (*(line.caption for line in page.lines if line.caption), *page.notes):
        assert has_chinese(text.chinese), text
        # What torch itself said is quoted as it was.
        assert text.english.startswith("It failed:") or english_left(text.chinese) == [], text
    assert not any("torch did something else" in note.english for note in page.notes), page.caption
    for check in page.checks:
        assert check.computed.shape == check.recorded.shape
        usual_rtol, usual_atol = OF_FLOAT64 if check.recorded.dtype == np.float64 else OF_FLOAT32
        np.testing.assert_allclose(
            check.computed,
            np.asarray(check.recorded, dtype=np.float64),
            rtol=usual_rtol if rtol is None else rtol,
            atol=usual_atol if atol is None else atol,
            err_msg=f"{page.caption.english} at {page.element}",
        )
    return len(page.checks)


def trace_of(record: Callable[..., Trace], *expressions: str) -> Trace:
    """Records a script that computes expressions of `VALUES`, each a tensor or some, and sends gradients back.

    The loss is a sum of squares, so that each element has a gradient of its own.
    """
    lines = [VALUES]
    for expression in expressions:
        lines.append(f"result = {expression}")
        lines.append("for part in (result if isinstance(result, (list, tuple)) else [result]):")
        lines.append("    C = C + (part * part).sum()")
    return record(source="\n".join([*lines, "C.backward()"]))


def calls_hold(record: Callable[..., Trace], calls: dict[str, str], without_gradient: Iterable[str] = ()) -> None:
    """The equations of calls of `VALUES`, by the name of the op that is meant, hold forward and backward."""
    found = equations_hold(trace_of(record, *calls.values()), *calls)
    assert set(calls) - set(found.gradients) == set(without_gradient)


def call_holds(record: Callable[..., Trace], call: str) -> int:
    """How many numbers the equations of one call of `VALUES` come to; the op is the function that is called."""
    name = call.removeprefix("F.").removeprefix("torch.").partition("(")[0]
    found = equations_hold(trace_of(record, call), name)
    assert found.gradients[name], f"no gradient of {name} was compared"
    return found.results.total() + found.gradients.total()


def pages_of(trace: Trace) -> list[Explanation]:
    """The pages of all events of a trace, without a chosen element."""
    return [explain(trace, event.position) for event in trace.events()]


def text_of_result(trace: Trace, name: str, element: tuple[int, ...] | None = None) -> str:
    """The last equation of the first op with a name, as text."""
    event = next(event for event in trace.events() if event.kind == Kind.OP and event.name == name)
    return to_text(explain(trace, event.position, element).lines[-1].expression)


def text_of_gradient(trace: Trace, name: str, element: tuple[int, ...] | None = None) -> str:
    """The last equation of a gradient that the first op with a name sends back, as text."""
    nodes = ((event, op_of(trace, event)) for event in trace.events() if event.kind == Kind.NODE)
    event = next(event for event, op in nodes if op is not None and op.name == name)
    return to_text(explain(trace, event.position, element).lines[-1].expression)


def op_of(trace: Trace, event: Event) -> Event | None:
    """An op itself, or the op whose backward a node is; None for other events, and for the node of a leaf."""
    if event.kind != Kind.NODE:
        return event if event.kind == Kind.OP else None
    node = None if event.node is None else trace.node(event.node)
    return None if node is None or node.op is None else trace.event(node.op)


def some_elements(trace: Trace, event: Event, most: int) -> Iterator[tuple[int, ...] | None]:
    """No element, and up to `most` of each shape that an event's results have, spread evenly; the last is one."""
    yield None
    shapes = {trace.value(slot.value).shape: None for slot in event.outputs if slot.value is not None}
    for shape in shapes:
        count = math.prod(shape)
        step = max(1, -(-count // most))
        for flat in range((count - 1) % step, count, step):
            yield tuple(map(int, np.unravel_index(flat, shape)))


def english(texts: Iterable[Bilingual]) -> tuple[str, ...]:
    """The English of each."""
    return tuple(text.english for text in texts)
