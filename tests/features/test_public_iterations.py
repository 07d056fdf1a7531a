"""Where iterations begin and end in scripts that do more than train: set-up with autograd, bookkeeping, no products."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from engine.events import Kind, Phase
from engine.trace.reader import Trace

Record = Callable[[str], tuple[Trace, str]]

NET = """
    import torch
    torch.manual_seed(0)
    x, y = torch.randn(6, 3), torch.randint(0, 2, (6,))
    net = torch.nn.Linear(3, 2)
    opt = torch.optim.SGD(net.parameters(), lr=0.1)
    def train():
        output = net(x)
        loss = torch.nn.functional.cross_entropy(output, y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        return output, loss
"""


def numbers(trace: Trace) -> list[int]:
    """The iterations after the set-up."""
    return [iteration.number for iteration in trace.iterations() if iteration.number >= 0]


def test_a_polynomial_without_autograd_has_its_passes_as_iterations(record: Record) -> None:
    """No matrix product, no leaf: only the end of the program tells that its loop was training."""
    trace, _ = record(
        """
    import torch
    x = torch.linspace(-3, 3, 20)
    y = torch.sin(x)
    a, b = torch.zeros(()), torch.ones(())
    for t in range(5):
        y_pred = a + b * x
        grad = 2.0 * (y_pred - y)
        a -= 1e-3 * grad.sum()
        b -= 1e-3 * (grad * x).sum()
    print(a.item(), b.item())
    """
    )
    assert numbers(trace) == [0, 1, 2, 3, 4]
    assert [event.name for event in trace.events(iteration=-1)] == ["linspace", "sin", "zeros", "ones"]
    for iteration in range(5):
        events = trace.events(iteration=iteration)
        # b * x, a +, y_pred - y, 2 *; then sum, *, -= and *, sum, *, -=.
        assert Counter(event.phase for event in events) == {Phase.FORWARD: 4, Phase.UPDATE: 7}
        assert [event.name for event in events if event.name == "sub_"] == ["sub_", "sub_"]


def test_a_loop_that_fills_fresh_tensors_is_no_training(record: Record) -> None:
    trace, _ = record(
        """
    import torch
    rows = []
    for i in range(4):
        row = torch.ones(3)
        row += i
        rows.append(row)
    """
    )
    assert numbers(trace) == [0]


@pytest.mark.parametrize(
    "bookkeeping",
    [
        "print(torch.exp(output).max().item())",
        "print(loss.log10().item())",
        "print(output.topk(1)[1].sum().item(), net(x).shape if i < 0 else '')",
    ],
)
def test_what_is_made_of_old_results_begins_no_iteration(record: Record, bookkeeping: str) -> None:
    trace, _ = record(
        NET
        + f"""
    for i in range(4):
        output, loss = train()
        {bookkeeping}
    """
    )
    assert numbers(trace) == [0, 1, 2, 3]
    for iteration in range(4):
        tracked = [event for event in trace.events(iteration=iteration) if event.phase == Phase.FORWARD]
        assert [event.name for event in tracked] == ["linear", "cross_entropy"]


def test_looking_at_weights_after_the_loop_begins_no_iteration(record: Record) -> None:
    trace, _ = record(
        NET
        + """
    for i in range(3):
        train()
    print(net.weight[:, 0].sum().item(), (torch.ones(2) - net.bias).norm().item())
    """
    )
    assert numbers(trace) == [0, 1, 2]


def test_another_model_that_is_trained_later_has_iterations_of_its_own(record: Record) -> None:
    """Its ops are at places that no iteration ran before; that a backward pass comes of them tells what they are."""
    trace, _ = record(
        NET
        + """
    for i in range(3):
        train()
    w = torch.zeros(3, requires_grad=True)
    for i in range(2):
        error = ((x @ w - 1) ** 2).mean()
        w.grad = None
        error.backward()
        with torch.no_grad():
            w -= 0.1 * w.grad
    """
    )
    assert numbers(trace) == [0, 1, 2, 3, 4]
    for iteration in (3, 4):
        forward = [event.name for event in trace.events(iteration=iteration) if event.phase == Phase.FORWARD]
        assert forward == ["matmul", "sub", "pow", "mean"]
        assert sum(event.kind == Kind.UPDATE for event in trace.events(iteration=iteration)) == 1


def test_initial_weights_that_autograd_tracks_are_set_up(record: Record) -> None:
    """`nn.Parameter(torch.randn(..., requires_grad=True) * 0.01)`, as textbooks write it."""
    trace, _ = record(
        """
    import torch
    from torch import nn
    torch.manual_seed(0)
    W = nn.Parameter(torch.randn(3, 2, requires_grad=True) * 0.01)
    b = nn.Parameter(torch.zeros(2, requires_grad=True))
    opt = torch.optim.SGD([W, b], lr=0.1)
    X = torch.randn(4, 3)
    for i in range(3):
        loss = (X @ W + b).pow(2).mean()
        opt.zero_grad()
        loss.backward()
        opt.step()
    """
    )
    assert numbers(trace) == [0, 1, 2]
    first = [event.name for event in trace.events(iteration=0) if event.kind == Kind.OP]
    assert first == ["matmul", "add", "pow", "mean"]
    assert [event.name for event in trace.events(iteration=-1)] == ["randn", "mul", "zeros", "randn"]
