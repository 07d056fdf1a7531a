"""Angles and special functions: each row beside torch, and its equations beside recorded numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from torch import Tensor

from engine.analysis.table.kinds.special_functions import polygamma, trigamma
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import broadcastable, pairs, special, tensor, whole
from tests.helpers.equations import equations_hold, text_of_gradient

ANYWHERE = [
    *(torch.sin, torch.cos, torch.tan, torch.atan, torch.sinh, torch.cosh, torch.asinh, torch.deg2rad, torch.rad2deg),
    *(torch.sinc, torch.erf, torch.erfc, torch.special.expit, torch.special.ndtr, torch.i0),
]
UNIT = [torch.asin, torch.acos, torch.atanh, torch.erfinv, torch.arcsin]
POSITIVE = [torch.lgamma, torch.digamma, torch.special.entr]
SPECIAL = [torch.special.erf, torch.special.gammaln, torch.special.psi, torch.special.sinc, torch.special.erfinv]


@pytest.mark.parametrize("function", ANYWHERE, ids=lambda f: f.__name__)
@settings(max_examples=15, deadline=None)
@given(x=tensor(-6, 6))
def test_anywhere(function: Callable[..., Any], x: Tensor) -> None:
    agree(function, x)


@pytest.mark.usefixtures("double")
@pytest.mark.parametrize(
    "function", [f for f in (*ANYWHERE, *UNIT, torch.acosh, torch.logit) if f is not torch.i0], ids=lambda f: f.__name__
)
def test_at_the_edges(function: Callable[..., Any]) -> None:
    agree(function, special(1e-8, -1e-8))
    agree(function, whole(1, (4,), 0, 2))


@pytest.mark.parametrize("function", UNIT, ids=lambda f: f.__name__)
@settings(max_examples=15, deadline=None)
@given(x=tensor(-0.99, 0.99))
def test_between_minus_one_and_one(function: Callable[..., Any], x: Tensor) -> None:
    agree(function, x)


@pytest.mark.parametrize("function", [*POSITIVE, *SPECIAL[1:3]], ids=lambda f: f.__name__)
@settings(max_examples=15, deadline=None)
@given(x=tensor(0.05, 30))
def test_positive(function: Callable[..., Any], x: Tensor) -> None:
    agree(function, x)


def test_derivatives_of_digamma_that_are_known() -> None:
    # Torch's trigamma has nine digits: 1.64493406764 at 1, where π²/6 is 1.64493406685.
    assert abs(float(trigamma(np.asarray(1.0))) - math.pi**2 / 6) < 1e-8
    assert abs(float(polygamma(1, np.asarray(1.0))) - math.pi**2 / 6) < 1e-15
    assert abs(float(polygamma(1, np.asarray(0.5))) - math.pi**2 / 2) < 1e-14
    assert abs(float(polygamma(2, np.asarray(1.0))) + 2 * 1.2020569031595942) < 1e-14  # Apéry's constant


def test_elsewhere() -> None:
    agree(torch.acosh, torch.tensor([1.5, 2.0, 30.0], dtype=torch.float64, requires_grad=True))
    agree(torch.lgamma, torch.tensor([-0.5, -2.3, 200.0], dtype=torch.float64, requires_grad=True))
    agree(torch.digamma, torch.tensor([-0.5, -2.3, 200.0], dtype=torch.float64, requires_grad=True))
    agree(torch.digamma, torch.tensor([0.0, -0.0, -1.0], dtype=torch.float64))
    agree(torch.special.ndtr, torch.tensor([-2.0, -1.0, 0.0, 3.0], dtype=torch.float64, requires_grad=True))
    agree(torch.special.ndtri, torch.tensor([0.01, 0.3, 0.5, 0.9999], dtype=torch.float64, requires_grad=True))
    agree(torch.erfinv, torch.tensor([1e-12, 0.999999, -0.9999999999], dtype=torch.float64, requires_grad=True))
    numbers = torch.tensor([0.3, 1.0, 5.5, 40.0], dtype=torch.float64, requires_grad=True)
    for order in (1, 2, 3):
        agree(torch.polygamma, order, numbers)
    for function in SPECIAL:
        agree(function, torch.tensor([0.3, 0.7], dtype=torch.float64, requires_grad=True))


@settings(max_examples=15, deadline=None)
@given(x=tensor(0.01, 0.99))
def test_logit(x: Tensor) -> None:
    agree(torch.logit, x)
    agree(torch.logit, x, 0.1)
    agree(torch.special.logit, x, eps=0.2)


@pytest.mark.parametrize("function", [torch.atan2, torch.hypot])
@settings(max_examples=20, deadline=None)
@given(tensors=broadcastable(2))
def test_two_numbers(function: Callable[..., Any], tensors: tuple[Tensor, Tensor]) -> None:
    agree(function, *tensors)


def test_two_numbers_at_the_edges() -> None:
    one, other = (each.detach() for each in pairs())
    agree(torch.atan2, one, other)
    agree(torch.hypot, one, other)
    zero = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    agree(torch.atan2, zero, zero.detach().clone().requires_grad_())


SCRIPT = """
    import torch
    x = torch.tensor([[0.5, 0.25, -0.5], [0.75, -0.25, 0.1]], requires_grad=True)
    p = torch.tensor([0.5, 0.25, 0.9], requires_grad=True)
    made = [x.sin(), x.cos(), x.tan(), x.asin(), x.acos(), x.atan(), x.sinh(), x.cosh(), x.asinh(), x.atanh()]
    made += [x.sinc(), x.erf(), x.erfc(), x.erfinv(), x.deg2rad(), x.rad2deg(), torch.atan2(x, p), torch.hypot(x, p)]
    made += [(p.lgamma() + p.digamma() + p.logit() + (p + 1).acosh() + torch.special.entr(p)).expand(2, 3)]
    torch.stack(made).sum().backward()
"""


def test_equations(recorded: Callable[..., Any]) -> None:
    trace = recorded(source=SCRIPT)
    names = ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "asinh", "atanh", "sinc", "erf", "erfc")
    more = ("erfinv", "deg2rad", "rad2deg", "atan2", "hypot", "lgamma", "digamma", "logit", "acosh", "special_entr")
    assert equations_hold(trace, *names, *more).gradients.total() >= 60
    assert "·cos(0.5) = 0.8775826" in text_of_gradient(trace, "sin", (0, 0))
