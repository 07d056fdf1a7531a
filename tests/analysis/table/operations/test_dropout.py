"""The rows of dropout find the recorded mask, and compute and differentiate with it as torch did."""

from __future__ import annotations

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
from engine.analysis.table.call import Call, bind
from engine.analysis.table.kinds.drawing import Drawing
from engine.trace.reader import Trace
from tests.helpers.against_torch import a_row, agree
from tests.helpers.drawn_tensors import normal
from tests.helpers.equations import english, equations_hold

Record = Callable[..., Trace]

SINGLE: list[Callable[..., Any]] = [F.dropout, F.alpha_dropout, torch.dropout, torch.alpha_dropout]
CHANNELS: list[tuple[Callable[..., Any], tuple[int, ...]]] = [
    (F.dropout1d, (2, 3)),
    (F.dropout2d, (3, 4)),
    (F.dropout3d, (4, 5)),
    (F.feature_alpha_dropout, (2, 3, 4)),
    (torch.feature_dropout, (2, 3, 4)),
]


drawn = partial(normal, spread=3.0)


@pytest.mark.parametrize("function", SINGLE)
@settings(max_examples=25, deadline=None)
@given(
    shape=st.lists(st.integers(0, 4), max_size=4).map(tuple),
    p=st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]),
    training=st.booleans(),
    seed=st.integers(0, 5),
)
def test_elements(function: Callable[..., Any], shape: tuple[int, ...], p: float, training: bool, seed: int) -> None:
    torch.manual_seed(seed)
    agree(function, drawn(shape), p, training)


@pytest.mark.filterwarnings("ignore:dropout2d")
@pytest.mark.parametrize(("function", "dimensions"), CHANNELS)
@settings(max_examples=25, deadline=None)
@given(data=st.data(), p=st.sampled_from([0.0, 0.3, 0.5, 1.0]), training=st.booleans(), seed=st.integers(0, 5))
def test_channels(
    function: Callable[..., Any], dimensions: tuple[int, ...], data: st.DataObject, p: float, training: bool, seed: int
) -> None:
    count = data.draw(st.sampled_from(dimensions))
    shape = data.draw(st.lists(st.integers(1, 3), min_size=count, max_size=count).map(tuple))
    torch.manual_seed(seed)
    agree(function, drawn(shape), p, training)


@pytest.mark.parametrize("function", [torch.dropout_, torch.alpha_dropout_, torch.feature_dropout_])
def test_in_place(function: Callable[..., Any]) -> None:
    torch.manual_seed(0)
    agree(lambda x: function(x.clone(), 0.5, True), drawn((4, 5)))
    agree(lambda x: F.dropout(x.clone(), 0.5, inplace=True), drawn((4, 5)))


@pytest.mark.parametrize("function", [F.dropout, F.alpha_dropout])
def test_odd_numbers(function: Callable[..., Any]) -> None:
    torch.manual_seed(0)
    agree(function, torch.tensor([float("inf"), -float("inf"), float("nan"), 0.0, 1.0] * 6).double(), 0.5, True)


def called(name: str, x: np.ndarray, y: np.ndarray, **plain: Any) -> tuple[Drawing, Call]:
    row, form = a_row(name)
    assert isinstance(row, Drawing)
    return row, bind(form, "", {"0": x}, plain, [y])


def test_a_zero_hides_whether_it_was_kept() -> None:
    row, call = called("dropout", np.array([0.0, 1.0, 2.0]), np.array([0.0, 2.0, 0.0]))
    sent = row.vjp(call, [np.ones(3)])["input"]
    assert isinstance(sent, np.ma.MaskedArray)
    assert sent.mask.tolist() == [True, False, False]
    assert sent[1:].tolist() == [2.0, 0.0]
    np.testing.assert_array_equal(row.forward(call), [0.0, 2.0, 0.0])


