"""Sums, means, spreads, norms, extremes and running sums: each row beside torch, equations beside recorded numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.table.call import UnfitError
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import filled, special, tensor, whole
from tests.helpers.equations import equations_hold, text_of_gradient, text_of_result


@st.composite
def reductions(draw: st.DrawFn, min_side: int = 1) -> tuple[Tensor, dict[str, Any]]:
    """A tensor, and `dim` and `keepdim` for it: none, one or several dimensions, counted from either end."""
    x = draw(tensor(min_side=min_side))
    given: dict[str, Any] = {}
    if x.ndim and draw(st.booleans()):
        given["dim"] = draw(
            st.one_of(
                st.integers(-x.ndim, x.ndim - 1),
                st.lists(st.integers(0, x.ndim - 1), min_size=1, unique=True),
            )
        )
        given["keepdim"] = draw(st.booleans())
    return x, given


@pytest.mark.parametrize("function", [torch.sum, torch.nansum, torch.mean, torch.nanmean], ids=lambda f: f.__name__)
@settings(max_examples=25, deadline=None)
@given(drawn=reductions(min_side=0))
def test_sums(function: Callable[..., Any], drawn: tuple[Tensor, dict[str, Any]]) -> None:
    agree(function, drawn[0], **drawn[1])


@pytest.mark.usefixtures("double")
def test_sums_of_other_types() -> None:
    n, b = whole(1, (3, 4)), torch.tensor([[True, False], [True, True]])
    agree(torch.sum, n)
    agree(torch.sum, b, 0)
    agree(torch.sum, n, 1, dtype=torch.float64)
    agree(torch.sum, filled(1, (3,)).detach(), dtype=torch.int64)
    agree(torch.mean, n, dtype=torch.float64)
    agree(torch.prod, n, 1)
    agree(Tensor.sum, filled(1, (2, 3)), axis=1, keepdims=True)
    agree(torch.sum, torch.tensor([1 + 2j, 3j], dtype=torch.complex128, requires_grad=True))


def test_what_is_no_number_is_left_out() -> None:
    x = special(3.0).detach().reshape(2, 5)
    x[torch.isinf(x)] = 4.0
    for function in (torch.nansum, torch.nanmean):
        agree(function, x.clone().requires_grad_(), 1)
        agree(function, x.clone().requires_grad_())


@settings(max_examples=30, deadline=None)
@given(x=tensor(min_side=0), zeros=st.integers(0, 2), keepdim=st.booleans())
def test_products(x: Tensor, zeros: int, keepdim: bool) -> None:
    flat = x.detach().clone().reshape(-1)
    flat[:zeros] = 0
    x = flat.reshape(x.shape).requires_grad_()
    agree(torch.prod, x)
    if x.ndim:
        agree(torch.prod, x, x.ndim - 1, keepdim)


@settings(max_examples=30, deadline=None)
@given(drawn=reductions())
def test_log_of_a_sum(drawn: tuple[Tensor, dict[str, Any]]) -> None:
    x, given_ = drawn
    if given_:
        agree(torch.logsumexp, x, **given_)
    else:
        agree(torch.logsumexp, x, tuple(range(x.ndim)) or 0)
    agree(torch.logsumexp, x.detach() * 1000, -1)


@pytest.mark.parametrize("function", [torch.var, torch.std, torch.var_mean, torch.std_mean], ids=lambda f: f.__name__)
@settings(max_examples=25, deadline=None)
@given(drawn=reductions(min_side=2), correction=st.sampled_from([None, 0, 1, 0.5]))
def test_spreads(function: Callable[..., Any], drawn: tuple[Tensor, dict[str, Any]], correction: float | None) -> None:
    x, given_ = drawn
    if x.ndim:
        agree(function, x, **given_, **({} if correction is None else {"correction": correction}))


def test_the_ways_to_ask_for_a_spread() -> None:
    x = filled(1, (3, 4))
    agree(torch.var, x, False)
    agree(torch.std, x, unbiased=False)
    agree(Tensor.var, x, 1, False, True)
    agree(Tensor.std, x, dim=0, unbiased=True)
    agree(torch.std, torch.full((3,), 2.0, dtype=torch.float64, requires_grad=True))


@settings(max_examples=20, deadline=None)
@given(drawn=reductions(min_side=0))
def test_counts_and_truths(drawn: tuple[Tensor, dict[str, Any]]) -> None:
    x, given_ = (drawn[0].detach() > 1.5, drawn[1])
    agree(torch.any, x, **given_)
    agree(torch.all, x, **given_)
    agree(torch.count_nonzero, x, **{k: v for k, v in given_.items() if k == "dim"})


EXTREMES = [torch.max, torch.min, torch.median, torch.nanmedian, torch.mode]


@pytest.mark.parametrize("function", EXTREMES, ids=lambda f: f.__name__)
@settings(max_examples=25, deadline=None)
@given(x=tensor(min_side=1), ties=st.booleans(), keepdim=st.booleans())
def test_extremes(function: Callable[..., Any], x: Tensor, ties: bool, keepdim: bool) -> None:
    x = x.detach().round().requires_grad_() if ties else x
    if function is not torch.mode:
        agree(function, x)
    agree(function, x, -1, keepdim)
    agree(function, x, dim=0, keepdim=keepdim)


@pytest.mark.parametrize("function", [torch.amax, torch.amin], ids=lambda f: f.__name__)
@settings(max_examples=25, deadline=None)
@given(drawn=reductions(), ties=st.booleans())
def test_extremes_that_share(function: Callable[..., Any], drawn: tuple[Tensor, dict[str, Any]], ties: bool) -> None:
    x = drawn[0].detach().round().requires_grad_() if ties else drawn[0]
    agree(function, x, **drawn[1])
    if not isinstance(drawn[1].get("dim"), list):
        agree(torch.aminmax, x, **drawn[1])


@pytest.mark.parametrize("function", [torch.max, torch.min, torch.median, torch.nanmedian, torch.amax])
def test_extremes_at_the_edges(function: Callable[..., Any]) -> None:
    x = special(3.0).detach().reshape(2, 5).requires_grad_()
    agree(function, x)
    agree(function, x, 1)
    agree(function, whole(1, (3, 4)), 1)
    agree(function, whole(1, (3, 4)))


@pytest.mark.parametrize("function", [torch.argmax, torch.argmin], ids=lambda f: f.__name__)
@settings(max_examples=25, deadline=None)
@given(x=tensor(min_side=1), ties=st.booleans(), keepdim=st.booleans())
def test_places_of_extremes(function: Callable[..., Any], x: Tensor, ties: bool, keepdim: bool) -> None:
    x = x.detach().round() if ties else x.detach()
    agree(function, x)
    agree(function, x, -1, keepdim)
    agree(function, special().detach())


@settings(max_examples=25, deadline=None)
@given(x=tensor(min_side=2, min_dims=1), k=st.integers(1, 2))
def test_the_kth_smallest(x: Tensor, k: int) -> None:
    agree(torch.kthvalue, x, k)
    agree(torch.kthvalue, x, k, 0, True)


def test_complex_numbers() -> None:
    z = torch.complex(filled(1, (2, 3)).detach(), filled(2, (2, 3)).detach()).requires_grad_()
    for function in (torch.sum, torch.mean, torch.prod, torch.var, torch.std, torch.linalg.vector_norm, torch.abs):
        agree(function, z)
        agree(function, z * 2)
    agree(torch.linalg.vector_norm, z, 3, dim=1)
    agree(torch.cumsum, z.detach(), 1)


ORDERS = [None, 0, 0.5, 1, 1.5, 2, 3, float("inf"), float("-inf")]


@settings(max_examples=40, deadline=None)
@given(drawn=reductions(), order=st.sampled_from(ORDERS))
def test_norms(drawn: tuple[Tensor, dict[str, Any]], order: float | None) -> None:
    x, given_ = drawn
    agree(torch.linalg.vector_norm, x, 2 if order is None else order, **given_)
    if order is not None or not isinstance(given_.get("dim"), list):
        agree(torch.norm, x, "fro" if order is None else order, **given_)
    agree(torch.linalg.norm, x, **({} if isinstance(given_.get("dim"), list) else given_))


def test_norms_at_zero_and_of_matrices() -> None:
    for order in (0, 1, 2, 3, float("inf")):
        agree(torch.linalg.vector_norm, torch.tensor([0.0, -2.0, 2.0], dtype=torch.float64, requires_grad=True), order)
    agree(torch.linalg.vector_norm, torch.zeros(3, dtype=torch.float64, requires_grad=True))
    agree(torch.linalg.norm, filled(1, (3, 4)), "fro")
    agree(torch.linalg.norm, filled(1, (3,)), 3)
    agree(torch.linalg.matrix_norm, filled(1, (2, 3, 4)))
    for order_ in (2, "nuc"):
        with pytest.raises(UnfitError, match="matrix"):
            agree(torch.linalg.norm, filled(1, (3, 4)).detach(), order_)


SCRIPT = """
    import torch
    x = torch.tensor([[0.5, 1.5, -2.0, 2.5, 0.75], [3.0, -0.25, 1.0, 2.0, -1.0]], requires_grad=True)
    made = [x.sum(), x.sum(1).sum(), x.sum(0, keepdim=True).sum(), x.mean(), x.mean(-1).prod(), x.prod(), x.nansum()]
    made += [x.prod(1).nanmean(), x.logsumexp(1).sum(), x.logsumexp((0, 1)), x.var(), x.std(0).sum(), x.std()]
    made += [x.var(1, unbiased=False).sum(), torch.var_mean(x, 1)[0].sum(), torch.std_mean(x)[1]]
    made += [x.max(), x.max(1)[0].sum(), x.min(0).values.sum(), x.amax(1).sum(), x.amin(), x.median()]
    made += [torch.max(x, x * 2).sum(), torch.min(x, other=-x).sum(), x.kthvalue(2, 1)[0].sum(), x.mode(1)[0].sum()]
    made += [torch.aminmax(x, dim=1)[1].sum(), x.median(1)[0].sum()]
    made += [x.norm(), x.norm(p=1), torch.linalg.vector_norm(x, 3, dim=1).sum(), torch.linalg.norm(x)]
    torch.stack(made).sum().backward()
    x.argmax(), x.argmin(1), x.nanmedian()
    (x > 1).any(), (x > 1).all(dim=1), torch.count_nonzero(x, 0), torch.arange(5).sum()
