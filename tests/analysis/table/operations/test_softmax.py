"""The rows of softmax and its relatives compute as torch does, and their equations come to the recorded numbers."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError, bind
from engine.trace.reader import Trace
from tests.helpers.against_torch import a_row, agree
from tests.helpers.drawn_tensors import normal
from tests.helpers.equations import english, equations_hold

Record = Callable[..., Trace]

FUNCTIONS: list[Callable[..., Any]] = [
    *(F.softmax, F.log_softmax, F.softmin, torch.softmax, torch.log_softmax, torch.special.softmax),
    *(torch.special.log_softmax, torch.Tensor.softmax, torch.Tensor.log_softmax),
]
shapes = st.lists(st.integers(0, 4), max_size=4).map(tuple)


drawn = partial(normal, spread=3.0)


@pytest.mark.parametrize("function", FUNCTIONS)
@settings(max_examples=20, deadline=None)
@given(shape=shapes, at=st.integers(0, 3), negative=st.booleans())
def test_shapes(function: Callable[..., Any], shape: tuple[int, ...], at: int, negative: bool) -> None:
    dimensions = max(len(shape), 1)
    dim = at % dimensions
    agree(function, drawn(shape), dim - dimensions if negative else dim)


@pytest.mark.parametrize("function", [F.softmax, F.log_softmax, F.softmin])
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 3, 2), (2, 3, 2, 2)])
def test_without_a_dimension(function: Callable[..., Any], shape: tuple[int, ...]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        agree(function, drawn(shape))


@pytest.mark.parametrize("function", [F.softmax, F.log_softmax])
def test_large_and_odd_numbers(function: Callable[..., Any]) -> None:
    inf, nan = float("inf"), float("nan")
    rows = [[1000.0, 999.0, -1000.0], [-inf, 0.0, 1.0], [-inf, -inf, -inf], [inf, 0.0, 1.0], [nan, 0.0, 1.0]]
    agree(function, torch.tensor(rows, dtype=torch.float64, requires_grad=True), 1)


def test_other_forms() -> None:
    agree(lambda z: torch._softmax(z, 1, False), drawn((2, 3)))
    agree(lambda z: torch._log_softmax(z, 1, False), drawn((2, 3)))
    agree(lambda z: F.softmax(z, dim=0, dtype=torch.float64), drawn((2, 3)))
    agree(lambda z: torch.softmax(z, 0, torch.float64), drawn((2, 3)))
    agree(F.softmax, torch.tensor([[1, 2], [3, 5]]), 1, dtype=torch.float64)
    agree(torch.nn.Softmax2d(), drawn((2, 3, 2, 2)))


@settings(max_examples=20, deadline=None)
@given(shape=st.lists(st.integers(2, 4), min_size=1, max_size=3).map(tuple), at=st.integers(0, 2))
def test_gumbel_softmax(shape: tuple[int, ...], at: int) -> None:
    torch.manual_seed(at)
    # Where one share is nearly 1 all gradients are small differences, of which float64 keeps fewer digits.
    agree(F.gumbel_softmax, drawn(shape), tau=2.0 + at, dim=at % len(shape), rtol=100)


def test_drawn_shares_must_add_up() -> None:
    row, form = a_row("gumbel_softmax")
    call = bind(form, "", {"0": np.zeros(2)}, {}, [np.array([0.5, 1.0])])
    np.testing.assert_allclose(row.forward(call), [1 / 3, 2 / 3])
    hard = bind(form, "", {"0": np.zeros(2)}, {"hard": True}, [np.array([0.0, 1.0])])
    with pytest.raises(UnfitError, match="soft shares"):
        row.vjp(hard, [np.ones(2)])


NETWORK = """
    import torch
    import torch.nn.functional as F

    torch.manual_seed(3)
    x = (2 * torch.randn(2, 3)).requires_grad_()
    z1, z2, z3, z4, z5 = x * 1, x * 1, x * 1, x * 1, x * 1
    C = (F.softmax(z1, 1) ** 2).sum() + (F.log_softmax(z2, dim=0) ** 2).sum() + (F.softmin(z3, -1) ** 2).sum()
    C = C + (F.gumbel_softmax(z4, 0.5) ** 2).sum() + (torch.softmax(z5[0], 0) ** 2).sum()
    C.backward()
"""
NAMES = {"softmax", "log_softmax", "softmin", "gumbel_softmax"}


def test_equations_come_to_the_recorded_numbers(recorded: Record) -> None:
    found = equations_hold(recorded(source=NETWORK), *NAMES)
    assert found.results.keys() == found.gradients.keys() == NAMES


def test_the_sum_along_the_line_is_shown(recorded: Record) -> None:
    source = """
        import torch
        z = torch.tensor([[0.0, 0.0], [1.0, 1.0]], requires_grad=True)
        a = torch.softmax(z, 1)
        a[0, 0].backward()
    """
    trace = recorded(source=source)
    event = next(event for event in trace.events() if event.name == "softmax")
    page = explain(trace, event.position, (1, 0))
    assert to_text(page.lines[0].expression).endswith("= e¹/5.436564 = 0.5")
    assert english(page.notes) == ("The powers are summed along dimension 1, over 2 numbers.",)
    node = next(event for event in trace.events() if event.name == "SoftmaxBackward0")
    assert to_text(explain(trace, node.position, (0, 1)).lines[-1].expression).endswith("= 0.5·(0 - 0.5) = -0.25")


def test_large_scores_are_shown_without_overflow(recorded: Record) -> None:
    trace = recorded(source="import torch\na = torch.softmax(torch.tensor([1000.0, 999.0]), 0)")
    event = next(event for event in trace.events() if event.name == "softmax")
    page = explain(trace, event.position, (1,))
    assert to_text(page.lines[0].expression).endswith("= e^(999 - 1000)/1.367879 = 0.2689414")
    assert "overflows" in page.notes[0].english
