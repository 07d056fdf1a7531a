"""Records scripts that fail, in this process, and asks why."""

from __future__ import annotations

import contextlib
import io
import itertools
import runpy
import textwrap
import traceback
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch

from engine.analysis.failures.failure import Failure
from engine.analysis.failures.finding import failure
from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter

Failed = Callable[[str], Failure]

_HEADER = "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"
HEADER_LINES = 3


@pytest.fixture
def traced(tmp_path: Path) -> Iterator[Callable[[str], Trace]]:
    """traced(source) is the trace of a script; torch, nn and F are imported for it."""
    opened: list[Trace] = []
    numbers = itertools.count()

    def run(source: str) -> Trace:
        script = tmp_path / f"script{next(numbers)}.py"
        script.write_text(_HEADER + textwrap.dedent(source), encoding="utf-8")
        writer = TraceWriter(script.with_suffix(".gradstep"), {"script": str(script), "folder": str(tmp_path)})
        recorder = Recorder(writer)
        facts = {"status": "finished"}
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                with recorder:
                    runpy.run_path(str(script), run_name="__main__")
            except Exception as error:
                facts = {"status": "failed", "exception": "".join(traceback.format_exception(error))}
        recorder.batch.meta.extend(facts.items())
        recorder.flush()
        writer.close()
        trace = Trace(script.with_suffix(".gradstep"))
        opened.append(trace)
        assert "recorder_error" not in trace.meta(), trace.meta()["recorder_error"]
        return trace

    state = torch.get_rng_state()
    yield run
    torch.set_rng_state(state)
    for trace in opened:
        trace.close()


@pytest.fixture
def failed(traced: Callable[[str], Trace]) -> Failed:
    """failed(source) is why a script failed."""

    def run(source: str) -> Failure:
        found = failure(traced(source))
        assert found is not None
        return found

    return run
