"""One script's recording: device and seed, the trace, the recorder, the gate, the noted output, and their end."""

from __future__ import annotations

import contextlib
import json
import os
import platform
import random
import signal
import sys
import threading
import time
import traceback
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn, cast

import numpy
import torch

from ..bilingual import Bilingual, same
from ..recorder.recorder import Recorder
from ..trace.writer_process import WriterProcess
from ..wire.changes import changes_of
from ..wire.channel import TEXT_LIMIT_CHARS, Channel
from ..wire.messages import AwaitsInput, Command, Ended, Hello, Logged, Notice, Progress, Stop
from ..wire.options import ChildOptions
from . import attached
from .asking import replace_stdin
from .changes.applied import Changes
from .control import Control
from .gate import Gate, LastStop
from .generators import restore, states
from .missing_device import missing_device, there_are
from .outcome import EXIT_REFUSED, EXIT_STOPPED, Outcome
from .streams import Notes
from .window import Window

_STOP_PATIENCE_S = 1.0
_MISTAKE_CHARS = 10_000
"""Of the traceback of a mistake of ours; its end tells."""

_SAVE_INTERVAL_S = 0.25
_really_exit = os._exit


class CannotStart(Exception):  # noqa: N818 - the reason is the message
    """The script cannot be run as asked. kind, message, hint: as in the notice `Refused`."""

    def __init__(self, kind: str, message: Bilingual, hint: Bilingual) -> None:
        super().__init__(message.english)
        self.kind, self.message, self.hint = kind, message, hint


def set_up(options: ChildOptions) -> None:
    """Device and seed as asked. The CPU without a seed changes nothing at all. Raises CannotStart."""
    if options.device != "cpu":
        problem = missing_device(options.device)
        if problem:
            raise CannotStart("device", problem, there_are())
        torch.set_default_device(options.device)
    if options.seed is None and options.generators:
        restore(json.loads(options.generators))
    if options.seed is not None:
        torch.manual_seed(options.seed)
        random.seed(options.seed)
        numpy.random.seed(options.seed % 2**32)


def hello() -> Hello:
    """Who we are."""
    return Hello(os.getpid(), platform.python_version(), str(torch.__version__), numpy.__version__)


class _ToldRecorder(Recorder):
    """A recorder that remembers why it gave up. error: "" while it has not."""

    error = ""

    def give_up(self, error: Exception) -> None:
        self.error = self.error or "".join(traceback.format_exception(error))
        super().give_up(error)


