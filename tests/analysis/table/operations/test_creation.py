"""Tensors made of nothing and writes: each row beside torch, and its equations beside recorded numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.table.call import UnfitError
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import filled, whole
from tests.helpers.equations import equations_hold, text_of_result

SIZES = st.lists(st.integers(0, 4), max_size=3)


@pytest.mark.usefixtures("double")
@settings(max_examples=20, deadline=None)
@given(size=SIZES)
def test_constants(size: list[int]) -> None:
    model = filled(1, size).detach()
    for function in (torch.zeros, torch.ones):
        agree(function, size)
        agree(function, *(size or [()]), dtype=torch.int64)
    for function in (torch.zeros_like, torch.ones_like):
        agree(function, model)
    agree(torch.full, size, 2.5)
    agree(torch.full, size, True)
    agree(torch.full_like, model, 3)
    agree(torch.full_like, model.long(), 3.7)
    agree(Tensor.new_zeros, model, size)
    agree(Tensor.new_ones, model, *(size or [()]))
    agree(Tensor.new_full, model.long(), size, 2)


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize(
    ("bounds", "keywords"),
    [
        ((5,), {}),
        ((1, 7), {}),
        ((1, 3, 0.5), {}),
        ((3, -2, -1), {}),
        ((0.5,), {}),
        ((), {"end": 4}),
        ((2,), {"end": 4}),
        ((), {"start": 1, "end": 9, "step": 3}),
        ((1, 2, 0.3), {"dtype": torch.float64}),
        ((0, 5), {"dtype": torch.float64}),
        ((2, 5), {"step": 2}),
        ((0,), {}),
    ],
)
def test_counting(bounds: tuple[float, ...], keywords: dict[str, Any]) -> None:
    agree(torch.arange, *bounds, **keywords)


@pytest.mark.usefixtures("double")
@settings(max_examples=25, deadline=None)
@given(start=st.floats(-5, 5), end=st.floats(-5, 5), steps=st.integers(0, 9))
def test_equal_distances(start: float, end: float, steps: int) -> None:
    agree(torch.linspace, start, end, steps)
    agree(torch.logspace, start / 3, end / 3, steps)
    agree(torch.logspace, start, end, steps, base=2)


@pytest.mark.usefixtures("double")
def test_patterns_and_given_numbers() -> None:
    agree(torch.eye, 3)
    agree(torch.eye, 2, 4)
    agree(torch.tril_indices, 3, 4, 1)
    agree(torch.triu_indices, 3, 4, offset=-1)
    agree(torch.tensor, [[1, 2], [3.5, 4]])
    agree(torch.tensor, 3)
    agree(torch.tensor, [True, False])
    agree(torch.tensor, [1.7, 2.2], dtype=torch.int64)
    agree(torch.tensor, [float("inf"), float("-inf"), float("nan")])
    agree(torch.as_tensor, [1.0, 2])
    agree(Tensor.new_tensor, filled(1, (2,)).detach(), [1, 2])
    agree(torch.tensor, 1 + 2j, dtype=torch.complex128)


@pytest.mark.parametrize("function", [lambda: torch.tensor(np.ones(3)), lambda: torch.tensor(range(300))])
def test_numbers_that_were_not_recorded_cannot_be_checked(function: Callable[[], Tensor]) -> None:
    with pytest.raises(UnfitError):
        agree(function)


def test_memory_as_it_was_cannot_be_checked() -> None:
    for function in (torch.empty, lambda n: torch.empty_like(torch.ones(n))):
        with pytest.raises(UnfitError, match="undefined"):
            agree(function, 3)


def test_writes() -> None:
    x = filled(1, (2, 3)).detach()
    agree(Tensor.fill_, x.clone(), 2.5)
    agree(Tensor.fill_, whole(1, (3,)), 2)
    agree(Tensor.zero_, x.clone())
    agree(Tensor.copy_, x.clone(), filled(2, (3,)).detach())
    agree(Tensor.copy_, whole(1, (3,)), filled(2, (3,)).detach())
    agree(torch.nn.init.constant_, x.clone(), 0.25)


def test_writes_into_the_graph_send_the_gradient_to_what_was_written() -> None:
    def wrote(x: Tensor, source: Tensor) -> Tensor:
        return (x * 1).copy_(source)

    agree(wrote, filled(1, (2, 3)), filled(2, (3,)))
    agree(lambda x: (x * 1).zero_(), filled(1, (2, 3)))
    agree(lambda x, value: torch.fill(x * 1, value), filled(1, (2, 3)), filled(2, ()))


SCRIPT = """
    import torch
    x = torch.zeros(2, 3)
    torch.ones(2), torch.full((2, 2), 2.5), torch.zeros_like(x), torch.ones_like(x), torch.full_like(x, 3)
    x.new_zeros(2), x.new_ones(2), x.new_full((2,), 1.5), torch.arange(1, 7, 2), torch.linspace(0, 1, 5), torch.eye(3)
    torch.logspace(0, 2, 3), torch.tensor([[1.0, 2.0], [3.0, 4.0]]), x.new_tensor([1.0]), torch.tril_indices(3, 3)
    x.clone().fill_(2.0).copy_(x).zero_()
"""


def test_equations(recorded: Callable[..., Any]) -> None:
    trace = recorded(source=SCRIPT)
    made = ("zeros", "ones", "full", "zeros_like", "ones_like", "full_like", "new_zeros", "new_ones", "new_full")
    more = ("arange", "linspace", "logspace", "eye", "tensor", "new_tensor", "tril_indices", "fill_", "copy_", "zero_")
    equations_hold(trace, *made, *more)
    assert text_of_result(trace, "arange", (2,)).endswith("= 1 + 2·2 = 5")
