"""What a run computes after an edit, beside numbers worked out by hand for one sigmoid neuron behind another.

The network is that of hello.py in float64: z1 = w1 x + b1, a1 = s(z1), z2 = w2 a1 + b2, a2 = s(z2), C = (a2 - t)^2,
with x = 0.8, w1 = 1.58, b1 = -0.14, w2 = 2.45, b2 = -0.11, t = 1 and a learning rate of 0.1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from engine.analysis.explain.explainer import explain
from engine.analysis.quantities import quantities
from engine.analysis.roles import roles
from engine.analysis.verdict.answer import Answer
from engine.analysis.verdict.checker import verdict
from engine.wire.messages import Edit, Edited
from tests.helpers.equations import english

X, W1, B1, W2, B2, T, LR = 0.8, 1.58, -0.14, 2.45, -0.11, 1.0, 0.1

Play = Callable[..., Any]


def s(z: float) -> float:
    return 1.0 / (1.0 + math.exp(-z))


class Tiny(nn.Module):
    """Two neurons."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(1, 1, dtype=torch.float64)
        self.out = nn.Linear(1, 1, dtype=torch.float64)
        with torch.no_grad():
            for layer, w, b in ((self.hidden, W1, B1), (self.out, W2, B2)):
                layer.weight.fill_(w)
                layer.bias.fill_(b)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        a1 = torch.sigmoid(self.hidden(x))
        return torch.sigmoid(self.out(a1))


def train(iterations: int = 1) -> dict[str, float]:
    """Trains, and gives back the parameters and their gradients."""
    net = Tiny()
    optimizer = torch.optim.SGD(net.parameters(), lr=LR)
    x, target = torch.tensor([X], dtype=torch.float64), torch.tensor([T], dtype=torch.float64)
    for _ in range(iterations):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(net(x), target)
        loss.backward()
        optimizer.step()
    found = {"C": loss.item()}
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None
        found[name], found[f"{name}.grad"] = parameter.item(), parameter.grad.item()
    return found


def by_hand(
    w1: float = W1, a1: float | None = None, cuts: bool = False, dz2: float | None = None, lr: float = LR
) -> dict[str, float]:
    """The same by the chain rule. a1, dz2: what was put in the place of what was computed."""
    z1 = w1 * X + B1
    hidden = s(z1)
    a = hidden if a1 is None else a1
    a2 = s(W2 * a + B2)
    delta2 = 2 * (a2 - T) * a2 * (1 - a2) if dz2 is None else dz2
    delta1 = 0.0 if cuts else W2 * delta2 * hidden * (1 - hidden)
    grads = {"hidden.weight": delta1 * X, "hidden.bias": delta1, "out.weight": delta2 * a, "out.bias": delta2}
    old = {"hidden.weight": w1, "hidden.bias": B1, "out.weight": W2, "out.bias": B2}
    found = {"C": (a2 - T) ** 2}
    for name, grad in grads.items():
        found[name], found[f"{name}.grad"] = old[name] - lr * grad, grad
    return found


def test_without_an_edit_the_gate_changes_nothing(played: Play) -> None:
    bare = train()
    assert played(train, {}).result == bare
    assert bare == pytest.approx(by_hand(), rel=1e-12)


def test_a_weight_before_the_forward_pass(played: Play) -> None:
    found = played(train, {("linear", 0): [Edit("hidden.weight", "1.2", True)]})
    assert found.result == pytest.approx(by_hand(w1=1.2), rel=1e-12)
    (answer,) = found.answers
    assert (answer.what, answer.old.english, answer.new.english) == ("parameter", "[[1.58]]", "[[1.2]]")
    (edit,) = found.edits()
    assert edit.position == answer.position == found.one("linear").position - 1
    assert found.array(edit.inputs[0].value).item() == W1
    assert found.one("linear").inputs[1].value == edit.outputs[0].value