"""


def test_equations(recorded: Callable[..., Any]) -> None:
    names = ("sum", "mean", "prod", "nansum", "nanmean", "logsumexp", "var", "std", "var_mean", "std_mean")
    more = ("max", "min", "amax", "amin", "median", "kthvalue", "mode", "aminmax", "argmax", "argmin", "nanmedian")
    more += ("norm", "linalg_vector_norm", "linalg_norm")
    assert equations_hold(recorded(source=SCRIPT), *names, *more, "any", "all", "count_nonzero").gradients.total() >= 40


def test_equations_read_like_a_textbook(recorded: Callable[..., Any]) -> None:
    source = """
        import torch
        x = torch.tensor([[0.5, 1.5, -2.0], [3.0, -0.25, 1.0]], requires_grad=True)
        (x.mean(dim=0) * x.var(dim=0)).sum().backward()
        big = torch.ones(3, 4).sum()
        most = x[0].norm(float("inf"))
        small = torch.linalg.vector_norm(x[0], -float("inf"))
    """
    trace = recorded(source=source)
    assert text_of_result(trace, "norm", ()).endswith("= max(abs(0.5), abs(1.5), abs(-2)) = 2")
    assert text_of_result(trace, "linalg_vector_norm", ()).endswith("= min(abs(0.5), abs(1.5), abs(-2)) = 0.5")
    assert text_of_result(trace, "mean", (1,)).endswith("= 1/2·(x_(0,1) + x_(1,1)) = 1/2·(1.5 + (-0.25)) = 0.625")
    assert text_of_result(trace, "var", (0,)).endswith("((0.5 - 1.75)² + (3 - 1.75)²)/1 = 3.125")
    assert "·1/2 = " in text_of_gradient(trace, "mean", (1, 1))
