"""Records a lesson's scripts, each once and when it is needed, into a folder that is gone afterwards."""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..bilingual import Bilingual
from ..errors import GradstepError
from ..session.launch import Launch
from ..session.record import record
from ..trace.reader import Trace
from ..wire.options import BranchOrigin
from .lesson import Lesson, Run


class RecordedRuns(Mapping[str, Trace]):
    """The traces of a lesson's runs by id. A script is run when its trace is first asked for: a lesson begins at once.

    Used in a `with` block, after which the recordings are gone. begun: told before each run. time_limit_s: as in
    `record_run`. Asking raises GradstepError where a script cannot be run. One that raises an error of its own is a
    run too: it may be what the lesson shows.
    """

    def __init__(
        self, lesson: Lesson, python: str | None, begun: Callable[[Run], None], time_limit_s: float | None = None
    ) -> None:
        self._lesson, self._python, self._begun, self._time_limit_s = lesson, python, begun, time_limit_s
        self._opened = contextlib.ExitStack()
        self._folder: Path | None = None
        self._traces: dict[str, Trace] = {}

    def __enter__(self) -> RecordedRuns:
        self._folder = Path(self._opened.enter_context(tempfile.TemporaryDirectory(prefix="gradstep-lesson-")))
        return self

    def __exit__(self, *exception: object) -> None:
        self._opened.close()

    def __getitem__(self, key: str) -> Trace:
        if key not in self._traces:
            run = next((run for run in self._lesson.runs if run.id == key), None)
            if run is None or self._folder is None:
                raise KeyError(key)
            self._begun(run)
            path = self._folder / f"{run.id}.gradstep"
            record_run(run, path, self._python, time_limit_s=self._time_limit_s)
            self._traces[key] = self._opened.enter_context(Trace(path))
        return self._traces[key]

    def __iter__(self) -> Iterator[str]:
        return (run.id for run in self._lesson.runs)

    def __len__(self) -> int:
        return len(self._lesson.runs)

    def __contains__(self, key: object) -> bool:
        return any(run.id == key for run in self._lesson.runs)


def record_run(
    run: Run,
    path: Path,
    python: str | None = None,
    on_tick: Callable[[], None] | None = None,
    time_limit_s: float | None = None,
) -> None:
    """Runs one script of a lesson into a trace; its output is kept there, and not shown.

    on_tick, time_limit_s: as in `engine.session.record`. Raises GradstepError where the script is not over by then, or
    cannot be recorded.
    """
    quiet = subprocess.DEVNULL
    launch = Launch(run.script.resolve(), run.arguments, python=python, stdin=quiet, stdout=quiet, stderr=quiet)
    if run.changes:
        launch = _changed(launch, run, path.with_name(f"{run.of}{path.suffix}"))
    ending = record(launch, path, time_limit_s=time_limit_s, on_tick=on_tick)
    if ending.time_limit_s is not None:
        name, limit = run.script.name, f"{ending.time_limit_s:g}"
        raise GradstepError(
            Bilingual(
                f"The script {name} (run {run.id!r}) was not over after {limit} s, and was ended.",
                f"脚本 {name}（运行 {run.id!r}）{limit} 秒后仍未结束，已被终止。",
            ),
            Bilingual(
                "Does a loop in it never end? Train for fewer iterations, or allow more with --time-limit.",
                "是不是有循环永不结束？减少训练的迭代次数，或用 --time-limit 给它更多时间。",
            ),
        )
    if ending.recorder_error:
        name, why = run.script.name, ending.incomplete
        raise GradstepError(
            Bilingual(
                f"The script {name} could not be recorded whole: {why.english}",
                f"脚本 {name} 没能完整记录：{why.chinese}",
            )
        )
    with Trace(path) as trace:
        refused = trace.meta().get("change_refused")
    if refused:
        changes, name, why = ", ".join(run.changes), run.script.name, Bilingual.of_plain(refused)
        raise GradstepError(
            Bilingual(f"{changes} does not fit {name}: {why.english}", f"{changes} 不适合 {name}：{why.chinese}")
        )


def _changed(launch: Launch, run: Run, parent: Path) -> Launch:
    """A run with changes is a branch of the one without, where that is recorded: both are shown side by side.

    It begins with the same random numbers, so that nothing else differs.
    """
    meta: dict[str, Any] = {}
    if run.of and parent.is_file():
        with Trace(parent) as trace:
            meta = trace.meta()
    origin = str(parent.resolve()) if meta else ""
    branch = BranchOrigin(origin, str(meta.get("started", "")), -1, (), run.changes)
    return replace(launch, branch=branch, generators=json.dumps(meta["generators"]) if meta.get("generators") else "")
