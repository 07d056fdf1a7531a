"""Each value is what the textbook says it is: by golden numbers that were derived without autograd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from engine.analysis.roles import roles
from engine.trace.reader import Trace

Record = Callable[..., Trace]
Golden = dict[str, Any]


def array_of(trace: Trace, iteration: int, role: str) -> np.ndarray[Any, Any]:
    """The numbers of the value with that role."""
    found = trace.array(roles(trace, iteration).by_role[role])
    assert found is not None
    return found


def agrees(trace: Trace, iteration: int, role: str, wanted: object) -> None:
    """Fail unless the value with that role holds these numbers."""
    got = array_of(trace, iteration, role)
    np.testing.assert_allclose(got.reshape(-1), np.asarray(wanted, dtype=float).reshape(-1), rtol=1e-10, atol=1e-12)


def test_hello_has_the_roles_of_the_textbook(recorded: Record, golden: Golden) -> None:
    trace, seed = recorded("hello", "--double"), golden["seed000_hello_world"]
    for role, wanted in (seed["forward"] | {"x": seed["x"], "t": seed["t"]}).items():
        agrees(trace, 0, role, wanted)
    for role in ("w1", "b1", "w2", "b2"):
        agrees(trace, 0, role, seed["start"][role])
        agrees(trace, 0, f"new {role}", seed["updated"][role])
    for key, wanted in seed["backward"].items():
        if key.startswith("dC_"):
            agrees(trace, 0, key.replace("dC_d", "dC/d"), wanted)


def test_values_and_parameters_know_their_roles(recorded: Record) -> None:
    trace = recorded("hello", "--double")
    found = roles(trace, 0)
    assert {trace.tensor(key).name: role for key, role in found.of_tensor.items()} == {  # type: ignore[union-attr]
        "hidden_layer.weight": "w1", "hidden_layer.bias": "b1", "output_layer.weight": "w2", "output_layer.bias": "b2",
        "x": "x",
    }  # fmt: skip
    assert found.role(found.by_role["z1"]) == "z1"
    assert found.by_role["target"] == found.by_role["t"]


def test_two_layer_agrees_with_the_four_sample_pass(recorded: Record, golden: Golden) -> None:
    trace = recorded("two_layer", "--double", "--epochs", "1", "--samples", "4")
    seed = golden["seed003"]["classifier_5_8_4_1"]["four_sample_pass"]
    names = {"loss": "C", "prob": "a3", "dC_dprob": "dC/da3"}
    for key, wanted in seed.items():
        if key != "grads":
            agrees(trace, 0, names.get(key, key.replace("dC_d", "dC/d")), wanted)
    for layer, module in enumerate(("hidden1", "hidden2", "output"), 1):
        agrees(trace, 0, f"dC/dw{layer}", seed["grads"][f"{module}.weight"])
        agrees(trace, 0, f"dC/db{layer}", seed["grads"][f"{module}.bias"])


def test_activations_that_are_added_are_one_activation(recorded: Record, golden: Golden) -> None:
    trace = recorded("two_layer", "--double", "--mixed", "--epochs", "1", "--samples", "4")
    seed = golden["seed003"]["two_activations"]["relu+tanh"]
    agrees(trace, 0, "a1", seed["four_sample_a1"])
    agrees(trace, 0, "dC/dz1", seed["four_sample_dC_dz1"])


def test_a_network_without_autograd_has_roles_too(recorded: Record, golden: Golden) -> None:
    trace = recorded("four_three_one", "--double", "--passes", "2")
    seed = golden["seed001"]["net_4_3_1"]
    agrees(trace, 0, "z1", seed["first_pass"]["z_hidden"])
    agrees(trace, 0, "x", seed["X"])
    agrees(trace, 0, "t", seed["y"])
    agrees(trace, 0, "C", seed["checkpoints_before_step"]["0"]["C_half_sse"])
    agrees(trace, 0, "a2", seed["checkpoints_before_step"]["0"]["out"])
    for role, name in (("w1", "wh"), ("b1", "bh"), ("w2", "wout"), ("b2", "bout")):
        agrees(trace, 0, role, seed["init"][name])
        agrees(trace, 0, f"new {role}", seed["after_1_step"][name])
    assert "z2[2]" not in roles(trace, 0).by_role, "delta2 @ wout.t() is no second use of the layer"


def test_a_bias_that_is_added_belongs_to_the_layer(recorded: Record, golden: Golden) -> None:
    trace, seed = recorded("scratch_minibatch", "--double", "--epochs", "1"), golden["seed002"]["linear_net"]
    agrees(trace, 0, "C", seed["first_batch"]["loss"])
    agrees(trace, 0, "dC/dw1", seed["first_batch"]["dC_dw"])
    assert array_of(trace, 1, "z1").shape == (50,)
    x, w, b = (array_of(trace, 1, role) for role in ("x", "w1", "b1"))
    np.testing.assert_allclose(array_of(trace, 1, "z1"), x @ w + b, rtol=1e-12)


def test_lenet_has_five_layers_and_its_pools(recorded: Record, golden: Golden) -> None:
    trace, seed = recorded("lenet", "--double"), golden["seed004_convnet"]
    # The optimizer's first iteration starts from the same weights again, in one pass.
    trained = [i.number for i in trace.iterations() if "new w5" in roles(trace, i.number).by_role]
    first = trained[-5]
    found = roles(trace, first)
    assert "z1[2]" not in found.by_role
    agrees(trace, first, "C", seed["loss"])
    agrees(trace, first, "z5", seed["out"])
    symbols = {symbol: value for value, symbol in found.symbols.items()}
    for symbol, stage in (
        ("z1", "conv1"),
        ("a1", "relu1"),
        ("p1", "pool1"),
        ("z2", "conv2"),
        ("p2", "pool2"),
        ("z3", "fc1"),
    ):
        array = trace.array(symbols[symbol])
        assert array is not None
        assert list(array.shape) == seed["stages"][stage]["shape"]
        assert array.sum() == pytest.approx(seed["stages"][stage]["sum"], rel=1e-9)
    for layer, name in enumerate(("conv1", "conv2", "fc1", "fc2", "fc3"), 1):
        wanted = seed["gradients"][f"{name}.weight"]
        assert array_of(trace, first, f"dC/dw{layer}").sum() == pytest.approx(wanted["sum"], rel=1e-9, abs=1e-12)


def test_a_neuron_of_one_weight_is_a_layer(recorded: Record) -> None:
    trace = recorded("autograd")
    found = roles(trace, 0)
    assert float(array_of(trace, 0, "z1")[0]) == 7.0
    assert float(array_of(trace, 0, "dC/dw1")[0]) == 3.0
    assert float(array_of(trace, 0, "dC/dw2")[0]) == 0.0
    assert float(array_of(trace, 0, "dC/da")[0]) == 75.0
    assert found.symbols[found.by_role["C"]] == "C"


RECURRENT = """
    import torch
    torch.manual_seed(0)
    layer = torch.nn.Linear(3, 3)
    h = torch.ones(2, 3)
    for _ in range(3):
        h = torch.tanh(layer(h))
    h.sum().backward()
"""


def test_a_weight_used_again_keeps_its_layer_number(recorded: Record) -> None:
    found = roles(recorded(source=RECURRENT), 0)
    assert {"z1", "a1", "z1[2]", "a1[2]", "z1[3]", "a1[3]", "dC/dz1[2]", "dC/dw1"} <= found.by_role.keys()
    assert "z2" not in found.by_role


UNSURE = """
    import torch
    torch.manual_seed(0)
    scale = torch.ones(3, requires_grad=True)
    layer = torch.nn.Linear(3, 3)
    z = layer(torch.ones(2, 3))
    fork = torch.relu(z), torch.tanh(z)
    (scale * fork[0] - fork[1]).sum().backward()
"""


def test_no_role_rather_than_a_wrong_one(recorded: Record) -> None:
    trace = recorded(source=UNSURE)
    found = roles(trace, 0)
    assert "a1" not in found.by_role, "two activations of one z that are not added"
    assert "z2" not in found.by_role, "a scale of three numbers makes no layer"
    assert found.of_tensor[next(t.id for t in trace.tensors() if t.name == "scale")] == "scale"
