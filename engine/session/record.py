"""Records a script from beginning to end, without stopping: what `gradstep record` does."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..wire.channel import ChannelClosed
from ..wire.messages import Message, Progress, Stop
from .child import GRACE_S, Child, Ending, ending_of
from .following import follow
from .launch import Launch, launch
from .settling import make_plain, settle

TIMED_OUT = 124
"""Exit code of a script that was ended at its time limit, as of the command `timeout`."""

_STOP_GRACE_S = 2.0


def record(
    what: Launch,
    trace: Path,
    on_progress: Callable[[Progress], None] | None = None,
    time_limit_s: float | None = None,
    on_tick: Callable[[], None] | None = None,
) -> Ending:
    """Runs a script and returns how it ended; what was recorded up to then is in the trace.

    The script's output goes straight to ours, Ctrl-C goes to the script. `on_progress` is called on this thread, up to
    ten times a second, and once more at the end. time_limit_s: how long the script may run, None for no limit.
    on_tick: called ten times a second, also while a script says nothing; what it raises ends the script. Raises what
    `launch` raises when the script cannot be started.
    """

    def hear(notice: Message) -> None:
        if on_progress is not None and isinstance(notice, Progress):
            on_progress(notice)

    def is_patient() -> bool:
        if on_tick is not None:
            on_tick()
        return limit.is_patient()

    # At a terminal Ctrl-C reaches all of its processes; elsewhere it is passed on.
    child = launch(replace(what, own_group=not _at_terminal()), trace=trace, live=False)
    limit = _TimeLimit(child, time_limit_s)
    try:
        ended = follow(child, hear, is_patient)
    finally:
        code = child.end(0.0 if limit.is_over else GRACE_S)
    ending = ending_of(code, ended)
    ending = replace(ending, stack=child.stack) if ending.signal else ending
    if limit.is_over:
        ending = replace(ending, exit_code=TIMED_OUT, status="interrupted", signal="", time_limit_s=time_limit_s)
    settle(trace, ending)
    make_plain(trace)
    return ending


class _TimeLimit:
    """Asks a script to end when its time is up: what was recorded is saved, unless it hangs in C code."""

    def __init__(self, child: Child, limit_s: float | None) -> None:
        self._child = child
        self._ends_at = None if limit_s is None else time.monotonic() + limit_s
        self.is_over = False

    def is_patient(self) -> bool:
        """Whether to wait on."""
        if self._ends_at is None or time.monotonic() < self._ends_at:
            return True
        if not self.is_over:
            self.is_over = True
            self._child.note_family()
            with contextlib.suppress(ChannelClosed):
                self._child.channel.send(Stop())
        return time.monotonic() < self._ends_at + _STOP_GRACE_S


def _at_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
