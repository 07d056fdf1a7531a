"""Edits that would silently corrupt, or make no sense, are refused with a sentence, and change nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch

from engine.wire.messages import Edit

Play = Callable[..., Any]


def line() -> list[float]:
    """w = [2, 3]; y = w x; C = sum y^2."""
    w = torch.tensor([2.0, 3.0], requires_grad=True)
    count = torch.tensor([1, 2])
    x = torch.tensor([1.0, 1.0])
    y = w * x * count
    loss = y.pow(2).sum()
    loss.backward()
    assert w.grad is not None
    return [loss.item(), *w.grad.tolist()]


UNCHANGED = [4.0 + 36.0, 2 * 2.0, 2 * 6.0 * 2]


@pytest.mark.parametrize(
    ("target", "text", "said"),
    [
        ("w", "[1, 2, 3]", "The shape does not fit: w is (2), and the new value is (3)."),
        ("w[0]", "[1, 2]", "w[0] is one number"),
        ("w[2]", "1", "out of range"),
        ("w", "0 / 0", "is not finite"),
        ("w", "nan", "is not finite: it gives NaN"),
        ("w", "sqrt(-1)", "not finite"),
        ("w", "inf", "is not finite"),
        ("w", "1e60", "w is float32, which cannot hold 1"),
        ("w", "[1, [2]]", "rows differ in length"),
        ("w", "[1, 'a']", "no list of numbers"),
        ("w", "w +", "The expression is not complete."),
        ("w", "__import__('os')", "no"),
        ("count", "[0.5, 1]", "count is int64, which cannot hold"),
        ("nothing", "1", "There is no nothing here."),
        ("w * 2", "1", "w * 2 cannot be changed."),
        ("w[w > 1]", "1", "cannot be changed."),
        ("lr", "0.5", "optimizer"),
        ("iteration", "0.5", "worked out from other values"),
    ],
)
def test_what_makes_no_sense(played: Play, target: str, text: str, said: str) -> None:
    found = played(line, {("mul", 0): [Edit(target, text, True)]})
    assert said in found.refusal()
    assert found.result == UNCHANGED
    assert found.edits() == []


def test_whole_numbers_stay_whole(played: Play) -> None:
    found = played(line, {("mul", 1): [Edit("count", "[3, 1]", True)]})
    assert found.result[0] == (2 * 3) ** 2 + 3**2


def test_a_weight_that_autograd_keeps(played: Play) -> None:
    """y = w x: mul keeps w for dC/dx. Writing to it now would make backward fail, or lie."""

    def kept() -> list[float]:
        w = torch.tensor([2.0], requires_grad=True)
        x = torch.tensor([5.0], requires_grad=True)
        y = w * x
        y.sum().backward()
        assert w.grad is not None
        assert x.grad is not None
        return [w.grad.item(), x.grad.item()]

    found = played(kept, {("sum", 0): [Edit("w", "7", True)]})
    assert "w cannot be changed here: MulBackward0 keeps it for the backward pass" in found.refusal()
    assert found.result == [5.0, 2.0]


def test_a_weight_that_autograd_does_not_keep_may_change(played: Play) -> None:
    """A bias is only added: no derivative needs its number."""

    def added() -> list[float]:
        w = torch.tensor([2.0], requires_grad=True)
        y = w + 1
        y.sum().backward()
        assert w.grad is not None
        return [w.item(), w.grad.item()]

    assert played(added, {("sum", 0): [Edit("w", "7", True)]}).result == [7.0, 1.0]


def test_after_its_backward_pass_a_weight_may_change(played: Play) -> None:
    def twice() -> list[float]:
        w = torch.tensor([2.0], requires_grad=True)
        y = w * w
        y.sum().backward()
        return [(w * 10).item()]

    assert played(twice, {("mul", 1): [Edit("w", "7", True)]}).result == [70.0]


def test_a_gradient_elsewhere_than_where_it_arrives(played: Play) -> None:
    def two() -> float:
        w = torch.tensor([2.0], requires_grad=True)
        z = w * 3
        a = torch.sigmoid(z)
        a.sum().backward()
        assert w.grad is not None
        return w.grad.item()

    found = played(two, {("MulBackward0", 0): [Edit("dC/da", "1", True)]})
    assert "dC/da" in found.refusal()


def test_an_activation_during_the_backward_pass(played: Play) -> None:
    def two() -> float:
        w = torch.tensor([2.0], requires_grad=True)
        a = torch.sigmoid(w * 3)
        loss = a.sum()
        loss.backward()
        return loss.item()

    found = played(two, {("MulBackward0", 0): [Edit("a", "1", True)]})
    assert "during the backward pass" in found.refusal()


def test_a_rate_below_zero_and_several_optimizers(played: Play) -> None:
    def pair() -> float:
        w, v = (torch.tensor([2.0], requires_grad=True) for _ in range(2))
        first, second = torch.optim.SGD([w], lr=0.1), torch.optim.SGD([v], lr=0.2)
        loss = (w * v).sum()
        loss.backward()
        first.step()
        second.step()
        return w.item()

    unclear = played(pair, {("mul", 0): [Edit("lr", "1", True)]})
    assert "several optimizers. Say which: first.lr or second.lr" in unclear.refusal()
    assert "climb" in played(pair, {("mul", 0): [Edit("first.lr", "-1", True)]}).refusal()
    found = played(pair, {("mul", 0): [Edit("first.lr", "1", True)]})
    assert found.result == 0.0
    assert "no group 4" in played(pair, {("mul", 0): [Edit("first.lr[4]", "1", True)]}).refusal()


def test_a_scheduler_is_mentioned(played: Play) -> None:
    def scheduled() -> float:
        w = torch.tensor([2.0], requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1, 0.5)
        (w * 3).sum().backward()
        optimizer.step()
        scheduler.step()
        return optimizer.param_groups[0]["lr"]

    found = played(scheduled, {("mul", 0): [Edit("lr", "1", True)]})
    assert found.result == 0.5
    assert "StepLR" in found.answers[0].note.english
