"""Losses of numbers beside torch: terms, reductions, weights, and the equations' numbers."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.notation.printing import to_text
from engine.trace.reader import Trace
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import normal
from tests.helpers.equations import call_holds, pages_of

few = settings(max_examples=25, deadline=None)
shapes = st.lists(st.integers(1, 4), max_size=3)
reductions = st.sampled_from(["none", "mean", "sum"])
seeds = st.integers(0, 10**6)


def positive(shape: list[int], seed: int) -> Tensor:
    """The same, above 0."""
    return normal(shape, seed).detach().exp().requires_grad_()


@few
@given(shapes, reductions, seeds, st.booleans(), st.sampled_from([F.mse_loss, F.huber_loss]))
def test_squared_and_huber_with_weights(
    shape: list[int], reduction: str, seed: int, weighted: bool, loss: Callable[..., Tensor]
) -> None:
    weight = positive(shape, seed + 2) if weighted else None
    if weight is not None and weight.numel() == 1:
        # A mean of one term does not depend on its weight; what is left of that gradient is only noise.
        weight = weight.detach()
    agree(loss, normal(shape, seed), normal(shape, seed + 1), reduction=reduction, weight=weight)


@few
@given(shapes, reductions, seeds, st.sampled_from([0.0, 0.3, 1.0, 2.5]))
def test_absolute_and_smooth(shape: list[int], reduction: str, seed: int, beta: float) -> None:
    agree(F.l1_loss, normal(shape, seed), normal(shape, seed + 1), reduction=reduction)
    agree(F.smooth_l1_loss, normal(shape, seed), normal(shape, seed + 1), reduction=reduction, beta=beta)
    agree(F.huber_loss, normal(shape, seed), normal(shape, seed + 1), reduction=reduction, delta=beta + 0.1)


@pytest.mark.parametrize("loss", [F.mse_loss, F.l1_loss, F.smooth_l1_loss, F.huber_loss])
def test_kinks_broadcasting_and_nothing(loss: Callable[..., Tensor]) -> None:
    t = torch.tensor([0.0, 1.0, -1.0, float("inf"), float("nan"), 0.5], dtype=torch.float64)
    agree(loss, torch.zeros(6, dtype=torch.float64).requires_grad_(), t.requires_grad_(), reduction="none")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        agree(loss, normal([3, 1], 0), normal([4], 1))
        agree(loss, normal([], 0), normal([2, 3], 1), reduction="none")
    for reduction in ("none", "sum", "mean"):
        agree(loss, normal([0, 3], 0), normal([0, 3], 1), reduction=reduction)


@few
@given(shapes, reductions, seeds, st.booleans(), st.booleans())
def test_poisson(shape: list[int], reduction: str, seed: int, log_input: bool, full: bool) -> None:
    rate, count = positive(shape, seed), positive(shape, seed + 1)
    agree(F.poisson_nll_loss, rate, count, log_input=log_input, full=full, reduction=reduction)
    edge = torch.tensor([0.0, 1.0, 3.0], dtype=torch.float64, requires_grad=True)
    agree(F.poisson_nll_loss, positive([3], seed), edge, log_input=log_input, full=full, eps=0.01)


@few
@given(st.lists(st.integers(1, 3), min_size=1, max_size=3), reductions, seeds, st.booleans())
def test_gaussian_with_one_variance_for_each_or_for_a_row(
    shape: list[int], reduction: str, seed: int, full: bool
) -> None:
    a, t = normal(shape, seed), normal(shape, seed + 1)
    for var in (positive(shape, seed + 2), positive(shape[:-1], seed + 2), positive([*shape[:-1], 1], seed + 2), 0.7):
        agree(F.gaussian_nll_loss, a, t, var, full=full, reduction=reduction)
    agree(F.gaussian_nll_loss, a, t, positive(shape, seed + 2), eps=1.5)


@pytest.mark.parametrize("former", [{"size_average": False}, {"size_average": True}, {"reduce": False}, {"reduce": 1}])
@pytest.mark.parametrize("loss", [F.mse_loss, F.l1_loss, F.smooth_l1_loss, F.poisson_nll_loss])
def test_former_names_of_the_reduction(loss: Callable[..., Tensor], former: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        agree(loss, normal([2, 3], 0), normal([2, 3], 1), **former)


CALLS = [
    "F.mse_loss(x, t)",
    "F.mse_loss(x, t, reduction='none')",
    "F.mse_loss(x, t, reduction='sum', weight=w)",
    "F.mse_loss(x, t, weight=w)",
    "F.mse_loss(x, c)",
    "F.mse_loss(x, c, reduction='none')",
    "F.l1_loss(x, t)",
    "F.smooth_l1_loss(x, t)",
    "F.smooth_l1_loss(x, t, beta=0.0, reduction='sum')",
    "F.huber_loss(x, t, delta=0.5)",
    "F.huber_loss(x, t, weight=w)",
    "F.poisson_nll_loss(x, w.detach(), full=True)",
    "F.poisson_nll_loss(w, p, log_input=False)",
    "F.gaussian_nll_loss(x, t, w, full=True)",
    "F.gaussian_nll_loss(x, t, w[:, 0], reduction='none')",
    "F.gaussian_nll_loss(x, t, 0.5, reduction='none')",
]


@pytest.mark.filterwarnings("ignore:Using a target size")
@pytest.mark.parametrize("call", CALLS)
def test_each_elements_equation_comes_to_the_recorded_number(recorded: Callable[..., Trace], call: str) -> None:
    assert call_holds(recorded, call) > 3


def test_they_read_like_the_textbook(recorded: Callable[..., Trace]) -> None:
    source = """
        import torch
        import torch.nn.functional as F
        a = torch.tensor([0.5, 3.0], requires_grad=True)
        t = torch.tensor([1.0, 1.0])
        loss = F.{}
        loss.backward()
    """
    lines = [to_text(page.lines[-1].expression) for page in pages_of(recorded(source=source.format("mse_loss(a, t)")))]
    assert lines[2].endswith("= 1/2·((0.5 - 1)² + (3 - 1)²) = 2.125")
    assert lines[3].endswith("= 1/2·2·(0.5 - 1) = -0.5")
    lines = [
        to_text(page.lines[-1].expression) for page in pages_of(recorded(source=source.format("huber_loss(a, t)")))
    ]
    assert lines[2].endswith("= 1/2·(1/2·(0.5 - 1)² + abs(3 - 1) - 1/2) = 0.8125")
