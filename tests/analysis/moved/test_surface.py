"""The loss surface is the loss: beside formulas by hand, and beside torch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.analysis.moved import surface as module
from engine.analysis.moved.surface import Axis, axes_of, surface, usual_axes
from engine.errors import GradstepError
from engine.trace.reader import Trace

Record = Callable[..., Trace]

LINE = """
    import torch
    w = torch.tensor([[3.0]], requires_grad=True, dtype=torch.float64)
    b = torch.tensor([-1.0], requires_grad=True, dtype=torch.float64)
    x = torch.tensor([[2.0], [4.0]], dtype=torch.float64)
    t = torch.tensor([[1.0], [2.0]], dtype=torch.float64)
    optimizer = torch.optim.SGD([w, b], lr=0.01)
    for _ in range(4):
        optimizer.zero_grad()
        loss = torch.nn.functional.mse_loss(torch.nn.functional.linear(x, w, b), t)
        loss.backward()
        optimizer.step()
"""


def by_hand(w: float, b: float) -> float:
    """((2w + b − 1)² + (4w + b − 2)²) / 2"""
    return ((2 * w + b - 1) ** 2 + (4 * w + b - 2) ** 2) / 2


def test_every_point_is_the_loss_by_hand(recorded: Record) -> None:
    trace = recorded(source=LINE)
    axes = usual_axes(axes_of(trace, 0))
    assert axes == (Axis("w1", (0, 0)), Axis("b1", (0,)))
    steps: list[tuple[int, int]] = []
    found = surface(trace, 0, *axes, went_on=lambda done, count: steps.append((done, count)))
    wanted = [[by_hand(float(w), float(b)) for w in found.firsts] for b in found.seconds]
    assert found.losses == pytest.approx(np.array(wanted))
    assert found.loss_here == pytest.approx(by_hand(3.0, -1.0))
    assert steps == [(row, len(found.seconds)) for row in range(len(found.seconds))]


def test_the_path_is_the_parameters_of_each_forward_pass(recorded: Record) -> None:
    trace = recorded(source=LINE)
    found = surface(trace, 2, Axis("w1", (0, 0)), Axis("b1", (0,)))
    assert found.iterations.tolist() == [0, 1, 2, 3]
    w, b = 3.0, -1.0
    for number in range(4):
        assert found.path[number] == pytest.approx([w, b])
        first, second = 2 * w + b - 1, 4 * w + b - 2
        w, b = w - 0.01 * (2 * first + 4 * second), b - 0.01 * (first + second)
    # Its middle is where iteration 2 stood, and all of the path is inside.
    assert found.firsts[len(found.firsts) // 2] == pytest.approx(found.path[2, 0])
    assert found.firsts[0] < found.path[:, 0].min() <= found.path[:, 0].max() < found.firsts[-1]


def test_the_path_of_a_long_run_goes_through_the_present_iteration(
    recorded: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_PATH", 2)
    trace = recorded(source=LINE)
    assert 1 in surface(trace, 1, Axis("w1", (0, 0)), Axis("b1", (0,))).iterations


def test_looking_closer_halves_the_width(recorded: Record) -> None:
    trace = recorded(source=LINE)
    axes = Axis("w1", (0, 0)), Axis("b1", (0,))
    far, near = surface(trace, 0, *axes), surface(trace, 0, *axes, zoom=2.0)
    assert np.ptp(near.firsts) == pytest.approx(np.ptp(far.firsts) / 2)


def test_two_numbers_of_one_parameter_may_be_moved(recorded: Record) -> None:
    trace = recorded(
        source="""
        import torch
        w = torch.tensor([1.0, 2.0], requires_grad=True, dtype=torch.float64)
        loss = (w ** 2).sum()
        loss.backward()
        """
    )
    first, second = axes_of(trace, 0)
    found = surface(trace, 0, first, second)
    assert found.losses == pytest.approx(np.add.outer(found.seconds**2, found.firsts**2))


def test_of_large_parameters_the_steepest_numbers_are_offered(recorded: Record) -> None:
    trace = recorded(
        source="""
        import torch
        w = torch.zeros(30, requires_grad=True)
        loss = (w * torch.arange(30.0)).sum()
        loss.backward()
        """
    )
    assert [axis.element for axis in axes_of(trace, 0)] == [(place,) for place in range(29, 17, -1)]


def test_what_has_no_loss_says_so(recorded: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    trace = recorded(source=LINE)
    with pytest.raises(GradstepError, match="does not depend on w9"):
        surface(trace, 0, Axis("w9", ()), Axis("b1", (0,)))
    with pytest.raises(GradstepError, match="no iteration 18"):
        surface(trace, 17, Axis("w1", (0, 0)), Axis("b1", (0,)))
    forward = recorded(source="import torch\ntorch.ones(3).sum()\n")
    with pytest.raises(GradstepError, match="no backward pass"):
        surface(forward, forward.iterations()[-1].number, Axis("w1", ()), Axis("b1", ()))
    # A slow network gets a coarser grid.
    monkeypatch.setattr(module, "_PATIENCE_S", 0.0)
    assert surface(trace, 0, Axis("w1", (0, 0)), Axis("b1", (0,))).losses.shape == (13, 13)
