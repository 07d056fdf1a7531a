"""Gradients of gradients: the whole program is replayed through `torch.autograd.grad`, right or refused."""

import numpy as np
import pytest

from engine.analysis.flow import flow_of
from engine.analysis.verdict.answer import Answer
from engine.analysis.verdict.checker import Checker
from engine.analysis.verdict.replay import replay
from engine.analysis.verdict.whole import check_passes
from engine.events import Kind
from tests.helpers.checked_programs import event_named

SINE = """
    import torch
    x = torch.tensor([0.3, 0.7], dtype=torch.float64, requires_grad=True)
    w = torch.tensor(1.5, dtype=torch.float64, requires_grad=True)
    y = torch.sin(w * x).sum()
    for _ in range({orders}):
        y = torch.autograd.grad(y, x, create_graph=True)[0].sum()
    y.backward()
"""

PENALTY = """
    import torch
    from torch import nn
    torch.manual_seed(0)
    net = nn.Sequential(nn.Conv2d(1, 3, 3, 2), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(27, 1))
    pictures = torch.randn(4, 1, 7, 7).requires_grad_()
    scores = net(pictures)
    (slopes,) = torch.autograd.grad(scores, pictures, torch.ones_like(scores), create_graph=True)
    penalty = ((slopes.view(4, -1).norm(2, dim=1) - 1) ** 2).mean()
    (scores.mean() + 10 * penalty).backward()
"""

TUNED = """
    import torch
    from torch.nn import functional as F
    torch.manual_seed(0)
    w, v = torch.randn(6, 1, requires_grad=True), torch.randn(1, 6, requires_grad=True)
    x = torch.linspace(-1, 1, 8).reshape(-1, 1)
    def loss(w, v):
        return F.mse_loss(F.linear(torch.tanh(F.linear(x, w)), v), torch.sin(3 * x))
    fast = [w, v]
    for _ in range(2):
        slopes = torch.autograd.grad(loss(*fast), fast, create_graph=True)
        fast = [at - 0.1 * slope for at, slope in zip(fast, slopes)]
    loss(*fast).backward()
"""

HIDDEN = """
    import torch
    torch.manual_seed(0)
    w = torch.randn(3, 5, requires_grad=True)
    h = torch.sigmoid(torch.randn(4, 3) @ w)
    out = h.exp().sum()
    by_w, by_h = torch.autograd.grad(out, [w, h], create_graph=True)
    ((by_h * h).sum() + (by_w ** 2).sum()).backward()
"""


def last_pass(trace):
    return check_passes(Checker(flow_of(trace, 0)))[-1]


@pytest.mark.parametrize("source", [PENALTY, TUNED, HIDDEN], ids=["penalty", "tuned", "hidden"])
def test_parameters_behind_gradients_agree(recorded, source: str) -> None:
    found = last_pass(recorded(source=source))
    assert (found.reason.english, found.differing) == ("", [])
    assert found.parameters
    assert sum(part.elements - part.skipped for part in found.parameters.values()) > 2 * len(found.parameters)


@pytest.mark.parametrize("orders", [1, 2])
def test_its_numbers_are_those_of_the_closed_form(recorded, orders: int) -> None:
    """d/dx sin(wx) = w cos(wx), d²/dx² sin(wx) = -w² sin(wx), also where w was not recorded."""
    trace = recorded(source=SINE.replace("{orders}", str(orders)))
    checker = Checker(flow_of(trace, 0))
    made = replay(checker.flow, checker.formulas, checker.arrays, checker.nodes.traffic(checker.flow.passes[-1]))
    x = np.array([0.3, 0.7])

    def closed(w: float) -> float:
        return float((w * np.cos(w * x)).sum() if orders == 1 else (-(w**2) * np.sin(w * x)).sum())

    w = next(tensor for tensor in made.leaves if trace.tensor(tensor).name == "w")
    assert made.loss(made.base) == pytest.approx(closed(1.5), rel=1e-9)
    assert made.moved(w, (), 0.25) == pytest.approx(closed(1.75) - closed(1.5), rel=1e-8)
    found = last_pass(trace)
    assert (found.reason.english, found.differing) == ("", [])
    assert found.parameters["w"].elements == 1


def test_a_wrong_gradient_behind_a_gradient_is_found(recorded, planted) -> None:
    trace = recorded(source=PENALTY)
    event = event_named(trace, "AccumulateGrad")
    changed = planted(trace, event.inputs[0].value, lambda gradient: gradient * np.float32(1.01))
    assert last_pass(changed).differing == [trace.tensor(event.tensor).name]


def test_a_third_order_is_refused(recorded) -> None:
    assert "third" in last_pass(recorded(source=SINE.replace("{orders}", "3"))).reason.english


def test_starting_gradients_that_depend_on_parameters_are_refused(recorded) -> None:
    found = last_pass(
        recorded(
            source="""
            import torch
            x = torch.tensor([0.3, 0.7], requires_grad=True)
            w = torch.tensor([1.5, 2.0], requires_grad=True)
            torch.autograd.grad(torch.sin(w * x), x, grad_outputs=w * 2, create_graph=True)[0].sum().backward()
            """
        )
    )
    assert "grad_outputs" in found.reason.english


@pytest.mark.filterwarnings("ignore:Using backward")
def test_a_graph_behind_grad_is_never_taken_for_that_of_the_op_that_reads_it(recorded) -> None:
    """d(9w⁴)/dw = 36w³ at w = 2, through what `backward(create_graph=True)` left in `.grad`."""
    trace = recorded(
        source="""
        import torch
        w = torch.tensor(2.0, requires_grad=True)
        (w ** 3).backward(create_graph=True)
        (w.grad ** 2).backward()
        """
    )
    found = last_pass(trace)
    assert "create_graph" in found.reason.english
    assert found.parameters == {}
    checker = Checker(flow_of(trace, 0))
    nodes = [event for event in trace.events() if event.kind == Kind.NODE]
    assert Answer.DIFFERS not in [checker.verdict(event).answer for event in nodes]
    assert float(checker.arrays.recorded(nodes[-1].inputs[0].value)) == 288.0
