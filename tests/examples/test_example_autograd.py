"""autograd.py: the derivatives of seeds 001 and 002."""

from typing import Any

import numpy as np


def test_cubic_and_its_gradients_before_and_after(example: Any, golden: dict[str, Any]) -> None:
    cubic = golden["seed002"]["autograd"]["cubic"]
    printed = example.play("autograd").printed

    before, after = cubic["grad_before_backward"]
    assert f"a.grad is {before} and b.grad is {after}" in printed
    assert f"y = {cubic['y']:g}\n" in printed
    assert f"3a^2 = {cubic['dy_da']:g}\n" in printed
    assert f"-2b = {cubic['dy_db']:g}\n" in printed


def test_relu_neuron_alive_and_dead(example: Any, golden: dict[str, Any]) -> None:
    alive, dead = (golden["seed002"]["autograd"][key] for key in ("relu_neuron", "relu_neuron_dead"))
    autograd = example.play("autograd", watch=True)

    example.close(autograd.values("relu"), [alive["out"], dead["out"]])
    for case in (alive, dead):
        line = f"w = {case['w']:g}: z = {case['z']:g}, relu(z) = {case['out']:g}, d/dw = {case['dout_dw']:g}"
        assert line in autograd.printed
    assert f"d/db = {alive['dout_db']:g}\n" in autograd.printed
    assert alive["third_grad_call_message"].split(" (")[0] in autograd.printed


def test_grid_by_both_ways_of_asking(example: Any, golden: dict[str, Any]) -> None:
    basics = golden["seed001"]["autograd_basics"]
    names = example.play("autograd").names

    for name in ("x", "y", "z"):
        example.close(names[name], basics[name])
    example.close(names["dz_dx"], basics["dz_dx_for_ones"])
    example.close(names["dz_dy"], basics["dz_dy_for_ones"])


def test_grid_prints_bit_exact_agreement(example: Any) -> None:
    printed = example.play("autograd").printed
    section = printed[printed.index("3. ") : printed.index("4. ")]

    assert section.count("True") == 3
    assert "False" not in section


def test_broadcasting_sums_the_gradient_of_the_grown_side(example: Any, golden: dict[str, Any]) -> None:
    broadcast = golden["seed001"]["autograd_basics"]["broadcast"]
    names = example.play("autograd").names

    example.close(names["column"], broadcast["b"])
    example.close(names["total"], broadcast["sum"])
    assert np.array_equal(names["column"].grad.numpy(), broadcast["grad_b_for_ones"])