class Recording:
    """Records from `start` to `close`; the context in between is the script's own time. Used once."""

    def __init__(self, options: ChildOptions, channel: Channel) -> None:
        self._options = options
        self._pid = os.getpid()
        self._closing = threading.Lock()
        self._closed = False
        self._writer = WriterProcess(Path(options.trace), _meta(options), options.budget_bytes)
        self.recorder = _ToldRecorder(self._writer, with_aten=options.with_aten)
        branch = options.branch
        changes, output = ((), None) if branch is None else (branch.changes, branch.output)
        self.changes = Changes(changes_of(changes), self._refuse, output)
        self._notes = Notes(self.recorder, tell=options.live)
        self._gate: Gate | None = None
        self._channel = channel
        self._control: Control | None = None
        self._saved_at = time.monotonic()

    def start(self) -> None:
        """Tells the controlling side that all is ready, and stands at the gate."""
        options = self._options
        if options.live:
            trace = Path(options.trace)
            clock = time.perf_counter
            self._gate = Gate(self.recorder, self._tell, self._leave, clock, trace, self._tell_log, self._tell)
            self.recorder.gate = self._gate
            attached.stop_soon = self._gate.stop_soon
        if options.last_iteration is not None:
            self.recorder.gate = Window(self.recorder, self._gate, options.last_iteration)
        self._channel.send(hello())
        self._control = Control(self._channel, self._news, self._order, self._lose)
        self._notes.replace_streams()
        if options.asks:
            replace_stdin(lambda waits: self._tell(AwaitsInput(waits)))
        os._exit = cast(Any, self._exit_at_once)

    def last_stop(self) -> LastStop:
        """A context around the script, which may be held at its end too."""
        return LastStop(self.recorder, self._gate)

    def close(self, outcome: Outcome) -> None:
        """Writes the end into the trace and tells it. In a forked copy of the script: nothing."""
        if os.getpid() != self._pid:
            return
        with self._closing:
            if self._closed:
                return
            self._closed = True
            recorder = self.recorder
            found = dict(self._metadata(outcome))
            recorder.batch.meta += found.items()
            error = same(recorder.error[-_MISTAKE_CHARS:])
            recorder.flush()
            # A reader that has the trace open keeps it from becoming a plain file just now, which is no failure.
            failure = self._writer.told
            self._writer.close()
            if failure:
                error = Bilingual(
                    f"The trace could not be written any further: {failure.english}",
                    f"记录无法继续写入：{failure.chinese}",
                )
            self._tell(
                Ended(
                    outcome.exit_code,
                    outcome.status,
                    outcome.exception[-TEXT_LIMIT_CHARS:],
                    error,
                    recorder.position,
                )
            )
            if self._control is not None:
                self._control.close()

    def _metadata(self, outcome: Outcome) -> Iterable[tuple[str, Any]]:
        yield "status", outcome.status
        yield "exit_code", outcome.exit_code
        yield "finished", _now()
        if outcome.exception:
            yield "exception", outcome.exception
        if self.changes.counts:
            notes = [note.plain() for note in self.changes.notes]
            yield "changes", {"applied": self.changes.counts, "notes": notes}
        if self._notes.dropped_chars:
            yield "output_dropped_chars", self._notes.dropped_chars

    def _news(self) -> Iterable[Notice]:
        now = time.monotonic()
        if self._gate is None and now - self._saved_at > _SAVE_INTERVAL_S:
            # A gate has a clock; without one, a script that crashes would take up to a thousand events with it.
            self._saved_at = now
            self.recorder.hand_over_soon()
        yield from self._notes.untold()
        yield Progress(self.recorder.position, self.recorder.iterations.number)

    def _tell(self, notice: Notice) -> None:
        if self._control is not None:
            self._control.tell(notice)

    def _tell_log(self, text: str, position: int) -> None:
        self._tell(Logged(text[:TEXT_LIMIT_CHARS], position))

    def _order(self, command: Command) -> None:
        if self._gate is not None:
            self._gate.order(command)
        if isinstance(command, Stop):
            self._leave_soon()

    def _lose(self) -> None:
        """The controlling side is gone: a live script ends at its next event, any other as if terminated with it."""
        if self._gate is not None:
            self._gate.lose()
        elif os.getpid() == self._pid and signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
            os.kill(self._pid, signal.SIGTERM)
        self._leave_soon()

    def _leave_soon(self) -> None:
        """No event may come any more: then what was recorded is saved from here, while the script does other things."""
        late = threading.Timer(_STOP_PATIENCE_S if self._gate is not None else 0.0, self._leave_late)
        late.daemon = True
        late.start()

    def _exit_at_once(self, status: int) -> None:
        """Stands in for `os._exit`, which asks nobody: first saves what was recorded."""
        if os.getpid() == self._pid:
            outcome = Outcome(status & 0xFF, "failed" if status else "finished")
            with contextlib.suppress(Exception):
                self.close(outcome)
        _really_exit(status)

    def _refuse(self, sentence: Bilingual) -> NoReturn:
        """A change that was asked for does not fit the script: the run ends, and its trace says why."""
        self.recorder.batch.meta.append(("change_refused", sentence.plain()))
        self._leave(EXIT_REFUSED)
        raise AssertionError("a process that was left goes on")

    def _leave_late(self) -> None:
        if not self._closed:
            self._leave(EXIT_STOPPED)

    def _leave(self, exit_code: int) -> None:
        """Ends the script because whoever controls it wants so or is gone; no handler of the script's own runs."""
        with contextlib.suppress(Exception):
            self.recorder.iterations.finish(self.recorder.position)
            self.close(Outcome(exit_code, "interrupted"))
            sys.stdout.flush()
            sys.stderr.flush()
        _really_exit(exit_code)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


_SHAPING = ("OMP_", "MKL_", "CUBLAS_", "CUDA_", "PYTORCH_", "TORCH_", "ATEN_", "NVIDIA_TF32", "PYTHONHASHSEED")
"""Beginnings of environment variables that can change a script's numbers."""


def _meta(options: ChildOptions) -> dict[str, Any]:
    environment = {name: text for name, text in sorted(os.environ.items()) if name.startswith(_SHAPING)}
    branch = {} if options.branch is None else {"branch": asdict(options.branch)}
    return {
        **branch,
        "executable": sys.executable,
        "environment": environment,
        "budget_bytes": options.budget_bytes,
        "script": os.path.abspath(options.script),
        "argv": [options.script, *options.arguments],
        "folder": os.getcwd(),
        "device": options.device,
        "seed": options.seed,
        "generators": states(),
        "iterations": [options.first_iteration, options.last_iteration],
        "level": "aten" if options.with_aten else "op",
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "numpy": numpy.__version__,
        "platform": platform.platform(),
        "started": _now(),
        "status": "running",
    }
