"""Starts a child: the chosen Python, our boot file by its path, the script's arguments, one environment variable."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from ..errors import DeviceError, GradstepError, SessionError
from ..limits import DEFAULT_BUDGET_BYTES
from ..wire.channel import Channel, ChannelClosed
from ..wire.encoding import WireError, encode_record
from ..wire.listener import Listener
from ..wire.messages import Hello, Refused
from ..wire.options import OPTIONS_VARIABLE, ChildOptions
from .child import Child

_BOOT = Path(__file__).resolve().parents[1] / "child" / "boot.py"
_START_S = 120.0
"""Importing torch from a cold disk can take a minute."""

File = int | IO[bytes] | None


@dataclass(frozen=True, slots=True)
class Launch:
    """What to run, and how.

    script: as the user gave it, relative to `folder` (None: ours). arguments: for the script. device: torch's name.
    seed: for torch, numpy and random; None leaves them alone. iterations: [first, last) to record, None for all.
    python: the interpreter, None for ours. environment: None for ours. stdin, stdout, stderr: as in `subprocess`; None
    lets the script use ours. own_group: whether the script is kept from the terminal's Ctrl-C (the default).
    """

    script: str | Path
    arguments: tuple[str, ...] = ()
    device: str = "cpu"
    seed: int | None = None
    iterations: tuple[int, int | None] | None = None
    budget_bytes: int = DEFAULT_BUDGET_BYTES
    python: str | Path | None = None
    folder: str | Path | None = None
    environment: Mapping[str, str] | None = None
    stdin: File = None
    stdout: File = None
    stderr: File = None
    own_group: bool = True


@dataclass(frozen=True, slots=True)
class Beside:
    """A trace that a script's own numbers are held beside. report: where to leave what was found, as JSON. renamed:
    "own=trace's" names."""

    trace: Path
    report: Path
    renamed: tuple[str, ...] = ()


def launch(
    what: Launch, *, trace: Path | None, live: bool, fingerprint: Path | None = None, beside: Beside | None = None
) -> Child:
    """Starts a script and returns when it is about to run.

    trace: the file to record into, None to record nothing. live: hold it at the first event. fingerprint: where to
    leave hashes of its final state. beside: what to hold its own numbers beside. Raises GradstepError for a missing
    script, interpreter or module, for a trace that cannot be written, and DeviceError for a device that is not there.
    """
    script = Path(what.folder or ".") / what.script
    if not script.is_file():
        reason = "is a folder" if script.is_dir() else "does not exist"
        raise GradstepError(f"The script {what.script} {reason}.", "Give the path of a Python file.")
    with Listener() as listener:
        options = _options(what, listener, trace, live, fingerprint)
        if beside is not None:
            report = os.path.abspath(beside.report)
            options = replace(options, beside=os.path.abspath(beside.trace), report=report, renamed=beside.renamed)
        process = _start(what, options)
        try:
            channel = listener.accept(_START_S, lambda: process.poll() is None)
            if channel is None:
                raise _did_not_start(what, process)
            child = Child(process, channel, _greeting(what, process, channel), trace or Path(), what.own_group)
        except BaseException:
            process.kill()
            process.wait()
            raise
    return child


def _options(
    what: Launch, listener: Listener, trace: Path | None, live: bool, fingerprint: Path | None
) -> ChildOptions:
    first, last = what.iterations or (0, None)
    return ChildOptions(
        script=os.fspath(what.script),
        arguments=tuple(what.arguments),
        trace="" if trace is None else os.path.abspath(trace),
        device=what.device,
        seed=what.seed,
        first_iteration=first,
        last_iteration=last,
        budget_bytes=what.budget_bytes,
        live=live,
        port=listener.port,
        token=listener.token_hex,
        fingerprint="" if fingerprint is None else os.path.abspath(fingerprint),
    )


def _start(what: Launch, options: ChildOptions) -> subprocess.Popen[bytes]:
    environment = dict(os.environ if what.environment is None else what.environment)
    environment[OPTIONS_VARIABLE] = encode_record(options)
    python = os.fspath(what.python or sys.executable)
    try:
        return subprocess.Popen(
            [python, str(_BOOT)],
            cwd=what.folder,
            env=environment,
            stdin=what.stdin,
            stdout=what.stdout,
            stderr=what.stderr,
            process_group=0 if what.own_group and os.name == "posix" else None,
        )
    except OSError as error:
        raise GradstepError(
            f"The Python {python} cannot be started: {error.strerror}.", "Choose another interpreter."
        ) from error


def _greeting(what: Launch, process: subprocess.Popen[bytes], channel: Channel) -> Hello:
    try:
        notice = channel.receive(_START_S)
    except (ChannelClosed, WireError) as error:
        raise _did_not_start(what, process) from error
    if isinstance(notice, Hello):
        return notice
    channel.close()
    if isinstance(notice, Refused):
        process.wait()
        raise (DeviceError if notice.kind == "device" else GradstepError)(notice.message, notice.hint)
    raise _did_not_start(what, process)


def _did_not_start(what: Launch, process: subprocess.Popen[bytes]) -> SessionError:
    python = os.fspath(what.python or sys.executable)
    code = process.poll()
    how = "did not answer in time" if code is None else f"ended with exit code {code} before the script could start"
    return SessionError(
        f"The Python {python} {how}.", "It must be Python 3.11 or newer with torch and numpy that can be imported."
    )
