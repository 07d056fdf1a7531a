"""Writes and sums by index: each row beside torch, and its equations beside recorded numbers."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError
from engine.events import Kind
from engine.trace.reader import Trace
from tests.helpers.against_torch import agree
from tests.helpers.drawn_indices import indices
from tests.helpers.drawn_tensors import filled, tensor, whole
from tests.helpers.equations import calls_hold, english

Record = Callable[..., Trace]
some = settings(max_examples=20, deadline=None)


def set_item(x: Tensor, index: Any, value: Any) -> Tensor:
    """x[index] = value in a copy."""
    made = x.clone()
    made[index] = value
    return made


@settings(max_examples=200, deadline=None)
@given(x=tensor(min_dims=1, min_side=1), data=st.data())
def test_brackets(x: Tensor, data: st.DataObject) -> None:
    index = data.draw(indices(tuple(x.shape)))
    # Where an index names a place twice, which number stays is not defined.
    taken = torch.arange(x.numel()).reshape(x.shape)[index]
    agree(set_item, x, index, -7.5)
    # A recorder keeps no None at the end of an index of tensors.
    lost_none = isinstance(index, tuple) and len(index) > 0 and index[-1] is None
    unclear = lost_none or taken.unique().numel() < taken.numel()
    with contextlib.suppress(UnfitError) if unclear else contextlib.nullcontext():
        agree(set_item, x, index, filled(3, taken.shape))


BRACKETS: list[Any] = [
    *(0, (0, 1), [0, 1], [1], (1, [2, 0]), (), ..., None, (..., 0), (slice(None), [0, 1]), True, [True, False]),
    *(torch.tensor([1, 0]), torch.tensor(1), (torch.tensor([True, False]), 1), (0, slice(None), [1, 2])),
]


@pytest.mark.parametrize("index", BRACKETS, ids=str)
def test_brackets_of_all_kinds(index: Any) -> None:
    x = filled(0, (2, 3, 4))
    shape = x[index].shape
    agree(set_item, x, index, filled(1, shape))
    agree(set_item, x, index, filled(1, (1, 1, *shape)))
    agree(set_item, x, index, 0)
    agree(set_item, whole(0, (2, 3, 4)), index, whole(1, shape))


@some
@given(x=tensor(), data=st.data())
def test_whole_tensors(x: Tensor, data: st.DataObject) -> None:
    mask = x.detach() > data.draw(st.floats(-2, 2))
    agree(lambda: x.clone().fill_(2.5))
    agree(torch.fill, x, filled(1, ()))
    agree(lambda: (x * 1).zero_())
    agree(lambda: x.clone().copy_(filled(1, x.shape)))
    agree(lambda: x.clone().copy_(filled(1, (*x.shape[-1:],))))
    agree(torch.masked_fill, x, mask, float("-inf"))
    agree(lambda: x.masked_fill(mask=mask, value=filled(1, ())))
    agree(torch.masked_fill, x, torch.tensor(True), 3)
    agree(torch.masked_scatter, x, mask, filled(1, (x.numel() + 2,)))


@some
@given(rows=st.integers(2, 6), columns=st.integers(1, 4), wrap=st.booleans())
def test_diagonals(rows: int, columns: int, wrap: bool) -> None:
    agree(lambda: (filled(0, (rows, columns)) * 1).fill_diagonal_(5, wrap))
    agree(lambda: (filled(0, (3, 3, 3)) * 1).fill_diagonal_(5))


@some
@given(x=tensor(min_dims=1, min_side=1), data=st.data())
def test_slices(x: Tensor, data: st.DataObject) -> None:
    dim = data.draw(st.integers(-x.ndim, x.ndim - 1))
    size = x.shape[dim]
    order = torch.randperm(size)[: data.draw(st.integers(0, size))]
    again = whole(1, (data.draw(st.integers(0, 5)),), 0, size)
    shape = list(x.shape)
    shape[dim] = len(order)
    agree(torch.index_copy, x, dim, order, filled(1, shape))
    agree(torch.index_fill, x, dim, again, 4)
    agree(torch.index_fill, x, dim, again, filled(1, ()))
    shape[dim] = len(again)
    agree(torch.index_add, x, dim, again, filled(1, shape), alpha=2.5)
    agree(torch.index_add, x, dim, again, filled(1, shape))
    del shape[dim]
    agree(torch.select_scatter, x, filled(1, shape), dim, -1)
    start, step = data.draw(st.integers(0, size)), data.draw(st.integers(1, 2))
    part = x.detach()[(slice(None),) * (dim % x.ndim) + (slice(start, None, step),)]
    agree(torch.slice_scatter, x, filled(1, part.shape), dim, start, None, step)
    if x.ndim > 1:
        offset = data.draw(st.integers(-2, 2))
        agree(torch.diagonal_scatter, x, filled(1, x.diagonal(offset, -1, 0).shape), offset, -1, 0)


@some
@given(x=tensor(min_dims=1, min_side=1), data=st.data())
def test_index_put(x: Tensor, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 4))
    index = tuple(
        whole(seed, (count,), -size, size) for seed, size in enumerate(x.shape[: data.draw(st.integers(1, 3))])
    )
    shape = x[index].shape
    agree(torch.index_put, x, index, filled(1, shape), accumulate=True)
    agree(torch.index_put, x, index, filled(1, shape[-1:]), True)
    agree(torch.index_put, x.detach(), index, torch.tensor(2.5, dtype=torch.float64))
    agree(torch.index_put, x, tuple(part[:1] for part in index), filled(1, ()))
    agree(lambda: x.clone().index_put_([x.detach() > 0], filled(1, ())))
    flat = whole(2, (2, 3), -x.numel(), x.numel())
    agree(lambda: (x * 1).put_(flat, filled(1, (6,)), accumulate=True))
    agree(lambda: (x * 1).put_(torch.tensor([-1]), filled(1, ())))


@pytest.mark.filterwarnings("ignore:The reduce argument of torch.scatter")
@pytest.mark.filterwarnings("ignore:index_reduce")
@some
@given(x=tensor(min_dims=1, min_side=1), data=st.data())
def test_scatter(x: Tensor, data: st.DataObject) -> None:
    dim = data.draw(st.integers(-x.ndim, x.ndim - 1))
    size = x.shape[dim]
    length = data.draw(st.integers(1, size))
    unique = torch.stack([torch.randperm(size) for _ in range(x.numel() // size)], -1)
    others = [n for i, n in enumerate(x.shape) if i != dim % x.ndim]
    index = unique.reshape(size, *others).movedim(0, dim).narrow(dim, 0, length)
    agree(torch.scatter, x, dim, index, filled(1, index.shape))
    agree(torch.scatter, x, dim, index, 2.5)
    agree(torch.scatter, x, dim, index, value=2)
    agree(torch.scatter, x.detach(), dim, index, filled(1, x.shape).detach(), reduce="add")
    shape = list(x.shape)
    shape[dim] = data.draw(st.integers(1, 5))
    again = whole(1, shape, 0, size)
    agree(torch.scatter_add, x, dim, again, filled(1, shape))
    for reduce in ("sum", "mean", "prod", "amax", "amin"):
        for include in (True, False):
            agree(torch.scatter_reduce, x, dim, again, filled(1000, shape), reduce=reduce, include_self=include)
    slices = whole(1, (shape[dim],), 0, size)
    for reduce in ("mean", "prod", "amax", "amin"):
        agree(torch.index_reduce, x, dim, slices, filled(1000, shape), reduce=reduce, include_self=False)


def test_ties_and_zeros_that_meet() -> None:
    x = torch.tensor([2.0, 0.0, 0.0, 5.0], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([0.0, 2.0, 3.0, 0.0, 5.0], dtype=torch.float64, requires_grad=True)
    index = torch.tensor([0, 0, 1, 2, 3])
    for reduce in ("sum", "mean", "prod", "amax", "amin"):
        agree(torch.scatter_reduce, x, 0, index, y, reduce=reduce)
    agree(torch.scatter_reduce, torch.tensor([1, 2]), 0, torch.tensor([0, 0]), torch.tensor([-4, 1]), reduce="mean")
    agree(torch.scatter, filled(0, ()), 0, torch.tensor(0), filled(1, ()))
    agree(torch.index_add, filled(0, ()), 0, torch.tensor([0]), filled(1, ()))


def test_data_is_replaced() -> None:
    x = filled(0, (2, 3)).detach()

    def replace() -> None:
        x.data = filled(1, (2, 3)).detach()

    agree(replace)


@pytest.mark.filterwarnings("ignore:The reduce argument of torch.scatter")
def test_what_cannot_be_known() -> None:
    x = filled(0, (4,)).detach()
    with pytest.raises(UnfitError, match="twice"):
        agree(torch.scatter, x, 0, torch.tensor([1, 1]), x)
    with pytest.raises(UnfitError, match="multiply"):
        agree(torch.scatter, x, 0, torch.tensor([1]), x, reduce="multiply")


@pytest.mark.filterwarnings("ignore:index_reduce")
def test_each_place_is_explained(recorded: Record) -> None:
    calls_hold(recorded, {
        "copy_": "(x * 2).copy_(c)", "fill_": "(x * 2).fill_(d[0])", "zero_": "(x * 2).zero_()",
        "masked_fill": "[x.masked_fill(b, 3.0), x.masked_fill(b, d[0])]",
        "masked_scatter": "x.masked_scatter(b, torch.cat([c, d]))", "fill_diagonal_": "(x * 2).fill_diagonal_(4)",
        "index_put": "[x.index_put((k[0], torch.tensor([0, 1, 2])), c), x.index_put((k[0], k[0]), c, accumulate=True)]",
        "put_": "(x * 2).put_(torch.tensor([1, 5]), d)", "index_copy": "x.index_copy(1, torch.tensor([0]), d[:, None])",
        "index_fill": "x.index_fill(0, torch.tensor([1]), 2.0)", "select_scatter": "x.select_scatter(c, 0, 1)",
        "index_add": "c.index_add(0, torch.tensor([0, 0, 2, 2, 0]), torch.cat([c, d]), alpha=2)",
        "slice_scatter": "x.slice_scatter(d[:, None], 1, 2)", "diagonal_scatter": "x.diagonal_scatter(d)",
        "scatter": "[x.scatter(0, k[:1], c[None]), x.scatter(0, k[:1], 3.0)]",
        "scatter_add": "x.scatter_add(1, k, x * x)", "scatter_reduce": "x.scatter_reduce(1, k, x * x, 'amax')",
        "index_reduce": "x.index_reduce(0, torch.tensor([0, 0]), x * x, 'mean')",
    })  # fmt: skip


def test_a_write_by_index_and_what_it_sends_back(recorded: Record) -> None:
    trace = recorded(
        source="""
        import torch
        x = torch.tensor([[0.5, 1.5, -2.0], [3.0, -0.25, 1.0]], requires_grad=True)
        c = torch.tensor([1.5, -0.5], requires_grad=True)
        y = x * 1
        y[:, 1] = c
        y[0] = 0.125
        (y * y).sum().backward()
    """
    )
    writes = [event for event in trace.events() if event.kind == Kind.OP and event.name == "setitem"]
    pages = [explain(trace, event.position, place) for event, place in [(writes[0], (1, 1)), (writes[1], (0, 2))]]
    assert [to_text(page.lines[-1].expression).split(" = ")[1:] for page in pages] == [["c₁", "-0.5"], ["0.125"]]
    assert english(pages[1].notes) == ("It was filled in.",)
