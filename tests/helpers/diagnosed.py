"""Records a program in this process and asks what the findings say of it."""

from __future__ import annotations

import contextlib
import io
import runpy
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from engine.analysis.findings.doctor import Diagnosis, diagnose
from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter

ROOT = Path(__file__).resolve().parents[2]
HEAD = """
import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(0)
"""


@contextlib.contextmanager
def trace_of(script: Path, *argv: str) -> Iterator[Trace]:
    """The trace of a script, recorded on one thread; the state of torch is put back. A script may raise."""
    threads, dtype, state = torch.get_num_threads(), torch.get_default_dtype(), torch.get_rng_state()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run.gradstep"
        writer = TraceWriter(path, {"script": str(script)})
        try:
            with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                patch.setattr(sys, "argv", [script.name, *argv])
                with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception), Recorder(writer):
                    runpy.run_path(str(script), run_name="__main__")
        finally:
            writer.close()
            torch.set_num_threads(threads)
            torch.set_default_dtype(dtype)
            torch.set_rng_state(state)
        assert not writer.failure
        with Trace(path) as trace:
            yield trace


def diagnosis_of_script(script: Path, *argv: str) -> Diagnosis:
    """What is found in a script's run."""
    with trace_of(script, *argv) as trace:
        return diagnose(trace)


def diagnosis(source: str, head: str = HEAD) -> Diagnosis:
    """What is found in a run of a program given as text."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.py"
        script.write_text(head + source, encoding="utf-8")
        return diagnosis_of_script(script)


def found(source: str) -> list[str]:
    """Names of the rules that see something in a program, surest first."""
    return [finding.rule for finding in diagnosis(source).findings]
