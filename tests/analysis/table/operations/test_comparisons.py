"""Comparisons and logic: each row beside torch, and its equations beside recorded answers."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from torch import Tensor

from engine.analysis.table.call import UnfitError
from engine.analysis.table.operation import OPERATIONS
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import broadcastable, pairs, special, whole
from tests.helpers.equations import equations_hold, text_of_result

COMPARISONS = [
    *(torch.eq, torch.ne, torch.lt, torch.le, torch.gt, torch.ge, torch.not_equal, torch.less, torch.greater_equal),
    *(operator.eq, operator.lt, torch.isclose),
]
QUESTIONS = [torch.isnan, torch.isinf, torch.isposinf, torch.isneginf, torch.isfinite, torch.isreal, torch.signbit]
LOGICAL = [torch.logical_and, torch.logical_or, torch.logical_xor]
BITWISE = [operator.and_, operator.or_, operator.xor, torch.bitwise_and, torch.bitwise_or, torch.bitwise_xor]


@pytest.mark.parametrize("function", COMPARISONS, ids=lambda f: f.__name__)
@settings(max_examples=15, deadline=None)
@given(tensors=broadcastable(2))
def test_comparisons(function: Callable[..., Any], tensors: tuple[Tensor, Tensor]) -> None:
    one, other = (tensor.detach().round() for tensor in tensors)
    agree(function, one, other)


@pytest.mark.parametrize("function", COMPARISONS, ids=lambda f: f.__name__)
def test_comparisons_at_the_edges(function: Callable[..., Any]) -> None:
    agree(function, *(tensor.detach() for tensor in pairs(1 + 1e-9)))
    agree(function, whole(1, (5,)), whole(2, (2, 5)))
    if function is not torch.isclose:
        agree(function, whole(1, (5,)), 1)
        agree(function, special().detach(), 0.5)


def test_a_number_is_compared_in_the_type_of_the_tensor() -> None:
    single = torch.tensor([0.1, 0.25, 0.3])
    agree(torch.eq, single, 0.1)
    agree(torch.le, torch.tensor([0.1, 0.2, 0.3], dtype=torch.float64), 0.1)
    agree(operator.gt, 0.3, single)


@pytest.mark.parametrize(("rtol", "atol", "equal_nan"), [(0.0, 0.0, False), (0.1, 0.0, True), (0.0, 0.6, False)])
def test_nearly_equal(rtol: float, atol: float, equal_nan: bool) -> None:
    one, other = (tensor.detach() for tensor in pairs(1.05))
    agree(torch.isclose, one, other, rtol=rtol, atol=atol, equal_nan=equal_nan)


@pytest.mark.parametrize("function", QUESTIONS, ids=lambda f: f.__name__)
def test_questions(function: Callable[..., Any]) -> None:
    agree(function, special().detach())
    agree(function, whole(1, (2, 0, 3)))
    agree(function, whole(1, (4,)))


@pytest.mark.parametrize("function", LOGICAL, ids=lambda f: f.__name__)
def test_logic(function: Callable[..., Any]) -> None:
    agree(function, whole(1, (3, 4), -1, 2), whole(2, (4,), -1, 2))
    agree(function, special().detach(), torch.tensor(True))
    agree(torch.logical_not, special().detach())


@pytest.mark.parametrize("function", BITWISE, ids=lambda f: f.__name__)
def test_bits(function: Callable[..., Any]) -> None:
    agree(function, whole(1, (3, 4), -9, 9), whole(2, (4,), -9, 9))
    agree(function, whole(1, (3, 4), -9, 9), 6)
    agree(function, torch.tensor([True, False, True]), torch.tensor([[True], [False]]))


def test_turned_over_and_shifted() -> None:
    agree(operator.invert, whole(1, (5,)))
    agree(operator.invert, torch.tensor([True, False]))
    agree(operator.lshift, whole(1, (5,)), 2)
    agree(operator.rshift, whole(1, (5,), -9, 9), 1)
    agree(operator.lshift, 3, whole(1, (5,), 0))
    agree(operator.rshift, 9, whole(1, (5,), 0))
    agree(torch.bitwise_left_shift, whole(1, (5,)), whole(2, (5,), 0))


def test_among() -> None:
    agree(torch.isin, whole(1, (3, 4)), torch.tensor([1, 2]))
    agree(torch.isin, whole(1, (3, 4)), torch.tensor([1, 2]), invert=True)
    agree(torch.isin, whole(1, (3, 4)), 2)


def test_an_answer_has_no_gradient() -> None:
    call = agree(torch.gt, whole(1, (3,)), 0)
    with pytest.raises(UnfitError, match="no gradient"):
        OPERATIONS["gt"][0].vjp(call, [call.array("input")])


SCRIPT = """
    import torch
    x = torch.tensor([[0.5, 1.5, -2.0], [3.0, 0.25, 1.0]])
    n, m = torch.tensor([1, 2, 3]), torch.tensor([True, False, True])
    x > 1, x == 0.25, x < n, x >= 1, x <= 1, x != 1, torch.isclose(x, x + 1), x.isnan(), x.isfinite(), x.signbit()
    torch.logical_and(x, m), ~m, ~n, n & 2, n | 1, n ^ 3, m & m, n << 1, n >> 1, torch.logical_not(x), 1 << n
    torch.isin(n, torch.tensor([2, 3]))
"""


def test_equations(recorded: Callable[..., Any]) -> None:
    trace = recorded(source=SCRIPT)
    names = ("gt", "eq", "lt", "ge", "le", "ne", "isclose", "isnan", "isfinite", "signbit", "logical_and", "invert")
    equations_hold(trace, *names, "and", "or", "xor", "lshift", "rshift", "rlshift", "logical_not", "isin")
    assert text_of_result(trace, "gt", (0, 1)).endswith("_(0,1) > 1) = (1.5 > 1) = True")
    assert text_of_result(trace, "invert", (0,)).endswith("~ True = False")
