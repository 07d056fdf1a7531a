"""Probabilities and regions, beside torch and by hand."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from engine.analysis.moved.answers import answers, probabilities
from engine.analysis.moved.regions import regions
from engine.errors import GradstepError
from engine.trace.reader import Trace

Record = Callable[..., Trace]

BINARY = """
    import torch
    x = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [1.0, 2.0]])
    t = torch.tensor([[0.0], [1.0], [0.0], [1.0]])
    w = torch.tensor([[2.0, -1.0]], requires_grad=True)
    b = torch.tensor([0.5], requires_grad=True)
    a = torch.sigmoid(torch.nn.functional.linear(x, w, b))
    loss = torch.nn.functional.binary_cross_entropy(a, t)
    loss.backward()
"""

CLASSES = """
    import torch
    torch.manual_seed(1)
    x = torch.randn(12, 2)
    t = torch.arange(12) % 3
    net = torch.nn.Sequential(torch.nn.Linear(2, 6), torch.nn.Tanh(), torch.nn.Linear(6, 3))
    loss = torch.nn.functional.cross_entropy(net(x), t)
    loss.backward()
"""


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def test_two_classes_share_the_probability(recorded: Record) -> None:
    found = answers(recorded(source=BINARY), 0)
    # z = 2x − y + 0.5: 0.5, 2.5, −1.5, 0.5
    chances = [sigmoid(z) for z in (0.5, 2.5, -1.5, 0.5)]
    assert found.probabilities[:, 1] == pytest.approx(chances)
    assert found.probabilities.sum(axis=1) == pytest.approx(np.ones(4))
    assert found.targets.tolist() == [0, 1, 0, 1]
    assert found.right.tolist() == [False, True, True, True]
    assert found.given_to_target() == pytest.approx([1 - chances[0], chances[1], 1 - chances[2], chances[3]])


def test_regions_are_the_network_at_every_point(recorded: Record) -> None:
    found = regions(recorded(source=BINARY), 0)
    assert found.samples.tolist() == [[0, 0], [1, 0], [0, 2], [1, 2]]
    for row in (0, 17, 80):
        for column in (0, 33, 80):
            z = 2 * found.firsts[column] - found.seconds[row] + 0.5
            assert found.probabilities[row, column, 1] == pytest.approx(sigmoid(z))
    assert (found.firsts[0], found.seconds[-1]) == (pytest.approx(-0.15), pytest.approx(2.3))


def test_several_classes_are_those_of_torch(recorded: Record) -> None:
    torch = pytest.importorskip("torch")
    trace = recorded(source=CLASSES)
    found = regions(trace, 0)
    torch.manual_seed(1)
    torch.randn(12, 2)
    net = torch.nn.Sequential(torch.nn.Linear(2, 6), torch.nn.Tanh(), torch.nn.Linear(6, 3)).double()
    point = torch.tensor([[found.firsts[20], found.seconds[60]]])
    # The network is recorded in float32, and the replay is in float64.
    assert found.probabilities[60, 20] == pytest.approx(net(point).softmax(1)[0].detach().numpy(), rel=1e-5)
    assert found.answers.classes == 3


@pytest.mark.parametrize(
    ("loss", "read", "wanted"),
    [
        ("cross_entropy", [[1000.0, 0.0]], [[1.0, 0.0]]),
        ("nll_loss", [[math.log(0.25), math.log(0.75)]], [[0.25, 0.75]]),
        ("binary_cross_entropy_with_logits", [0.0], [[0.5, 0.5]]),
    ],
)
def test_probabilities_by_loss(loss: str, read: list[object], wanted: list[object]) -> None:
    assert probabilities(loss, np.array(read)) == pytest.approx(np.array(wanted))


def test_what_is_no_classifier_says_so(recorded: Record) -> None:
    with pytest.raises(GradstepError, match="does not say what the answers are"):
        answers(recorded("hello"), 0)
    with pytest.raises(GradstepError, match="one answer a sample"):
        probabilities("binary_cross_entropy", np.zeros((3, 2)))
    with pytest.raises(GradstepError, match="two numbers a sample"):
        regions(recorded(source=BINARY.replace("x = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [1.0, 2.0]])",
                                               "x = torch.ones(4, 3)").replace("[[2.0, -1.0]]", "[[2.0, -1.0, 3.0]]")),
                0)  # fmt: skip


def test_a_network_that_mixes_its_samples_is_refused(recorded: Record) -> None:
    mixed = CLASSES.replace("torch.nn.Tanh()", "torch.nn.BatchNorm1d(6)")
    with pytest.raises(GradstepError, match="mixes the samples"):
        regions(recorded(source=mixed), 0)


SUM = """
import torch
F = torch.nn.functional
w = torch.tensor([[1.0, -1.0], [0.5, 2.0]], requires_grad=True)
x = torch.tensor([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]])
t = torch.tensor([0, 1, 1])
for _ in range(2):
    z = F.linear(x, w)
    loss = LOSS
    loss.backward()
    with torch.no_grad():
        w -= 0.0
"""


@pytest.mark.parametrize("loss", ["F.cross_entropy(z, t) + 0.1 * (w ** 2).sum()", "F.cross_entropy(z, t) / 2"])
def test_a_loss_that_is_made_of_one_of_classes_answers_too(recorded: Record, loss: str) -> None:
    found = answers(recorded(source=SUM.replace("LOSS", loss)), 1)
    z = np.array([[1.0, 2.0], [0.0, -1.0], [3.0, 1.0]]) @ np.array([[1.0, -1.0], [0.5, 2.0]]).T
    e = np.exp(z)
    np.testing.assert_allclose(found.probabilities, e / e.sum(axis=1, keepdims=True), rtol=1e-6)
    assert found.targets.tolist() == [0, 1, 1]


def test_of_two_losses_of_classes_none_is_meant(recorded: Record) -> None:
    with pytest.raises(GradstepError, match="does not say what the answers are"):
        answers(recorded(source=SUM.replace("LOSS", "F.cross_entropy(z, t) + F.cross_entropy(-z, t)")), 1)
