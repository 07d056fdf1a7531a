"""Traces that the tests of this folder read, recorded once in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import gradstep
from tests.helpers.recorded_traces import hello_path, net_path

__all__ = ["hello_path", "net_path"]


@pytest.fixture(scope="module")
def odd_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trace of values that formats find hard: not finite, complex, empty, boolean, bfloat16, large."""
    import torch

    path = tmp_path_factory.mktemp("traces") / "odd.gradstep"
    with gradstep.record(path):
        x = torch.tensor([1.0, float("nan"), float("inf"), -float("inf")])
        x.mul(2)
        torch.complex(torch.tensor([1.0]), torch.tensor([float("nan")]))
        torch.zeros(0, 3).add(1)
        x.isnan().logical_not()
        torch.tensor([0.1], dtype=torch.bfloat16).add(3)
        torch.ones(40, 50).add(1).t()
    return path


@pytest.fixture
def no_leftovers(tmp_path: Path) -> Iterator[Path]:
    """A folder that must hold nothing hidden at the end."""
    yield tmp_path
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".")] == []
