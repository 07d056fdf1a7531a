"""Powers, roots, exponentials and logarithms: each row beside torch, and its equations beside recorded numbers."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from torch import Tensor

from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import broadcastable, filled, pairs, special, tensor, whole
from tests.helpers.equations import equations_hold, text_of_gradient, text_of_result

ONE_NUMBER = [
    *(torch.square, torch.sqrt, torch.rsqrt, torch.exp, torch.exp2, torch.expm1, torch.log, torch.log2, torch.log10),
    *(torch.log1p, torch.special.exp2, torch.special.expm1, torch.special.log1p),
]
TWO_NUMBERS = [
    *(torch.pow, torch.float_power, torch.logaddexp, torch.logaddexp2, torch.xlogy, torch.special.xlogy),
    *(torch.special.xlog1py, torch.ldexp),
]


@pytest.mark.parametrize("function", ONE_NUMBER, ids=lambda f: f.__name__)
@settings(max_examples=15, deadline=None)
@given(x=tensor(0.05, 4))
def test_one_number(function: Callable[..., Any], x: Tensor) -> None:
    agree(function, x)


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize("function", ONE_NUMBER, ids=lambda f: f.__name__)
def test_one_number_at_the_edges(function: Callable[..., Any]) -> None:
    agree(function, special(1e-9, -1e-9))
    agree(function, whole(1, (4,), 1))
    if function is not torch.square:
        agree(function, torch.tensor([True, False]))


@pytest.mark.parametrize("function", TWO_NUMBERS, ids=lambda f: f.__name__)
@settings(max_examples=15, deadline=None)
@given(tensors=broadcastable(2, 0.05, 3))
def test_two_numbers(function: Callable[..., Any], tensors: tuple[Tensor, Tensor]) -> None:
    agree(function, *tensors)


@pytest.mark.parametrize("function", TWO_NUMBERS, ids=lambda f: f.__name__)
def test_two_numbers_at_the_edges(function: Callable[..., Any]) -> None:
    if function in (torch.logaddexp, torch.logaddexp2):
        agree(function, *(each[:6, :6].detach().contiguous().requires_grad_() for each in pairs()))
    agree(function, *pairs(3.0, -2.5))


@pytest.mark.parametrize("exponent", [-2, -1, -0.5, 0, 0.5, 1, 2, 2.0, 3, 4.5])
def test_powers_of_a_plain_number_and_to_one(exponent: float) -> None:
    agree(torch.pow, special(-3.0, 0.25), exponent)
    agree(operator.pow, filled(1, (2, 3)), exponent)
    agree(torch.float_power, special(-3.0, 0.25), exponent)
    agree(torch.pow, exponent, special(-3.0, 0.25))
    agree(operator.pow, exponent, special(-3.0, 0.25))


@pytest.mark.usefixtures("double")
def test_powers_of_integers() -> None:
    agree(torch.pow, whole(1, (6,)), 3)
    agree(torch.pow, whole(1, (6,)), torch.tensor([0, 1, 2, 3, 4, 5]))
    agree(torch.pow, torch.tensor([1, -1, -1, 2, -3]), torch.tensor([-3, -3, -2, -1, -2]))
    agree(torch.pow, whole(1, (6,), 1), 0.5)
    agree(operator.pow, 2, whole(1, (6,), 0))
    agree(torch.pow, whole(1, (6,), 1), filled(1, (6,)))
    agree(Tensor.pow_, filled(1, (3,)).detach(), 2)


def test_complex_numbers() -> None:
    z = torch.tensor([1 + 2j, -0.5 + 1j], dtype=torch.complex128, requires_grad=True)
    for function in (torch.exp, torch.log, torch.sqrt, torch.square):
        agree(function, z)
    agree(torch.pow, z, 3)


SCRIPT = """
    import torch
    x = torch.tensor([[0.5, 1.5, 2.0], [3.0, 0.25, 1.0]], requires_grad=True)
    y = torch.tensor([2.0, 1.0, 4.0], requires_grad=True)
    made = [x ** 2, x ** 3, x ** -1.5, x ** y, 2 ** x, x.square(), x.sqrt(), x.rsqrt(), x.exp(), x.exp2(), x.expm1()]
    made += [x.log(), x.log2(), x.log10(), x.log1p(), torch.logaddexp(x, y), torch.logaddexp2(x, y), torch.xlogy(x, y)]
    made += [torch.special.xlog1py(x, y), torch.ldexp(x, y), torch.pow(2.5, x), x ** 1, x ** 0]
    torch.stack(made).sum().backward()
    torch.arange(4) ** 2, torch.float_power(y, 2)
"""


def test_equations(recorded: Callable[..., Any]) -> None:
    one = ("square", "sqrt", "rsqrt", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p")
    two = ("pow", "rpow", "logaddexp", "logaddexp2", "xlogy", "special_xlog1py", "ldexp", "float_power")
    assert equations_hold(recorded(source=SCRIPT), *one, *two).gradients.total() >= 80


def test_equations_read_like_a_textbook(recorded: Callable[..., Any]) -> None:
    source = """
        import torch
        x = torch.tensor([3.0, 0.5], requires_grad=True)
        ((x ** 2).log() * x.sqrt()).sum().backward()
    """
    trace = recorded(source=source)
    assert text_of_result(trace, "pow", (0,)).endswith("= x₀² = 3² = 9")
    assert text_of_result(trace, "log", (1,)).endswith("ln(0.25) = -1.386294")
    assert text_of_gradient(trace, "pow", (0,)).endswith("·2·3 = 1.154701")
    assert "1/(2·" in text_of_gradient(trace, "sqrt", (0,))
