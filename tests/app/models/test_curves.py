"""The loss of each iteration: right numbers, quickly, and again when more was recorded."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.models.curves import LossHistory
from engine.analysis.data.epochs import epochs
from engine.trace.reader import Trace
from tests.helpers.rows_read import rows_read


def test_losses_are_those_of_gradient_descent(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(
        "import torch\n"
        "w = torch.tensor([4.0], requires_grad=True)\n"
        "optimizer = torch.optim.SGD([w], lr=0.25)\n"
        "for k in range(5):\n"
        "    optimizer.zero_grad()\n"
        "    loss = (w ** 2).sum()\n"
        "    loss.backward()\n"
        "    optimizer.step()\n"
    )
    points = LossHistory(trace).points()
    np.testing.assert_array_equal(points.iterations, np.arange(5))
    np.testing.assert_allclose(points.losses, [16.0, 4.0, 1.0, 0.25, 0.0625])  # w halves: w - 0.25 * 2w


def test_losses_are_found_where_iterations_differ_in_length(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(
        "import torch\n"
        "w = torch.tensor([1.0], requires_grad=True)\n"
        "optimizer = torch.optim.SGD([w], lr=0.0)\n"
        "for k in range(4):\n"
        "    h = w * 2.0\n"
        "    for _ in range(k):\n"
        "        h = h * 3.0\n"
        "    loss = h.sum()\n"
        "    optimizer.zero_grad()\n"
        "    loss.backward()\n"
        "    optimizer.step()\n"
    )
    np.testing.assert_allclose(LossHistory(trace).points().losses, [2.0, 6.0, 18.0, 54.0])


def test_losses_made_at_several_places_are_all_found_and_told_apart(recorded: Callable[[str], Trace]) -> None:
    """w halves each time. Even iterations make the loss in line 7, odd ones in line 9, the third by another op."""
    trace = recorded(
        "import torch\n"
        "w = torch.tensor([4.0], requires_grad=True)\n"
        "optimizer = torch.optim.SGD([w], lr=0.25)\n"
        "for k in range(5):\n"
        "    optimizer.zero_grad()\n"
        "    if k % 2 == 0:\n"
        "        loss = (w ** 2).mean() if k == 2 else (w ** 2).sum()\n"
        "    else:\n"
        "        loss = (w * w).sum()\n"
        "    loss.backward()\n"
        "    optimizer.step()\n"
    )
    points = LossHistory(trace).points()
    np.testing.assert_array_equal(points.iterations, np.arange(5))
    np.testing.assert_allclose(points.losses, [16.0, 4.0, 1.0, 0.25, 0.0625])
    np.testing.assert_array_equal(points.lines, [7, 9, 7, 9, 7])
    np.testing.assert_array_equal(points.in_one_curve().iterations, [0, 2, 4])
    np.testing.assert_array_equal(points.until(0).in_one_curve().losses, [16.0])
    assert not len(points.until(-1).in_one_curve().losses)
    np.testing.assert_allclose([one.mean for one in epochs(trace).table], [16.0, 4.0, 1.0, 0.25, 0.0625])


def test_a_loss_that_is_no_number_is_a_point_all_the_same(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(
        "import torch\n"
        "w = torch.tensor(1.0, requires_grad=True)\n"
        "for k in range(3):\n"
        "    loss = w * (float('nan') if k == 1 else 2.0)\n"
        "    loss.backward()\n"
        "    with torch.no_grad():\n"
        "        w -= 0.0\n"
    )
    np.testing.assert_array_equal(LossHistory(trace).points().losses, [2.0, np.nan, 2.0])


def test_a_program_without_a_loss_has_no_points(recorded: Callable[[str], Trace]) -> None:
    trace = recorded("import torch\nx = torch.ones(3)\ny = x + 1\n")
    assert len(LossHistory(trace).points().losses) == 0


_THOUSAND = (
    "import torch\n"
    "w = torch.tensor([1.0], requires_grad=True)\n"
    "for k in range(1000):\n"
    "    loss = (w * w).sum()\n"
    "    loss.backward()\n"
    "    with torch.no_grad():\n"
    "        w -= 0.001 * w.grad\n"
    "    w.grad = None\n"
)


def test_a_thousand_iterations_are_read_at_once_and_only_new_ones_again(
    recorded: Callable[[str], Trace],
) -> None:
    trace = recorded(_THOUSAND)
    read = rows_read(trace)
    history = LossHistory(trace)
    points = history.points()
    searched = sum(read)
    again = history.points()
    assert len(points.losses) == len(again.losses) == 1000
    np.testing.assert_allclose(points.losses, 0.998 ** (2 * np.arange(1000)), rtol=1e-4)
    # The span of each, the event that made C, and its value; not the seven events of each iteration.
    assert searched < 4 * 1000
    assert sum(read) - searched < 10  # the last iteration may have been incomplete


def test_a_long_run_can_be_read_a_part_at_a_time(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(_THOUSAND)
    history = LossHistory(trace)
    assert not history.is_behind
    parts = [history.points(lambda: True)]
    assert history.is_behind
    while history.is_behind:
        parts.append(history.points(lambda: True))
    counts = [len(part.losses) for part in parts]
    assert counts == sorted(set(counts))
    assert 0 < counts[0] < 500
    assert counts[-1] == 1000
    assert not history.is_behind
    np.testing.assert_array_equal(parts[-1].losses, LossHistory(trace).points().losses)
