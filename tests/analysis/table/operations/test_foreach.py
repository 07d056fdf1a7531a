"""One op for each tensor of a list, and the clipping that calls them: beside torch and beside recorded numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import filled
from tests.helpers.equations import equations_hold


def tensors(seed: int, low: float = 0.1, high: float = 3.0) -> list[Tensor]:
    """Three tensors of different shapes."""
    return [filled(seed + i, shape, low, high) for i, shape in enumerate([(2, 3), (4,), ()])]


@pytest.mark.parametrize(
    "name",
    [
        *("add", "sub", "mul", "div", "maximum", "minimum", "clamp_min", "clamp_max", "pow"),
    ],
)
def test_two_lists_and_a_number(name: str) -> None:
    function = getattr(torch, f"_foreach_{name}")
    agree(function, tensors(1), tensors(7))
    agree(function, tensors(1), 0.75)
    agree(function, tensors(1), [0.5, 2.0, 1.0])
    in_place = getattr(torch, f"_foreach_{name}_")
    agree(in_place, [x.detach() for x in tensors(1)], [x.detach() for x in tensors(7)])


def test_one_tensor_for_all() -> None:
    agree(torch._foreach_mul, [x.detach() for x in tensors(1)], filled(5, ()).detach())
    agree(torch._foreach_add, tensors(1), tensors(4), alpha=-0.5)


@pytest.mark.parametrize("name", ["addcmul", "addcdiv"])
def test_three_lists(name: str) -> None:
    function = getattr(torch, f"_foreach_{name}")
    # Torch's own gradient fails where addcdiv meets a tensor without dimensions.
    lists = [tensors(i)[:2] for i in (1, 4, 8)]
    agree(function, *lists)
    agree(function, *lists, value=-2)
    agree(function, *([x.detach() for x in tensors(i)] for i in (1, 4, 8)), [0.5, 1.0, 2.0])
    agree(getattr(torch, f"_foreach_{name}_"), *([x.detach() for x in tensors(i)] for i in (1, 4, 8)), 0.5)


def test_between() -> None:
    agree(torch._foreach_lerp, tensors(1), tensors(4), 0.3)
    agree(torch._foreach_lerp, tensors(1), tensors(4), tensors(8))


@pytest.mark.parametrize(
    "name",
    [
        *("neg", "abs", "sqrt", "rsqrt", "exp", "expm1", "log", "log1p", "log2", "log10", "reciprocal", "sign"),
        *("floor", "ceil", "round", "trunc", "frac"),
    ],
)
def test_one_list(name: str) -> None:
    agree(getattr(torch, f"_foreach_{name}"), [x.detach() for x in tensors(1)])


@pytest.mark.parametrize("order", [2, 1, 2.5, float("inf"), 0])
def test_lengths(order: float) -> None:
    agree(torch._foreach_norm, tensors(1, -3), order)


def test_writes() -> None:
    agree(torch._foreach_zero_, [x.detach() for x in tensors(1)])
    agree(torch._foreach_copy_, [x.detach() for x in tensors(1)], [x.detach() for x in tensors(4)])


SCRIPT = """
    import torch
    torch.manual_seed(0)
    model = torch.nn.Linear(3, 2)
    model(torch.ones(4, 3)).square().sum().backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 0.1)
    torch.nn.utils.clip_grad_value_(model.parameters(), 0.01)
    a, b = [torch.ones(2, 3), torch.arange(4.0)], [torch.full((3,), 2.0), torch.ones(4)]
    torch._foreach_add_(a, b, alpha=2), torch._foreach_mul(a, [2.0, 3.0]), torch._foreach_addcmul(a, a, b, value=0.5)
    torch._foreach_lerp(a, b, 0.25), torch._foreach_sqrt(a)
"""


def test_equations(recorded: Callable[..., Any]) -> None:
    names = ("_foreach_norm", "_foreach_mul_", "_foreach_clamp_min_", "_foreach_add_", "_foreach_mul")
    equations_hold(recorded(source=SCRIPT), *names, "_foreach_addcmul", "_foreach_lerp", "_foreach_sqrt")
