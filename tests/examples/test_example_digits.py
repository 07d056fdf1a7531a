"""digits.py: seed 001's 784-500-10 network on drawn digits, and what it learns from real ones."""

import re
from typing import Any

import numpy as np

LAYERS = {"W1": "0.weight", "B1": "0.bias", "W2": "2.weight", "B2": "2.bias"}


def test_drawn_digits(example: Any, golden: dict[str, Any]) -> None:
    mlp = golden["seed001"]["mlp_784_500_10"]
    names = example.play("digits", "--drawn", "--epochs", "0").names
    parameters = dict(names["net"].named_parameters())

    example.close_digest(names["x_train"], mlp["images"])
    example.close_digest(names["x_train"][0], mlp["image0"])
    assert names["y_train"][:12].tolist() == mlp["labels_first_12"]
    assert sum(parameter.numel() for parameter in parameters.values()) == mlp["parameter_count"]
    for short, name in LAYERS.items():
        example.close_digest(parameters[name], mlp["init"][short])


def test_first_batch_and_five_losses(example: Any, golden: dict[str, Any]) -> None:
    mlp = golden["seed001"]["mlp_784_500_10"]
    first = mlp["first_pass"]
    played = example.play("digits", "--drawn", watch=True)
    z1, z2 = played.calls("linear")[:2]

    example.close_digest(z1.value, first["z1"])
    example.close_digest(z1.tensor.grad, first["dC_dz1"])
    example.close_digest(played.values("relu")[0], first["a1"])
    example.close_digest(z2.value, first["z2"])
    example.close_digest(z2.tensor.grad, first["dC_dz2"])
    example.close(z2.value[0], first["z2_row0"])
    example.close(z2.tensor.grad[0], first["dC_dz2_row0"])
    example.close(played.values("cross_entropy"), mlp["loss_before_step"])


def test_first_gradients_of_parameters(example: Any, golden: dict[str, Any]) -> None:
    first = golden["seed001"]["mlp_784_500_10"]["first_pass"]
    names = example.play("digits", "--drawn", "--epochs", "0").names
    names["criterion"](names["net"](names["x_train"][:128]), names["y_train"][:128]).backward()
    parameters = dict(names["net"].named_parameters())

    for short, name in LAYERS.items():
        example.close_digest(parameters[name].grad, first[f"dC_d{short}"])


def test_weights_after_five_updates(example: Any, golden: dict[str, Any]) -> None:
    after = golden["seed001"]["mlp_784_500_10"]["after_5_steps"]
    parameters = dict(example.play("digits", "--drawn").names["net"].named_parameters())

    # Adam divides by the gradient's own size: where that is all rounding, the weights may differ by 1e-7.
    for short, name in LAYERS.items():
        got = parameters[name].detach().double().numpy().reshape(-1)
        for place, wanted in after[short]["entries"].items():
            assert abs(got[int(place)] - wanted) < 2e-6
        assert abs(np.abs(got).sum() - after[short]["abs_sum"]) < 1e-4 * after[short]["abs_sum"]


def test_learns_to_read_real_digits(example: Any) -> None:
    played = example.play("digits")
    names = played.names

    assert names["x_train"].shape == (1257, 784)
    assert names["x_valid"].shape == (540, 784)
    assert names["x_train"].min() == 0
    assert names["x_train"].max() == 1
    right = re.findall(r"right: ([\d.]+)% of train, ([\d.]+)% of validation", played.printed)
    assert len(right) == 3
    assert float(right[-1][0]) > 93
    assert float(right[-1][1]) > 85


def test_shipped_digits_are_the_uci_test_set(examples_folder: Any) -> None:
    data = np.load(examples_folder / "data" / "digits.npz")
    images, labels = data["images"], data["labels"]

    assert (images.shape, images.dtype, images.max()) == ((1797, 8, 8), np.uint8, 16)
    # Counts a class as published with the data set.
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_enlarging_keeps_every_pixel(example: Any, examples_folder: Any) -> None:
    small = np.load(examples_folder / "data" / "digits.npz")["images"]
    pictures, _ = example.play("digits", "--epochs", "0").names["load_digits"]()

    assert pictures.shape == (1797, 28, 28)
    assert np.array_equal(pictures[:, 3:27:3, 3:27:3] * 16, small)
    assert pictures.sum() * 16 == 9 * small.sum()
