"""Records programs given as text in this process."""

from __future__ import annotations

import contextlib
import io
import random
import runpy
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter


@pytest.fixture
def record(tmp_path: Path) -> Callable[[str], tuple[Trace, str]]:
    """record(source) is (trace, what it printed)."""

    def run(source: str) -> tuple[Trace, str]:
        script = tmp_path / "script.py"
        script.write_text(textwrap.dedent(source), encoding="utf-8")
        writer = TraceWriter(tmp_path / "t.gradstep", {"script": str(script)})
        printed = io.StringIO()
        state, drawn = torch.get_rng_state(), random.getstate()
        with contextlib.redirect_stdout(printed), Recorder(writer):
            runpy.run_path(str(script), run_name="__main__")
        torch.set_rng_state(state)
        random.setstate(drawn)
        writer.close()
        trace = Trace(tmp_path / "t.gradstep")
        assert "recorder_error" not in trace.meta()
        return trace, printed.getvalue()

    return run
