"""Distances and cosines beside torch, at ties, at distance 0 and in all norms; and their equations."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError
from engine.trace.reader import Trace
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import normal
from tests.helpers.equations import call_holds, pages_of

INF = float("inf")
few = settings(max_examples=25, deadline=None)
norms = st.sampled_from([0.5, 1.0, 1.5, 2.0, 3.0, INF])
seeds = st.integers(0, 10**6)


CORNERS = torch.tensor([[1.0, 0, 0], [1, 1, 1], [1, 0, 0], [0, 0, 1]], dtype=torch.float64)
"""Points of which two are the same, and others differ by as much in several places."""


@few
@given(st.lists(st.integers(1, 4), min_size=1, max_size=3), norms, st.booleans(), seeds)
def test_pairwise_distance(shape: list[int], p: float, keepdim: bool, seed: int) -> None:
    a, b = normal(shape, seed), normal(shape, seed + 1)
    agree(F.pairwise_distance, a, b, p, keepdim=keepdim)
    agree(F.pairwise_distance, a, normal(shape[-1:], seed + 2), p=p, eps=0.25)
    agree(F.pairwise_distance, a, b, -p)
    agree(torch.dist, a, b, p)
    agree(torch.dist, a, normal(shape[-1:], seed + 3), p=p)


@few
@given(st.lists(st.integers(1, 3), max_size=2), st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), norms, seeds)
def test_cdist_and_pdist(batch: list[int], rows: int, others: int, width: int, p: float, seed: int) -> None:
    a, b = normal([*batch, rows, width], seed), normal([*batch[-1:], others, width], seed + 1)
    agree(torch.cdist, a, b, p=p)
    agree(torch.cdist, b, a, p=p, compute_mode="donot_use_mm_for_euclid_dist")
    agree(F.pdist, normal([rows + 1, width], seed), p=p)


@pytest.mark.parametrize("p", [0.0, 0.5, 1.0, 2.0, 4.0, float("inf")])
def test_ties_and_points_that_are_the_same(p: float) -> None:
    x = CORNERS.clone().requires_grad_()
    y = torch.zeros_like(CORNERS).requires_grad_()
    agree(torch.cdist, x, CORNERS, p=p)
    agree(torch.pdist, x, p=p)
    agree(F.pairwise_distance, x, y, p=p, eps=0.0)
    agree(F.pairwise_distance, x, CORNERS.flip(0), p=p, eps=0.0)
    agree(torch.dist, CORNERS, CORNERS.flip(0), p=p)
    agree(torch.cdist, normal([0, 3], 0).detach(), CORNERS, p=p)
    agree(torch.pdist, CORNERS[:1], p=p)


def test_many_points_by_a_matrix_product() -> None:
    far = 10 * torch.eye(30, dtype=torch.float64) + normal([30, 30], 0) / 10
    agree(torch.cdist, far.detach().requires_grad_(), -far.detach().requires_grad_())
    with pytest.raises(UnfitError, match="too inexact"):
        agree(torch.cdist, far, far)


@few
@given(st.lists(st.integers(2, 4), min_size=1, max_size=3), st.data(), seeds)
def test_cosine_similarity(shape: list[int], data: st.DataObject, seed: int) -> None:
    dim = data.draw(st.integers(-len(shape), len(shape) - 1))
    a, b = normal(shape, seed), normal(shape, seed + 1)
    agree(F.cosine_similarity, a, b, dim=dim)
    agree(F.cosine_similarity, a, normal(shape[-1:], seed + 2), dim=-1, eps=1.5)


def test_vectors_too_short_to_have_a_direction() -> None:
    short = torch.tensor([[1e-12, 0.0], [0.0, 0.0], [1.0, 2.0]], dtype=torch.float64, requires_grad=True)
    agree(F.cosine_similarity, short, normal([3, 2], 0))


CALLS = [
    "F.pairwise_distance(x, t)",
    "F.pairwise_distance(x, c, p=1.0, keepdim=True)",
    "F.pairwise_distance(x, t, p=3.0)",
    "torch.cdist(x, t)",
    "torch.cdist(x, t, p=1.0)",
    "torch.cdist(x, t, p=float('inf'))",
    "torch.cdist(torch.stack([x, t]), w)",
    "torch.pdist(x)",
    "torch.pdist(x.T, p=2.5)",
    "torch.dist(x, t)",
    "torch.dist(x, c)",
    "torch.cosine_similarity(x, t)",
    "torch.cosine_similarity(x, t, dim=0)",
    "torch.cosine_similarity(x, c, dim=-1)",
]


@pytest.mark.parametrize("call", CALLS)
def test_each_elements_equation_comes_to_the_recorded_number(recorded: Callable[..., Trace], call: str) -> None:
    assert call_holds(recorded, call) > 3


def test_a_distance_reads_like_pythagoras(recorded: Callable[..., Trace]) -> None:
    source = """
        import torch
        a = torch.tensor([[3.0, 5.0]], requires_grad=True)
        b = torch.tensor([[0.0, 1.0]])
        d = torch.cdist(a, b)
        d.backward()
    """
    forward, backward = [page for page in pages_of(recorded(source=source)) if "cdist" in page.caption.english]
    assert to_text(forward.lines[-1].expression).endswith("= √((3 - 0)² + (5 - 1)²) = 5")
    assert to_text(backward.lines[-1].expression).endswith("= 1·(3 - 0)/5 = 0.6")
