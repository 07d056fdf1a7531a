"""Ways in which scripts change parameters: closures, `.data` read, changed and set, optimizers of their own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.analysis.roles import roles
from engine.events import Event, Kind, Phase
from engine.trace.reader import Trace

Record = Callable[[str], tuple[Trace, str]]

NET = """
    import torch
    torch.manual_seed(0)
    x = torch.linspace(-1, 1, 8).unsqueeze(1)
    y = torch.sin(3 * x)
"""


def updates(trace: Trace, iteration: int) -> list[Event]:
    """The updates of an iteration."""
    return [event for event in trace.events(iteration=iteration) if event.kind == Kind.UPDATE]


def test_each_evaluation_of_a_closure_is_recorded_and_a_step_is_one_iteration(record: Record) -> None:
    """LBFGS calls its closure several times a step, here until max_eval = max_iter * 5 // 4 = 3."""
    trace, printed = record(
        NET
        + """
    net = torch.nn.Sequential(torch.nn.Linear(1, 4), torch.nn.Tanh(), torch.nn.Linear(4, 1))
    opt = torch.optim.LBFGS(net.parameters(), lr=0.5, max_iter=3)
    for i in range(2):
        def closure():
            opt.zero_grad()
            loss = ((net(x) - y) ** 2).mean()
            loss.backward()
            print(loss.item())
            return loss
        opt.step(closure)
    """
    )
    losses = [float(line) for line in printed.split()]
    assert [i.number for i in trace.iterations()] == [-1, 0, 1]
    assert len(losses) == 6
    for iteration in (0, 1):
        by_role = roles(trace, iteration).by_role
        for n in range(3):
            value = trace.array(by_role["C" if n == 0 else f"C[{n + 1}]"])
            assert value is not None
            assert float(value) == losses[3 * iteration + n]
        # Two changes of direction lie between three evaluations, each of two weights and two biases.
        assert len(updates(trace, iteration)) == 2 * 4
        assert "dC/dw1[3]" in by_role


def test_a_closure_that_raises_leaves_the_recording_going(record: Record) -> None:
    trace, _ = record(
        """
    import torch
    w = torch.ones(2, requires_grad=True)
    opt = torch.optim.SGD([w], lr=0.1)
    def broken():
        raise ValueError("no loss")
    try:
        opt.step(broken)
    except ValueError:
        pass
    (w * w).sum().backward()
    opt.step()
    """
    )
    assert len(updates(trace, 0)) == 1


@pytest.mark.parametrize("change", ["p.data += -0.1 * p.grad", "p.data = p.data - 0.1 * p.grad"])
def test_parameters_that_are_changed_through_data(record: Record, change: str) -> None:
    trace, _ = record(
        f"""
    import torch
    torch.manual_seed(0)
    W = torch.randn(3, 2)
    b = torch.randn(2)
    parameters = [W, b]
    for p in parameters:
        p.requires_grad = True
    X = torch.randn(5, 3)
    for i in range(4):
        loss = ((X @ W + b) ** 2).mean()
        for p in parameters:
            p.grad = None
        loss.backward()
        for p in parameters:
            {change}
    """
    )
    assert [i.number for i in trace.iterations()] == [-1, 0, 1, 2, 3]
    for iteration in range(4):
        found = roles(trace, iteration)
        assert [found.role(event.outputs[0].value or 0) for event in updates(trace, iteration)] == ["new w1", "new b1"]
        old, gradient, new = (np.asarray(trace.array(found.by_role[role])) for role in ("w1", "dC/dw1", "new w1"))
        assert abs(new - (old - 0.1 * gradient)).max() < 1e-6


def test_moving_a_model_with_parameters_is_no_iteration(record: Record) -> None:
    """`.to` and `.double` ask torch what may share memory, which computes nothing."""
    trace, _ = record(
        NET
        + """
    net = torch.nn.Linear(1, 1).to("cpu").double()
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    for i in range(3):
        opt.zero_grad()
        torch.nn.functional.mse_loss(net(x.double()), y.double()).backward()
        opt.step()
    """
    )
    assert [i.number for i in trace.iterations()] == [-1, 0, 1, 2]
    first = trace.events(iteration=0)
    assert next(event.name for event in first if event.phase == Phase.FORWARD and event.outputs[0].node) == "linear"
    assert {event.name for event in first if event.kind == Kind.UPDATE} == {"SGD"}