def test_an_expression_over_what_is_recorded(played: Play) -> None:
    found = played(train, {("linear", 0): [Edit("hidden.weight", "hidden.weight * 2 + 0.1", True)]})
    assert found.result == pytest.approx(by_hand(w1=2 * W1 + 0.1), rel=1e-12)


def test_an_activation_that_keeps_its_gradient(played: Play) -> None:
    """The gradient goes on through sigmoid as it was computed: its slope is at the old z1."""
    found = played(train, {("linear", 1): [Edit("a1", "0.25", True)]})
    assert found.result == pytest.approx(by_hand(a1=0.25), rel=1e-12)
    (answer,) = found.answers
    assert (answer.what, answer.gradient) == ("activation", "kept")
    assert "still goes on" in answer.note.english


def test_an_activation_that_is_cut_off(played: Play) -> None:
    def without_hidden_gradients() -> dict[str, Any]:
        net = Tiny()
        x, target = torch.tensor([X], dtype=torch.float64), torch.tensor([T], dtype=torch.float64)
        loss = nn.functional.mse_loss(net(x), target)
        loss.backward()
        return {name: None if p.grad is None else p.grad.item() for name, p in net.named_parameters()}

    found = played(without_hidden_gradients, {("linear", 1): [Edit("a1", "0.25", False)]})
    expected = by_hand(a1=0.25, cuts=True)
    assert found.result["hidden.weight"] is None
    assert found.result["hidden.bias"] is None
    assert found.result["out.weight"] == pytest.approx(expected["out.weight.grad"], rel=1e-12)
    assert found.result["out.bias"] == pytest.approx(expected["out.bias.grad"], rel=1e-12)
    (answer,) = found.answers
    assert answer.gradient == "cut"
    assert "constant" in answer.note.english


def test_the_loss_itself(played: Play) -> None:
    """dC/dC is 1 whatever C is, so that only the number that is shown changes."""
    found = played(train, {("MseLossBackward0", 0): []} | {("linear", 1): []})
    assert found.result == pytest.approx(by_hand(), rel=1e-12)


def test_the_gradient_that_arrives_at_a_node(played: Play) -> None:
    found = played(train, {("AddmmBackward0", 0): [Edit("dC/dz2", "0.5", True)]})
    # In a linear layer of one sample a view comes first; the gradient is the same one.
    answers = found.answers
    if not isinstance(answers[0], Edited):
        found = played(train, {("ViewBackward0", 0): [Edit("dC/dz2", "0.5", True)]})
        answers = found.answers
    assert [answer.what for answer in answers] == ["gradient"]
    assert found.result == pytest.approx(by_hand(dz2=0.5), rel=1e-12)


def test_a_gradient_before_the_update(played: Play) -> None:
    found = played(train, {("SGD", 0): [Edit("hidden.weight.grad", "3", True)]})
    assert found.result["hidden.weight"] == pytest.approx(W1 - LR * 3, rel=1e-12)
    assert found.result["hidden.bias"] == pytest.approx(by_hand()["hidden.bias"], rel=1e-12)
    assert found.one("SGD").inputs[1].value == found.edits()[0].outputs[0].value


def test_a_weight_before_the_update(played: Play) -> None:
    found = played(train, {("SGD", 0): [Edit("out.weight", "-1", True)]})
    assert found.result["out.weight"] == pytest.approx(-1 - LR * by_hand()["out.weight.grad"], rel=1e-12)


def test_a_learning_rate(played: Play) -> None:
    found = played(train, {("linear", 0): [Edit("lr", "lr * 5", True)]})
    assert found.result == pytest.approx(by_hand(lr=0.5), rel=1e-12)
    (answer,) = found.answers
    assert (answer.what, answer.old.english, answer.new.english) == ("learning rate", "0.1", "0.5")
    assert found.one("SGD").arguments["lr"] == 0.5


def test_a_learning_rate_at_the_very_update(played: Play) -> None:
    found = played(train, {("SGD", 0): [Edit("lr", "0.7", True)]})
    assert found.result == pytest.approx(by_hand(lr=0.7), rel=1e-12)


