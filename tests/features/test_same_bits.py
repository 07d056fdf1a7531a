"""The invariant: an example ends with the same bits bare, recorded, and stopped at every event or at random ones."""

from __future__ import annotations

import contextlib
import io
import json
import random
import runpy
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.child.fingerprint import write_fingerprint
from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"
PLAYS = {
    "hello": ["--iterations", "3"],
    "autograd": [],
    "four_three_one": ["--passes", "5"],
    "four_three_one buggy": ["--passes", "5", "--buggy"],
    "linear_regression": ["--epochs", "4"],
    "digits": ["--epochs", "1", "--drawn"],
    "scratch_minibatch": ["--epochs", "1"],
    "two_layer": ["--epochs", "4"],
    "two_layer mixed": ["--mixed", "--epochs", "3"],
    "two_layer quartic": ["--quartic", "--epochs", "2"],
    "lenet": [],
    "lenet adam": ["--optimizer", "adam"],
}


class EveryNth:
    """A gate that stops before the events that `wanted` names; stopping reads the trace as a window would."""

    def __init__(self, wanted: Callable[[int], bool], trace: Path) -> None:
        self.wanted = wanted
        self.trace = trace
        self.stops = 0

    def arrive(self, position: int, *rest: object) -> bool:
        """Whether to stop."""
        return self.wanted(position)

    def stop(self, position: int) -> None:
        """Checks that the trace is complete up to here and knows what comes."""
        self.stops += 1
        if self.stops <= 20:
            with Trace(self.trace) as trace:
                assert len(trace) == position
                pending = trace.event(position)
                assert pending is not None
                assert pending.pending


def play(name: str, folder: Path, watched: AbstractContextManager[Any]) -> tuple[dict[str, str], str, int]:
    """(fingerprint of what the script leaves, its output, its exit code)."""
    torch.manual_seed(7)
    np.random.seed(7)
    random.seed(7)
    printed = io.StringIO()
    code = 0
    names: dict[str, Any] = {}
    default = torch.get_default_dtype()
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(printed):
        patch.setattr(sys, "argv", [f"{name}.py", *PLAYS[name]])
        try:
            with watched:
                names = runpy.run_path(str(EXAMPLES / f"{name.split()[0]}.py"), run_name="__main__")
        except SystemExit as end:
            code = int(end.code or 0)
    torch.set_default_dtype(default)
    write_fingerprint(folder / "hashes.json", names)
    hashes: dict[str, str] = json.loads((folder / "hashes.json").read_text())
    return hashes, printed.getvalue(), code


def recorded(name: str, folder: Path, wanted: Callable[[int], bool] | None) -> tuple[dict[str, str], str, int]:
    """The same, recorded, and stopped where `wanted` says."""
    path = folder / "t.gradstep"
    writer = TraceWriter(path, {})
    gate = None if wanted is None else EveryNth(wanted, path)
    recorder = Recorder(writer, gate)
    try:
        found = play(name, folder, recorder)
    finally:
        writer.close()
    assert writer.failure == ""
    with Trace(path) as trace:
        assert "recorder_error" not in trace.meta()
        assert len(trace) == recorder.position > 0
    if gate is not None and wanted is not None:
        assert gate.stops > 0 or not any(wanted(position) for position in range(recorder.position))
    return found


@pytest.mark.parametrize("name", PLAYS)
def test_recorded_and_stopped_everywhere(name: str, tmp_path: Path) -> None:
    bare = play(name, tmp_path, contextlib.nullcontext())
    assert len(bare[0]) > 3
    assert recorded(name, tmp_path, None) == bare
    assert recorded(name, tmp_path, lambda position: True) == bare


# At least 20, because a script is not held before the second parameter of an optimizer step and those after it.
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(stops=st.sets(st.integers(0, 103), min_size=20, max_size=40))
def test_stopped_at_random_events(stops: set[int], tmp_path: Path) -> None:
    bare = play("hello", tmp_path, contextlib.nullcontext())
    assert recorded("hello", tmp_path, stops.__contains__) == bare


def test_a_changed_bit_would_be_noticed(tmp_path: Path) -> None:
    class Draws(contextlib.AbstractContextManager[None]):
        def __exit__(self, *exception: object) -> None:
            torch.rand(1)

    bare = play("hello", tmp_path, contextlib.nullcontext())
    assert play("hello", tmp_path, Draws()) != bare
