"""linear_regression.py: seed 001's line, with gradients cleared and piled up."""

from typing import Any

import pytest


def test_first_epoch(example: Any, golden: dict[str, Any]) -> None:
    line = golden["seed001"]["linear_regression"]
    played = example.play("linear_regression", "--epochs", "1", watch=True)
    model = played.names["model"]

    example.close(played.values("linear")[0], line["first_pass"]["pred"])
    example.close(played.calls("linear")[0].tensor.grad, line["first_pass"]["dC_dpred"])
    example.close(played.names["loss"], line["first_pass"]["loss_sum"])
    example.close(model.weight.grad, line["first_pass"]["dC_dw"])
    example.close(model.bias.grad, line["first_pass"]["dC_db"])


@pytest.mark.parametrize("epoch", [0, 1, 9, 99, 499])
@pytest.mark.parametrize(("options", "key"), [([], "epochs"), (["--no-zero-grad"], "no_zero_grad_variant")])
def test_loss_and_line_at_an_epoch(
    example: Any, golden: dict[str, Any], options: list[str], key: str, epoch: int
) -> None:
    wanted = golden["seed001"]["linear_regression"][key][str(epoch)]
    names = example.play("linear_regression", "--epochs", str(epoch + 1), *options).names
    trained = epoch >= 99

    example.close(names["loss"], wanted["loss_before_step"], trained)
    example.close(names["model"].weight, wanted["w_after"], trained)
    example.close(names["model"].bias, wanted["b_after"], trained)


def test_prediction_of_the_trained_line(example: Any, golden: dict[str, Any]) -> None:
    wanted = golden["seed001"]["linear_regression"]["final"]["predict_4"]
    played = example.play("linear_regression")

    example.close(played.names["prediction"], wanted, trained=True)
    assert f"at x = 4: {wanted:.4f}" in played.printed
