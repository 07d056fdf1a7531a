"""Losses of classes and of probabilities beside torch: classes' numbers, shares, weights, ignored rows, smoothing."""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError
from engine.trace.reader import Trace
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import normal
from tests.helpers.equations import call_holds, english, pages_of

few = settings(max_examples=25, deadline=None)
reductions = st.sampled_from(["none", "mean", "sum"])
seeds = st.integers(0, 10**6)
INF = float("inf")


def shares(shape: list[int], seed: int) -> Tensor:
    """Random numbers from 0 to 1 that are differentiated."""
    return torch.rand(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).requires_grad_()


def classes(shape: list[int], count: int, seed: int) -> Tensor:
    """Random numbers of classes."""
    return torch.randint(0, count, shape, generator=torch.Generator().manual_seed(seed))


def double(*found: float) -> Tensor:
    """These numbers, differentiated."""
    return torch.tensor(found, dtype=torch.float64, requires_grad=True)


rows = st.lists(st.integers(1, 4), max_size=3)
"""(N, d1, ...): the input has its classes behind N; [] is a single row."""


@few
@given(rows, st.integers(1, 5), reductions, st.sampled_from([0.0, 0.1, 1.0]), st.booleans(), seeds)
def test_cross_entropy_of_classes(
    shape: list[int], count: int, reduction: str, smoothing: float, weighted: bool, seed: int
) -> None:
    scores = normal([*shape[:1], count, *shape[1:]], seed)
    weight = shares([count], seed + 1).detach() if weighted else None
    target = classes(shape, count, seed + 2)
    agree(F.cross_entropy, scores, target, weight, reduction=reduction, label_smoothing=smoothing)
    agree(F.nll_loss, scores, target, weight, reduction=reduction)
    some = torch.where(target == 0, -100, target)
    agree(F.cross_entropy, scores, some, weight, reduction=reduction, label_smoothing=smoothing)
    agree(F.nll_loss, scores, target, weight, ignore_index=0, reduction=reduction)


@few
@given(rows, st.integers(1, 5), reductions, st.sampled_from([0.0, 0.3]), st.booleans(), seeds)
def test_cross_entropy_of_probabilities(
    shape: list[int], count: int, reduction: str, smoothing: float, weighted: bool, seed: int
) -> None:
    full = [*shape[:1], count, *shape[1:]]
    weight = shares([count], seed + 1) if weighted else None
    target = shares(full, seed + 2)
    agree(F.cross_entropy, normal(full, seed), target, weight, reduction=reduction, label_smoothing=smoothing)


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_edges_of_cross_entropy(reduction: str) -> None:
    scores = torch.tensor([[1.0, -INF, 2.0], [1e4, 0.0, 0.0]], dtype=torch.float64, requires_grad=True)
    agree(F.cross_entropy, scores, torch.tensor([0, 2]), reduction=reduction)
    agree(F.cross_entropy, -scores, torch.tensor([0, 2]), reduction=reduction)
    agree(F.cross_entropy, normal([0, 3], 0), classes([0], 3, 0), reduction=reduction)
    agree(F.cross_entropy, normal([2, 3], 0), torch.tensor([-100, -100]), reduction=reduction)


@few
@given(st.lists(st.integers(1, 4), max_size=3), reductions, st.booleans(), seeds)
def test_binary_cross_entropy(shape: list[int], reduction: str, weighted: bool, seed: int) -> None:
    weight = shares(shape, seed + 2).detach() if weighted else None
    more = shares(shape[-1:], seed + 3).detach() if weighted else None
    t = shares(shape, seed + 1)
    agree(F.binary_cross_entropy, shares(shape, seed), t, weight, reduction=reduction)
    agree(F.binary_cross_entropy_with_logits, normal(shape, seed), t, weight, reduction=reduction, pos_weight=more)
    agree(F.soft_margin_loss, normal(shape, seed), t.detach() - 0.5, reduction=reduction)


@pytest.mark.parametrize("reduction", ["none", "mean", "sum"])
def test_edges_of_binary_cross_entropy(reduction: str) -> None:
    a, t = double(0, 1, 0, 1, 1e-20, 0.5), double(0, 1, 1, 0, 0.5, 0.5)
    agree(F.binary_cross_entropy, a, t, reduction=reduction)
    agree(F.binary_cross_entropy_with_logits, double(-1000, 1000, INF, 3), double(1, 0, 0.5, 1), reduction=reduction)
    agree(F.soft_margin_loss, double(-1000, 1000, 30, 3), double(1, -1, -1, 1).detach(), reduction=reduction)
    agree(F.binary_cross_entropy, shares([0, 2], 0), shares([0, 2], 1), reduction=reduction)


