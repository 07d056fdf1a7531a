"""Random numbers: what torch draws can be what was asked for, and what it could not have drawn is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from engine.analysis.table.call import Call, UnfitError, bind
from engine.analysis.table.operation import OPERATIONS
from tests.helpers.against_torch import a_row, agree
from tests.helpers.equations import equations_hold, text_of_result

DRAWS: dict[str, Callable[[], Any]] = {
    "rand": lambda: torch.rand(20, 30),
    "rand of a list": lambda: torch.rand([2, 3]),
    "rand_like": lambda: torch.rand_like(torch.ones(4, 5)),
    "randn": lambda: torch.randn(20, 30, dtype=torch.float64),
    "randn with a generator": lambda: torch.randn((2, 3), generator=torch.Generator()),
    "randint": lambda: torch.randint(0, 10, (30,)),
    "randint below": lambda: torch.randint(10, (30,)),
    "randint named": lambda: torch.randint(low=2, high=5, size=(3,)),
    "randint_like": lambda: torch.randint_like(torch.ones(4), 3),
    "randperm": lambda: torch.randperm(50),
    "uniform_": lambda: torch.empty(40).uniform_(-2, 1),
    "normal_": lambda: torch.empty(4000).normal_(3, 0.5),
    "normal": lambda: torch.normal(2.0, 0.1, (30, 3)),
    "normal of means": lambda: torch.normal(torch.arange(40.0), torch.full((40,), 0.5)),
    "bernoulli": lambda: torch.bernoulli(torch.full((200,), 0.2)),
    "bernoulli_": lambda: torch.empty(200).bernoulli_(0.7),
    "multinomial": lambda: torch.multinomial(torch.tensor([[0.1, 0.0, 0.6], [1.0, 1.0, 0.0]]), 2),
    "multinomial again": lambda: torch.multinomial(torch.ones(3), 9, replacement=True),
    "random_": lambda: torch.empty(9).random_(2, 7),
    "random_ below": lambda: torch.empty(9).random_(7),
    "init uniform_": lambda: torch.nn.init.uniform_(torch.empty(30), -0.5, 0.25),
    "init normal_": lambda: torch.nn.init.normal_(torch.empty(300), 1.0, 0.25),
    "xavier_uniform_": lambda: torch.nn.init.xavier_uniform_(torch.empty(30, 20)),
    "xavier_normal_": lambda: torch.nn.init.xavier_normal_(torch.empty(30, 20)),
    "kaiming_uniform_": lambda: torch.nn.init.kaiming_uniform_(torch.empty(30, 20), a=5**0.5),
    "kaiming_uniform_ out": lambda: torch.nn.init.kaiming_uniform_(torch.empty(8, 4, 3, 3), mode="fan_out"),
    "kaiming_normal_": lambda: torch.nn.init.kaiming_normal_(torch.empty(30, 20), nonlinearity="relu"),
    "exponential_": lambda: torch.empty(30).exponential_(2.0),
    "poisson": lambda: torch.poisson(torch.full((30,), 3.0)),
    "geometric_": lambda: torch.empty(30).geometric_(0.3),
}


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS.keys())
def test_what_was_drawn_can_be(draw: Callable[[], Any]) -> None:
    torch.manual_seed(1)
    agree(draw)


def drawn(
    name: str, output: Any, *arguments: Any, given: tuple[np.ndarray, ...] = (), function: str = ""
) -> np.ndarray:
    """What the row of a draw gives back if this had been recorded. given: tensors that stand before the arguments."""
    found = a_row(name)
    tensors: dict[str, Any] = {str(i): tensor for i, tensor in enumerate(given)}
    plain = {str(i + len(given)): argument for i, argument in enumerate(arguments)}
    call: Call = bind(found[1], function or f"torch.{name}", tensors, plain, [np.asarray(output)])
    return np.asarray(found[0].forward(call))


def test_what_cannot_be_differs() -> None:
    none = np.zeros(2)
    assert drawn("rand", [0.5, 1.5], 2).tolist() == [0.5, 1.0]
    assert drawn("uniform_", [-0.5, 0.5], -0.25, 0.75, given=(none,)).tolist() == [-0.25, 0.5]
    assert drawn("randint", [3, 9, 5], 2, 6, [3]).tolist() == [3, 5, 5]
    assert drawn("randperm", [0, 2, 2], 3).tolist() == [0, 1, 2]
    assert drawn("bernoulli_", [1.0, 0.5], 0.5, given=(none,)).tolist() == [1.0, 1.0]
    generator = np.random.default_rng(0)
    shifted, wide = generator.normal(0.5, 1, 1000), generator.normal(0, 1.5, 1000)
    assert abs(drawn("randn", shifted, 1000).mean()) < 1e-12
    assert abs(drawn("randn", wide, 1000).std() - 1) < 1e-12
    assert abs(drawn("rand", generator.uniform(0, 0.5, 1000), 1000).mean() - 0.5) < 1e-12
    assert drawn("bernoulli_", np.ones(1000), 0.5, given=(np.zeros(1000),)).max() == 0.5
    weights = np.zeros((4, 2))
    torch_init = "torch.nn.init.kaiming_uniform_"
    assert drawn("kaiming_uniform_", np.full((4, 2), 9.0), given=(weights,), function=torch_init).max() == 3**0.5


def test_what_cannot_be_told_says_so() -> None:
    row, form = OPERATIONS["rand"]
    without = bind(form, "torch.rand", {}, {"0": 3}, [None])
    with pytest.raises(UnfitError, match="not in the trace"):
        row.forward(without)
    with pytest.raises(UnfitError, match="any number"):
        agree(Tensor.cauchy_, torch.empty(3))


SCRIPT = """
    import torch
    torch.manual_seed(0)
    torch.rand(2, 3), torch.randn(3), torch.randint(0, 9, (3,)), torch.randperm(4), torch.rand_like(torch.ones(2))
    torch.empty(3).uniform_(-1, 1), torch.empty(3).normal_(0, 2), torch.bernoulli(torch.ones(3) / 2)
    torch.nn.Linear(3, 2)
    torch.multinomial(torch.ones(3), 2)
"""


def test_equations(recorded: Callable[..., Any]) -> None:
    trace = recorded(source=SCRIPT)
    names = ("rand", "randn", "randint", "randperm", "rand_like", "uniform_", "normal_", "bernoulli", "multinomial")
    equations_hold(trace, *names, "kaiming_uniform_")
    assert "drawn from U(-1, 1) = " in text_of_result(trace, "uniform_")
