"""School arithmetic and division: each row beside torch, and its equations beside recorded numbers."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.table.call import UnfitError
from engine.analysis.table.operation import OPERATIONS
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import broadcastable, filled, pairs, special, whole
from tests.helpers.equations import equations_hold, text_of_gradient, text_of_result

MODES = [None, "floor", "trunc"]
BINARY: list[Callable[..., Any]] = [
    *(torch.add, torch.sub, torch.subtract, torch.rsub, torch.mul, torch.multiply, torch.div, torch.true_divide),
    *(torch.remainder, torch.fmod, operator.mod, operator.truediv),
]
FLAT = (torch.floor_divide, operator.floordiv)
"""Torch has no gradient for these."""


@pytest.mark.parametrize("function", BINARY, ids=lambda f: f.__name__)
@settings(max_examples=15, deadline=None)
@given(tensors=broadcastable(2))
def test_two_tensors(function: Callable[..., Any], tensors: tuple[Tensor, Tensor]) -> None:
    agree(function, *tensors)


@pytest.mark.parametrize("function", BINARY, ids=lambda f: f.__name__)
def test_zeros_and_infinities(function: Callable[..., Any]) -> None:
    agree(function, *pairs())


@pytest.mark.parametrize("function", FLAT, ids=lambda f: f.__name__)
def test_whole_quotients(function: Callable[..., Any]) -> None:
    call = agree(function, *(tensor.detach() for tensor in pairs(7.25, -0.3)))
    agree(function, whole(1, (3, 4), -9, 9), whole(2, (4,), 1, 4))
    with pytest.raises(UnfitError, match="no gradient"):
        OPERATIONS["floor_divide"][0].vjp(call, [call.array("input")])


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize(
    "function",
    [operator.add, operator.sub, operator.mul, operator.truediv, operator.floordiv, operator.mod],
    ids=lambda f: f.__name__,
)
@pytest.mark.parametrize("number", [2, -1.5, True])
def test_a_plain_number_on_either_side(function: Callable[..., Any], number: float) -> None:
    if number is True and function is operator.sub:
        return  # torch refuses it
    x = filled(1, (2, 3))
    agree(function, x.detach() if function in FLAT else x, number)
    agree(function, number, x.detach() if function in (*FLAT, operator.mod) else x)
    agree(function, whole(1, (4,), 1), number)
    agree(function, number, whole(1, (4,), 1))


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("function", [torch.add, torch.sub, torch.mul, torch.div, torch.remainder, torch.fmod])
def test_integers_and_bools_mix_with_floats(function: Callable[..., Any]) -> None:
    x, n, b = filled(2, (3, 2)), whole(3, (2,), 1), torch.tensor([True, False])
    agree(function, x, n)
    agree(function, n, x)
    agree(function, n, whole(4, (3, 1), 1))
    if function in (torch.add, torch.mul):
        agree(function, x, b)
        agree(function, b, n)
        agree(function, b, b.flip(0))


@pytest.mark.parametrize("function", [torch.add, torch.sub, torch.rsub])
def test_alpha(function: Callable[..., Any]) -> None:
    agree(function, filled(1, (2, 3)), filled(2, (3,)), alpha=-2.5)
    agree(function, whole(1, (2, 3)), whole(2, (3,)), alpha=3)


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("mode", MODES)
def test_rounded_quotients(mode: str | None) -> None:
    agree(torch.div, filled(1, (3, 4), -9, 9), filled(2, (4,), -3, 3), rounding_mode=mode)
    agree(torch.div, whole(1, (3, 4), -9, 9), whole(2, (4,), 1, 4), rounding_mode=mode)
    agree(torch.div, whole(1, (3, 4), -9, 9), -2, rounding_mode=mode)
    agree(torch.div, *pairs(), rounding_mode=mode)


@pytest.mark.parametrize(
    "function", [torch.neg, torch.negative, torch.positive, torch.reciprocal, operator.neg, operator.pos]
)
def test_one_tensor(function: Callable[..., Any]) -> None:
    agree(function, special(3.5, -0.25))
    agree(function, filled(5, (2, 0, 3)))
    agree(function, whole(1, (5,), 1))


@settings(max_examples=25, deadline=None)
@given(tensors=broadcastable(3), value=st.sampled_from([1, 2, -0.5]))
def test_products_and_quotients_added(tensors: tuple[Tensor, ...], value: float) -> None:
    agree(torch.addcmul, *tensors, value=value)
    agree(torch.addcdiv, *tensors, value=value)


@settings(max_examples=25, deadline=None)
@given(tensors=broadcastable(3))
def test_between_two_numbers(tensors: tuple[Tensor, ...]) -> None:
    agree(torch.lerp, *tensors)
    agree(torch.lerp, *tensors[:2], 0.3)
    agree(torch.lerp, *tensors[:2], 1.25)


def test_in_place_forms_share_the_row() -> None:
    for name in ("add_", "sub_", "mul_", "div_", "remainder_", "neg_", "__iadd__", "__itruediv__"):
        x = filled(1, (2, 3)).detach()
        call = agree(getattr(Tensor, name), x, *([] if name == "neg_" else [filled(2, (3,))]))
        assert call.mutated


def test_complex_gradients_take_the_conjugate() -> None:
    z = torch.tensor([1 + 2j, -0.5 + 1j], dtype=torch.complex128, requires_grad=True)
    w = torch.tensor([2 - 1j, 3j], dtype=torch.complex128, requires_grad=True)
    for function in (torch.add, torch.sub, torch.mul, torch.div):
        agree(function, z, w)
        agree(function, filled(1, (2,)), w)
    agree(torch.reciprocal, z)


SCRIPT = """
    import torch
    x = torch.tensor([[0.5, 1.5, -2.0], [3.0, -0.25, 1.0]], requires_grad=True)
    y = torch.tensor([2.0, -1.0, 4.0], requires_grad=True)
    made = [x + y, x - y, x * y, x / y, 1 - x, 2 / x, -x, +x, x.reciprocal(), 3 * x + 1, x % 2, torch.fmod(x, y)]
    made += [torch.add(x, y, alpha=2), torch.addcmul(x, y, y, value=2), torch.addcdiv(x, x, y), x.lerp(y, 0.25)]
    made += [torch.div(x, y, rounding_mode="floor"), torch.remainder(x, y), torch.sub(x, y, alpha=3), torch.rsub(x, y)]
    x // 2, 7 // x, 7 % x, torch.arange(3) * 2, torch.arange(3) + x.detach()
    torch.stack(made).sum().backward()
"""


def test_equations(recorded: Callable[..., Any]) -> None:
    names = ("add", "sub", "mul", "div", "rsub", "rdiv", "neg", "positive", "reciprocal", "addcmul", "addcdiv", "lerp")
    assert (
        equations_hold(recorded(source=SCRIPT), *names, "remainder", "mod", "fmod", "floordiv").gradients.total() >= 100
    )


def test_equations_read_like_a_textbook(recorded: Callable[..., Any]) -> None:
    trace = recorded(source=SCRIPT)
    assert text_of_result(trace, "add", (1, 0)) == "made_(1,0) = x_(1,0) + y₀ = 3 + 2 = 5"
    assert text_of_result(trace, "rdiv", (1, 0)).endswith("= 2/3 = 0.6666667")
    assert text_of_result(trace, "floordiv", (0, 1)).endswith("= floor(1.5/2) = 0")
    assert text_of_result(trace, "mod", (0, 0)).endswith("= 7 - 0.5·floor(7/0.5) = 0")
    assert "∂C/∂x" in text_of_gradient(trace, "rdiv", (0, 0))
