"""Signs, whole parts, bounds and choices: each row beside torch, and its equations beside recorded numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor

from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import broadcastable, filled, pairs, special, tensor, whole
from tests.helpers.equations import equations_hold, text_of_result

ONE_NUMBER = [
    *(torch.abs, torch.absolute, torch.sign, torch.floor, torch.ceil, torch.round, torch.trunc, torch.fix),
    torch.frac,
]
TWO_NUMBERS = [torch.maximum, torch.minimum, torch.fmax, torch.fmin, torch.copysign]


@pytest.mark.parametrize("function", ONE_NUMBER, ids=lambda f: f.__name__)
@settings(max_examples=15, deadline=None)
@given(x=tensor())
def test_one_number(function: Callable[..., Any], x: Tensor) -> None:
    agree(function, x)


@pytest.mark.parametrize("function", ONE_NUMBER, ids=lambda f: f.__name__)
def test_one_number_at_the_edges(function: Callable[..., Any]) -> None:
    agree(function, special(1.5, 2.5, -0.5))
    if function is not torch.frac:
        agree(function, whole(1, (5,)))


@pytest.mark.parametrize("decimals", [0, 1, 3, -1])
def test_decimals(decimals: int) -> None:
    agree(torch.round, filled(1, (4, 5), -40, 40), decimals=decimals)


@pytest.mark.parametrize("function", TWO_NUMBERS, ids=lambda f: f.__name__)
@settings(max_examples=15, deadline=None)
@given(tensors=broadcastable(2))
def test_two_numbers(function: Callable[..., Any], tensors: tuple[Tensor, Tensor]) -> None:
    agree(function, *tensors)


@pytest.mark.parametrize("function", [*TWO_NUMBERS, torch.max, torch.min], ids=lambda f: f.__name__)
def test_two_numbers_at_the_edges(function: Callable[..., Any]) -> None:
    agree(function, *pairs())
    if function is not torch.copysign:
        agree(function, whole(1, (4,)), whole(2, (3, 1)))


BOUNDS = st.sampled_from([None, -1, 0.5, 1.0, float("inf"), float("-inf")])


@settings(max_examples=40, deadline=None)
@given(x=tensor(), low=BOUNDS, high=BOUNDS)
def test_bounds(x: Tensor, low: float | None, high: float | None) -> None:
    if low is not None or high is not None:
        agree(torch.clamp, x, low, high)
        agree(torch.clip, x.detach().round().requires_grad_(), min=low, max=high)


@settings(max_examples=30, deadline=None)
@given(tensors=broadcastable(3))
def test_bounds_that_are_tensors(tensors: tuple[Tensor, ...]) -> None:
    x, low, high = (each.detach().round().requires_grad_() for each in tensors)
    # Torch's own gradient fails where the bounds stretch the input, and on empty tensors.
    x = (x + 0 * low + 0 * high).detach().requires_grad_()
    assume(x.numel())
    agree(torch.clamp, x, low, high)
    agree(torch.clamp, x, max=high)
    agree(torch.clamp, x, min=low)
    agree(torch.clamp_min, x, low)
    agree(torch.clamp_max, x, high)


def test_bounds_at_the_edges() -> None:
    for function in (torch.clamp_min, torch.clamp_max):
        agree(function, special(), 0.5)
        agree(function, *pairs())
    agree(torch.clamp, special(), -0.5, 1)
    agree(torch.clamp, whole(1, (5,)), -1, 2)


def test_replaced_numbers() -> None:
    agree(torch.nan_to_num, special())
    agree(torch.nan_to_num, special().detach().float())
    agree(torch.nan_to_num, special(), 5.0, posinf=1.0, neginf=-2.0)
    agree(torch.nan_to_num, whole(1, (3,)))


def test_the_direction_of_a_number() -> None:
    # torch's gradient of sgn is a tensor without memory, which numpy cannot read, so only the forward is compared.
    agree(torch.sgn, special().detach())
    agree(torch.sgn, torch.tensor([3 + 4j, 0j], dtype=torch.complex128))


def test_a_step() -> None:
    agree(torch.heaviside, *(each.detach() for each in pairs()))


SCRIPT = """
    import torch
    x = torch.tensor([[0.5, 1.5, -2.0], [3.0, 0.25, 1.0]], requires_grad=True)
    y = torch.tensor([2.0, 1.0, 4.0], requires_grad=True)
    made = [x.abs(), x.sign(), x.floor(), x.ceil(), x.round(), x.round(decimals=1), x.trunc(), x.frac()]
    made += [x.clamp(0, 1), x.clamp(max=1), x.clip(min=0.5), torch.clamp(x, y - 1, y), torch.maximum(x, y)]
    made += [torch.minimum(x, y), torch.fmax(x, y), torch.fmin(x, y), x.nan_to_num(), torch.copysign(x, -y)]
    made += [x.clamp_min(0), x.clamp_max(1)]
    torch.stack(made).sum().backward()
    torch.heaviside(y, y)
    torch.tensor([float("inf"), float("nan")]).nan_to_num()
"""


def test_equations(recorded: Callable[..., Any]) -> None:
    trace = recorded(source=SCRIPT)
    names = ("abs", "sign", "floor", "ceil", "round", "trunc", "frac", "clamp", "clip", "maximum", "minimum")
    rest = ("fmax", "fmin", "nan_to_num", "copysign", "clamp_min", "clamp_max", "heaviside")
    assert equations_hold(trace, *names, *rest).gradients.total() >= 60
    assert text_of_result(trace, "clamp", (0, 1)).endswith("= min(max(x_(0,1), 0), 1) = min(max(1.5, 0), 1) = 1")
