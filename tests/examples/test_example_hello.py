"""hello.py: one iteration and twenty, against seed 000's numbers worked by hand."""

import math
from typing import Any

PARAMETERS = {
    "w1": "hidden_layer.weight",
    "b1": "hidden_layer.bias",
    "w2": "output_layer.weight",
    "b2": "output_layer.bias",
}


def test_forward_quantities_and_their_gradients(example: Any, golden: dict[str, Any]) -> None:
    seed = golden["seed000_hello_world"]
    hello = example.play("hello", watch=True)
    z1, z2 = hello.calls("linear")[:2]
    a1, a2 = hello.calls("sigmoid")[:2]
    loss = hello.calls("mse_loss")[0]

    for name, call in {"z1": z1, "a1": a1, "z2": z2, "a2": a2, "C": loss}.items():
        example.close(call.value, seed["forward"][name])
    for name, call in {"z1": z1, "a1": a1, "z2": z2, "a2": a2}.items():
        example.close(call.tensor.grad, seed["backward"][f"dC_d{name}"])


def test_gradients_and_update_of_parameters(example: Any, golden: dict[str, Any]) -> None:
    seed = golden["seed000_hello_world"]
    names = example.play("hello").names
    parameters = dict(names["net"].named_parameters())

    for short, name in PARAMETERS.items():
        example.close(parameters[name].grad, seed["backward"][f"dC_d{short}"])
        example.close(parameters[name], seed["updated"][short])
    example.close(names["x"].grad, seed["backward"]["dC_dx"])


def test_second_forward_pass_after_the_update(example: Any, golden: dict[str, Any]) -> None:
    after = golden["seed000_hello_world"]["after_update"]
    hello = example.play("hello", watch=True)

    example.close(hello.values("linear")[2:], [after["z1"], after["z2"]])
    example.close(hello.values("sigmoid")[2:], [after["a1"], after["a2"]])
    example.close(hello.names["loss"], after["C"])


def test_twenty_iterations(example: Any, golden: dict[str, Any]) -> None:
    twenty = golden["seed000_hello_world"]["twenty_steps"]
    hello = example.play("hello", "--iterations", "20", watch=True)

    example.close(hello.values("mse_loss")[:20], twenty["C_before_step"])
    example.close([p.item() for p in hello.names["net"].parameters()], twenty["params_after_step_w1_b1_w2_b2"][-1])
    example.close(hello.names["output"], twenty["a2_final"])


def test_input_s_gradient_is_of_the_last_iteration_alone(example: Any, golden: dict[str, Any]) -> None:
    w1, b1, w2, b2 = golden["seed000_hello_world"]["twenty_steps"]["params_after_step_w1_b1_w2_b2"][18]
    a1 = 1 / (1 + math.exp(-(w1 * 0.8 + b1)))
    a2 = 1 / (1 + math.exp(-(w2 * a1 + b2)))
    wanted = 2 * (a2 - 1) * a2 * (1 - a2) * w2 * a1 * (1 - a1) * w1

    example.close(example.play("hello", "--iterations", "20").names["x"].grad, wanted)


def test_prints_the_topology_and_the_tutorial_s_four_decimals(example: Any, golden: dict[str, Any]) -> None:
    seed = golden["seed000_hello_world"]
    printed = example.play("hello").printed

    assert printed.startswith(seed["topology_print"] + "\n")
    for number in seed["seed_prints_4dp"].values():
        assert f"{number:.4f}" in printed


def test_autograd_s_graph_is_the_one_of_an_input_without_a_batch(example: Any, golden: dict[str, Any]) -> None:
    wanted = [name for _, name in golden["seed000_hello_world"]["backward_graph_unbatched_input"]]
    loss = example.play("hello", watch=True).calls("mse_loss")[0].tensor

    assert node_names(loss.grad_fn) == wanted


def node_names(node: Any) -> list[str]:
    """Depth first in next_functions order."""
    return [node.name()] + [name for parent, _ in node.next_functions if parent for name in node_names(parent)]
