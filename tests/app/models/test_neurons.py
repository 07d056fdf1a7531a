"""Networks recognised as neurons, by roles, and their numbers at each place: those worked by hand for the 1-1-1 net."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from app.models.card_states import CardStates
from app.models.neuron_net import NeuronNet, find_neuron_net
from app.models.neuron_states import NeuronState, NeuronStates
from app.models.scene_builder import build_scene
from engine.session.place import Place
from engine.trace.reader import Trace

RAW = """
import torch
x = torch.tensor([[1.0, 0.0, 1.0, 0.0], [1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])
y = torch.tensor([[1.0], [1.0], [0.0]])
wh = torch.arange(12.0).reshape(4, 3) / 10
bh, wout, bout = torch.zeros(1, 3), torch.ones(3, 1), torch.zeros(1, 1)
for t in (wh, bh, wout, bout):
    t.requires_grad_()
for _ in range(2):
    z1 = x @ wh + bh
    a1 = torch.sigmoid(z1)
    z2 = a1 @ wout + bout
    a2 = torch.sigmoid(z2)
    C = 0.5 * ((y - a2) ** 2).sum()
    C.backward()
    with torch.no_grad():
        for t in (wh, bh, wout, bout):
            t -= 0.5 * t.grad
            t.grad = None
"""


def net_of(trace: Trace, iteration: int = 0) -> NeuronNet | None:
    return find_neuron_net(trace, build_scene(trace, iteration))


def state_at(trace: Trace, quantity: int, iteration: int = 0, sample: int = 0) -> NeuronState:
    built = build_scene(trace, iteration)
    net = find_neuron_net(trace, built)
    assert net is not None
    position = built.steps[quantity - 1].known_at if quantity else 0
    place = Place(position, quantity, iteration)
    return NeuronStates(trace, built, net).state(place, CardStates(trace, built).states(place).pills, sample)


def test_two_neurons_of_the_first_example(hello: Trace) -> None:
    net = net_of(hello)
    assert net is not None
    assert net.sizes == (1, 1, 1)
    assert [layer.activation for layer in net.layers] == ["sigmoid", "sigmoid"]
    assert net.loss is not None


def test_raw_tensors_without_modules(recorded: Callable[[str], Trace]) -> None:
    net = net_of(recorded(RAW))
    assert net is not None
    assert net.sizes == (4, 3, 1)
    assert all(layer.transposed for layer in net.layers)
    assert net.samples == 3


@pytest.mark.parametrize(
    "script",
    [
        "import torch\nnet = torch.nn.Linear(40, 3)\nnet(torch.ones(2, 40)).sum().backward()",
        "import torch\nnet = torch.nn.Conv2d(1, 2, 3)\nnet(torch.ones(1, 1, 5, 5)).sum().backward()",
        "import torch\nx = torch.ones(3, requires_grad=True)\n(x * x).sum().backward()",
    ],
)
def test_what_is_too_large_or_no_chain_of_layers_has_no_neurons(recorded: Callable[[str], Trace], script: str) -> None:
    assert net_of(recorded(script)) is None


def test_residual_network_is_no_chain(recorded: Callable[[str], Trace]) -> None:
    script = """
import torch
one, two = torch.nn.Linear(3, 3), torch.nn.Linear(3, 3)
x = torch.ones(2, 3)
h = torch.tanh(one(x))
loss = (torch.tanh(two(h + x)) ** 2).mean()
loss.backward()
"""
    assert net_of(recorded(script)) is None


def test_nothing_is_known_before_it_is_revealed(hello: Trace) -> None:
    state = state_at(hello, 0)
    assert state.columns[1].z is None
    assert state.loss is None
    assert state.weights[0].grad is None


def test_numbers_of_the_first_pass(hello: Trace) -> None:
    """z, a, C and gradients as derived by hand, in float64 to ten digits."""
    state = state_at(hello, 15)
    assert state.columns[0].a == pytest.approx([0.8])
    assert state.columns[1].z == pytest.approx([1.1240000000], rel=2e-6)
    assert state.columns[1].a == pytest.approx([0.7547299214], rel=2e-6)
    assert state.columns[2].z == pytest.approx([1.7390883073], rel=2e-6)
    assert state.columns[2].grad_z == pytest.approx([-0.0379847390], rel=2e-5)
    assert state.columns[1].grad_a == pytest.approx([-0.0930626105], rel=2e-5)
    assert state.loss == pytest.approx(0.0223289583, rel=2e-5)
    assert state.weights[0].grad is not None
    assert state.weights[0].grad == pytest.approx(np.array([[-0.0137816544]]), rel=2e-5)


def test_before_and_after_the_update_are_two_numbers(hello: Trace) -> None:
    built = build_scene(hello, 0)
    before, after = state_at(hello, 15), state_at(hello, len(built.steps))
    assert before.weights[0].new is None
    assert before.weights[0].now == pytest.approx(np.array([[1.58]]))
    assert after.weights[0].old == pytest.approx(np.array([[1.58]]))
    assert after.weights[0].new == pytest.approx(np.array([[1.5813781654]]), rel=2e-6)
    assert after.biases[1] is not None
    assert after.biases[1].now == pytest.approx([-0.1062015261], rel=2e-5)
    following = state_at(hello, 1, iteration=1)
    assert following.weights[0].old == pytest.approx(np.array([[1.5813781654]]), rel=2e-6)


def test_weights_are_out_by_in_whichever_way_the_script_writes_them(recorded: Callable[[str], Trace]) -> None:
    state = state_at(recorded(RAW), 5)
    weight = state.weights[0].now
    assert weight is not None
    assert weight.shape == (3, 4)
    assert weight[1] == pytest.approx([0.1, 0.4, 0.7, 1.0])
    bias = state.biases[0]
    assert bias is not None
    assert bias.now is not None
    assert bias.now.shape == (3,)


def test_each_row_of_the_batch_has_its_own_numbers(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(RAW)
    first, last = state_at(trace, 5), state_at(trace, 5, sample=2)
    assert first.columns[1].z == pytest.approx([0.6, 0.8, 1.0])  # rows 0 and 2 of wh added
    assert last.columns[1].z == pytest.approx([1.2, 1.4, 1.6])  # rows 1 and 3
    assert last.columns[0].a == pytest.approx([0, 1, 0, 1])


def test_the_recording_of_the_lesson_is_recognised_too(hello_path: Path) -> None:
    with Trace(hello_path) as trace:
        assert net_of(trace, 2) == net_of(trace, 0)
