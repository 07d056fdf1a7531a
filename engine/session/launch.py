"""Starts a child: the chosen Python, our boot file by its path, the script's arguments, one environment variable."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, cast

from ..bilingual import Bilingual
from ..errors import DeviceError, GradstepError
from ..limits import DEFAULT_BUDGET_BYTES
from ..wire.channel import Channel, ChannelClosed
from ..wire.encoding import WireError, encode_record
from ..wire.listener import Listener
from ..wire.messages import Hello, Refused
from ..wire.options import OPTIONS_VARIABLE, BranchOrigin, ChildOptions
from .child import Child
from .interpreter import cannot_be_started, did_not_start, interpreter, no_loopback

_BOOT = Path(__file__).resolve().parents[1] / "child" / "boot.py"
_START_S = 120.0
"""Importing torch from a cold disk can take a minute."""

File = int | IO[bytes] | None


@dataclass(frozen=True, slots=True)
class Launch:
    """What to run, and how.

    script: as the user gave it, relative to `folder` (None: ours). arguments: for the script. device: torch's name.
    seed: for torch, numpy and random; None leaves them alone. iterations: [first, last) to record, None for all.
    python: see `interpreter.interpreter`. environment: None for ours. stdin, stdout, stderr: as in `subprocess`; None
    lets the script use ours; at a live session PIPE is a stdin to type into. own_group: whether the script is kept
    from the terminal's Ctrl-C (the default). with_aten: record what torch calls inside its operations too, which may
    change a script's last bits. branch: of which run it is a branch, None for none. generators: how the random
    generators stand at the start, as a trace tells it; "" leaves them alone.
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
    with_aten: bool = False
    branch: BranchOrigin | None = None
    generators: str = ""


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
    check_files(what)
    with Listener() as listener:
        options = _options(what, listener, trace, live, fingerprint)
        if beside is not None:
            report = os.path.abspath(beside.report)
            options = replace(options, beside=os.path.abspath(beside.trace), report=report, renamed=beside.renamed)
        process, guard, crash = _start(what, options)
        try:
            channel = listener.accept(_START_S, lambda: process.poll() is None)
            if channel is None and not listener.is_reachable():
                raise no_loopback()
            if channel is None:
                raise did_not_start(interpreter(what.python), process.poll())
            hello = _greeting(what, process, channel)
        except BaseException:
            process.kill()
            process.wait()
            for end in (process.stdin, guard, crash):
                if end is not None:
                    with contextlib.suppress(OSError):
                        end.close()
            raise
    return Child(process, channel, hello, trace or Path(), what.own_group, guard, crash)


def check_files(what: Launch) -> None:
    """Raises GradstepError for a script or an interpreter that is not there: nothing can be started then."""
    script = Path(what.folder or ".") / what.script
    if not script.is_file():
        reason = Bilingual("does not exist", "不存在")
        if script.is_dir():
            reason = Bilingual("is a folder", "是一个文件夹")
        raise GradstepError(
            Bilingual(f"The script {what.script} {reason.english}.", f"脚本 {what.script} {reason.chinese}。"),
            Bilingual("Give the path of a Python file.", "请给出一个 Python 文件的路径。"),
        )
    interpreter(what.python)


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
        with_aten=what.with_aten,
        asks=live and what.stdin == subprocess.PIPE,
        port=listener.port,
        token=listener.token_hex,
        fingerprint="" if fingerprint is None else os.path.abspath(fingerprint),
        branch=what.branch,
        generators=what.generators,
    )


def _start(what: Launch, options: ChildOptions) -> tuple[subprocess.Popen[bytes], IO[bytes] | None, IO[bytes] | None]:
    """The process, our end of the pipe to its guard (engine.child.guard, NOTE [The guard]), where it notes a crash."""
    python = interpreter(what.python)
    if what.folder is not None and not os.path.isdir(what.folder):
        raise GradstepError(
            Bilingual(f"The folder {what.folder} does not exist.", f"文件夹 {what.folder} 不存在。"),
            Bilingual("Choose another folder to run the script in.", "请选择另一个文件夹来运行脚本。"),
        )
    reading, guard = _pipe()
    crash = cast("IO[bytes]", tempfile.TemporaryFile(buffering=0)) if guard is not None else None  # noqa: SIM115 - the child's
    kept = () if guard is None or crash is None else (reading, crash.fileno())
    environment = dict(os.environ if what.environment is None else what.environment)
    environment[OPTIONS_VARIABLE] = encode_record(replace(options, guard=reading, crash=kept[-1] if kept else -1))
    try:
        process = subprocess.Popen(
            [python, str(_BOOT)],
            cwd=what.folder,
            env=environment,
            stdin=what.stdin,
            stdout=what.stdout,
            stderr=what.stderr,
            process_group=0 if what.own_group and os.name == "posix" else None,
            pass_fds=kept,
        )
    except OSError as error:
        for end in (guard, crash):
            if end is not None:
                end.close()
        raise cannot_be_started(python, error) from error
    finally:
        if guard is not None:
            os.close(reading)
    return process, guard, crash


def _pipe() -> tuple[int, IO[bytes] | None]:
    if os.name != "posix":
        return -1, None
    reading, writing = os.pipe()
    return reading, os.fdopen(writing, "wb", 0)


def _greeting(what: Launch, process: subprocess.Popen[bytes], channel: Channel) -> Hello:
    try:
        notice = channel.receive(_START_S)
    except (ChannelClosed, WireError) as error:
        raise did_not_start(interpreter(what.python), process.poll()) from error
    if isinstance(notice, Hello):
        return notice
    channel.close()
    if isinstance(notice, Refused):
        process.wait()
        raise (DeviceError if notice.kind == "device" else GradstepError)(notice.message, notice.hint)
    raise did_not_start(interpreter(what.python), process.poll())
