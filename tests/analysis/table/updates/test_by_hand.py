"""What a script itself writes into a parameter: each kind of write is computed and explained as torch did it."""

from __future__ import annotations

import numpy as np
import pytest

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from tests.analysis.conftest import Record
from tests.helpers.equations import english
from tests.helpers.of_updates import agree, updates

SCRIPT = """
    import torch
    torch.set_default_dtype(torch.float64)
    w = torch.tensor([[0.5, -1.5, 2.0], [1.0, 0.25, -0.75]], requires_grad=True)
    c = torch.tensor([2.0, -3.0, 0.5])
    for n in range(2):
        (w * c).sin().sum().backward()
        with torch.no_grad():
            g = w.grad
            {line}
        w.grad = None
"""
WRITES = {
    "sub_": ("w -= 0.1 * w.grad", "w.sub_(g, alpha=0.3)", "w.data -= 0.2 * g", "w.data.sub_(c)", "w -= 0.25"),
    "add_": ("w += -0.1 * g", "w.add_(g, alpha=-0.1)", "w.data.add_(g, alpha=-0.5)", "w.add_(c[:1])"),
    "mul_": ("w *= 0.9", "w.mul_(c)"),
    "div_": ("w /= 1.5", "w.div_(c)"),
    "addcmul_": ("w.addcmul_(g, g, value=-0.3)", "w.addcmul_(c, g)"),
    "addcdiv_": ("w.addcdiv_(g, g.abs() + 1, value=-0.3)",),
    "lerp_": ("w.lerp_(g, 0.3)", "w.lerp_(g, c.sigmoid().expand(2, 3))"),
    "neg_": ("w.neg_()",),
    "copy_": ("w.copy_(w - 0.1 * g)", "w.copy_(c)", "w.data.copy_(g)"),
    "fill_": ("w.fill_(0.5)", "w.fill_(torch.tensor(0.25))"),
    "zero_": ("w.zero_()",),
    "data=": ("w.data = w.data - 0.1 * w.grad", "w.data = g.clone()"),
    "sub": ("torch.sub(w, 0.1 * g, out=w)", "torch.sub(g, c, out=w)"),
}
CASES = [(name, line) for name, lines in WRITES.items() for line in lines]


@pytest.mark.parametrize(("name", "line"), CASES, ids=[line for _, line in CASES])
def test_a_write_by_hand(recorded: Record, name: str, line: str) -> None:
    assert agree(recorded(source=SCRIPT.format(line=line)), name) == 12


PARTS = {
    "sub_": (
        "w[1:] -= 1",
        "w[:, 1] -= 0.1 * g[:, 1]",
        "w[0, ::2].sub_(c[:2])",
        "w.T.sub_(g.T)",
        "w.view(6)[2:4].sub_(1)",
    ),
    "zero_": ("w[0].zero_()",),
    "fill_": ("w[:, 0].fill_(3)",),
    "copy_": ("w[1].copy_(c)", "w.t()[:2].copy_(torch.ones(2))"),
    "mul_": ("w.data[1, 1:].mul_(0.5)",),
}
PART_CASES = [(name, line) for name, lines in PARTS.items() for line in lines]


@pytest.mark.parametrize(("name", "line"), PART_CASES, ids=[line for _, line in PART_CASES])
def test_a_write_to_a_part_of_it(recorded: Record, name: str, line: str) -> None:
    trace = recorded(source=SCRIPT.format(line=line))
    assert agree(trace, name) == 12
    if line != "w.T.sub_(g.T)":
        old, new = (
            trace.array(slot.value) for slot in (*updates(trace, name)[0].inputs[:1], *updates(trace, name)[0].outputs)
        )
        assert old is not None
        assert new is not None
        assert 0 < np.sum(old != new) < 6


def test_what_was_taken_off_is_shown_as_a_rate_times_a_gradient(recorded: Record) -> None:
    trace = recorded(source=SCRIPT.format(line="w -= 0.1 * w.grad"))
    page = explain(trace, updates(trace, "sub_")[0].position, (1, 0))
    change, new = (to_text(line.expression) for line in page.lines)
    # 2 cos(2 · 1) is the gradient there.
    assert change == "Δw_(1,0) = η·∂C/∂w_(1,0) = 0.1·(-0.8322936731) = -0.08322936731"
    assert new == "new w_(1,0) = w_(1,0) - Δw_(1,0) = 1 - (-0.08322936731) = 1.083229367"
    assert english(page.notes) == ("The script's own update.",)