def test_a_channel_tells_what_its_zeros_do_not() -> None:
    x = np.array([[[0.0, 1.0], [0.0, 0.0], [0.0, 3.0]]])
    y = np.array([[[0.0, 2.0], [0.0, 0.0], [0.0, 0.0]]])
    row, call = called("dropout2d", x, y)
    sent = row.vjp(call, [np.ones(x.shape)])["input"]
    assert isinstance(sent, np.ma.MaskedArray)
    assert sent.mask.tolist() == [[[False, False], [True, True], [False, False]]]
    assert sent[0, 0].tolist() == [2.0, 2.0]
    assert sent[0, 2].tolist() == [0.0, 0.0]


def test_alpha_dropout_hides_only_what_equals_its_own_value() -> None:
    lowest = -1.7580993408473766
    torch.manual_seed(1)
    x = torch.tensor([0.0, lowest, 0.0, 0.0, 0.0, 0.0], dtype=torch.float64)
    y = F.alpha_dropout(x, 0.5, True)
    row, call = called("alpha_dropout", x.numpy(), y.numpy(), training=True)
    sent = row.vjp(call, [np.ones(6)])["input"]
    assert np.ma.getmaskarray(sent).tolist() == [False, True, False, False, False, False]


def test_a_wrong_result_is_not_taken_for_a_mask() -> None:
    row, call = called("dropout", np.array([1.0, 2.0]), np.array([1.9, 0.0]))
    np.testing.assert_array_equal(row.forward(call), [2.0, 0.0])


@pytest.mark.parametrize(
    ("name", "function", "settings_"),
    [
        ("dropout", F.dropout, {"p": 0.5, "training": True}),
        ("alpha_dropout", F.alpha_dropout, {"p": 0.5, "training": True}),
        ("rrelu", F.rrelu, {"training": True}),
        ("gumbel_softmax", F.gumbel_softmax, {}),
    ],
)
def test_settled_calls_can_be_moved(name: str, function: Callable[..., Any], settings_: dict[str, Any]) -> None:
    torch.manual_seed(2)
    x = drawn((2, 4))
    y = function(x, **settings_)
    G = np.random.default_rng(0).normal(size=(2, 4))
    (theirs,) = torch.autograd.grad(y, x, torch.from_numpy(G))
    row, call = called(name, x.detach().numpy(), y.detach().numpy(), **settings_)
    settled, step = row.settled(call), 1e-6
    for place in np.ndindex(2, 4):
        h = np.zeros((2, 4))
        h[place] = step
        above, below = (row.forward(settled.replaced("input", call["input"] + sign * h)) for sign in (1, -1))
        slope = float(np.sum(G * (np.asarray(above) - np.asarray(below)))) / (2 * step)
        assert slope == pytest.approx(float(theirs[place]), rel=1e-6, abs=1e-8)


NETWORK = """
    import torch
    import torch.nn.functional as F

    torch.manual_seed(3)
    x = torch.relu(torch.randn(2, 3, 4)).requires_grad_()
    outputs = [
        F.dropout(x), F.dropout(x, 0.25), F.dropout(x, training=False), F.dropout1d(x), F.alpha_dropout(x, 0.3, True),
        F.feature_alpha_dropout(x, 0.3, True), torch.feature_dropout(x, 0.5, True), F.dropout3d(x[None]),
    ]
    C = sum((output * output + output).sum() for output in outputs)
    C.backward()
"""


def test_equations_come_to_the_recorded_numbers(recorded: Record) -> None:
    trace = recorded(source=NETWORK)
    names = {event.name for event in trace.events() if "dropout" in event.name}
    found = equations_hold(trace, *names)
    assert found.results.total() >= 8 * 24
    assert found.gradients.keys() == names
    assert found.gradients.total() >= 7 * 24


def test_kept_and_dropped_are_told(recorded: Record) -> None:
    trace = recorded(source="import torch\ntorch.nn.functional.dropout(torch.ones(64), 0.25)")
    event = next(event for event in trace.events() if event.name == "dropout")
    result = trace.array(event.outputs[0].value or 0)
    assert result is not None
    kept, gone = int(np.argmax(result > 0)), int(np.argmin(result))
    page = explain(trace, event.position, (kept,))
    assert to_text(page.lines[0].expression).endswith("= 1/(1 - 0.25) = 1.333333")
    notes = english(explain(trace, event.position, (gone,)).notes)
    assert notes == ("Dropped: 25% of the elements are, drawn at random.",)
