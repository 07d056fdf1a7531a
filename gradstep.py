"""Gradstep: steps through a PyTorch program, forward, backward and update, with every number in view.

Record a part of a script or notebook, and look at it:

    import gradstep

    with gradstep.record("t.gradstep"):
        ...  # train

    with gradstep.open("t.gradstep") as trace:
        trace.iterations[0]["z1"]                     # a NumPy array, by role
        trace.iterations[0]["hidden.weight.grad"]     # or by the parameter's name
        trace.events[12].inputs                       # or by event
        trace.values("C")                             # one value over the iterations

A whole script is recorded unchanged by the command line: `gradstep record SCRIPT.py`; `gradstep -h` says more.
"""

# NOTE [Where engine lies] This module is all that an environment sees of Gradstep. Its other folders lie in
# gradstep_runtime/ beside it when installed, and beside it in a checkout (docs/decisions/0001-packaging.md). They are
# loaded by path under a private name and on first use: somebody's own engine.py is never taken for ours, and importing
# gradstep imports neither torch nor Qt.

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import platform
import sys
import threading
import warnings
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from engine.errors import GradstepError
    from engine.export.objects import RecordedTrace

__all__ = ["GradstepError", "Recording", "breakpoint", "main", "open", "record"]

_ENGINE = "_gradstep_engine"
_HERE = Path(__file__).resolve().parent
_one_at_a_time = threading.Lock()


def record(path: str | Path, *, device: str | torch.device | None = None, budget: int | str | None = None) -> Recording:
    """Records what runs inside the `with` block into a trace; an exception passes through and leaves it readable.

    path: the trace to write; an earlier one of that name is replaced. device: where new tensors are made inside the
    block, as with `torch.set_default_device` ("cpu", "cuda:0"); None leaves it as it is. budget: how much is kept of
    arrays before old iterations are thinned, in bytes or as text ("500MB", "2GiB"); None is 1 GiB.
    What the program prints is not part of such a trace. One recording runs at a time, on the thread that began it.
    Raises GradstepError where the trace cannot be written, there is no such device, or something is recorded already.
    """
    return Recording(path, device=device, budget=budget)


def open(path: str | Path) -> RecordedTrace:
    """Opens a trace for reading: its iterations, events, and values as NumPy arrays. Needs no torch, runs no code.

    Raises GradstepError where there is no such file, it is not a trace, or it is from a newer Gradstep.
    """
    trace: RecordedTrace = _engine("export.objects").RecordedTrace(path)
    return trace


def breakpoint() -> None:
    """Holds a script that runs in Gradstep's window, or is stepped by a session, before its next torch operation.

    Does nothing otherwise, needs no torch, and never raises; so it may stay in a script.
    """
    with contextlib.suppress(Exception):
        attached = sys.modules.get(f"{_ENGINE}.child.attached")
        stop_soon = getattr(attached, "stop_soon", None)
        if stop_soon is not None:
            stop_soon()


def main(arguments: Sequence[str] | None = None) -> int:
    """The `gradstep` command. arguments: those after its name (default: the program's). Returns the exit code."""
    code: int = _engine("cli.main").main(sys.argv[1:] if arguments is None else list(arguments), _show_window)
    return code


