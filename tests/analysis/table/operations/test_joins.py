"""Joins, cuts, repeats, flips, triangles and margins: each row beside torch, its equations beside recorded numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.table.call import UnfitError
from engine.trace.reader import Trace
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import filled, tensor, whole
from tests.helpers.equations import calls_hold

Record = Callable[..., Trace]
some = settings(max_examples=20, deadline=None)


@pytest.mark.parametrize("function", [torch.cat, torch.concat, torch.concatenate])
@some
@given(x=tensor(min_dims=1), lengths=st.lists(st.integers(0, 3), min_size=1, max_size=3), data=st.data())
def test_end_to_end(function: Callable[..., Any], x: Tensor, lengths: list[int], data: st.DataObject) -> None:
    dim = data.draw(st.integers(-x.ndim, x.ndim - 1))
    others = []
    for seed, length in enumerate(lengths):
        shape = list(x.shape)
        shape[dim] = length
        others.append(filled(seed, shape))
    agree(function, [x, *others], dim)
    agree(function, (*others, x), dim=dim)
    agree(lambda: function(tensors=[x, *others], axis=dim))


def test_an_empty_vector_joins_anything() -> None:
    empty = torch.zeros(0, dtype=torch.float64, requires_grad=True)
    agree(torch.cat, [empty, filled(0, (2, 3)), empty])
    agree(torch.cat, [empty, empty])
    agree(torch.cat, [filled(0, (2,)), whole(0, (3,))])


@some
@given(x=tensor(), count=st.integers(1, 3), data=st.data())
def test_on_top_of_each_other(x: Tensor, count: int, data: st.DataObject) -> None:
    tensors = [x, *(filled(seed, x.shape) for seed in range(count))]
    agree(torch.stack, tensors, data.draw(st.integers(-x.ndim - 1, x.ndim)))
    for function in (torch.hstack, torch.vstack, torch.dstack, torch.column_stack, torch.row_stack):
        agree(function, tensors)


@some
@given(lengths=st.lists(st.integers(0, 3), min_size=1, max_size=3))
def test_combinations(lengths: list[int]) -> None:
    vectors = [filled(seed, (length,)) for seed, length in enumerate(lengths)]
    agree(torch.meshgrid, *vectors, indexing="ij")
    if len(vectors) > 1:
        agree(torch.meshgrid, vectors, indexing="xy")
    agree(torch.cartesian_prod, *vectors)
    # torch sends gradients to the wrong rows where a vector is empty.
    agree(torch.block_diag, *(v for v in vectors if len(v)), filled(6, (2,)))
    agree(torch.block_diag, filled(7, (2, 3)), filled(8, ()), filled(9, (0, 2)))


@some
@given(x=tensor(min_dims=1), length=st.integers(1, 5), data=st.data())
def test_cuts(x: Tensor, length: int, data: st.DataObject) -> None:
    dim = data.draw(st.integers(-x.ndim, x.ndim - 1))
    size = x.shape[dim]
    place = data.draw(st.integers(0, size))
    agree(torch.split, x, length, dim)
    agree(lambda: x.split(split_size=length, dim=dim))
    agree(torch.split, x, [place, size - place], dim=dim)
    agree(torch.split_with_sizes, x, (place, size - place), dim)
    agree(torch.chunk, x, length, dim)
    agree(torch.tensor_split, x, length, dim)
    agree(torch.tensor_split, x, (place, -1), dim=dim)
    agree(torch.tensor_split, x, torch.tensor([place, size + 2]), dim)
    agree(lambda: x.tensor_split(sections=2, dim=dim))
    if size:
        agree(torch.unbind, x, dim)


def test_cuts_along_a_dimension_with_a_name() -> None:
    x = filled(0, (4, 2, 6))
    for function in (torch.hsplit, torch.vsplit, torch.dsplit):
        agree(function, x, 2)
        agree(function, x, [1, 3])
    agree(torch.hsplit, filled(0, (6,)), 3)
    agree(torch.unsafe_chunk, x, 3, 2)
    agree(torch.unsafe_split, x, 3, 2)
    agree(list, x)


@some
@given(x=tensor(), front=st.lists(st.integers(0, 3), max_size=1), data=st.data())
def test_repeats(x: Tensor, front: list[int], data: st.DataObject) -> None:
    times = [*front, *(data.draw(st.integers(0, 3)) for _ in x.shape)]
    if times:
        agree(lambda: x.repeat(*times))
    agree(lambda: x.repeat(times))
    agree(torch.tile, x, times[:2])
    agree(torch.repeat_interleave, x, 2)
    if x.ndim:
        dim = data.draw(st.integers(-x.ndim, x.ndim - 1))
        counts = whole(0, (x.shape[dim],), 0, 4)
        agree(torch.repeat_interleave, x, counts, dim)
        agree(torch.repeat_interleave, x, torch.tensor([3]), dim=dim, output_size=3 * x.shape[dim])


def test_counts_alone_move_nothing() -> None:
    with pytest.raises(UnfitError, match="moves no numbers"):
        agree(torch.repeat_interleave, torch.tensor([1, 2]))


@some
@given(x=tensor(min_dims=2), data=st.data())
def test_flips_shifts_and_turns(x: Tensor, data: st.DataObject) -> None:
    dims = data.draw(st.permutations(range(x.ndim)))
    shift, other = data.draw(st.integers(-5, 5)), data.draw(st.integers(-5, 5))
    agree(torch.flip, x, dims[:1])
    agree(lambda: x.flip(*dims))
    agree(torch.fliplr, x)
    agree(torch.flipud, x)
    agree(torch.roll, x, shift)
    agree(torch.roll, x, shift, dims[0] - x.ndim)
    agree(torch.roll, x, shifts=(shift, other), dims=tuple(dims[:2]))
    agree(torch.rot90, x, shift, dims[:2])
    agree(torch.rot90, x)


@some
@given(x=tensor(min_dims=2), diagonal=st.integers(-4, 4), data=st.data())
def test_triangles_and_diagonals(x: Tensor, diagonal: int, data: st.DataObject) -> None:
    agree(torch.tril, x, diagonal)
    agree(torch.triu, x, diagonal=diagonal)
    agree(torch.tril, whole(0, (3, 4)), diagonal)
    agree(lambda: x.clone().triu_(diagonal))
    agree(torch.diag_embed, x, diagonal)
    agree(torch.diag_embed, x, diagonal, 0, data.draw(st.integers(1, x.ndim)))
    agree(torch.diagflat, x, diagonal)
    agree(torch.diag, filled(0, (4, 3)), max(min(diagonal, 3), -4))
    agree(torch.diag, filled(0, (3,)), diagonal)
    agree(torch.diag, torch.tensor([True, False]))


@some
@given(x=tensor(min_dims=2, min_side=2), margin=st.lists(st.integers(-1, 3), min_size=4, max_size=4))
def test_constant_margins(x: Tensor, margin: list[int]) -> None:
    agree(F.pad, x, margin)
    agree(F.pad, x, margin[:2], value=2.5)
    agree(F.pad, x, margin, "constant", float("inf"))
    agree(F.pad, whole(0, (3, 2)), margin, value=7)


MODULES = [
    (torch.nn.ReflectionPad1d((2, 1)), 1),
    (torch.nn.ReflectionPad2d((1, 2, 0, 1)), 2),
    (torch.nn.ReflectionPad3d(1), 3),
    (torch.nn.ReplicationPad1d((0, 4)), 1),
    (torch.nn.ReplicationPad2d(3), 2),
    (torch.nn.ReplicationPad3d(1), 3),
    (torch.nn.CircularPad1d((3, 1)), 1),
    (torch.nn.CircularPad2d((1, 3, 2, 0)), 2),
    (torch.nn.CircularPad3d(1), 3),
    (torch.nn.ZeroPad2d((1, 0, -1, 2)), 2),
    (torch.nn.ConstantPad1d(2, -1.5), 1),
]


@pytest.mark.parametrize(("module", "dims"), MODULES, ids=lambda x: type(x).__name__)
def test_margins_of_modules(module: torch.nn.Module, dims: int) -> None:
    agree(module, filled(0, (2, 3, *(3, 4, 3)[:dims])))


def test_negative_margins_that_mirror_are_not_known() -> None:
    agree(F.pad, filled(0, (2, 3, 4)), (-1, 1), mode="replicate")
    with pytest.raises(UnfitError, match="not known"):
        agree(F.pad, filled(0, (2, 3, 4)), (-1, 1), mode="reflect")


def test_each_place_is_explained(recorded: Record) -> None:
    calls_hold(recorded, {
        "cat": "torch.cat([x, c[None], x])", "stack": "torch.stack([x, x * x], dim=1)",
        "hstack": "torch.hstack([c, d])", "vstack": "torch.vstack([x, c])", "dstack": "torch.dstack([c, c * c])",
        "column_stack": "torch.column_stack([d, x])", "meshgrid": "torch.meshgrid(c, d, indexing='ij')",
        "cartesian_prod": "torch.cartesian_prod(c, d)", "block_diag": "torch.block_diag(x, c)",
        "split": "x.split(2, dim=1)", "split_with_sizes": "x.split_with_sizes([1, 1])", "chunk": "c.chunk(2)",
        "tensor_split": "c.tensor_split(2)", "hsplit": "x.hsplit([1])", "unbind": "x.unbind(1)",
        "repeat": "c.repeat(2, 2)", "tile": "c.tile(2)", "repeat_interleave": "x.repeat_interleave(2, 0)",
        "flip": "x.flip(0, 1)", "fliplr": "x.fliplr()", "flipud": "x.flipud()", "roll": "x.roll(1)",
        "rot90": "x.rot90()", "tril": "x.tril()", "triu": "x.triu()", "diag": "c.diag()",
        "diag_embed": "x.diag_embed()", "diagflat": "c.diagflat()",
        "pad": "F.pad(x, (2, 1), mode='reflect')",
    })  # fmt: skip
