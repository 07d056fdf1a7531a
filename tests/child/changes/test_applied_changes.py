"""Other optimizers, settings, activations, losses and seeds take effect without a change of the script's text."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any, NoReturn

import numpy
import pytest
import torch
from torch import nn
from torch.nn import functional

from engine.bilingual import Bilingual
from engine.child.changes.applied import Changes
from engine.wire.changes import change_of, changes_of


class RefusedError(Exception):
    """What a run is ended with in these tests."""


def changed(function: Callable[[], Any], *texts: str) -> tuple[Any, Changes]:
    """What a function returns under some changes, and what these tell."""

    def refuse(sentence: Bilingual) -> NoReturn:
        raise RefusedError(sentence.english)

    with Changes(changes_of(texts), refuse) as changes:
        return function(), changes


def two_steps(**settings: Any) -> Callable[[], list[float]]:
    """w = 1; C = w^2, so dC/dw = 2 w; two steps of plain SGD with lr 0.1."""

    def run() -> list[float]:
        w = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1, **settings)
        found = []
        for _ in range(2):
            optimizer.zero_grad()
            w.pow(2).sum().backward()
            optimizer.step()
            found.append(w.item())
        return found

    return run


def test_nothing_asked_changes_nothing() -> None:
    assert changed(two_steps())[0] == two_steps()() == pytest.approx([0.8, 0.64])


def test_a_learning_rate() -> None:
    found, told = changed(two_steps(), "lr=0.25")
    assert found == [0.5, 0.25]
    assert told.counts == {"lr=0.25": 1}


def test_momentum() -> None:
    """v1 = 2, w1 = 1 - 0.2 = 0.8; v2 = 0.9 * 2 + 1.6 = 3.4, w2 = 0.8 - 0.34."""
    assert changed(two_steps(), "optimizer=momentum")[0] == pytest.approx([0.8, 0.46])
    assert changed(two_steps(), "momentum=0.9")[0] == pytest.approx([0.8, 0.46])


def test_nesterov() -> None:
    """v1 = 2, step 2 + 0.9 * 2 = 3.8, w1 = 0.62; v2 = 0.9 * 2 + 1.24 = 3.04, step 1.24 + 2.736, w2 = 0.62 - 0.3976."""
    assert changed(two_steps(), "optimizer=nesterov")[0] == pytest.approx([0.62, 0.2224])


def test_adam_keeps_the_rate_and_says_what_was_left_out() -> None:
    """Adam's first step is the rate itself: m / sqrt(v) = 1 up to eps."""
    found, told = changed(two_steps(momentum=0.5), "optimizer=adam")
    assert found[0] == pytest.approx(0.9, rel=1e-7)
    assert told.notes == [
        Bilingual("momentum has no place in Adam and was left out.", "Adam 没有参数 momentum，已略去。")
    ]


def test_rmsprop_and_a_rate_together() -> None:
    """The mean of squares is 0.01 * 2^2, so the first step is 0.02 * 2 / (0.2 + 1e-8)."""
    found, told = changed(two_steps(), "optimizer=rmsprop", "lr=0.02")
    assert found[0] == pytest.approx(1 - 0.02 * 2 / (0.2 + 1e-8), rel=1e-12)
    assert told.counts == {"optimizer=rmsprop": 1, "lr=0.02": 1}


@pytest.mark.parametrize("name", ["adamw", "adagrad", "adadelta", "adamax", "nadam", "radam", "rprop"])
def test_every_other_optimizer_is_what_it_says(name: str) -> None:
    def kind() -> str:
        return type(torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=0.1)).__name__

    assert changed(kind, f"optimizer={name}")[0].lower() == name


def test_lbfgs_of_a_script_without_a_closure() -> None:
    """First step: t = min(1, 1 / |g|) lr = 0.05 along -g = -2. Then H = s y / y^2 = 1/2, so lr g / 2 is taken off: a
    tenth of w. The momentum that the script asks for has no place in it.
    """
    found, told = changed(two_steps(momentum=0.5), "optimizer=lbfgs")
    assert found == pytest.approx([0.9, 0.81], rel=1e-12)
    assert [note.english for note in told.notes] == [
        "momentum has no place in LBFGS and was left out.",
        "The script hands `step` no closure: LBFGS took one step each time, on the gradients it found.",
    ]


def test_lbfgs_calls_a_closure_again_and_again() -> None:
    """From step to step w falls by a tenth as above, 20 times within one call, each with a closure before it."""
    calls = []

    def run() -> float:
        w = torch.tensor([1.0], dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)

        def closure() -> torch.Tensor:
            calls.append(w.item())
            optimizer.zero_grad()
            loss = w.pow(2).sum()
            loss.backward()
            return loss

        optimizer.step(closure)
        return w.item()

    found, told = changed(run, "optimizer=lbfgs")
    assert found == pytest.approx(0.9**20, rel=1e-9)
    assert calls == pytest.approx([0.9**k for k in range(20)], rel=1e-9)
    assert told.notes == []


def test_lbfgs_has_one_group_of_parameters() -> None:
    def run() -> None:
        one, other = (torch.zeros(1, requires_grad=True) for _ in range(2))
        torch.optim.SGD([{"params": [one]}, {"params": [other], "lr": 0.1}], lr=0.2)

    with pytest.raises(RefusedError, match="it takes one group of parameters, and SGD is given 2"):
        changed(run, "optimizer=lbfgs")


