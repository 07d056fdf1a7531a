"""Picks by index and lookups in tables: each row beside torch, and its equations beside recorded numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError
from engine.analysis.table.kinds.brackets import places_of
from engine.trace.reader import Trace
from tests.helpers.against_torch import agree
from tests.helpers.drawn_indices import indices
from tests.helpers.drawn_tensors import filled, tensor, whole
from tests.helpers.equations import calls_hold

Record = Callable[..., Trace]
some = settings(max_examples=20, deadline=None)


@settings(max_examples=300, deadline=None)
@given(x=tensor(min_dims=1, min_side=1), data=st.data())
def test_brackets(x: Tensor, data: st.DataObject) -> None:
    index = data.draw(indices(tuple(x.shape)))
    agree(lambda: x[index])


BRACKETS: list[Callable[[Tensor], Any]] = [
    *(lambda x: x[0], lambda x: x[-1, 2], lambda x: x[[0, 1]], lambda x: x[0, 1], lambda x: x[[1]], lambda x: x[[]]),
    *(lambda x: x[()], lambda x: x[...], lambda x: x[None], lambda x: x[..., None], lambda x: x[1:0]),
    *(lambda x: x[True], lambda x: x[True, 0], lambda x: x[False], lambda x: x[[True, False]], lambda x: x[x > 0]),
    *(lambda x: x[x[:, :, 0] > 9], lambda x: x[torch.tensor(1)], lambda x: x[torch.tensor(True)]),
    *(lambda x: x[0, :, [1, 2]], lambda x: x[:, [0, 1], [1, 2]], lambda x: x[[0, 1], :, [1, 2]]),
    *(lambda x: x[torch.tensor(0), :, [1, 2]], lambda x: x[[[0, 1], [1, 0]], 0]),
    *(lambda x: x[torch.tensor([1, 1, 0]), None], lambda x: x[torch.tensor([1, 0]), None, None]),
    *(lambda x: x[None, torch.tensor([1, 0])], lambda x: x[torch.tensor([[0, 1], [1, 1]]), ..., -1]),
    *(lambda x: x[..., torch.tensor([True, False, True, True])], lambda x: x[torch.tensor([0, 1]), [2, 2]]),
    *(lambda x: x[torch.tensor([True, False]), 1:, torch.tensor([3])], lambda x: x[:, ::2, -3:-1]),
]


@pytest.mark.parametrize("function", BRACKETS)
def test_brackets_of_all_kinds(function: Callable[[Tensor], Any]) -> None:
    agree(function, filled(0, (2, 3, 4)))


def test_slices_with_tensors_for_edges() -> None:
    agree(lambda: filled(0, (4,))[torch.tensor(1) :])
    agree(lambda: filled(0, (2, 5))[:, torch.tensor([1]) : torch.tensor(4) : torch.tensor(2)])


def test_a_slice_with_an_edge_that_was_not_recorded_cannot_be_checked() -> None:
    with pytest.raises(UnfitError, match="not recorded"):
        places_of([slice("<Tensor>", None)], 1)


@some
@given(x=tensor(min_dims=1, min_side=1), data=st.data())
def test_picks_along_a_dimension(x: Tensor, data: st.DataObject) -> None:
    dim = data.draw(st.integers(-x.ndim, x.ndim - 1))
    picks = whole(1, (data.draw(st.integers(0, 5)),), 0, x.shape[dim])
    agree(torch.index_select, x, dim, picks)
    shape = [data.draw(st.integers(0, size)) for size in x.shape]
    shape[dim % x.ndim] = data.draw(st.integers(0, 5))
    agree(torch.gather, x, dim, whole(2, shape, 0, x.shape[dim]))
    agree(lambda: x.gather(index=whole(2, shape, 0, x.shape[dim]), dim=dim))
    agree(torch.take_along_dim, x, x.argsort(dim), dim=dim)
    agree(torch.take_along_dim, x, x.argmax(dim, keepdim=True), dim)
    agree(torch.take_along_dim, x, x.flatten().argsort())
    agree(torch.take, x, whole(3, (2, 3), -x.numel(), x.numel()))
    agree(torch.masked_select, x, x > 0)
    agree(torch.masked_select, x, torch.tensor([True]))
    agree(lambda: x.masked_select(torch.zeros((2, *x.shape), dtype=torch.bool)))


def test_picks_of_a_single_number() -> None:
    x = filled(0, ())
    agree(torch.index_select, x, 0, torch.tensor([0]))
    agree(torch.gather, x, 0, torch.tensor(0))
    agree(torch.gather, x, 0, torch.tensor([0, 0]))
    agree(torch.take, x, torch.tensor([0, 0]))
    agree(torch.take_along_dim, filled(0, (2, 3)), torch.tensor([[0]]), 1)


@some
@given(x=tensor(min_dims=1), data=st.data())
def test_choices(x: Tensor, data: st.DataObject) -> None:
    condition = x.detach() > data.draw(st.floats(-2, 2))
    y, row = filled(1, x.shape), filled(2, x.shape[-1:])
    agree(torch.where, condition, x, y)
    agree(torch.where, condition, x, row)
    agree(torch.where, row > 0, input=x, other=y)
    agree(torch.where, condition, 2.5, y)
    agree(torch.where, condition, x, float("nan"))
    agree(torch.where, condition, 1, 0)
    agree(torch.where, condition)
    agree(lambda: x.where(condition, y))
    agree(lambda: x.where(condition, -1.0))
    agree(lambda: x.where(row > 0, other=y))


LOOKUPS: list[dict[str, Any]] = [
    *({}, {"padding_idx": 1}, {"padding_idx": -1}, {"scale_grad_by_freq": True}, {"max_norm": 100.0}),
    {"padding_idx": 0, "scale_grad_by_freq": True},
]


@pytest.mark.parametrize("options", LOOKUPS)
@some
@given(shape=st.lists(st.integers(0, 4), max_size=3))
def test_embedding(options: dict[str, Any], shape: list[int]) -> None:
    agree(F.embedding, whole(0, shape, 0, 5), filled(1, (5, 3)), **options)


def test_renormed_tables_cannot_be_checked() -> None:
    with pytest.raises(UnfitError, match="max_norm"):
        agree(lambda: F.embedding(torch.tensor([0, 1]), filled(1, (5, 3)).detach(), max_norm=0.5))


@pytest.mark.parametrize("mode", ["sum", "mean", "max"])
@pytest.mark.parametrize("padding", [None, 2, -1])
@pytest.mark.parametrize("count", [0, 1, 7])
def test_embedding_bag(mode: str, padding: int | None, count: int) -> None:
    W, options = filled(1, (5, 3)), {"mode": mode, "padding_idx": padding}
    agree(F.embedding_bag, whole(0, (3, 4), 0, 5), W, **options)
    flat = whole(0, (count,), 0, 5)
    offsets = torch.tensor([0, count // 2, count // 2])
    agree(F.embedding_bag, flat, W, offsets, **options)
    agree(F.embedding_bag, flat, W, torch.tensor([0, count // 2, count]), include_last_offset=True, **options)
    if mode == "sum":
        agree(F.embedding_bag, flat, W, offsets, per_sample_weights=filled(3, (count,)), **options)
        agree(F.embedding_bag, whole(0, (2, 3), 0, 5), W, per_sample_weights=filled(3, (2, 3)), **options)


@pytest.mark.parametrize("mode", ["sum", "mean"])
def test_embedding_bag_by_frequency(mode: str) -> None:
    W = filled(1, (5, 3))
    agree(F.embedding_bag, torch.tensor([[4, 1, 1, 4]]), W, mode=mode, scale_grad_by_freq=True)
    # torch 2.13 divides a row by the count of another one here.
    with pytest.raises(UnfitError, match="documented"):
        agree(F.embedding_bag, torch.tensor([[4, 0, 4, 2]]), W, mode=mode, scale_grad_by_freq=True)


@some
@given(shape=st.lists(st.integers(1, 4), max_size=3), classes=st.sampled_from([-1, 5, 7]))
def test_one_hot(shape: list[int], classes: int) -> None:
    agree(F.one_hot, whole(0, shape, 0, 5), classes)


def test_each_place_is_explained(recorded: Record) -> None:
    calls_hold(recorded, {
        "getitem": "[x[0], x[:, 1:], x[x > 0], x[k[0], [0, 0, 2]], x[None, ..., -1], c[[0, 0, 2]]]",
        "take": "x.take(k)", "take_along_dim": "torch.take_along_dim(x, k, dim=0)", "gather": "x.gather(1, k)",
        "index_select": "x.index_select(1, k[0])", "masked_select": "x.masked_select(b)",
        "where": "[torch.where(b, x, c), torch.where(b, x, 0.5), c.where(b, x), torch.where(b, 0.5, c)]",
        "embedding": "[F.embedding(k, x), F.embedding(k, x, 0), F.embedding(k, x, scale_grad_by_freq=True)]",
        "embedding_bag": "[F.embedding_bag(k, x), *(F.embedding_bag(k, x, mode=mode) for mode in ('max', 'sum')),"
        "F.embedding_bag(k, x, mode='sum', per_sample_weights=x * x, padding_idx=0)]",
        "one_hot": "F.one_hot(k).float()",
    }, without_gradient=("one_hot",))  # fmt: skip


def test_where_says_which_of_the_two(recorded: Record) -> None:
    trace = recorded(
        source="""
        import torch
        x = torch.tensor([1.0, -2.0], requires_grad=True)
        y = torch.where(x > 0, x, 7.5)
        y.sum().backward()
    """
    )
    chosen = next(event for event in trace.events() if event.name == "where")
    first, second = (explain(trace, chosen.position, (i,)) for i in (0, 1))
    assert "so it is the first" in first.notes[0].english
    assert to_text(second.lines[-1].expression).endswith("= 7.5")
    assert "so it is the second" in second.notes[0].english
