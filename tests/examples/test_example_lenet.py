"""lenet.py: seed 004's convolutional network, its gradients, and five optimizers from one start."""

from typing import Any

import pytest

OPTIMIZERS = {
    "sgd": "SGD",
    "momentum": "SGD_momentum_0.9",
    "nesterov": "SGD_nesterov_0.9",
    "adam": "Adam",
    "rmsprop": "RMSprop",
}


def test_inputs_and_starting_weights(example: Any, golden: dict[str, Any]) -> None:
    net = golden["seed004_convnet"]
    names = example.play("lenet").names
    names["set_start"](names["net"])
    parameters = dict(names["net"].named_parameters())

    example.close_digest(names["picture"], net["input"])
    example.close(names["target"], net["target"])
    example.close(names["push"], net["pushed_gradient"])
    assert {name: list(parameter.shape) for name, parameter in parameters.items()} == net["parameter_shapes"]
    assert sum(parameter.numel() for parameter in parameters.values()) == net["parameter_numbers"]
    for name, parameter in parameters.items():
        example.close_digest(parameter, net["init"][name])


def test_stages_and_their_gradients(example: Any, golden: dict[str, Any]) -> None:
    net = golden["seed004_convnet"]
    # The second forward pass is the one whose backward starts at the loss.
    second = stages(example.play("lenet", watch=True), forward=1)

    for name, call in second.items():
        example.close_digest(call.value, net["stages"][name])
        example.close_digest(call.tensor.grad, net["gradients_of_stages"][f"d_{name}"])
    example.close(second["fc3"].value, net["out"])


def test_gradients_pushed_from_ten_outputs_and_from_the_loss(example: Any, golden: dict[str, Any]) -> None:
    net = golden["seed004_convnet"]
    names = example.play("lenet").names
    model, picture = names["net"], names["picture"]
    names["set_start"](model)

    model.zero_grad()
    model(picture).backward(names["push"])
    for name, parameter in model.named_parameters():
        example.close_digest(parameter.grad, net["pushed"]["gradients"][name])

    model.zero_grad()
    loss = names["criterion"](model(picture), names["target"])
    loss.backward()
    example.close(loss, net["loss"])
    for name, parameter in model.named_parameters():
        example.close_digest(parameter.grad, net["gradients"][name])


def test_prints_bias_gradients_in_three_states(example: Any, golden: dict[str, Any]) -> None:
    net = golden["seed004_convnet"]
    lines = [line for line in example.play("lenet").printed.splitlines() if line.startswith("conv1.bias.grad")]

    assert lines[0].endswith(four_decimals(net["pushed"]["conv1.bias.grad"]))
    assert lines[1].endswith(net["conv1.bias.grad_before_backward"])
    assert lines[2].endswith(four_decimals(net["conv1.bias.grad"]))


def test_prints_the_graph(example: Any, golden: dict[str, Any]) -> None:
    net = golden["seed004_convnet"]
    printed = example.play("lenet").printed
    graph = next(line for line in printed.splitlines() if line.startswith("graph: "))
    path = graph.removeprefix("graph: ").split(" <- ")

    assert path[:2] == net["grad_fn_chain_first_of_each"][:2]
    assert set(path) <= {name for _, name in net["backward_graph"]}
    assert path.count("ConvolutionBackward0") == 2
    assert path.count("AddmmBackward0") == 3
    assert ", ".join(net["addmm_next_functions"]) in printed


@pytest.mark.parametrize("option", OPTIMIZERS)
def test_five_iterations_of_an_optimizer(example: Any, golden: dict[str, Any], option: str) -> None:
    wanted = golden["seed004_convnet"]["optimizers"][OPTIMIZERS[option]]
    played = example.play("lenet", "--optimizer", option, watch=True)

    example.close(played.values("mse_loss")[-6:], wanted["loss_before_steps_then_after"])
    example.close(played.names["net"].conv1.bias, wanted["conv1.bias_after_5"])


def test_update_by_hand_is_what_sgd_does(example: Any, golden: dict[str, Any]) -> None:
    losses = golden["seed004_convnet"]["optimizers"]["SGD"]["loss_before_steps_then_after"]

    example.close(example.play("lenet", watch=True).values("mse_loss")[:2], losses[:2])


def four_decimals(numbers: list[float]) -> str:
    return "  ".join(f"{number:+.4f}" for number in numbers)


def stages(played: Any, forward: int) -> dict[str, Any]:
    """The results of one forward pass, counted from 0, under the golden names."""
    of = {name: played.calls(name) for name in ("conv2d", "relu", "linear", "view")}
    conv1, conv2 = of["conv2d"][2 * forward : 2 * forward + 2]
    relu1, relu2, relu3, relu4 = of["relu"][4 * forward : 4 * forward + 4]
    fc1, fc2, fc3 = of["linear"][3 * forward : 3 * forward + 3]
    pooled = [call for call in played.results if call.function == "max_pool2d"]
    pool1, pool2 = pooled[2 * forward : 2 * forward + 2]
    return {
        "conv1": conv1,
        "relu1": relu1,
        "pool1": pool1,
        "conv2": conv2,
        "relu2": relu2,
        "pool2": pool2,
        "flat": of["view"][forward],
        "fc1": fc1,
        "relu3": relu3,
        "fc2": fc2,
        "relu4": relu4,
        "fc3": fc3,
    }
