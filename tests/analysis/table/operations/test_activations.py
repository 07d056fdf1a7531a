"""The rows of activations compute and differentiate as torch does, and their equations come to the recorded numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from engine.analysis.quantities import quantities
from engine.analysis.table.call import bind
from engine.analysis.table.operations.activations import Activation, has_slope
from engine.events import Kind
from engine.trace.reader import Trace
from tests.helpers.against_torch import a_row, agree
from tests.helpers.drawn_tensors import normal
from tests.helpers.equations import equations_hold, holds

Record = Callable[..., Trace]

PLAIN = [
    *("relu", "relu6", "leaky_relu", "hardtanh", "hardswish", "hardshrink", "softshrink", "elu", "selu", "celu"),
    *("gelu", "silu", "mish", "softplus", "softsign", "tanhshrink", "logsigmoid", "sigmoid", "tanh"),
]
WITH_SETTINGS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (F.leaky_relu, {"negative_slope": 0.3}),
    (F.hardtanh, {"min_val": -0.5, "max_val": 2.5}),
    (F.hardshrink, {"lambd": 1.25}),
    (F.softshrink, {"lambd": 1.25}),
    (F.threshold, {"threshold": 0.5, "value": -7}),
    (F.elu, {"alpha": 0.7}),
    # torch's backward of celu holds 1/α in float32, so one that is exact there.
    (F.celu, {"alpha": 0.5}),
    (F.gelu, {"approximate": "tanh"}),
    (F.softplus, {"beta": 2.5, "threshold": 1.5}),
]
KINKS = [-3.0, -1.0, -0.5, 0.0, 0.5, 1.0, 3.0, 6.0, 40.0, -40.0, float("inf"), -float("inf")]

numbers = st.one_of(st.floats(-30, 30, allow_nan=False).map(lambda x: round(x, 6)), st.sampled_from(KINKS))
shapes = st.lists(st.integers(0, 4), max_size=4).map(tuple)


drawn = partial(normal, spread=3.0)


@pytest.mark.parametrize("name", PLAIN)
@settings(max_examples=20, deadline=None)
@given(shape=shapes)
def test_shapes(name: str, shape: tuple[int, ...]) -> None:
    agree(getattr(F, name), drawn(shape))


@pytest.mark.parametrize("name", PLAIN)
def test_kinks_and_odd_numbers(name: str) -> None:
    agree(getattr(F, name), torch.tensor(KINKS, dtype=torch.float64, requires_grad=True))
    # What torch sends back to a NaN depends on the place in the array: its loops of 4 numbers and of 1 do not agree.
    agree(getattr(F, name), torch.tensor([float("nan"), 1.0], dtype=torch.float64))


@pytest.mark.parametrize(("function", "arguments"), WITH_SETTINGS)
@settings(max_examples=20, deadline=None)
@given(z=st.lists(numbers, max_size=8))
@example(z=KINKS)
def test_settings(function: Callable[..., Any], arguments: dict[str, Any], z: list[float]) -> None:
    agree(function, torch.tensor(z, dtype=torch.float64, requires_grad=True), **arguments)
    if function is not F.gelu:
        agree(function, torch.tensor(z, dtype=torch.float64, requires_grad=True), *arguments.values())


def test_hardsigmoid() -> None:
    # torch multiplies by a sixth that it holds in float32, even for float64.
    agree(F.hardsigmoid, torch.tensor(KINKS, dtype=torch.float64, requires_grad=True), rtol=1e3)


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "elu", "selu", "celu", "silu", "mish", "hardswish", "relu6"])
def test_in_place(name: str) -> None:
    agree(lambda z: getattr(F, name)(z.clone(), inplace=True), drawn((3, 4)))


def test_methods_and_other_names() -> None:
    for function in (torch.relu, torch.Tensor.relu_, torch.sigmoid_, torch.special.expit, torch.tanh, torch.celu_):
        agree(lambda z, function=function: function(z.clone()), drawn((2, 3)))
    agree(lambda z: torch.threshold_(z.clone(), 0.5, 2), drawn((2, 3)))
    agree(lambda z: F.leaky_relu_(z.clone(), 0.5), drawn((2, 3)))


@pytest.mark.parametrize("function", [torch.sigmoid, torch.tanh, F.silu, F.tanhshrink])
def test_complex_numbers(function: Callable[..., Any]) -> None:
    z = torch.complex(drawn((3, 2)), drawn((3, 2), 1)).detach()
    agree(function, z if function is F.silu else z.requires_grad_())


@pytest.mark.parametrize("function", [torch.relu, torch.sigmoid, torch.tanh, F.hardtanh])
def test_integers(function: Callable[..., Any]) -> None:
    z = torch.tensor([-2, 0, 3])
    expected = function(z).double().numpy()
    row, form = a_row(function.__name__)
    made = row.forward(bind(form, "", {"0": z.numpy()}, {}))
    np.testing.assert_allclose(made, expected, rtol=1e-6)


def test_limits_of_integers_are_integers() -> None:
    agree(F.hardtanh, torch.arange(-3, 4), -1.5, 1.5)


@settings(max_examples=30, deadline=None)
@given(shape=st.lists(st.integers(1, 4), min_size=2, max_size=4).map(tuple), is_shared=st.booleans())
def test_prelu(shape: tuple[int, ...], is_shared: bool) -> None:
    agree(F.prelu, drawn(shape), drawn((1,) if is_shared else (shape[1],), 1))


def test_prelu_of_few_dimensions() -> None:
    agree(F.prelu, drawn((5,)), drawn((1,), 1))
    agree(F.prelu, drawn(()), drawn((1,), 1))
    agree(F.prelu, drawn((4, 2)), drawn((), 1))
    agree(F.prelu, torch.tensor([[-0.0, 0.0, 2.0, float("nan")]], dtype=torch.float64, requires_grad=True), drawn((4,)))


@settings(max_examples=20, deadline=None)
@given(shape=st.lists(st.integers(1, 4), max_size=3).map(tuple))
def test_rrelu(shape: tuple[int, ...]) -> None:
    agree(F.rrelu, drawn(shape))
    agree(F.rrelu, drawn(shape), 0.2, 0.6)
    agree(F.rrelu, drawn(shape), training=True)


def test_what_rrelu_drew_for_zero_is_left_open() -> None:
    row, form = a_row("rrelu")
    z, G = np.array([-2.0, 0.0, 3.0]), np.array([1.0, 1.0, 1.0])
    call = bind(form, "", {"0": z}, {"training": True}, [np.array([-0.5, 0.0, 3.0])])
    sent = row.vjp(call, [G])["input"]
    assert isinstance(sent, np.ma.MaskedArray)
    assert sent.mask.tolist() == [False, True, False]
    assert sent[[0, 2]].tolist() == [0.25, 1.0]
    beyond = bind(form, "", {"0": z}, {"training": True}, [np.array([-1.8, 0.0, 3.0])])
    assert np.asarray(row.forward(beyond))[0] == -2 * (1 / 3), "a part outside the limits was not drawn"


@settings(max_examples=20, deadline=None)
@given(shape=st.lists(st.integers(1, 3), min_size=1, max_size=3), at=st.integers(0, 2), negative=st.booleans())
def test_glu(shape: list[int], at: int, negative: bool) -> None:
    dim = at % len(shape)
    shape[dim] *= 2
    agree(F.glu, drawn(tuple(shape)), dim - len(shape) if negative else dim)


SMOOTH = [
    "sigmoid",
    "tanh",
    "silu",
    "softplus",
    "log_sigmoid",
    "elu",
    "leaky_relu",
    "relu",
    "relu6",
    "hardtanh",
    "gelu",
]


@pytest.mark.parametrize("name", SMOOTH)
def test_slopes_are_central_differences(name: str) -> None:
    z = np.array([-7.3, -2.0, -0.4, 0.3, 0.9, 2.5, 7.1, 25.0])
    function = getattr(torch, name, None) or getattr(F, name.replace("log_sigmoid", "logsigmoid"))
    step = 1e-6
    above, below = (function(torch.from_numpy(z + sign * step)).numpy() for sign in (1, -1))
    row, form = a_row(name)
    assert isinstance(row, Activation)
    np.testing.assert_allclose(row.slopes_at(form.defaults, 0, z), (above - below) / (2 * step), rtol=1e-6, atol=1e-9)


def test_who_has_a_slope() -> None:
    assert all(map(has_slope, ("sigmoid", "sigmoid_", "relu_", "gelu", "_threshold")))
    assert not any(map(has_slope, ("softmax", "prelu", "rrelu", "add", "no such op")))


NETWORK = """
    import torch
    import torch.nn.functional as F

    torch.manual_seed(3)
    z = (2 * torch.randn(2, 3, 4)).requires_grad_()
    weight = torch.tensor([0.1, -0.3, 0.6], requires_grad=True)
    outputs = [
        F.relu(z), F.relu6(z), F.leaky_relu(z, 0.2), F.elu(z, 0.5), F.selu(z), F.celu(z, 0.5), F.gelu(z),
        F.gelu(z, approximate="tanh"), F.silu(z), F.mish(z), F.softplus(z), F.softplus(z, 3, 1), torch.tanh(z),
        F.hardtanh(z), F.hardsigmoid(z), F.hardswish(z), F.hardshrink(z), F.softshrink(z), F.threshold(z, 0.1, 5),
        F.logsigmoid(z), torch.sigmoid(z), F.prelu(z, weight), F.prelu(z, weight[:1]), F.rrelu(z), F.glu(z),
        F.rrelu(z, training=True), F.softsign(z), F.tanhshrink(z),
    ]
    C = sum((output * output).sum() for output in outputs)
    C.backward()
