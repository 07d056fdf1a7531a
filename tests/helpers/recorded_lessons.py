"""The scripts of lessons, each recorded once a test run, in a test's process: much faster than a process of its own.

NOTE [Once]
Processes of pytest-xdist have their folders side by side. Whoever first makes the file NAME.claimed in the folder that
is common to them records; the others wait for NAME.done.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import random
import runpy
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

import gradstep
from engine.lessons.lesson import Lesson, Run
from engine.lessons.running import record_run
from engine.trace.reader import Trace

_PATIENCE_S = 300.0


class RecordedLessons:
    """Gives out a lesson's traces by the ids of its runs. One run is recorded once, whichever lesson asks for it."""

    def __init__(self, folder: Path, opened: contextlib.ExitStack) -> None:
        self._folder, self._opened = folder, opened
        self._traces: dict[Path, Trace] = {}

    def __call__(self, lesson: Lesson) -> Mapping[str, Trace]:
        return {run.id: self._trace(run) for run in lesson.runs}

    def path(self, run: Run) -> Path:
        """The recording of a run, which is made if it is not there."""
        key = hashlib.sha256(repr((str(run.script.resolve()), run.arguments, run.changes)).encode()).hexdigest()[:16]
        path = self._folder / f"{key}.gradstep"
        claimed, done = path.with_suffix(".claimed"), path.with_suffix(".done")
        try:
            claimed.touch(exist_ok=False)
        except FileExistsError:
            deadline = time.monotonic() + _PATIENCE_S
            while not done.exists() and time.monotonic() < deadline:
                time.sleep(0.05)
            return path
        try:
            if run.changes:
                record_run(run, path)
            else:
                record(run, path)
        finally:
            done.touch()
        return path

    def _trace(self, run: Run) -> Trace:
        path = self.path(run)
        if path not in self._traces:
            self._traces[path] = self._opened.enter_context(Trace(path))
        return self._traces[path]


class _Noted(io.TextIOBase):
    """What the script prints, put into its recording as the child of a window does."""

    def __init__(self, recorder: Any) -> None:
        self._recorder = recorder

    def write(self, text: str) -> int:
        self._recorder.note_output("stdout", text)
        return len(text)


def record(run: Run, path: Path) -> None:
    """Runs a script in this process and leaves torch as it was; a script that raises has ended too."""
    argv, sys.argv = sys.argv, [str(run.script), *run.arguments]
    dtype, threads, drawn, state = (
        torch.get_default_dtype(),
        torch.get_num_threads(),
        random.getstate(),
        torch.get_rng_state(),
    )
    try:
        with contextlib.ExitStack() as around:
            around.enter_context(contextlib.suppress(Exception))
            recording = around.enter_context(gradstep.record(path))
            around.enter_context(contextlib.redirect_stdout(_Noted(recording._recorder)))
            runpy.run_path(str(run.script), run_name="__main__")
    finally:
        sys.argv = argv
        torch.set_default_dtype(dtype)
        torch.set_num_threads(threads)
        torch.set_rng_state(state)
        random.setstate(drawn)


@pytest.fixture(scope="session")
def recorded_lessons(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordedLessons]:
    """Records lessons' scripts when they are asked for, see NOTE [Once]."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "recorded-lessons"
    folder.mkdir(exist_ok=True)
    with contextlib.ExitStack() as opened:
        yield RecordedLessons(folder, opened)
