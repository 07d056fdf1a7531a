"""Traces whose rows lie are checked without taking memory for the lie, and without a traceback."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
import torch

import gradstep
from engine.cli.main import main
from engine.errors import TraceError
from engine.trace.reader import Trace


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A small honest trace of ops that make tensors of the sizes that their arguments say."""
    found = tmp_path / "t.gradstep"
    with gradstep.record(found):
        w = torch.ones(3, requires_grad=True)
        x = torch.zeros(3) + torch.arange(3.0) + torch.linspace(0, 1, 3)
        y = torch.nn.functional.pad((w * x).repeat(2), (1, 1)) @ torch.eye(8)
        torch.cat([y, y]).sum().backward()
    return found


def change(path: Path, name: str, **columns: Any) -> None:
    """Changes the rows of the events with this name."""
    db = sqlite3.connect(path)
    with db:
        for column, text in columns.items():
            db.execute(f"UPDATE events SET {column}=? WHERE name=?", (text, name))
    db.close()


def check(path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What `gradstep check` prints on one line; it may find a difference, and nothing worse."""
    code = main(["check", str(path), "--all"], lambda _: 0)
    printed = capsys.readouterr()
    assert code in (0, 1), printed.err
    return " ".join(printed.out.split())


def test_the_honest_trace_agrees(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ", 0 differ, 0 cannot be checked" in check(path, capsys)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("zeros", {"0": 2 * 10**9}),
        ("zeros", {"0": [100_000, 100_000]}),
        ("arange", {"0": 10**9}),
        ("arange", {"0": 0, "1": 1, "2": 1e-9}),
        ("linspace", {"0": 0, "1": 1, "2": 10**9}),
        ("eye", {"0": 100_000}),
        ("repeat", {"1": 10**9}),
        ("pad", {"1": [10**9, 1]}),
        ("zeros", {"0": int("9" * 400)}),
    ],
)
def test_sizes_that_were_not_recorded_are_refused(
    path: Path, capsys: pytest.CaptureFixture[str], name: str, arguments: dict[str, Any]
) -> None:
    change(path, name, arguments=json.dumps(arguments))
    assert "it would need" in check(path, capsys)


def test_gradients_of_another_shape_than_the_result(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(path, "pad", arguments='{"1": [-3, -3]}')
    assert "cannot be checked" in check(path, capsys)


@pytest.mark.parametrize("slot", ["0.3000000000", "0.-5", "0.a", "²"])
def test_slots_at_places_that_no_call_has(path: Path, capsys: pytest.CaptureFixture[str], slot: str) -> None:
    change(path, "cat", inputs=json.dumps([[slot, 1], ["0.1", 1]]))
    assert "cat" in check(path, capsys)


@pytest.mark.parametrize("text", ["[" * 5000 + "]" * 5000, '{"0":' + "[" * 900 + "]" * 900 + "}", "7"])
def test_arguments_that_are_nested_too_deep_are_damage(path: Path, text: str) -> None:
    change(path, "sum", arguments=text)
    with Trace(path) as trace, pytest.raises(TraceError, match="damaged"):
        trace.events()


def test_explaining_a_gradient_whose_numbers_cannot_be_read(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    db = sqlite3.connect(path)
    with db:
        db.execute("""UPDATE "values" SET shape='[1000000,1000000]'""")
    db.close()
    assert main(["explain", str(path), "dC/dw1"], lambda _: 0) in (0, 2)
    capsys.readouterr()
