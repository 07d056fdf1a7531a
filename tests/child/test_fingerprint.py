"""Equal fingerprints mean equal bits, and unequal bits unequal fingerprints."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from engine.child.fingerprint import write_fingerprint


def names() -> dict[str, Any]:
    """What a script might hold: a trained module, its optimizer, arrays, a cycle."""
    with torch.random.fork_rng():
        torch.manual_seed(1)
        net = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    net(torch.ones(3, 2)).sum().backward()
    optimizer.step()
    loop: list[Any] = [torch.arange(3)]
    loop.append(loop)
    return {"net": net, "optimizer": optimizer, "loop": loop, "data": {"x": np.arange(4.0)}, "__file__": "s.py"}


@pytest.fixture
def fingerprint(tmp_path: Path) -> Callable[[dict[str, Any]], dict[str, str]]:
    """Hashes of some variables, by name."""

    def take(held: dict[str, Any]) -> dict[str, str]:
        write_fingerprint(tmp_path / "hashes.json", held)
        return dict(json.loads((tmp_path / "hashes.json").read_text()))

    return take


def test_everything_held_is_found_by_name(fingerprint: Callable[..., dict[str, str]]) -> None:
    found = {name for name in fingerprint(names()) if not name.startswith("random")}
    assert found == {
        "net.weight", "net.bias", "net.weight.grad", "net.bias.grad", "loop[0]", "data['x']",
        "optimizer.state_dict()['state'][0]['momentum_buffer']",
        "optimizer.state_dict()['state'][1]['momentum_buffer']",
    }  # fmt: skip


def test_the_same_bits_have_the_same_hashes(fingerprint: Callable[..., dict[str, str]]) -> None:
    assert fingerprint(names()) == fingerprint(names())


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda held: held["net"].weight.data.mul_(1 + 2**-23), "net.weight"),
        (lambda held: held["net"].bias.grad.neg_(), "net.bias.grad"),
        (lambda held: held["loop"].__setitem__(0, torch.arange(3).to(torch.int32)), "loop[0]"),
        (lambda held: held["data"].update(x=np.arange(4.0).reshape(2, 2)), "data['x']"),
        (lambda held: torch.rand(1), "random: torch"),
        (lambda held: np.random.random(), "random: numpy"),
    ],
)
def test_one_different_bit_shows(
    change: Callable[[dict[str, Any]], object], name: str, fingerprint: Callable[..., dict[str, str]]
) -> None:
    held = names()
    torch_state, numpy_state = torch.get_rng_state(), np.random.get_state()
    before = fingerprint(held)
    change(held)
    after = fingerprint(held)
    torch.set_rng_state(torch_state)
    np.random.set_state(numpy_state)
    assert [key for key in before if before[key] != after[key]] == [name]


def test_taking_it_changes_nothing(fingerprint: Callable[..., dict[str, str]]) -> None:
    held = names()
    before = torch.get_rng_state().clone()
    fingerprint(held)
    assert torch.equal(before, torch.get_rng_state())
    assert held["net"].weight.grad_fn is None
    assert held["net"].weight._version == names()["net"].weight._version


def test_what_has_no_bytes_is_described(fingerprint: Callable[..., dict[str, str]]) -> None:
    sparse = torch.eye(3).to_sparse()
    empty = torch.empty(0, 4)
    scalar = torch.tensor(1.5, dtype=torch.bfloat16)
    found = fingerprint({"a": sparse, "b": empty, "c": scalar})
    assert {"a", "b", "c"} <= found.keys()
    assert fingerprint({"c": torch.tensor(1.5078125, dtype=torch.bfloat16)})["c"] != found["c"]
