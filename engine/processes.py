"""Processes of this machine: who is there, who started whom. POSIX; on Windows nobody is found."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from pathlib import Path

Identity = tuple[int, str]
"""A process: its id, and when it began, where the system says so; an id alone is given again."""


def identity(process: int) -> Identity | None:
    """Who a running process is, None where there is none (any more)."""
    with contextlib.suppress(OSError, IndexError):
        # pid (name) state ppid pgrp ...: the name may hold anything, and the start is field 22.
        fields = Path(f"/proc/{process}/stat").read_text(errors="replace").rpartition(")")[2].split()
        return None if fields[0] in "ZX" else (process, fields[19])
    if Path("/proc/self/stat").exists():
        return None
    if os.name != "posix":
        return None
    try:
        os.kill(process, 0)
    except PermissionError:
        pass
    except OSError:
        return None
    return process, ""


def descendants(process: int) -> list[Identity]:
    """Children of a process, their children, and so on."""
    children: dict[int, list[int]] = {}
    for child, parent in _parents():
        children.setdefault(parent, []).append(child)
    found, waiting = [], [process]
    while waiting:
        for child in children.get(waiting.pop(), ()):
            waiting.append(child)
            known = identity(child)
            if known is not None:
                found.append(known)
    return found


def _parents() -> list[tuple[int, int]]:
    """(process, its parent) of all processes."""
    found: list[tuple[int, int]] = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError, ValueError):
            parent = place.read_text(errors="replace").rpartition(")")[2].split()[1]
            found.append((int(place.parent.name), int(parent)))
    if found or os.name != "posix":
        return found
    with contextlib.suppress(OSError, ValueError):
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=False).stdout
        found = [(int(line.split()[0]), int(line.split()[1])) for line in listed.splitlines() if line.strip()]
    return found


def end_all(processes: list[Identity]) -> None:
    """Kills those that still run."""
    for one in processes:
        if identity(one[0]) == one:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(one[0], signal.SIGKILL)
