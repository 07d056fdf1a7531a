"""four_three_one.py: the hand-written backward pass of seed 001's 4-3-1 network, right and buggy."""

from typing import Any

import pytest


def test_first_pass_in_full(example: Any, golden: dict[str, Any]) -> None:
    net = golden["seed001"]["net_4_3_1"]
    first = net["first_pass"]
    names = example.play("four_three_one", "--passes", "1").names

    example.close(names["X"], net["X"])
    example.close(names["y"], net["y"])
    for name, key in {
        "z1": "z_hidden",
        "a1": "a_hidden",
        "z2": "z_out",
        "a2": "a_out",
        "E": "E",
        "C": "C_half_sse",
        "delta2": "delta_out",
        "error1": "err_hidden",
        "delta1": "delta_hidden",
    }.items():
        example.close(names[name], first[key])


def test_deltas_give_the_gradients_with_the_sign_turned(example: Any, golden: dict[str, Any]) -> None:
    first = golden["seed001"]["net_4_3_1"]["first_pass"]
    names = example.play("four_three_one", "--passes", "1").names

    example.close(-(names["a1"].t() @ names["delta2"]), first["dC_dwout"])
    example.close(-names["delta2"].sum(dim=0, keepdim=True), first["dC_dbout"])
    example.close(-(names["X"].t() @ names["delta1"]), first["dC_dwh"])
    example.close(-names["delta1"].sum(dim=0, keepdim=True), first["dC_dbh"])


@pytest.mark.parametrize("name", ["wh", "bh", "wout", "bout"])
def test_starting_weights_and_first_update(example: Any, golden: dict[str, Any], name: str) -> None:
    net = golden["seed001"]["net_4_3_1"]

    example.close(example.play("four_three_one", "--passes", "0").names[name], net["init"][name])
    example.close(example.play("four_three_one", "--passes", "1").names[name], net["after_1_step"][name])


def test_5000_passes(example: Any, golden: dict[str, Any]) -> None:
    net = golden["seed001"]["net_4_3_1"]
    played = example.play("four_three_one")

    for name in ("wh", "bh", "wout", "bout"):
        example.close(played.names[name], net["after_5000_steps"][name], trained=True)
    example.close(played.names["a2"], net["after_5000_steps"]["last_out"], trained=True)
    assert_prints_checkpoints(played.printed, net["checkpoints_before_step"])


def test_buggy_variant_parts_at_once_and_ends_with_a_lower_loss(example: Any, golden: dict[str, Any]) -> None:
    net = golden["seed001"]["net_4_3_1"]
    bug = net["seed_bug_variant"]
    example.close(example.play("four_three_one", "--buggy", "--passes", "1").names["a2"], bug["first_a_out"])
    played = example.play("four_three_one", "--buggy")

    example.close(played.names["a2"], bug["last_out"], trained=True)
    example.close(played.names["bh"], bug["bh_after"], trained=True)
    example.close(played.names["bout"], bug["bout_after"], trained=True)
    assert_prints_checkpoints(played.printed, bug["checkpoints_before_step"])
    assert played.names["C"].item() < net["checkpoints_before_step"]["4999"]["C_half_sse"]


def test_needs_no_autograd(example: Any) -> None:
    played = example.play("four_three_one", "--passes", "2", watch=True)

    assert played.results
    assert not any(result.tensor.requires_grad for result in played.results)


def assert_prints_checkpoints(printed: str, checkpoints: dict[str, Any]) -> None:
    for number, checkpoint in checkpoints.items():
        assert f"pass {number:>4}: loss {checkpoint['C_half_sse']:.5f}" in printed
