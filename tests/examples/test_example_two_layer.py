"""two_layer.py: seed 003's classifier, its mixed activations and its quartic loss."""

from typing import Any

import pytest
import torch


def test_data_and_starting_weights(example: Any, golden: dict[str, Any]) -> None:
    net = golden["seed003"]["classifier_5_8_4_1"]
    names = example.play("two_layer", "--epochs", "1", "--lr", "0").names

    example.close(names["X"], net["X"])
    example.close(names["y"], net["y"])
    for name, parameter in names["model"].named_parameters():
        example.close(parameter, net["init"][name])


def test_four_samples_in_full(example: Any, golden: dict[str, Any]) -> None:
    wanted = golden["seed003"]["classifier_5_8_4_1"]["four_sample_pass"]
    played = example.play("two_layer", "--samples", "4", "--epochs", "1", watch=True)

    for name, call in quantities(played).items():
        example.close(call.value, wanted[name])
        example.close(call.tensor.grad, wanted[f"dC_d{name}"])
    example.close(played.values("binary_cross_entropy")[0], wanted["loss"])
    for name, parameter in played.names["model"].named_parameters():
        example.close(parameter.grad, wanted["grads"][name])


def test_full_batch_pass(example: Any, golden: dict[str, Any]) -> None:
    wanted = golden["seed003"]["classifier_5_8_4_1"]["full_batch_pass"]
    played = example.play("two_layer", "--epochs", "1", watch=True)

    for name, call in quantities(played).items():
        example.close_digest(call.value, wanted[name])
        example.close_digest(call.tensor.grad, wanted[f"dC_d{name}"])
    for name, parameter in played.names["model"].named_parameters():
        example.close(parameter.grad, wanted["grads"][name])


def test_1000_epochs(example: Any, golden: dict[str, Any]) -> None:
    net = golden["seed003"]["classifier_5_8_4_1"]
    played = example.play("two_layer", watch=True)
    losses = played.values("binary_cross_entropy")
    outputs = [value for value in played.values("sigmoid") if value.shape == (100, 1)]

    for epoch, loss in net["loss_at_epoch"].items():
        example.close(losses[int(epoch)], loss, trained=True)
    for epoch, first_ten in net["probabilities_first_10"].items():
        example.close(outputs[int(epoch)][:10], first_ten, trained=True)


@pytest.mark.parametrize("epoch", ["0", "20", "100", "200", "500"])
def test_prints_how_the_classes_part(example: Any, golden: dict[str, Any], epoch: str) -> None:
    wanted = golden["seed003"]["classifier_5_8_4_1"]["separation"][epoch]
    printed = example.play("two_layer", "--epochs", str(int(epoch) + 1)).printed

    line = next(line for line in printed.splitlines() if line.startswith(f"epoch {epoch:>4}:"))
    assert f"{wanted['accuracy']:.0%} right" in line
    assert f"{wanted['mean_prob_class0']:.3f} for class 0" in line
    assert f"{wanted['mean_prob_class1']:.3f} for class 1" in line


def test_prints_the_separation_at_the_end(example: Any, golden: dict[str, Any]) -> None:
    wanted = golden["seed003"]["classifier_5_8_4_1"]["separation"]["1000"]
    last = example.play("two_layer").printed.splitlines()[-1]

    assert f"{wanted['accuracy']:.0%} right" in last
    assert f"{wanted['mean_prob_class0']:.3f} for class 0, {wanted['mean_prob_class1']:.3f} for class 1" in last


@pytest.mark.parametrize(
    ("options", "key"), [(["--mixed"], "relu+tanh"), (["--lr", "0.04", "--epochs", "100"], "relu")]
)
def test_two_activations_against_one(example: Any, golden: dict[str, Any], options: list[str], key: str) -> None:
    wanted = golden["seed003"]["two_activations"][key]
    losses = example.play("two_layer", *options, watch=True).values("binary_cross_entropy")

    assert len(losses) == 101
    for epoch, loss in wanted["loss_at_epoch"].items():
        example.close(losses[int(epoch)], loss, trained=True)


def test_mixed_activation_of_four_samples(example: Any, golden: dict[str, Any]) -> None:
    wanted = golden["seed003"]["two_activations"]["relu+tanh"]
    played = example.play("two_layer", "--mixed", "--samples", "4", "--epochs", "1", watch=True)

    example.close(played.values("binary_cross_entropy")[0], wanted["four_sample_loss"])
    example.close(played.values("add")[0], wanted["four_sample_a1"])
    example.close(played.calls("linear")[0].tensor.grad, wanted["four_sample_dC_dz1"])


def test_quartic_loss(example: Any, golden: dict[str, Any]) -> None:
    wanted = golden["seed003"]["quartic_loss"]
    played = example.play("two_layer", "--quartic", watch=True)
    losses = [value for value in played.values("mean") if value.shape == ()]

    example.close_digest(played.names["X"], wanted["X"])
    example.close_digest(played.names["y"].flatten(), wanted["y"])
    example.close(losses[0], wanted["quartic"]["loss_at_epoch"]["0"])
    example.close(played.names["loss"], wanted["quartic"]["loss_at_epoch"]["200"], trained=True)
    assert f"mean squared error {wanted['quartic']['final_mse']:.4f}" in played.printed.splitlines()[-1]
    for epoch in ("1", "10", "100"):
        shorter = example.play("two_layer", "--quartic", "--epochs", epoch)
        example.close(shorter.names["loss"], wanted["quartic"]["loss_at_epoch"][epoch], trained=True)


def test_quartic_loss_on_paper(example: Any, golden: dict[str, Any]) -> None:
    paper = golden["seed003"]["quartic_loss"]["paper_case"]
    quartic_loss = example.play("two_layer", "--epochs", "1").names["quartic_loss"]
    output = torch.tensor(paper["output"], requires_grad=True)
    loss = quartic_loss(output, torch.tensor(paper["target"]))
    loss.backward()

    example.close(loss, paper["loss"])
    example.close(output.grad, paper["grad_output"])


def test_model_is_called_past_its_module_hooks(examples_folder: Any) -> None:
    source = (examples_folder / "two_layer.py").read_text(encoding="utf-8")

    assert "model.forward(X)" in source
    assert "model(X)" not in source


def quantities(played: Any) -> dict[str, Any]:
    """The results of the first forward pass under their textbook names."""
    z1, z2, z3 = played.calls("linear")[:3]
    a1, a2 = played.calls("relu")[:2]
    prob = played.calls("sigmoid")[0]
    return {"z1": z1, "a1": a1, "z2": z2, "a2": a2, "z3": z3, "prob": prob}
