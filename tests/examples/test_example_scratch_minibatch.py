"""scratch_minibatch.py: seed 002's linear classifier, from its data to its tenth epoch."""

from typing import Any

import pytest


def test_data_and_its_scale(example: Any, golden: dict[str, Any]) -> None:
    net = golden["seed002"]["linear_net"]
    names = example.play("scratch_minibatch", "--epochs", "0").names

    example.close(names["X"][:5], net["X_first_5"])
    example.close(names["y"][:20], net["y_first_20"])
    example.close(names["y"].sum(), net["class_counts"][1])
    example.close(names["mean"], net["mu"])
    example.close(names["deviation"], net["sd"])


def test_first_batch(example: Any, golden: dict[str, Any]) -> None:
    first = golden["seed002"]["linear_net"]["first_batch"]
    played = example.play("scratch_minibatch", "--epochs", "1", watch=True)

    assert played.names["order"][:10] == first["order_first_10"]
    # The first result of mean() after the data's own mean is the first batch's loss.
    example.close(played.values("mean")[1], first["loss"])
    gradients = played.values("__get__")
    assert [value.shape for value in gradients[:2]] == [(4,), (1,)]
    example.close(gradients[0], first["dC_dw"])
    example.close(gradients[1], first["dC_db"])
    w_after, b_after = played.values("sub_")[:2]
    example.close(w_after, first["w_after"])
    example.close(b_after, first["b_after"])


@pytest.mark.parametrize("epochs", [1, 5, 10])
def test_loss_weights_and_accuracies_after_an_epoch(example: Any, golden: dict[str, Any], epochs: int) -> None:
    wanted = golden["seed002"]["linear_net"]["epochs"][epochs - 1]
    names = example.play("scratch_minibatch", "--epochs", str(epochs)).names

    example.close(names["w"], wanted["w"])
    example.close(names["b"], wanted["b"])
    example.close(names["train_loss"], wanted["train_loss"])
    example.close(names["train_accuracy"], wanted["train_acc"])
    example.close(names["test_accuracy"], wanted["test_acc"])


def test_prints_each_epoch_s_loss(example: Any, golden: dict[str, Any]) -> None:
    printed = example.play("scratch_minibatch").printed

    for number, epoch in enumerate(golden["seed002"]["linear_net"]["epochs"], start=1):
        assert f"epoch {number:2}: loss {epoch['train_loss']:.4f}" in printed