def test_constructors_are_put_back() -> None:
    before = torch.optim.SGD.__init__, torch.optim.Adam.__init__, torch.optim.Optimizer.__init__, torch.manual_seed
    changed(two_steps(), "optimizer=adam", "lr=0.1", "seed=3")
    after = torch.optim.SGD.__init__, torch.optim.Adam.__init__, torch.optim.Optimizer.__init__, torch.manual_seed
    assert before == after


def test_a_setting_that_an_optimizer_lacks() -> None:
    with pytest.raises(RefusedError, match=r"momentum=0.9 does not fit the script: its Adam has no momentum"):
        changed(two_steps(), "optimizer=adam", "momentum=0.9")


def test_activations_of_functions_and_modules() -> None:
    x = torch.tensor([0.5, -2.0])

    def run() -> list[torch.Tensor]:
        return [torch.relu(x), x.relu(), functional.relu(x), nn.ReLU()(x), nn.Sigmoid()(x), torch.tanh(x)]

    found, told = changed(run, "activation=tanh")
    expected = [math.tanh(0.5), math.tanh(-2.0)]
    for one in found:
        assert one.tolist() == pytest.approx(expected)
    assert told.counts == {"activation=tanh": 5}


def test_only_one_activation() -> None:
    def run() -> list[float]:
        return [torch.relu(torch.tensor(-1.0)).item(), torch.sigmoid(torch.tensor(0.0)).item()]

    assert changed(run, "relu=tanh")[0] == pytest.approx([math.tanh(-1.0), 0.5])


def test_an_activation_in_place_stays_in_place() -> None:
    """y = 2 w = 1; tanh in place; C = y: dC/dw = 2 (1 - tanh(1)^2)."""

    def run() -> list[float]:
        w = torch.tensor(0.5, requires_grad=True)
        y = w * 2
        functional.relu(y, inplace=True)
        y.backward()
        assert w.grad is not None
        return [y.item(), w.grad.item()]

    expected = [math.tanh(1.0), 2 * (1 - math.tanh(1.0) ** 2)]
    assert changed(run, "activation=tanh")[0] == pytest.approx(expected)


def test_losses_of_numbers() -> None:
    """Output (1, 4), target (0, 1): squares 1 and 9, distances 1 and 3."""
    output, target = torch.tensor([1.0, 4.0]), torch.tensor([0.0, 1.0])

    def run() -> list[float]:
        mean = nn.MSELoss()(output, target).item()
        return [mean, functional.mse_loss(output, target, reduction="sum").item()]

    assert run() == [5.0, 10.0]
    found, told = changed(run, "loss=l1")
    assert found == [2.0, 4.0]
    assert told.counts == {"loss=l1": 2}


def test_the_half_of_the_books() -> None:
    """The same squares, halved, and so is the gradient by the output: (o - t), where 2 (o - t) / 2 is the mean's."""
    output = torch.tensor([1.0, 4.0], requires_grad=True)

    def run() -> list[float]:
        loss = nn.MSELoss()(output, torch.tensor([0.0, 1.0]))
        (slope,) = torch.autograd.grad(loss, output)
        return [loss.item(), *slope.tolist()]

    assert run() == [5.0, 1.0, 3.0]
    found, told = changed(run, "loss=half_mse")
    assert found == [2.5, 0.5, 1.5]
    assert told.counts == {"loss=half_mse": 1}


def test_a_loss_of_other_targets_does_not_fit() -> None:
    def run() -> torch.Tensor:
        return functional.cross_entropy(torch.zeros(2, 3), torch.tensor([0, 1]))

    with pytest.raises(RefusedError, match="mse_loss does not fit the script: cross_entropy has classes as targets"):
        changed(run, "loss=mse")


def test_a_loss_with_a_setting_that_has_no_place() -> None:
    def run() -> torch.Tensor:
        return functional.cross_entropy(torch.zeros(2, 3), torch.tensor([0, 1]), label_smoothing=0.1)

    with pytest.raises(RefusedError, match="gives cross_entropy a label_smoothing"):
        changed(run, "loss=multi_margin")


def test_a_seed_in_the_place_of_the_scripts_own() -> None:
    def run() -> list[float]:
        torch.manual_seed(0)
        random.seed(0)
        numpy.random.seed(0)
        drawn = [torch.rand(1).item(), random.random(), numpy.random.rand()]
        return [*drawn, numpy.random.default_rng(0).random()]

    torch.manual_seed(7)
    random.seed(7)
    numpy.random.seed(7)
    expected = [torch.rand(1).item(), random.random(), numpy.random.rand(), numpy.random.default_rng(7).random()]
    assert changed(run, "seed=7")[0] == expected


def test_what_never_happens_is_counted_as_such() -> None:
    assert changed(lambda: None, "activation=tanh")[1].counts == {"activation=tanh": 0}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lr", "lr is no change"),
        ("lr=fast", "not a number"),
        ("lr=-1", "not a number from 0 on"),
        ("lr=nan", "not a number"),
        ("optimizer=newton", "no optimizer newton.*sgd, momentum"),
        ("activation=step", "no activation step"),
        ("loss=hinge", "no loss hinge"),
        ("seed=1.5", "a seed is a whole number"),
        ("batch=3", "batch cannot be changed"),
    ],
)
def test_what_is_no_change(text: str, said: str) -> None:
    with pytest.raises(Exception, match=said):
        change_of(text)


def test_nothing_is_changed_twice() -> None:
    with pytest.raises(Exception, match="lr is changed twice"):
        changes_of(("lr=1", "lr=2"))
