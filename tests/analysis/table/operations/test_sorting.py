"""Order, counts, running results and neighbours: each row beside torch, equations beside recorded numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import filled, special, tensor, whole
from tests.helpers.equations import equations_hold, text_of_result


@settings(max_examples=30, deadline=None)
@given(x=tensor(), ties=st.booleans(), descending=st.booleans(), stable=st.booleans())
def test_sort(x: Tensor, ties: bool, descending: bool, stable: bool) -> None:
    x = x.detach().round().requires_grad_() if ties else x
    agree(torch.sort, x, descending=descending)
    agree(torch.sort, x, stable=stable, dim=0, descending=descending)
    agree(torch.argsort, x.detach(), dim=-1, descending=descending, stable=stable)
    if x.ndim:
        agree(torch.msort, x)


@settings(max_examples=30, deadline=None)
@given(x=tensor(min_side=2, min_dims=1), k=st.integers(0, 2), largest=st.booleans(), in_order=st.booleans())
def test_the_largest_few(x: Tensor, k: int, largest: bool, in_order: bool) -> None:
    agree(torch.topk, x, k, largest=largest, sorted=in_order)
    agree(torch.topk, x.detach().round(), k, 0)


def test_order_at_the_edges() -> None:
    for descending in (True, False):
        agree(torch.sort, special(3.0), descending=descending)
        agree(torch.sort, whole(1, (3, 4)), 0, descending)
    agree(torch.topk, special(3.0), 4)


def test_counts() -> None:
    n = whole(1, (4, 5), 0, 4)
    agree(torch.unique, n)
    agree(torch.unique, n, return_inverse=True, return_counts=True)
    agree(torch.unique, n % 2, dim=0, return_counts=True)
    agree(torch.unique, filled(1, (3, 2)).detach())
    agree(torch.unique_consecutive, n, return_inverse=True, return_counts=True)
    agree(torch.bincount, n.flatten())
    agree(torch.bincount, n.flatten(), filled(1, (20,)).detach(), minlength=9)
    agree(torch.histc, filled(1, (50,)).detach(), 7)
    agree(torch.histc, filled(1, (50,)).detach(), bins=5, min=-1, max=2)
    agree(torch.nonzero, n)
    agree(torch.argwhere, n)
    agree(torch.nonzero, n, as_tuple=True)


@pytest.mark.parametrize("right", [True, False])
def test_looking_up(right: bool) -> None:
    bounds = torch.tensor([-1.0, 0.0, 0.5, 2.0], dtype=torch.float64)
    x = torch.tensor([[-3.0, 0.0, 0.25], [0.5, 2.0, 7.0]], dtype=torch.float64)
    agree(torch.bucketize, x, bounds, right=right)
    agree(torch.searchsorted, bounds, x, right=right)
    agree(torch.searchsorted, torch.stack([bounds, bounds - 1]), x, right=right)
    agree(torch.searchsorted, bounds, 0.5, right=right)


@pytest.mark.parametrize("function", [torch.cumsum, torch.cumprod, torch.logcumsumexp, torch.cummax, torch.cummin])
@settings(max_examples=25, deadline=None)
@given(x=tensor(min_side=1), ties=st.booleans())
def test_running(function: Callable[..., Any], x: Tensor, ties: bool) -> None:
    x = x.detach().round().requires_grad_() if ties else x
    agree(function, x, -1)
    agree(function, x, dim=0)


@pytest.mark.usefixtures("double")
def test_running_over_other_types() -> None:
    agree(torch.cumsum, whole(1, (3, 4)), 1)
    agree(torch.cumsum, torch.tensor([True, True, False]), 0)
    agree(torch.cumprod, whole(1, (4,)), 0, dtype=torch.float64)
    agree(torch.cummax, special(3.0).detach(), 0)


@settings(max_examples=25, deadline=None)
@given(x=tensor(min_dims=1, min_side=3), n=st.integers(0, 2))
def test_differences(x: Tensor, n: int) -> None:
    agree(torch.diff, x, n)
    agree(torch.diff, x, dim=0, prepend=filled(3, (1, *x.shape[1:])), append=filled(4, (2, *x.shape[1:])))


def test_areas() -> None:
    y = filled(1, (3, 5))
    agree(torch.trapezoid, y)
    agree(torch.trapezoid, y, dx=0.25, dim=0)
    agree(torch.trapezoid, y, filled(2, (5,)))
    agree(torch.trapezoid, y, filled(2, (3, 5)), dim=1)


@pytest.mark.parametrize("interpolation", ["linear", "lower", "higher", "nearest", "midpoint"])
def test_quantiles(interpolation: str) -> None:
    x = filled(1, (4, 5))
    for function in (torch.quantile, torch.nanquantile):
        agree(function, x, 0.3, interpolation=interpolation)
        agree(function, x, 0.3, 1, True, interpolation=interpolation)
        q = torch.tensor([0.0, 0.25, 0.5, 1.0], dtype=torch.float64)
        agree(function, x, q, dim=0, interpolation=interpolation)
    holes = filled(1, (4, 5)).detach()
    holes[1, 2] = float("nan")
    agree(torch.quantile, holes, 0.4, 1)
    agree(torch.nanquantile, holes, 0.4, 1)


SCRIPT = """
    import torch
    x = torch.tensor([[0.5, 1.5, -2.0, 2.5, 0.75], [3.0, -0.25, 1.0, 2.0, -1.0]], requires_grad=True)
    made = [x.sort(1)[0].sum(), x.sort(0, descending=True).values.sum(), x.topk(2)[0].sum(), x.msort()[0].sum()]
    made += [x.cumsum(1).sum(), x.cumprod(0).sum(), x.cummax(1)[0].sum(), x.cummin(0)[0].sum(), x.diff().sum()]
    made += [x.logcumsumexp(1).sum(), torch.trapezoid(x).sum(), torch.quantile(x, 0.3)]
    torch.stack(made).sum().backward()
    n = torch.tensor([3, 1, 1, 2])
    x.argsort(), n.unique(return_counts=True), n.bincount(), torch.histc(x.detach(), 4), n.nonzero()
    torch.searchsorted(torch.tensor([1, 2, 3]), n), torch.bucketize(x.detach(), torch.tensor([0.0, 1.0]))
"""


def test_equations(recorded: Callable[..., Any]) -> None:
    trace = recorded(source=SCRIPT)
    names = ("sort", "topk", "msort", "cumsum", "cumprod", "cummax", "cummin", "diff", "logcumsumexp", "argsort")
    more = ("unique", "bincount", "histc", "nonzero", "searchsorted", "bucketize", "trapezoid", "quantile")
    assert equations_hold(trace, *names, *more).gradients.total() >= 25
    assert text_of_result(trace, "cumsum", (0, 2)).endswith("= 0.5 + 1.5 + (-2) = 0")
    assert text_of_result(trace, "sort", (0, 0)).endswith("_(0,2) = -2")
