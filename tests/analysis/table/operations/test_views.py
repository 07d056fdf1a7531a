"""Changes of shape, turns, copies, regular picks: each row beside torch, its equations beside recorded numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.explain.explainer import explain
from engine.analysis.table.call import UnfitError
from engine.trace.reader import Trace
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import filled, tensor
from tests.helpers.equations import calls_hold, english

Record = Callable[..., Trace]
some = settings(max_examples=20, deadline=None)


def splits(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Shapes of as many elements."""
    count = math.prod(shape)
    return [(count,), (count, 1), (1, count), *[(n, count // n) for n in range(1, count + 1) if count % n == 0]]


RESHAPED: list[Callable[..., Any]] = [
    lambda x, shape: x.view(shape),
    lambda x, shape: x.view(*shape),
    lambda x, shape: x.view(size=shape),
    lambda x, shape: x.reshape(shape),
    lambda x, shape: x.mT.reshape(*shape) if x.ndim > 1 else x.reshape(*shape),
    lambda x, shape: torch.reshape(x, shape),
    lambda x, shape: torch.reshape(input=x, shape=shape),
    lambda x, shape: x.view_as(torch.zeros(shape)),
    lambda x, shape: x.reshape_as(torch.zeros(shape)),
]


@pytest.mark.parametrize("function", RESHAPED)
@some
@given(x=tensor(), data=st.data())
def test_another_shape(function: Callable[..., Any], x: Tensor, data: st.DataObject) -> None:
    agree(function, x, data.draw(st.sampled_from(splits(tuple(x.shape)))))


def test_a_length_left_to_torch_and_scalars() -> None:
    x = filled(1, (2, 6))
    agree(lambda: x.view(3, -1))
    agree(lambda: x.reshape(-1))
    agree(lambda: x[0, 0].reshape(()))
    agree(lambda: x[0, 0].view(1, 1, 1))
    agree(lambda: x.unflatten(1, (2, -1)))
    agree(lambda: torch.nn.Unflatten(1, (3, 2))(x))
    agree(lambda: torch.nn.Flatten()(x[None]))
    agree(lambda: x.clone().unsqueeze_(1))
    agree(lambda: x.clone().t_())


@some
@given(x=tensor(), data=st.data())
def test_dimensions_joined_added_and_removed(x: Tensor, data: st.DataObject) -> None:
    dim = data.draw(st.integers(-x.ndim - 1, x.ndim))
    agree(torch.unsqueeze, x, dim)
    agree(torch.ravel, x)
    agree(torch.squeeze, x)
    agree(torch.squeeze, x.unsqueeze(dim), dim=dim)
    agree(torch.squeeze, x[None, ..., None], (0, -1))
    for function in (torch.atleast_1d, torch.atleast_2d, torch.atleast_3d):
        agree(function, x)
        agree(function, (x, filled(0, ())))
        agree(function, x, filled(0, (3,)))
    first = data.draw(st.integers(0, max(x.ndim - 1, 0)))
    last = data.draw(st.integers(first, max(x.ndim - 1, 0)))
    agree(torch.flatten, x, first, last)
    agree(lambda: x.flatten(start_dim=first - max(x.ndim, 1)))


@some
@given(x=tensor(min_dims=2), data=st.data())
def test_turns(x: Tensor, data: st.DataObject) -> None:
    dims = data.draw(st.permutations(range(x.ndim)))
    first, second = dims[0] - x.ndim, dims[1]
    agree(lambda: x.permute(*dims))
    agree(torch.permute, x, tuple(dims))
    for function in (torch.transpose, torch.swapaxes, torch.swapdims, torch.movedim, torch.moveaxis):
        agree(function, x, first, second)
    agree(lambda: x.transpose(dim0=first, dim1=second))
    agree(torch.movedim, x, (0, 1), (-1, 0))
    agree(lambda: x.mT)
    agree(lambda: x.mH)
    agree(torch.adjoint, x)
    if x.ndim == 2:
        agree(torch.t, x)
        agree(lambda: x.T)
        agree(lambda: x.H)


def test_turns_of_few_dimensions() -> None:
    agree(torch.t, filled(0, (3,)))
    agree(torch.t, filled(0, ()))
    agree(torch.transpose, filled(0, ()), 0, -1)
    agree(lambda: filled(0, ()).permute(()))


def test_complex_numbers_are_conjugated() -> None:
    z = torch.complex(filled(0, (2, 3)), filled(1, (2, 3))).detach().requires_grad_()
    agree(lambda: z.mH)
    agree(lambda: z.H)
    agree(lambda: z.adjoint())
    agree(lambda: z.mT)
    agree(torch.conj_physical, z)
    agree(lambda: z.real)


HANDED: list[Callable[..., Any]] = [
    *(torch.clone, torch.detach, torch.conj, torch.resolve_conj, torch.resolve_neg),
    *(lambda x: x.contiguous(), lambda x: x.data, lambda x: x.real),
    lambda x: x.movedim(0, -1).contiguous() if x.ndim > 1 else x.clone(),
]


@pytest.mark.parametrize("function", HANDED)
@some
@given(x=tensor())
def test_nothing_but_the_history_changes(function: Callable[..., Any], x: Tensor) -> None:
    agree(function, x)


@some
@given(x=tensor(min_dims=1), front=st.lists(st.integers(0, 3), max_size=2), data=st.data())
def test_stretched(x: Tensor, front: list[int], data: st.DataObject) -> None:
    narrow = x[:, :1] if x.ndim > 1 else x[:1]
    shape = (*front, *(data.draw(st.integers(0, 3)) if size == 1 else size for size in narrow.shape))
    agree(lambda: narrow.expand(shape))
    agree(lambda: narrow.expand(*shape))
    agree(lambda: narrow.expand(*front, *(-1 for _ in narrow.shape)))
    agree(lambda: narrow.expand_as(torch.zeros(shape)))
    agree(torch.broadcast_to, narrow, shape)
    agree(torch.broadcast_tensors, narrow, torch.zeros(shape, dtype=torch.float64, requires_grad=True))


@some
@given(x=tensor(min_dims=1, min_side=1), data=st.data())
def test_stretches_and_single_slices(x: Tensor, data: st.DataObject) -> None:
    dim = data.draw(st.integers(-x.ndim, x.ndim - 1))
    start = data.draw(st.integers(0, x.shape[dim] - 1))
    agree(torch.narrow, x, dim, start, data.draw(st.integers(0, x.shape[dim] - start)))
    agree(torch.narrow, x, dim, -1, 1)
    agree(torch.narrow, x, dim, torch.tensor(start), 1)
    agree(torch.select, x, dim, start)
    agree(torch.select, x, dim=dim, index=-1)
    size = data.draw(st.integers(1, x.shape[dim]))
    agree(lambda: x.unfold(dim, size, data.draw(st.integers(1, 3))))
    agree(lambda: x.unfold(dimension=dim, size=size, step=2))


@some
@given(x=tensor(min_dims=2), offset=st.integers(-4, 4), data=st.data())
def test_diagonals(x: Tensor, offset: int, data: st.DataObject) -> None:
    first, second, *_ = data.draw(st.permutations(range(x.ndim)))
    agree(torch.diagonal, x, offset, first, second - x.ndim)
    agree(torch.diagonal, x)
    agree(torch.linalg.diagonal, x, offset=offset)


@pytest.mark.parametrize("settings", [{}, {"padding": 1}, {"stride": (2, 1)}, {"dilation": (1, 2), "padding": (0, 2)}])
def test_patches_of_pictures(settings: dict[str, Any]) -> None:
    agree(F.unfold, filled(0, (2, 3, 4, 5)), (2, 3), **settings)
    agree(F.unfold, filled(0, (1, 4, 5)), 2, **settings)


def test_memory_that_lies_row_by_row() -> None:
    x = filled(0, (3, 4))
    agree(torch.as_strided, x, (2, 3), (1, 2))
    agree(torch.as_strided, x, (2, 2), (4, 1), 5)
    with pytest.raises(UnfitError, match="memory"):
        agree(lambda: torch.as_strided(x.mT, (2, 3), (1, 2)))
    with pytest.raises(UnfitError, match="another type"):
        agree(lambda: x.view(torch.int64))
    with pytest.raises(UnfitError, match="another type"):
        agree(lambda: x.view(dtype=torch.int64))


def test_each_place_is_explained(recorded: Record) -> None:
    expressions = {
        "view": "x.view(3, 2)", "reshape": "x.reshape(-1)", "view_as": "x.view_as(k)", "flatten": "x.flatten()",
        "unflatten": "c.unflatten(0, (1, 3))", "ravel": "x.ravel()", "squeeze": "x[None].squeeze()",
        "unsqueeze": "x.unsqueeze(1)", "atleast_2d": "torch.atleast_2d(c)", "t": "x.t()", "T": "x.T", "mT": "x.mT",
        "transpose": "x[None].transpose(0, -1)", "permute": "x[None].permute(2, 0, 1)", "movedim": "x.movedim(0, 1)",
        "clone": "x.clone()", "contiguous": "x.T.contiguous()", "expand": "c.expand(2, 3)", "real": "x.real",
        "expand_as": "c.expand_as(x)", "broadcast_to": "c.broadcast_to((2, 3))", "narrow": "x.narrow(1, 1, 2)",
        "broadcast_tensors": "torch.broadcast_tensors(x, c)", "select": "x.select(0, 1)", "adjoint": "x.adjoint()",
        "diagonal": "x.diagonal()", "unfold": "x.unfold(1, 2, 1)", "as_strided": "x.as_strided((2, 2), (2, 1))",
    }  # fmt: skip
    calls_hold(recorded, expressions, without_gradient=("real",))


def test_an_element_used_often_says_so(recorded: Record) -> None:
    trace = recorded(
        source="""
        import torch
        c = torch.tensor([1.5, -0.5, 2.5], requires_grad=True)
        y = c.expand(2, 3)
        (y * y).sum().backward()
    """
    )
    node = next(event for event in trace.events() if event.name.startswith("Expand"))
    assert "It was taken 2 times; what comes back adds up." in english(explain(trace, node.position, (1,)).notes)
