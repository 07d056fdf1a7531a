"""A small process that ends the script, and what it started, when whoever started the script is gone without a word.

NOTE [The guard]
The script's own thread may hang in C code, and its handlers may refuse to end. So the guard is a process of its own,
forked before torch is imported, out of the script's family and group. It waits on a pipe whose other end only the
controlling process holds: a byte says that all is well and over; the pipe's end without one, that the controlling
process was killed or crashed. Cannot find: what has left the script's family (a daemon) on a terminal; elsewhere the
script leads a process group, which goes too. Not on Windows.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time

from ..processes import descendants, end_all, identity

_GRACE_S = 4.0
"""Time for the script to notice by itself, which saves the rest of its trace."""

_TICK_S = 0.05


def post_guard(pipe: int) -> None:
    """Leaves a guard behind that watches over this process; `pipe` is closed here. Called while there is one thread."""
    script = os.getpid()
    first = os.fork()
    if first == 0:
        if os.fork() == 0:
            with contextlib.suppress(BaseException):
                _watch(script, pipe)
        os._exit(0)
    os.waitpid(first, 0)
    os.close(pipe)


def _watch(script: int, pipe: int) -> None:
    os.setsid()
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.closerange(3, pipe)
    os.closerange(pipe + 1, pipe + 4096)
    known = identity(script)
    if os.read(pipe, 1) or known is None:
        return
    leads = _leads_group(script)
    family = descendants(script)
    deadline = time.monotonic() + _GRACE_S
    while identity(script) == known and time.monotonic() < deadline:
        time.sleep(_TICK_S)
    if identity(script) == known:
        family += [one for one in descendants(script) if one not in family]
        end_all([known])
    if leads:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(script, signal.SIGKILL)
    end_all(family)


def _leads_group(process: int) -> bool:
    try:
        return os.getpgid(process) == process
    except OSError:
        return False
