"""Curves of a run: norms, updates, accuracy and epochs, beside what torch says of the same numbers."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from app.models.run_curves import (
    RunCurves,
    Sort,
    Wanted,
    accuracy,
    batch_sizes,
    expressions_of,
    run_curves,
)
from engine.analysis.data.epochs import length_by_sizes
from engine.bilingual import NOTHING
from engine.trace.reader import Trace

CLASSES = """
import torch
torch.manual_seed(3)
x = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.0], [2.0, 1.0]])
t = torch.tensor([0, 1, 1, 0, 1])
net = torch.nn.Linear(2, 2)
with torch.no_grad():
    net.weight.copy_(torch.tensor([[1.0, 0.0], [0.0, 1.0]]))
    net.bias.zero_()
optimizer = torch.optim.SGD(net.parameters(), lr=0.25)
for epoch in range(2):
    for rows in (slice(0, 2), slice(2, 4), slice(4, 5)):
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x[rows]), t[rows])
        loss.backward()
        optimizer.step()
"""

BINARY = """
import torch
a = torch.tensor([0.9, 0.2, 0.6, 0.4], requires_grad=True)
t = torch.tensor([1.0, 0.0, 0.0, 0.0])
loss = torch.nn.functional.binary_cross_entropy(a, t)
loss.backward()
"""

Record = Callable[[str], Trace]


def curves(trace: Trace, sort: Sort) -> RunCurves:
    return run_curves(Wanted(trace.path, sort, len(trace.iterations())))


def test_the_update_ratio_of_hello_is_the_learning_rate_times_the_gradient(hello: Trace) -> None:
    # One number a weight: |Δw| / |w| = η |∂C/∂w| / |w| = 0.1 · 0.01378165 / 1.58 and 0.1 · 0.02866822 / 2.45
    first, second = curves(hello, Sort.UPDATES).lines
    assert (first.name, second.name) == ("w⁽¹⁾", "w⁽²⁾")
    assert first.numbers[0] == pytest.approx(0.1 * 0.01378165 / 1.58, rel=1e-4)
    assert second.numbers[0] == pytest.approx(0.1 * 0.02866822 / 2.45, rel=1e-4)
    gradients = curves(hello, Sort.GRADIENTS)
    assert [line.numbers[0] for line in gradients.lines] == pytest.approx([0.01378165, 0.02866822], rel=1e-5)
    assert [line.numbers[0] for line in curves(hello, Sort.WEIGHTS).lines] == pytest.approx([1.58, 2.45])
    (rate,) = curves(hello, Sort.RATE).lines
    assert rate.numbers.tolist() == pytest.approx([0.1, 0.1, 0.1])


def test_accuracy_is_the_share_of_largest_answers_that_are_the_targets(recorded: Record) -> None:
    trace = recorded(CLASSES)
    (line,) = curves(trace, Sort.ACCURACY).lines
    # At first the answers are x itself: [1, 0] and [0, 1] are right, so all of the first batch.
    assert line.numbers[0] == 1.0
    assert set(line.numbers.tolist()) <= {0.0, 0.5, 1.0}


def test_accuracy_of_two_classes_is_told_by_the_half(recorded: Record) -> None:
    # 0.9 and 0.2 and 0.4 are on the right side, 0.6 is not.
    trace = recorded(BINARY)
    (line,) = curves(trace, Sort.ACCURACY).lines
    assert line.numbers.tolist() == [0.75]


def test_a_loss_that_has_no_classes_has_no_accuracy(hello: Trace) -> None:
    assert accuracy(hello, hello.iterations()[-1]) == {}
    found = curves(hello, Sort.ACCURACY)
    assert (found.lines, found.reason) == ((), NOTHING)


def test_a_smaller_last_batch_tells_the_epochs(recorded: Record) -> None:
    trace = recorded(CLASSES)
    assert batch_sizes(trace) == [2, 2, 1, 2, 2, 1]
    assert curves(trace, Sort.RATE).epoch == 3


@pytest.mark.parametrize(
    ("sizes", "length"),
    [([], None), ([4, 4, 4], None), ([4, 4, 1, 4, 4, 1], 3), ([4, 4, 1, 4], 3), ([4, 1, 4, 4], None), ([1, 4], None),
     ([4, 3, 1], None)],
)  # fmt: skip
def test_epochs_that_do_not_repeat_are_none(sizes: list[int], length: int | None) -> None:
    assert length_by_sizes(sizes) == length


def test_long_runs_are_looked_at_in_steps(recorded: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.models.run_curves.MOST_POINTS", 3)
    trace = recorded(CLASSES)
    steps: list[tuple[int, int]] = []
    found = run_curves(Wanted(trace.path, Sort.WEIGHTS, 6), lambda done, count: steps.append((done, count)))
    assert found.every == 2
    assert found.lines[0].iterations.tolist() == [0, 2, 4, 5]
    assert steps == [(0, 4)]


def test_a_script_without_parameters_has_no_curves(recorded: Record) -> None:
    trace = recorded("import torch\ntorch.ones(3).sum()\n")
    for sort in Sort:
        assert not expressions_of(trace, sort) or sort is Sort.RATE
        assert not np.isfinite([line.numbers for line in curves(trace, sort).lines]).any()


def test_networks_that_take_turns_have_lines_without_gaps(recorded: Record) -> None:
    """Even iterations update v, odd ones u; the gradient of v is 2v where it is there, and v halves."""
    trace = recorded(
        "import torch\n"
        "u, v = (torch.tensor([4.0], requires_grad=True) for _ in range(2))\n"
        "for k in range(6):\n"
        "    p = u if k % 2 else v\n"
        "    loss = (p * p).sum()\n"
        "    loss.backward()\n"
        "    with torch.no_grad():\n"
        "        p -= 0.25 * p.grad\n"
        "    p.grad = None\n"
    )
    found = run_curves(Wanted(trace.path, Sort.GRADIENTS, 6))
    line = next(iter(found.lines))
    assert line.iterations.tolist() == [0, 2, 4]
    np.testing.assert_allclose(line.numbers, [8.0, 4.0, 2.0])


def test_the_update_ratio_of_a_parameter_without_a_layer(recorded: Record) -> None:
    """w = 4 goes to 4 - 0.25 * 8 = 2, and halves again: half of its size each time."""
    trace = recorded(
        "import torch\n"
        "w = torch.tensor([4.0], requires_grad=True)\n"
        "for k in range(3):\n"
        "    loss = (w * w).sum()\n"
        "    loss.backward()\n"
        "    with torch.no_grad():\n"
        "        w -= 0.25 * w.grad\n"
        "    w.grad = None\n"
    )
    (line,) = run_curves(Wanted(trace.path, Sort.UPDATES, 3)).lines
    np.testing.assert_allclose(line.numbers, [0.5, 0.5, 0.5])
