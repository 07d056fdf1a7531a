"""Writes traces by hand, as a recorder would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.trace.batch import Batch
from engine.trace.writer import TraceWriter


class Scribe:
    """Gathers values, events and iterations, numbers them, and hands them to a writer."""

    def __init__(self, writer: TraceWriter) -> None:
        self.writer = writer
        self.batch = Batch()
        self.values = 0
        self.position = 0
        self.iteration = -1
        self.begin = 0

    def value(self, array: np.ndarray | None, **known: Any) -> int:
        """A new value. array: of a storage dtype. known: dtype, shape, strides, base, tensor, reason, small."""
        self.values += 1
        raw: bytes | np.ndarray | None = array
        if array is not None and known.get("small", array.nbytes <= 16384):
            raw = array.tobytes()
        self.batch.size_bytes += 0 if array is None else array.nbytes
        self.batch.values.append(
            (
                self.values,
                known.get("dtype", "float32" if array is None else array.dtype.name),
                known.get("shape", () if array is None else array.shape),
                "cpu",
                known.get("tensor"),
                self.iteration,
                raw,
                known.get("reason", ""),
                known.get("base"),
                known.get("strides"),
            )
        )
        return self.values

    def event(self, inputs: list[int | None], outputs: list[int | None], **known: Any) -> int:
        """An event with these values. known: kind, name, phase, arguments, pending, error."""
        self.batch.events.append(
            (
                self.position,
                known.get("kind", "op"),
                known.get("name", "add"),
                "torch.add",
                self.iteration,
                known.get("phase", "forward"),
                None,
                None,
                [(str(i), value, None, 0) for i, value in enumerate(inputs)],
                [(str(i), value, 7, i) for i, value in enumerate(outputs)],
                known.get("arguments"),
                None,
                None,
                0,
                0,
                known.get("pending", 0),
                known.get("error", ""),
            )
        )
        self.position += 1
        return self.position - 1

    def next_iteration(self) -> None:
        """The iteration ends and the next one begins."""
        self.hand_over()
        self.iteration += 1
        self.begin = self.position

    def hand_over(self) -> None:
        """Gives what was gathered to the writer."""
        if self.position > self.begin:
            self.batch.iterations.append((self.iteration, self.begin, self.position))
        self.writer.put(self.batch.take())

    def finish(self) -> None:
        """Hands over the rest and closes the writer."""
        self.hand_over()
        self.writer.close()


@pytest.fixture
def begin(tmp_path: Path) -> Callable[..., Scribe]:
    """Begins a trace `t.gradstep` with so many bytes of budget."""

    def begin_trace(budget_bytes: int = 1 << 30) -> Scribe:
        return Scribe(TraceWriter(tmp_path / "t.gradstep", {"script": "t.py"}, budget_bytes))

    return begin_trace
