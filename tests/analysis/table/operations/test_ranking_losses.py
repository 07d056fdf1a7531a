"""Losses of pairs and triples beside torch, at their kinks, and their equations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from engine.analysis.table.call import UnfitError
from engine.trace.reader import Trace
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import normal
from tests.helpers.equations import call_holds

few = settings(max_examples=25, deadline=None)
reductions = st.sampled_from(["none", "mean", "sum"])
margins = st.sampled_from([0.0, 0.4, 1.0])
seeds = st.integers(0, 10**6)


def signs(shape: list[int], seed: int, least: int = -1) -> Tensor:
    """Random -1 (or `least`), 0 or 1."""
    found = torch.randint(least, 2, shape, generator=torch.Generator().manual_seed(seed))
    return found.to(torch.float64)


@few
@given(st.lists(st.integers(1, 4), max_size=3), reductions, margins, seeds)
def test_pairs_of_numbers(shape: list[int], reduction: str, margin: float, seed: int) -> None:
    a, b, t = normal(shape, seed), normal(shape, seed + 1), signs(shape, seed + 2)
    agree(F.hinge_embedding_loss, a, t, margin=margin, reduction=reduction)
    agree(F.margin_ranking_loss, a, b, t.requires_grad_(), margin=margin, reduction=reduction)


@few
@given(st.lists(st.integers(1, 4), max_size=1), st.integers(2, 4), reductions, margins, seeds)
def test_pairs_of_vectors(shape: list[int], width: int, reduction: str, margin: float, seed: int) -> None:
    full = [*shape, width]
    a, b, t = normal(full, seed), normal(full, seed + 1), signs(shape, seed + 2)
    agree(F.cosine_embedding_loss, a, b, t, margin=margin, reduction=reduction)


@few
@given(
    st.lists(st.integers(1, 3), max_size=2),
    st.integers(2, 4),
    reductions,
    st.sampled_from([1, 2, 3, float("inf")]),
    st.booleans(),
    seeds,
)
def test_triples(shape: list[int], width: int, reduction: str, p: float, swap: bool, seed: int) -> None:
    three = [normal([*shape, width], seed + k) for k in range(3)]
    agree(F.triplet_margin_loss, *three, p=p, swap=swap, margin=0.8, reduction=reduction)
    agree(F.triplet_margin_with_distance_loss, *three, swap=swap, reduction=reduction)


def test_kinks() -> None:
    z, zero = normal([3, 4], 0), torch.zeros(3, 4, dtype=torch.float64)
    agree(F.margin_ranking_loss, zero.requires_grad_(), zero.detach(), zero + 1)
    agree(F.hinge_embedding_loss, (zero + 1).detach().requires_grad_(), -zero.detach() - 1)
    agree(F.triplet_margin_loss, z, z.detach(), z.detach().requires_grad_(), swap=True)
    agree(F.cosine_embedding_loss, z, normal([1, 4], 1), signs([3], 0, least=1))


def test_a_distance_of_the_scripts_own_is_not_known() -> None:
    three = [normal([3, 4], k) for k in range(3)]
    with pytest.raises(UnfitError):
        agree(F.triplet_margin_with_distance_loss, *three, distance_function=nn.PairwiseDistance(p=1.0))


CALLS = [
    "F.hinge_embedding_loss(x, t.sign().detach())",
    "F.hinge_embedding_loss(x, t.sign().detach(), margin=2.0, reduction='none')",
    "F.margin_ranking_loss(x, t, (x - 1).sign().detach(), margin=0.5)",
    "F.margin_ranking_loss(x, t, (x - 1).sign().detach(), reduction='none')",
    "F.cosine_embedding_loss(x, t, torch.tensor([1, -1]), margin=-0.9)",
    "F.cosine_embedding_loss(x, t, torch.tensor([-1, 1]), reduction='none')",
    "F.cosine_embedding_loss(x, t, torch.tensor([-1, -1]), margin=-0.95)",
    "F.triplet_margin_loss(x, t, w)",
    "F.triplet_margin_loss(x, t, w, margin=7.0, swap=True, p=1, reduction='none')",
    "F.triplet_margin_loss(x, w, t, margin=3.0)",
    "F.triplet_margin_with_distance_loss(x, t, w, reduction='sum')",
]


@pytest.mark.parametrize("call", CALLS)
def test_each_elements_equation_comes_to_the_recorded_number(recorded: Callable[..., Trace], call: str) -> None:
    assert call_holds(recorded, call) > 3