"""
PREPARATION = {"randn", "mul", "requires_grad_", "tensor", "sum", "add", "getitem"}


def test_equations_come_to_the_recorded_numbers(recorded: Record) -> None:
    trace = recorded(source=NETWORK)
    names = {event.name for event in trace.events() if event.kind == Kind.OP} - PREPARATION
    found = equations_hold(trace, *names)
    assert found.results.keys() == found.gradients.keys() == names
    assert found.results.total() > 600


LEARNT = """
    import torch
    import torch.nn.functional as F

    torch.manual_seed(3)
    z = torch.randn(2, 3, 2, requires_grad=True)
    w = torch.tensor([0.1, -0.3, 0.6], requires_grad=True)
    C = (F.prelu(z, w) ** 2).sum()
    C.backward()
"""


def test_gradients_of_learnt_slopes(recorded: Record) -> None:
    trace = recorded(source=LEARNT)
    of_weight = next(quantity for quantity in quantities(trace, 0) if quantity.symbol == "dC/dw")
    for place in range(3):
        page = explain(trace, of_weight, (place,))
        assert page.element == (place,)
        assert any("not positive" in note.english for note in page.notes)
        assert holds(page)


SLOPES = """
    import torch
    import torch.nn.functional as F

    z = torch.tensor([1.5, -0.5], requires_grad=True)
    a = F.relu(z)
    b = F.leaky_relu(z, 0.2)
    c = F.silu(z)
    s = F.softsign(z)
    C = (a + b + c + s).sum()
    C.backward()
"""


def test_slopes_are_steps_with_their_reason(recorded: Record) -> None:
    trace = recorded(source=SLOPES)
    slopes = [quantity for quantity in quantities(trace, 0) if quantity.slope is not None]
    assert [quantity.symbol.partition("'")[0] for quantity in slopes] == ["softsign", "silu", "leaky_relu", "relu"]
    relu = slopes[-1]
    slope = relu.array(trace)
    assert slope is not None
    assert slope.tolist() == [1.0, 0.0]
    captions = [explain(trace, relu, (place,)).lines[0].caption.english for place in (0, 1)]
    assert captions == [
        "Local derivative: the input is positive: the gradient passes.",
        "Local derivative: the input is not positive: nothing passes.",
    ]
    leaky = [to_text(explain(trace, slopes[2], (place,)).lines[0].expression) for place in (0, 1)]
    assert [text.rpartition(" = ")[2] for text in leaky] == ["1", "0.2"]
    silu = to_text(explain(trace, slopes[1], (0,)).lines[0].expression)
    assert silu.endswith(" = σ(1.5)·(1 + 1.5·(1 - σ(1.5))) = 1.041294"), "float32 has seven digits"