def test_an_optimizer_that_is_only_garbage_is_none_to_choose_from(played: Play) -> None:
    left = torch.optim.Adam([torch.zeros(1, requires_grad=True)])
    left.param_groups[0]["itself"] = left  # a circle, which waits for the collector
    del left
    found = played(train, {("SGD", 0): [Edit("lr", "0.7", True)]})
    assert found.result == pytest.approx(by_hand(lr=0.7), rel=1e-12)


def test_an_input(played: Play) -> None:
    def slope_at(x: float) -> dict[str, float]:
        z1 = W1 * x + B1
        a2 = s(W2 * s(z1) + B2)
        return {"C": (a2 - T) ** 2}

    found = played(train, {("linear", 0): [Edit("x", "-2", True)]})
    assert found.result["C"] == pytest.approx(slope_at(-2.0)["C"], rel=1e-12)


def test_one_element_of_a_matrix(played: Play) -> None:
    def product() -> list[float]:
        w = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], requires_grad=True)
        x = torch.tensor([1.0, 10.0, 100.0])
        y = torch.mv(w, x)
        y.sum().backward()
        return y.tolist()

    found = played(product, {("mv", 0): [Edit("w[0, 2]", "0.5", True), Edit("w[1]", "[7, 8, 9]", True)]})
    assert found.result == [1 + 20 + 50, 7 + 80 + 900]


def test_elements_of_an_activation_that_are_cut(played: Play) -> None:
    """y = w x = [2, 6]; y[0] is set to 5; C = y0^2 + y1^2: dC/dw = [0 (cut), 2 * 6 * 3]."""

    def squares() -> list[float]:
        w = torch.tensor([2.0, 2.0], requires_grad=True)
        y = w * torch.tensor([1.0, 3.0])
        loss = y.pow(2).sum()
        loss.backward()
        assert w.grad is not None
        return [loss.item(), *w.grad.tolist()]

    cut = played(squares, {("pow", 0): [Edit("y[0]", "5", False)]})
    assert cut.result == [25 + 36, 0.0, 36.0]
    kept = played(squares, {("pow", 0): [Edit("y[0]", "5", True)]})
    assert kept.result == [25 + 36, 2 * 5 * 1.0, 36.0]


def test_an_activation_is_changed_for_all_that_read_it_later(played: Play) -> None:
    """h = 2 w = 2; set to 5; C = h + h * 3 = 20; dC/dw = 2 * (1 + 3)."""

    def shared() -> list[float]:
        w = torch.tensor(1.0, requires_grad=True)
        h = w * 2
        tripled = h * 3
        loss = h + tripled
        loss.backward()
        assert w.grad is not None
        return [loss.item(), w.grad.item(), h.item()]

    found = played(shared, {("mul", 1): [Edit("h", "5", True)]})
    assert found.result == [20.0, 8.0, 5.0]


def test_an_edit_after_somebody_has_read_says_so(played: Play) -> None:
    def shared() -> list[float]:
        w = torch.tensor(1.0, requires_grad=True)
        h = w * 2
        tripled = h * 3
        loss = h + tripled
        loss.backward()
        return [loss.item()]

    found = played(shared, {("add", 0): [Edit("h", "5", True)]})
    assert found.result == [5.0 + 6.0]
    assert "mul (step" in found.answers[0].note.english


def test_the_same_value_may_be_changed_again(played: Play) -> None:
    found = played(train, {("linear", 1): [Edit("a1", "0.75", True), Edit("a1", "a1 - 0.5", True)]})
    assert found.result == pytest.approx(by_hand(a1=0.25), rel=1e-12)


def test_what_follows_is_checked_and_explained_with_the_new_value(played: Play) -> None:
    found = played(train, {("linear", 1): [Edit("a1", "0.25", True)]})
    trace = found.trace
    assert all(verdict(trace, event.position).answer == Answer.AGREES for event in trace.events(iteration=0))
    named = roles(trace, 0)
    assert found.array(named.by_role["a1"]).item() == 0.25
    steps = [quantity.symbol for quantity in quantities(trace, 0)]
    assert steps[:4] == ["z1", "a1", "a1", "z2"]
    page = explain(trace, found.one("linear", 1).position)
    assert page.checks[0].computed == pytest.approx(W2 * 0.25 + B2, rel=1e-12)
    assert "changed by hand" in " ".join(english(explain(trace, found.edits()[0].position).notes))


