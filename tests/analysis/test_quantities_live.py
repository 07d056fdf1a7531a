"""While a script runs, the list of steps grows at its end only."""

from __future__ import annotations

import contextlib
import io
import runpy
import sys
from pathlib import Path

import pytest
import torch

from engine.analysis.quantities import Quantity, quantities
from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"


class Watcher:
    """A gate that lets everything pass, after asking a reader of the growing trace for the steps so far."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._trace: Trace | None = None
        self.seen: list[tuple[int, int, list[Quantity]]] = []

    def arrive(
        self, position: int, kind: str, name: str, phase: str, iteration: int, site: int | None, node: int | None
    ) -> bool:
        return iteration >= 0

    def stop(self, position: int) -> None:
        self._trace = self._trace or Trace(self._path)
        self._trace.refresh()
        iteration = self._trace.iteration_at(position)
        self.seen.append((iteration, position, quantities(self._trace, iteration)))

    def close(self) -> None:
        if self._trace is not None:
            self._trace.close()


@pytest.mark.parametrize(
    ("name", "argv"),
    [
        ("hello", ["--iterations", "2"]),
        ("two_layer", ["--epochs", "2", "--mixed"]),
        ("scratch_minibatch", ["--epochs", "1"]),
        ("autograd", []),
        ("lenet", []),
        ("four_three_one", ["--passes", "3"]),
    ],
)
def test_steps_only_come_at_the_end(tmp_path: Path, name: str, argv: list[str]) -> None:
    path = tmp_path / "live.gradstep"
    watcher = Watcher(path)
    writer = TraceWriter(path, {})
    state = torch.get_rng_state()
    try:
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
            patch.setattr(sys, "argv", [f"{name}.py", *argv])
            with Recorder(writer, watcher):
                runpy.run_path(str(EXAMPLES / f"{name}.py"), run_name="__main__")
    finally:
        writer.close()
        watcher.close()
        torch.set_rng_state(state)
    with Trace(path) as trace:
        whole = {i.number: [places(q) for q in quantities(trace, i.number)] for i in trace.iterations()}
        for iteration, position, seen in watcher.seen:
            found = [places(quantity) for quantity in seen]

            assert found == whole[iteration][: len(found)], f"at position {position}"
        assert max(len(seen) for _, _, seen in watcher.seen) > 3


def places(quantity: Quantity) -> tuple[int, int, int | None]:
    """What must not change; a symbol may become more precise as more is known."""
    return quantity.event, quantity.known_at, quantity.value