class Recording:
    """A recording: a `with` block around what is to be recorded. `path` is the trace, `position` how far it is."""

    def __init__(self, path: str | Path, *, device: str | torch.device | None, budget: int | str | None) -> None:
        self.path = Path(path)
        self._device = device
        self._budget_bytes: int = _engine("cli.sizes").size_bytes(budget)
        self._active = contextlib.ExitStack()
        self._recorder: Any = None
        self._writer: Any = None

    def __repr__(self) -> str:
        return f"<recording of {self.position} events into {self.path}>"

    @property
    def position(self) -> int:
        """Number of events recorded so far."""
        return 0 if self._recorder is None else int(self._recorder.position)

    def open(self) -> RecordedTrace:
        """Opens the trace for reading; inside the block: what was recorded up to here."""
        if self._writer is not None:
            self._recorder.flush()
        return open(self.path)

    def __enter__(self) -> Recording:
        if self._recorder is not None:
            raise _error("A recording is used once.", "Call gradstep.record again.")
        torch = _torch()
        if f"{_ENGINE}.child.run" in sys.modules:
            raise _error(
                "This script is recorded as a whole already, by gradstep record or in the window.",
                "Run it with plain python to record a part of it.",
            )
        if not _one_at_a_time.acquire(blocking=False):
            raise _error(
                "Something is recorded already, and only one recording can run at a time.", "End that one first."
            )
        with contextlib.ExitStack() as entered:
            entered.callback(_one_at_a_time.release)
            if self._device is not None:
                entered.enter_context(_on_device(torch, self._device))
            meta = _run_facts(torch, sys._getframe(1).f_code.co_filename)
            self._writer = _engine("trace.writer_process").WriterProcess(self.path, meta, self._budget_bytes)
            entered.callback(self._writer.close)
            self._recorder = _engine("recorder.recorder").Recorder(self._writer)
            entered.enter_context(self._recorder)
            self._active = entered.pop_all()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        outcome = _engine("child.outcome").outcome_of(error)
        facts = {"status": outcome.status, "exit_code": outcome.exit_code, "exception": outcome.exception}
        facts["finished"] = _now()
        self._recorder.batch.meta.extend((key, fact) for key, fact in facts.items() if fact != "")
        writer, self._writer = self._writer, None
        self._active.close()
        if writer.failure:
            warnings.warn(f"The trace {self.path} stops before the end: {writer.failure}", RuntimeWarning, stacklevel=2)


def _on_device(torch: Any, device: str | torch.device) -> contextlib.AbstractContextManager[Any]:
    """Makes tensors on a device by default. Raises GradstepError if there is no such device."""
    missing = _engine("child.missing_device")
    problem = missing.missing_device(str(device))
    if problem:
        raise _engine("errors").GradstepError(problem, missing.there_are())
    manager: contextlib.AbstractContextManager[Any] = torch.device(device)
    return manager


def _run_facts(torch: Any, script: str) -> dict[str, Any]:
    """What a trace's meta table says of a recording made inside a program."""
    return {
        "script": script,
        "argv": sys.argv,
        "folder": os.getcwd(),
        "device": str(torch.get_default_device()),
        "seed": None,
        "iterations": [0, None],
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "numpy": str(importlib.import_module("numpy").__version__),
        "platform": platform.platform(),
        "started": _now(),
        "status": "running",
    }


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _torch() -> Any:
    try:
        return importlib.import_module("torch")
    except ImportError as error:
        raise _error("Recording needs PyTorch, which this Python does not have.", "pip install torch") from error


def _show_window(arguments: list[str]) -> int:
    """Starts the window on a trace or script, if one is given. This process is the window's own from here on."""
    sys.path.insert(0, str(_runtime()))
    code: int = importlib.import_module("app.main").main(arguments)
    return code


def _engine(module: str) -> Any:
    """A module of `engine`, see NOTE [Where engine lies]."""
    if _ENGINE not in sys.modules:
        folder = _runtime() / "engine"
        spec = importlib.util.spec_from_file_location(
            _ENGINE, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        if spec is None or spec.loader is None:
            raise ImportError(f"Gradstep is not installed whole: there is no {folder}.")
        package = importlib.util.module_from_spec(spec)
        sys.modules[_ENGINE] = package
        spec.loader.exec_module(package)
    return importlib.import_module(f"{_ENGINE}.{module}")


def _runtime() -> Path:
    """The folder that holds engine, app and resources."""
    installed = _HERE / "gradstep_runtime"
    return installed if installed.is_dir() else _HERE


def _error(message: str, hint: str) -> GradstepError:
    error: GradstepError = _engine("errors").EnglishError(message, hint)
    return error


def __getattr__(name: str) -> Any:
    if name == "GradstepError":
        return _engine("errors").GradstepError
    if name == "__version__":
        return _engine("cli.versions").gradstep_version()
    raise AttributeError(f"module 'gradstep' has no attribute {name!r}")


if __name__ == "__main__":
    sys.exit(main())
