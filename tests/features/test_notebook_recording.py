"""A recording as a notebook uses it: cell by cell, cells edited and run again, interrupted, on another thread."""

from __future__ import annotations

import linecache
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

import gradstep

RunCell = Callable[[str], None]


@pytest.fixture
def run_cell() -> RunCell:
    """Runs a cell as IPython does: compiled under a name of its own that linecache knows, in one namespace."""
    names: dict[str, Any] = {"torch": torch, "gradstep": gradstep}
    count = iter(range(100))

    def run(text: str) -> None:
        name = f"<ipython-input-{next(count)}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec"), names)

    return run


def test_each_cell_is_a_source_as_it_was_when_it_ran(run_cell: RunCell, tmp_path: Path) -> None:
    cell = "def model(x):\n    return x.mul(2)\n"
    run_cell(cell)
    recording = f"with gradstep.record({str(tmp_path / 't.gradstep')!r}):\n    y = model(torch.ones(2)).exp()\n"
    run_cell(recording)
    with gradstep.open(tmp_path / "t.gradstep") as trace:
        assert {event.name: event.source for event in trace.events} == {
            "ones": "y = model(torch.ones(2)).exp()",
            "mul": "return x.mul(2)",
            "exp": "y = model(torch.ones(2)).exp()",
        }
        assert {event.line for event in trace.events} == {2}
        texts = [source.text for source in trace._trace.sources()]
    assert sorted(text.rstrip("\n") for text in texts) == sorted(text.rstrip("\n") for text in (cell, recording))


def test_asking_to_be_held_does_nothing_in_a_notebook(run_cell: RunCell, tmp_path: Path) -> None:
    run_cell("gradstep.breakpoint()")
    run_cell(
        f"with gradstep.record({str(tmp_path / 't.gradstep')!r}):\n"
        "    gradstep.breakpoint()\n    with torch.no_grad():\n        y = torch.ones(2).exp()\n"
        "    gradstep.breakpoint()\n"
    )
    with gradstep.open(tmp_path / "t.gradstep") as trace:
        assert [event.name for event in trace.events] == ["ones", "exp"]


def test_a_cell_that_is_edited_and_run_again_records_anew(run_cell: RunCell, tmp_path: Path) -> None:
    path = tmp_path / "t.gradstep"
    for op in ("exp", "sin"):
        run_cell(f"with gradstep.record({str(path)!r}):\n    z = torch.ones(2).{op}()\n")
        with gradstep.open(path) as trace:
            assert [event.name for event in trace.events] == ["ones", op]
            assert trace.events[1].source == f"z = torch.ones(2).{op}()"


def test_a_cell_that_fails_leaves_its_trace_and_the_next_one_records(run_cell: RunCell, tmp_path: Path) -> None:
    path = tmp_path / "t.gradstep"
    failing = f"with gradstep.record({str(path)!r}):\n    a = torch.ones(2, 3)\n    a @ a\n"
    with pytest.raises(RuntimeError, match="shapes cannot be multiplied"):
        run_cell(failing)
    with gradstep.open(path) as trace:
        assert trace.meta["status"] == "failed"
        assert "shapes cannot be multiplied" in trace.events[-1].error
        assert trace.events[-1].source == "a @ a"
    run_cell(f"with gradstep.record({str(path)!r}):\n    torch.ones(1)\n")


def test_a_cell_that_is_interrupted_keeps_what_it_recorded(run_cell: RunCell, tmp_path: Path) -> None:
    path = tmp_path / "t.gradstep"
    with pytest.raises(KeyboardInterrupt):
        run_cell(f"with gradstep.record({str(path)!r}):\n    torch.ones(2).exp()\n    raise KeyboardInterrupt\n")
    with gradstep.open(path) as trace:
        assert [event.name for event in trace.events] == ["ones", "exp"]
        assert (trace.meta["status"], trace.meta["exit_code"]) == ("interrupted", 130)
    with gradstep.record(tmp_path / "next.gradstep") as run:
        torch.ones(1)
    assert run.position == 1


def test_a_recording_on_another_thread_records_that_thread(tmp_path: Path) -> None:
    def train() -> None:
        with gradstep.record(tmp_path / "t.gradstep"):
            w = torch.ones(2, requires_grad=True)
            (w * 3).sum().backward()

    thread = threading.Thread(target=train)
    thread.start()
    thread.join()
    with gradstep.open(tmp_path / "t.gradstep") as trace:
        assert trace.iterations[0]["w.grad"].tolist() == [3.0, 3.0]


def test_a_recording_inside_a_recording_is_refused_and_the_outer_one_goes_on(tmp_path: Path) -> None:
    with gradstep.record(tmp_path / "outer.gradstep") as outer:
        torch.ones(1)
        with pytest.raises(
            gradstep.GradstepError, match=r"only one recording can run at a time\. End that one first\."
        ):
            gradstep.record(tmp_path / "inner.gradstep").__enter__()
        torch.ones(1).exp()
    assert outer.position == 3


def test_a_recording_is_used_once(tmp_path: Path) -> None:
    run = gradstep.record(tmp_path / "t.gradstep")
    with run:
        torch.ones(1)
    with pytest.raises(gradstep.GradstepError, match=r"used once\. Call gradstep\.record again\."), run:
        pass
