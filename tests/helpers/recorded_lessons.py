"""The scripts of lessons, recorded once in this process, which is much faster than a process each."""

from __future__ import annotations

import contextlib
import io
import random
import runpy
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import torch

import gradstep
from engine.lessons.lesson import Lesson, Run
from engine.lessons.running import record_run
from engine.trace.reader import Trace


class RecordedLessons:
    """Gives out a lesson's traces by the ids of its runs. One run is recorded once, whichever lesson asks for it."""

    def __init__(self, folder: Path, opened: contextlib.ExitStack) -> None:
        self._folder, self._opened = folder, opened
        self._traces: dict[tuple[Path, tuple[str, ...], tuple[str, ...]], Trace] = {}

    def __call__(self, lesson: Lesson) -> Mapping[str, Trace]:
        return {run.id: self._trace(run) for run in lesson.runs}

    def _trace(self, run: Run) -> Trace:
        key = (run.script, run.arguments, run.changes)
        if key not in self._traces:
            path = self._folder / f"{len(self._traces)}.gradstep"
            if run.changes:
                record_run(run, path)
            else:
                record(run, path)
            self._traces[key] = self._opened.enter_context(Trace(path))
        return self._traces[key]


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
        with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(Exception), gradstep.record(path):
            runpy.run_path(str(run.script), run_name="__main__")
    finally:
        sys.argv = argv
        torch.set_default_dtype(dtype)
        torch.set_num_threads(threads)
        torch.set_rng_state(state)
        random.setstate(drawn)


@pytest.fixture(scope="session")
def recorded_lessons(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordedLessons]:
    """Records lessons' scripts when they are asked for."""
    with contextlib.ExitStack() as opened:
        yield RecordedLessons(tmp_path_factory.mktemp("lessons"), opened)