def test_an_edited_gradient_is_no_difference(played: Play) -> None:
    found = played(train, {("ViewBackward0", 0): [Edit("dC/dz2", "0.5", True)]})
    assert all(verdict(found.trace, e.position).answer == Answer.AGREES for e in found.trace.events(iteration=0))


def test_later_iterations_go_on_from_the_edit(played: Play) -> None:
    found = played(lambda: train(2), {("linear", 2): [Edit("out.bias", "0.5", True)]})
    first = by_hand()
    z1 = first["hidden.weight"] * X + first["hidden.bias"]
    a1 = s(z1)
    a2 = s(first["out.weight"] * a1 + 0.5)
    assert found.result["C"] == pytest.approx((a2 - T) ** 2, rel=1e-12)
    assert np.isclose(found.result["out.bias"], 0.5 - LR * 2 * (a2 - T) * a2 * (1 - a2), rtol=1e-12)


def test_a_variable_is_what_it_holds_now(played: Play) -> None:
    """Autograd keeps the a that went into square; the edit means the one that came out: C = 5 + 0, dC/dw = 2 w."""

    def squared(a: torch.Tensor) -> torch.Tensor:
        return torch.square(a)

    def run() -> list[float]:
        w = torch.tensor(3.0, requires_grad=True)
        a = w + 0
        a = squared(a)
        loss = a + 0
        loss.backward()
        assert w.grad is not None
        return [loss.item(), w.grad.item()]

    assert run() == [9.0, 6.0]
    assert played(run, {("add", 1): [Edit("a", "5", True)]}).result == [5.0, 6.0]


def test_a_call_whose_inside_nobody_sees_gets_the_new_value_too(played: Play) -> None:
    """An encoder in eval mode runs as one piece, past every function mode."""

    def encoded(by_hand: bool = False) -> list[float]:
        torch.manual_seed(0)
        encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 8, batch_first=True), 1).eval()
        with torch.no_grad():
            h = torch.ones(1, 2, 4) * 2
            if by_hand:
                h = torch.full((1, 2, 4), 0.5)
            found: list[float] = encoder(h).reshape(-1).tolist()
        return found

    found = played(encoded, {("TransformerEncoder", 0): [Edit("h", "0.5", True)]})
    assert [answer.what for answer in found.answers] == ["activation"]
    assert found.result == encoded(by_hand=True) != encoded()


def test_a_pass_is_told_to_start_from_another_vector(played: Play) -> None:
    """y = x^2 pushed by v gives v * 2 x: v = [0, 1, 0] brings one row of the Jacobian, 2 x1 = 4."""

    def push() -> list[float]:
        x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
        y = x**2
        y.backward(torch.tensor([1.0, 1.0, 1.0]))
        assert x.grad is not None
        return [float(one) for one in x.grad]

    assert played(push, {("PowBackward0", 0): [Edit("dC/d(x^2)", "[0, 1, 0]", True)]}).result == [0.0, 4.0, 0.0]


def test_what_has_arrived_from_two_ways_is_changed_as_one(played: Play) -> None:
    """h = 2 x; C = sum(h^2 + 3 h): at h arrives 2 h + 3. Set to [1, 10], x gets 2 and 20."""

    def fork() -> list[float]:
        x = torch.tensor([1.0, 2.0], requires_grad=True)
        h = x * 2
        (h**2 + h * 3).sum().backward()
        assert x.grad is not None
        return [float(one) for one in x.grad]

    assert played(fork, {("MulBackward0", 1): [Edit("dC/dh", "[1, 10]", True)]}).result == [2.0, 20.0]
