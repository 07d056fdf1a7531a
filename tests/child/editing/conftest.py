"""Runs a function in this process past a gate, and edits values at chosen stops."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.bilingual import sentences
from engine.child.gate import Gate
from engine.events import Event, Kind
from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter
from engine.wire.messages import Edit, Edited, EditRefused, Resume, RunTo, Stopped

At = tuple[str, int]
"""Name of an event, and which of that name (0 is the first)."""


@dataclass
class Played:
    """What came of it. result: what the function returned. answers: to the edits, in order."""

    trace: Trace
    result: Any = None
    answers: list[Edited | EditRefused] = field(default_factory=list)
    stops: list[Stopped] = field(default_factory=list)

    def edits(self) -> list[Event]:
        """The events of edits."""
        return [event for event in self.trace.events() if event.kind == Kind.EDIT]

    def one(self, name: str, which: int = 0) -> Event:
        """The n-th event of a name."""
        return [event for event in self.trace.events() if event.name == name][which]

    def array(self, value: int | None) -> np.ndarray:
        """The numbers of a value, which are there."""
        assert value is not None
        found = self.trace.array(value)
        assert found is not None
        return found

    def refusal(self) -> str:
        """The only answer, which is a refusal."""
        (answer,) = self.answers
        assert isinstance(answer, EditRefused), answer
        return sentences(answer.message, answer.hint).english


def play(path: Path, function: Callable[[], Any], edits: dict[At, list[Edit]]) -> Played:
    """Runs a function; before each event that is named, its edits are made, one after the other."""
    gc.collect()
    gc.freeze()  # optimizers of other tests are none of this program's
    writer = TraceWriter(path, {})
    recorder = Recorder(writer)
    answers: list[Edited | EditRefused] = []
    stops: list[Stopped] = []
    seen: dict[str, int] = {}
    left: list[Edit] = []

    def tell(stopped: Stopped) -> None:
        stops.append(stopped)
        if stopped.reason != "edit":
            which = seen.get(stopped.name, 0)
            seen[stopped.name] = which + 1
            left.extend(edits.get((stopped.name, which), []))
        go_on(stopped.position)

    def go_on(position: int) -> None:
        gate.order(left.pop(0) if left else RunTo(position) if edits else Resume())

    def told(answer: Edited | EditRefused) -> None:
        answers.append(answer)
        if isinstance(answer, EditRefused):
            go_on(recorder.position)

    def leave(code: int) -> None:
        raise AssertionError(f"the gate ended the script with {code}")

    gate = Gate(recorder, tell, leave, lambda: 0.0, path, tell_edit=told)
    recorder.gate = gate
    try:
        with recorder:
            result = function()
    finally:
        writer.close()
    assert not recorder.suspended, "the recorder gave up"
    return Played(Trace(path), result, answers, stops)


Play = Callable[..., Played]


@pytest.fixture
def played(tmp_path: Path) -> Iterator[Play]:
    """`played(function, {("linear", 0): [Edit("w", "1", True)]})`."""
    traces: list[Trace] = []

    def start(function: Callable[[], Any], edits: dict[At, list[Edit]]) -> Played:
        found = play(tmp_path / f"{len(traces)}.gradstep", function, edits)
        traces.append(found.trace)
        return found

    yield start
    for trace in traces:
        trace.close()
