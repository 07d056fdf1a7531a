"""Runs the script as `python script.py` would, watched; what the process does at its end is the script's doing."""

from __future__ import annotations

import atexit
import importlib
import os
import re
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from ..bilingual import NOTHING, Bilingual
from ..errors import GradstepError
from ..wire.channel import Channel
from ..wire.encoding import decode_record
from ..wire.listener import connect
from ..wire.messages import Refused
from ..wire.options import OPTIONS_VARIABLE, ChildOptions
from .crash import note_crashes
from .guard import post_guard
from .main_module import compile_script, prepare_main
from .outcome import EXIT_REFUSED, Outcome, outcome_of
from .tracebacks import trim

if TYPE_CHECKING:
    from .recording import Recording

_TEXT_LIMIT = 2000
OLDEST_NUMPY, OLDEST_TORCH = (1, 26), (2, 6)


def run_child() -> None:
    """What the child does, from its first to its last breath."""
    options = decode_record(ChildOptions, os.environ.pop(OPTIONS_VARIABLE))
    if options.guard >= 0:
        post_guard(options.guard)
    if options.crash >= 0:
        note_crashes(options.crash)
    channel = connect(options.port, options.token)
    end = _End(channel)
    atexit.register(end.close)
    try:
        end.recording = _prepare(options, channel)
    except _Refusal as refusal:
        channel.send(refusal.notice)
        channel.close()
        sys.exit(EXIT_REFUSED)
    try:
        _play(options, end.recording)
    except BaseException as error:
        trim(error)
        end.outcome = outcome_of(error)
        _print_trimmed(error)
        raise
    finally:
        if options.fingerprint:
            from .fingerprint import write_fingerprint

            write_fingerprint(Path(options.fingerprint), sys.modules["__main__"].__dict__)


class _Refusal(Exception):  # noqa: N818 - it becomes a notice
    def __init__(self, notice: Refused) -> None:
        super().__init__(notice.message.english)
        self.notice = notice


class _End:
    """Closes the recording when the interpreter ends: registered before anything of the script's, it comes last."""

    def __init__(self, channel: Channel) -> None:
        self.recording: Recording | None = None
        self.outcome = Outcome(0, "finished")

    def close(self) -> None:
        if self.recording is not None:
            self.recording.close(self.outcome)


def _prepare(options: ChildOptions, channel: Channel) -> Recording | None:
    """Everything that can go wrong before the script runs. None: nothing is to be recorded."""
    _must_have("numpy", OLDEST_NUMPY)
    _must_have("torch", OLDEST_TORCH)
    from . import recording

    try:
        recording.set_up(options)
        if not options.trace:
            channel.send(recording.hello())
            return None
        made = recording.Recording(options, channel)
    except recording.CannotStart as error:
        raise _Refusal(Refused(error.kind, error.message, error.hint)) from error
    except GradstepError as error:
        raise _Refusal(Refused("trace", error.message, error.hint)) from error
    made.start()
    return made


def _must_have(library: str, oldest: tuple[int, int]) -> None:
    """Raises a refusal unless this Python has a library that is new enough."""
    wanted = f"{library} {oldest[0]}.{oldest[1]}"
    install = f"{sys.executable} -m pip install {library}"
    hint = Bilingual(
        f"Choose a Python that has {wanted} or newer, or install it: {install}",
        f"请选择装有 {wanted} 或更新版本的 Python，或者安装它：{install}",
    )
    python = sys.executable
    message = NOTHING
    try:
        version = str(importlib.import_module(library).__version__)
        found = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
        if found < oldest:
            message = Bilingual(
                f"The Python {python} has {library} {version}, which is too old for Gradstep.",
                f"Python {python} 的 {library} 是 {version}，对 Gradstep 来说太旧了。",
            )
    except ModuleNotFoundError as error:
        message = Bilingual(f"The Python {python} has no {library}.", f"Python {python} 中没有 {library}。")
        if error.name != library:
            why = str(error)[:_TEXT_LIMIT]
            message = Bilingual(
                f"The Python {python} has no {library} that can be imported ({why}).",
                f"Python {python} 中没有可以导入的 {library}（{why}）。",
            )
    except Exception as error:  # a library that is broken may raise anything
        why = f"{type(error).__name__}: {error}"[:_TEXT_LIMIT]
        message = Bilingual(
            f"The Python {python} cannot import {library}: {why}.", f"Python {python} 无法导入 {library}：{why}。"
        )
    if message:
        raise _Refusal(Refused("python", message, hint))


def _play(options: ChildOptions, recording: Recording | None) -> None:
    names = prepare_main(options.script, options.arguments)
    code = compile_script(str(names["__file__"]))
    if options.beside:
        from .by_hand import ByHand

        renamed = dict(pair.split("=", 1) for pair in options.renamed)
        with ByHand(str(names["__file__"]), Path(options.beside), Path(options.report), renamed):
            exec(code, names)
        return
    if recording is None:
        exec(code, names)
        return
    with recording.recorder, recording.changes, recording.last_stop():
        exec(code, names)


def _print_trimmed(error: BaseException) -> None:
    """Python prints the exception when it leaves the last frame, and then ends as it always does for such a one.

    By then our own frames are back in its traceback, so the hook that prints it is put off by one call.
    """
    if isinstance(error, SystemExit):
        return
    hook = sys.excepthook
    traceback = error.__traceback__

    def print_as_bare(kind: type[BaseException], value: BaseException, _: TracebackType | None) -> None:
        sys.excepthook = hook
        value.__traceback__ = sys.last_traceback = traceback
        hook(kind, value, traceback)

    sys.excepthook = print_as_bare
