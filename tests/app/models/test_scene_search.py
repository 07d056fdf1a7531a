"""Cards are found by whatever a user calls them."""

from __future__ import annotations

import pytest

from app.models.scene import Card, Cluster, Pill, Scene
from app.models.scene_search import found_cards

NET = Scene(
    (
        Card("x", "x", kind="input"),
        Card("z1", "linear", "z1", cluster=("net", "fc1"), pills=(Pill("parameter|fc1.weight|0@z1", "w1"),)),
        Card("a1", "sigmoid", "a1", cluster=("net",)),
        Card("z10", "linear", "z10", cluster=("net", "fc2")),
        Card("C", "mse_loss", "C", kind="loss"),
    ),
    (),
    (
        Cluster(("net",), "net", "Net"),
        Cluster(("net", "fc1"), "fc1", "Linear"),
        Cluster(("net", "fc2"), "fc2", "Linear"),
    ),
)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sigmoid", ("a1",)), ("z1", ("z1", "z10")), ("Z⁽¹⁾", ("z1",)), ("fc2", ("z10",)), ("fc1.weight", ("z1",)),
        ("w1", ("z1",)), ("LINEAR", ("z1", "z10")), ("linear fc2", ("z10",)), ("loss", ("C",)), ("input", ("x",)),
        ("", ()), ("   ", ()), ("nothing like it", ()),
    ],
)  # fmt: skip
def test_found_by(query: str, expected: tuple[str, ...]) -> None:
    assert found_cards(NET, query) == expected
