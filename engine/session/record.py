"""Records a script from beginning to end, without stopping: what `gradstep record` does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..wire.messages import Message, Progress
from .child import Ending, ending_of
from .following import follow
from .launch import Launch, launch
from .settling import make_plain, settle


def record(what: Launch, trace: Path, on_progress: Callable[[Progress], None] | None = None) -> Ending:
    """Runs a script and returns how it ended; what was recorded up to then is in the trace.

    The script's output goes straight to ours, Ctrl-C goes to the script. `on_progress` is called on this thread, up to
    ten times a second, and once more at the end. Raises what `launch` raises when the script cannot be started.
    """

    def hear(notice: Message) -> None:
        if on_progress is not None and isinstance(notice, Progress):
            on_progress(notice)

    # At a terminal Ctrl-C reaches all of its processes; elsewhere it is passed on.
    child = launch(replace(what, own_group=not _at_terminal()), trace=trace, live=False)
    try:
        ended = follow(child, hear)
    finally:
        code = child.end()
    ending = ending_of(code, ended)
    settle(trace, ending)
    make_plain(trace)
    return ending


def _at_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