@few
@given(
    st.lists(st.integers(1, 4), max_size=3),
    st.sampled_from(["none", "mean", "sum", "batchmean"]),
    st.booleans(),
    seeds,
)
def test_divergence(shape: list[int], reduction: str, log_target: bool, seed: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        a, t = normal(shape, seed), shares(shape, seed + 1)
        agree(F.kl_div, a, t, reduction=reduction, log_target=log_target)
        agree(F.kl_div, double(0.5, -1, 2), double(0, -1, 0.5), reduction="none")


@few
@given(st.lists(st.integers(1, 4), max_size=1), st.integers(1, 5), reductions, st.booleans(), seeds)
def test_margins(shape: list[int], count: int, reduction: str, weighted: bool, seed: int) -> None:
    scores = normal([*shape, count], seed)
    weight = shares([count], seed + 1) if weighted else None
    plain = None if weight is None else weight.detach()
    target = classes(shape, count, seed + 2)
    for p in (1, 2):
        agree(F.multi_margin_loss, scores, target, p=p, margin=0.7, weight=plain, reduction=reduction)
    labels = classes([*shape, count], count + 1, seed + 3) - 1
    agree(F.multilabel_margin_loss, scores, labels, reduction=reduction)
    agree(F.multilabel_soft_margin_loss, scores, shares([*shape, count], seed), weight=weight, reduction=reduction)


def test_an_inner_function_whose_arguments_are_in_another_order() -> None:
    with pytest.raises(UnfitError, match="another order"):
        agree(torch.kl_div, normal([3], 0), shares([3], 1), 1)
    with pytest.raises(UnfitError, match="another order"):
        agree(torch.binary_cross_entropy_with_logits, normal([3], 0), shares([3], 1), None, None, 2)


def test_a_single_number_is_a_row_of_one_class() -> None:
    agree(F.multi_margin_loss, normal([], 0), torch.tensor(0))
    agree(F.multilabel_margin_loss, normal([], 0), torch.tensor(0))


def test_what_torch_leaves_unset_is_not_checked() -> None:
    with pytest.raises(UnfitError, match="no rows"):
        agree(F.multi_margin_loss, normal([0, 3], 0), classes([0], 3, 0))


CALLS = [
    "F.cross_entropy(x, y)",
    "F.cross_entropy(x, y, reduction='sum')",
    "F.cross_entropy(x, y, reduction='none')",
    "F.cross_entropy(x[0], y[0])",
    "F.cross_entropy(x, y, weight=w[0].detach(), reduction='none')",
    "F.cross_entropy(x, y, weight=w[0].detach())",
    "F.cross_entropy(x, y, ignore_index=2)",
    "F.cross_entropy(x, y, label_smoothing=0.1)",
    "F.cross_entropy(x, y, weight=w[0].detach(), label_smoothing=0.1)",
    "F.cross_entropy(x, p)",
    "F.cross_entropy(x, t, weight=w[1].detach(), label_smoothing=0.25, reduction='none')",
    "F.cross_entropy(torch.stack([x, t], 2), torch.stack([y, y], 1))",
    "F.nll_loss(x, y)",
    "F.nll_loss(x, y, weight=w[0].detach())",
    "F.nll_loss(x, y, ignore_index=0, reduction='none')",
    "F.binary_cross_entropy(p, x.sigmoid().detach())",
    "F.binary_cross_entropy((p > 0.2) * 1.0 * p / p, p, weight=w.detach(), reduction='none')",
    "F.binary_cross_entropy_with_logits(x, p)",
    "F.binary_cross_entropy_with_logits(x, p, weight=w.detach(), pos_weight=w[0].detach(), reduction='sum')",
    "F.soft_margin_loss(x, t.sign().detach())",
    "F.kl_div(x, p, reduction='batchmean')",
    "F.kl_div(x, t, reduction='none', log_target=True)",
    "F.multi_margin_loss(x, y)",
    "F.multi_margin_loss(x, y, p=2, weight=w[0].detach(), reduction='none')",
    "F.multilabel_margin_loss(x, torch.tensor([[1, -1, 0], [0, 2, -1]]))",
    "F.multilabel_soft_margin_loss(x, p)",
    "F.multilabel_soft_margin_loss(x, p, weight=w.detach(), reduction='none')",
]


@pytest.mark.parametrize("call", CALLS)
def test_each_elements_equation_comes_to_the_recorded_number(recorded: Callable[..., Trace], call: str) -> None:
    assert call_holds(recorded, call) > 3


def test_cross_entropy_reads_like_the_textbook(recorded: Callable[..., Trace]) -> None:
    source = """
        import torch
        z = torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]], requires_grad=True)
        t = torch.tensor([2, 0])
        loss = torch.nn.functional.cross_entropy(z, t)
        loss.backward()
    """
    forward, backward = [
        page
        for page in pages_of(recorded(source=source))
        if "cross_entropy" in page.caption.english or "backward" in page.caption.english
    ][:2]
    shared, first, mean = (to_text(line.expression) for line in forward.lines)
    assert shared.startswith("p_(0,2) = e^(")
    assert shared.endswith(" = 0.665241")
    assert forward.lines[1].caption.english == "Row 0, whose class is 2: minus the logarithm of that share."
    assert first.endswith(" = 3.407606 - 3 = 0.407606")
    assert "1/2·(-ln(p_(0,2)) + (-ln(p_(1,0)))) = 1/2·(0.407606 + 1.098612)" in mean
    # (0.4076059644 + ln 3) / 2
    expected = (0.4076059644443803 + np.log(3)) / 2
    assert forward.checks[0].computed == pytest.approx(expected, rel=1e-12)
    share = np.exp(1) / (np.exp(1) + np.exp(2) + np.exp(3))
    assert backward.checks[0].computed == pytest.approx(share / 2, rel=1e-7)
    assert english(backward.notes) == ("Class 0 is not the right one.",)


@pytest.mark.parametrize(("name", "term"), [("cross_entropy", "Σ[i] -ln(p_(i,y))"), ("nll_loss", "Σ[i] -randn_(i,y)")])
def test_a_sum_over_rows_says_which_class_counts(recorded: Callable[..., Trace], name: str, term: str) -> None:
    source = f"""
        import torch
        z = torch.randn(5, 3)
        loss = torch.nn.functional.{name}(z, torch.tensor([2, 0, 1, 1, 0]))
    """
    page = next(page for page in pages_of(recorded(source=source)) if name in page.caption.english)
    assert term in to_text(page.lines[-1].expression)
    assert english(page.notes) == ("y is the right class of row i.",)
