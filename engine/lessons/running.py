"""Records a lesson's scripts, each once, into a folder that is gone afterwards."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ..errors import GradstepError
from ..session.launch import Launch
from ..session.record import record
from ..trace.reader import Trace
from ..wire.messages import Progress
from .lesson import Lesson, Run


@contextlib.contextmanager
def recorded(
    lesson: Lesson, python: str | None = None, begun: Callable[[Run], None] | None = None
) -> Iterator[Mapping[str, Trace]]:
    """The traces of a lesson's runs by id, for the length of a `with` block. begun: told before each is run.

    Raises GradstepError where a script cannot be run. One that raises is a run too: it may be what the lesson shows.
    """
    with contextlib.ExitStack() as entered:
        folder = Path(entered.enter_context(tempfile.TemporaryDirectory(prefix="gradstep-lesson-")))
        traces: dict[str, Trace] = {}
        for run in lesson.runs:
            if begun is not None:
                begun(run)
            path = folder / f"{run.id}.gradstep"
            record_run(run, path, python)
            traces[run.id] = entered.enter_context(Trace(path))
        yield traces


def record_run(
    run: Run, path: Path, python: str | None = None, on_progress: Callable[[Progress], None] | None = None
) -> None:
    """Runs one script of a lesson into a trace; its output is kept there, and not shown.

    on_progress: as in `engine.session.record`; what it raises ends the script.
    """
    quiet = subprocess.DEVNULL
    launch = Launch(run.script.resolve(), run.arguments, python=python, stdin=quiet, stdout=quiet, stderr=quiet)
    ending = record(launch, path, on_progress)
    if ending.recorder_error:
        last = ending.recorder_error.strip().splitlines()[-1]
        raise GradstepError(f"The script {run.script.name} could not be recorded whole: {last}")
