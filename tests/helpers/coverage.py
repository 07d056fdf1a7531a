"""How much of some traces is explained and checked: shares of op events and of gradient events."""

from __future__ import annotations

import contextlib
import io
import runpy
import sys
import tempfile
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.testing._internal.common_methods_invocations import op_db

from engine.analysis.explain.formulas import formula_of
from engine.analysis.flow import ACCUMULATE, flow_of
from engine.analysis.table.operation import row_of
from engine.analysis.verdict.answer import Answer, Verdict
from engine.analysis.verdict.checker import Checker
from engine.analysis.verdict.update_check import carried_state
from engine.events import Event, Kind
from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"

EXAMPLE_RUNS = [
    ("hello", ()),
    ("autograd", ()),
    ("four_three_one", ("--passes", "2")),
    ("four_three_one", ("--passes", "2", "--buggy")),
    ("linear_regression", ("--epochs", "2")),
    ("linear_regression", ("--epochs", "2", "--no-zero-grad")),
    ("scratch_minibatch", ("--epochs", "1")),
    ("two_layer", ("--epochs", "2")),
    ("two_layer", ("--epochs", "2", "--mixed")),
    ("two_layer", ("--epochs", "2", "--quartic")),
    ("digits", ("--epochs", "1", "--drawn")),
    *(("lenet", ("--optimizer", name)) for name in ("momentum", "nesterov", "adam", "rmsprop")),
]

NOTHING_COMPUTED = ("contents are undefined", "script gave its numbers")
"""Reasons for which there is nothing to check."""

GIVEN = {"tensor", "as_tensor"}
"""Ops that take numbers from the script; of long lists and of NumPy arrays the trace has them as the result only."""


@dataclass(slots=True)
class Counts:
    """Events of one kind: with a row, with PyTorch's formula only, neither; checked, of those that compute something.

    reasons: why events were not checked, as (op, reason).
    """

    events: int = 0
    rows: int = 0
    formulas: int = 0
    computing: int = 0
    checked: int = 0
    differing: list[str] = field(default_factory=list)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def share_checked(self) -> float:
        """Of the events that compute something, between 0 and 1."""
        return self.checked / self.computing if self.computing else 1.0

    def add(self, name: str, has_row: bool, has_formula: bool, verdict: Verdict) -> None:
        """Counts one event."""
        self.events += 1
        self.rows += has_row
        self.formulas += has_formula and not has_row
        is_given = name in GIVEN or any(part in verdict.reason.english for part in NOTHING_COMPUTED)
        if verdict.answer is Answer.CANNOT_CHECK and is_given:
            return
        self.computing += 1
        self.checked += verdict.answer is not Answer.CANNOT_CHECK
        if verdict.answer is Answer.CANNOT_CHECK:
            self.reasons[name, verdict.reason.english] += 1
        if verdict.answer is Answer.DIFFERS:
            self.differing.append(f"{name} at {verdict.position}: {verdict.reason.english} {verdict.worst}")


@dataclass(slots=True)
class Coverage:
    """Of several traces."""

    ops: Counts = field(default_factory=Counts)
    gradients: Counts = field(default_factory=Counts)
    updates: Counts = field(default_factory=Counts)

    def add(self, trace: Trace) -> None:
        """Counts all events of a trace that did not raise."""
        carried = carried_state(trace)
        for iteration in trace.iterations():
            checker = Checker(flow_of(trace, iteration.number), carried)
            for event in trace.events(iteration=iteration.number):
                if not event.error:
                    self._count(checker, event)

    def _count(self, checker: Checker, event: Event) -> None:
        verdict = checker.verdict(event)
        match event.kind:
            case Kind.OP:
                made = checker.flow.node(next((slot.node for slot in event.outputs if slot.node is not None), None))
                has_formula = made is not None and formula_of(made.name) is not None
                self.ops.add(event.name, row_of(event.name) is not None, has_formula, verdict)
            case Kind.NODE:
                node = checker.flow.node(event.node)
                op = checker.flow.trace.event(node.op) if node is not None and node.op is not None else None
                has_row = event.name == ACCUMULATE or (op is not None and row_of(op.name) is not None)
                self.gradients.add(event.name, has_row, formula_of(event.name) is not None, verdict)
            case Kind.UPDATE | Kind.GRAD:
                self.updates.add(event.name, True, False, verdict)


def recorded_traces(run: Callable[[], None], budget_bytes: int | None = None) -> Iterator[Trace]:
    """The trace of what a function does, recorded in this process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.gradstep"
        threads, dtype, state = torch.get_num_threads(), torch.get_default_dtype(), torch.get_rng_state()
        torch.set_num_threads(1)
        torch.manual_seed(0)
        writer = TraceWriter(path, {"script": "zoo"})
        try:
            with contextlib.redirect_stdout(io.StringIO()), Recorder(writer):
                run()
        finally:
            writer.close()
            torch.set_num_threads(threads)
            torch.set_default_dtype(dtype)
            torch.set_rng_state(state)
        assert not writer.failure
        with Trace(path) as trace:
            yield trace


def example_traces() -> Iterator[tuple[str, Trace]]:
    """Every example, in all its variants, with its shortest run."""
    for name, arguments in EXAMPLE_RUNS:
        script = EXAMPLES / f"{name}.py"

        def run(script: Path = script, arguments: tuple[str, ...] = arguments) -> None:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(sys, "argv", [script.name, *arguments])
                runpy.run_path(str(script), run_name="__main__")

        for trace in recorded_traces(run):
            yield " ".join((name, *arguments)), trace


def source_traces(sources: dict[str, str]) -> Iterator[tuple[str, Trace]]:
    """Scripts given as text."""
    for name, source in sources.items():
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / f"{name}.py"
            script.write_text(source, encoding="utf-8")
            for trace in recorded_traces(lambda script=script: _run(script)):
                yield name, trace


def _run(script: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        runpy.run_path(str(script), run_name="__main__")


def op_traces(samples: int, names: set[str] | None = None) -> Iterator[tuple[str, Trace]]:
    """The first samples of each op of torch's own database in float64, with a backward pass where it has one."""
    for op in op_db:
        if torch.float64 in op.supported_dtypes("cpu") and (names is None or op.name in names):
            for trace in recorded_traces(lambda op=op: _sample(op, samples)):
                yield op.formatted_name, trace


def _sample(op: Any, samples: int) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with torch._C.DisableTorchFunction():
            inputs = list(op.sample_inputs("cpu", torch.float64, requires_grad=op.supports_autograd))[:samples]
        for sample in inputs:
            with contextlib.suppress(Exception):
                result = op(sample.input, *sample.args, **sample.kwargs)
                parts = [result] if isinstance(result, torch.Tensor) else list(result)
                roots = [part for part in parts if isinstance(part, torch.Tensor) and part.requires_grad]
                if roots:
                    torch.autograd.backward(roots, [torch.ones_like(root) for root in roots])
