"""The public Python face: recording a part of a program, reading it back, and what it refuses."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import gradstep

ROOT = Path(__file__).resolve().parents[1]


def train(iterations: int = 2) -> nn.Linear:
    """Trains w in z = 2w with the loss z², from w = 1, at a rate of 0.01: dC/dw = 8w."""
    model = nn.Linear(1, 1, bias=False)
    with torch.no_grad():
        model.weight.fill_(1.0)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    x = torch.tensor([[2.0]])
    for _ in range(iterations):
        optimizer.zero_grad()
        loss = model(x).pow(2).sum()
        loss.backward()
        optimizer.step()
    return model


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("traces") / "t.gradstep"
    with gradstep.record(found):
        train()
    return found


def test_values_are_read_by_role_and_by_name(path: Path) -> None:
    with gradstep.open(path) as trace:
        first, second = trace.iterations
        assert first["z1"].tolist() == [[2.0]]
        assert first["dC/dw1"].tolist() == first["weight.grad"].tolist() == [[8.0]]
        assert first["weight"].tolist() == [[1.0]]
        np.testing.assert_allclose(first["new weight"], [[0.92]], rtol=1e-6)
        np.testing.assert_array_equal(first["new w1"], second["w1"])


def test_a_value_is_followed_over_the_iterations(path: Path) -> None:
    with gradstep.open(path) as trace:
        losses = trace.values("C")
    assert list(losses) == [0, 1]
    assert float(losses[0]) == 4.0
    assert float(losses[1]) == pytest.approx(4 * 0.92**2, rel=1e-6)


def test_events_are_read_by_position(path: Path) -> None:
    with gradstep.open(path) as trace:
        event = trace.iterations[0].phase("forward")[0]
        assert trace.events[event.position].name == event.name == "linear"
        assert event.line == train.__code__.co_firstlineno + 9
        assert event.source == "loss = model(x).pow(2).sum()"
        assert [None if array is None else array.tolist() for array in event.inputs[:2]] == [[[2.0]], [[1.0]]]
        assert event.roles == ("z1",)
        assert len(trace.events) == len(list(trace.events))
        assert trace.events[-1].position == len(trace.events) - 1
        with pytest.raises(IndexError, match="no event at position 999"):
            trace.events[999]


def test_the_representation_shows_the_tree(path: Path) -> None:
    with gradstep.open(path) as trace:
        text = repr(trace)
    assert "t.gradstep" in text
    assert "iterations[1]" in text
    assert "linear, pow, sum" in text


def test_an_unknown_name_says_which_are_near(path: Path) -> None:
    with gradstep.open(path) as trace:
        assert "weight.grad" in trace.iterations[0]
        with pytest.raises(KeyError, match=r"weight\.grad"):
            trace.iterations[0]["weights.grad"]


def test_recording_changes_no_bit(tmp_path: Path) -> None:
    torch.manual_seed(3)
    bare = [parameter.clone() for parameter in train(3).parameters()] + [torch.get_rng_state()]
    torch.manual_seed(3)
    with gradstep.record(tmp_path / "t.gradstep"):
        model = train(3)
    recorded = [*model.parameters(), torch.get_rng_state()]
    assert all(torch.equal(before, after) for before, after in zip(bare, recorded, strict=True))


def test_what_was_recorded_so_far_can_be_read_inside_the_block(tmp_path: Path) -> None:
    with gradstep.record(tmp_path / "t.gradstep") as run:
        torch.ones(2).add(1)
        with run.open() as trace:
            assert [event.name for event in trace.events] == ["ones", "add"]
        torch.ones(2).mul(1)
    assert run.position == 4


def test_an_exception_passes_through_and_leaves_the_trace_readable(tmp_path: Path) -> None:
    def fail() -> None:
        with gradstep.record(tmp_path / "t.gradstep"):
            torch.ones(2).add(1)
            raise ValueError("mine")

    with pytest.raises(ValueError, match="mine"):
        fail()
    with gradstep.open(tmp_path / "t.gradstep") as trace:
        assert len(trace.events) == 2
        assert (trace.meta["status"], trace.meta["exit_code"]) == ("failed", 1)
        assert "ValueError: mine" in trace.meta["exception"]


def test_only_one_recording_runs_at_a_time(tmp_path: Path) -> None:
    with (
        gradstep.record(tmp_path / "outer.gradstep"),
        pytest.raises(gradstep.GradstepError, match="recorded already"),
        gradstep.record(tmp_path / "inner.gradstep"),
    ):
        pass
    assert not (tmp_path / "inner.gradstep").exists()
    with gradstep.record(tmp_path / "inner.gradstep"):
        torch.ones(1)


def test_not_on_another_thread_either(tmp_path: Path) -> None:
    refused: list[str] = []

    def attempt() -> None:
        try:
            with gradstep.record(tmp_path / "inner.gradstep"):
                pass
        except gradstep.GradstepError as error:
            refused.append(str(error))

    with gradstep.record(tmp_path / "outer.gradstep"):
        thread = threading.Thread(target=attempt)
        thread.start()
        thread.join()
    assert len(refused) == 1


def test_a_device_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    with (
        pytest.raises(gradstep.GradstepError, match=r"cuda:99.*There are: cpu"),
        gradstep.record(tmp_path / "t.gradstep", device="cuda:99"),
    ):
        pass
    with gradstep.record(tmp_path / "t.gradstep"):
        torch.ones(1)


def test_the_default_device_is_put_back(tmp_path: Path) -> None:
    before = torch.get_default_device()
    with gradstep.record(tmp_path / "t.gradstep", device="cpu"), torch.device("meta"):
        assert torch.ones(1).device.type == "meta"
    assert torch.get_default_device() == before
    with gradstep.open(tmp_path / "t.gradstep") as trace:
        assert trace.meta["device"] == "cpu"


@pytest.mark.parametrize("budget", ["lots", "-1GB", 0])
def test_a_budget_must_be_a_size(tmp_path: Path, budget: int | str) -> None:
    with pytest.raises(gradstep.GradstepError, match="not a size"):
        gradstep.record(tmp_path / "t.gradstep", budget=budget)


def test_a_trace_outside_its_budget_says_what_it_dropped(tmp_path: Path) -> None:
    with gradstep.record(tmp_path / "t.gradstep", budget="200KB"):
        w = torch.zeros(10_000, requires_grad=True)
        for _ in range(12):
            loss = (w * 2).sum()
            loss.backward()
            with torch.no_grad():
                w -= 0.1
            w.grad = None
    with gradstep.open(tmp_path / "t.gradstep") as trace:
        thinned = [iteration for iteration in trace.iterations if not iteration.whole]
        assert thinned
        with pytest.raises(gradstep.GradstepError, match="larger budget"):
            thinned[0]["w.grad"]


def test_missing_and_foreign_files_are_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("notes" * 100)
    with pytest.raises(gradstep.GradstepError, match="There is no trace"):
        gradstep.open(tmp_path / "none.gradstep")
    with pytest.raises(gradstep.GradstepError, match="is not a Gradstep trace"):
        gradstep.open(tmp_path / "notes.txt")
    with pytest.raises(gradstep.GradstepError, match="left alone"), gradstep.record(tmp_path / "notes.txt"):
        pass
    assert (tmp_path / "notes.txt").read_text() == "notes" * 100


def test_a_notebooks_cell_is_a_source(tmp_path: Path) -> None:
    import linecache

    cell, name = "y = torch.ones(2)\nz = y.add(1)\n", "<cell 7>"
    linecache.cache[name] = (len(cell), None, cell.splitlines(keepends=True), name)
    with gradstep.record(tmp_path / "t.gradstep"):
        exec(compile(cell, name, "exec"), {"torch": torch})
    with gradstep.open(tmp_path / "t.gradstep") as trace:
        assert [event.source for event in trace.events] == ["y = torch.ones(2)", "z = y.add(1)"]


def test_importing_is_light_and_ignores_foreign_engines(tmp_path: Path) -> None:
    (tmp_path / "engine.py").write_text("raise SystemExit('a foreign module was imported')\n")
    (tmp_path / "app.py").write_text("raise SystemExit('a foreign module was imported')\n")
    program = (
        "import sys; sys.path.append(sys.argv[1]); import gradstep\n"
        "light = not {'torch', 'numpy', 'PySide6'} & set(sys.modules)\n"
        "try: gradstep.open('none.gradstep')\n"
        "except gradstep.GradstepError: print(light, 'torch' in sys.modules, 'PySide6' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(ROOT)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.stdout.split(), ended.stderr) == (["True", "False", "False"], "")
