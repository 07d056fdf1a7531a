"""Records a script from beginning to end, without stopping: what `gradstep record` does."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ..wire.channel import ChannelClosed
from ..wire.encoding import WireError
from ..wire.messages import Ended, Progress
from .child import Child, Ending, ending_of
from .launch import Launch, launch
from .settling import make_plain, settle

_TICK_S = 0.1


def record(what: Launch, trace: Path, on_progress: Callable[[Progress], None] | None = None) -> Ending:
    """Runs a script and returns how it ended; what was recorded up to then is in the trace.

    The script's output goes straight to ours, Ctrl-C goes to the script. `on_progress` is called on this thread, up to
    ten times a second, and once more at the end. Raises what `launch` raises when the script cannot be started.
    """
    # At a terminal Ctrl-C reaches all of its processes; elsewhere it is passed on.
    child = launch(replace(what, own_group=not _at_terminal()), trace=trace, live=False)
    try:
        ended = follow(child, on_progress or (lambda progress: None))
    finally:
        code = child.end()
    ending = ending_of(code, ended)
    settle(trace, ending)
    make_plain(trace)
    return ending


def follow(child: Child, on_progress: Callable[[Progress], None]) -> Ended | None:
    """Waits until a child's process is over; returns its last notice, None if it had no time for one.

    A Ctrl-C meanwhile is the script's: it is passed on if it has not reached it already.
    """
    ended: Ended | None = None
    is_open = True
    while is_open or child.process.poll() is None:
        try:
            if not is_open:
                time.sleep(_TICK_S)
                continue
            notice = child.channel.receive(_TICK_S)
            if isinstance(notice, Progress):
                on_progress(notice)
            elif isinstance(notice, Ended):
                ended = notice
            elif notice is None:
                is_open = child.process.poll() is None
        except (ChannelClosed, WireError):
            is_open = False
        except KeyboardInterrupt:
            if child.own_group:
                child.interrupt()
    return ended


def _at_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()
