"""Finishes what a killed child left unfinished: the trace says how the script ended, and is a plain file again."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from ..trace.schema import APPLICATION_ID
from .child import Ending

_QUIET_S = 0.6
_WRITER_S = 20.0


def settle(trace: Path, ending: Ending) -> None:
    """Notes the end in a trace whose writer had no time to; leaves others, and files that are no traces, alone."""
    if not trace.is_file():
        return
    with _opened(trace) as file:
        if not _is_trace(file):
            return
        if not _says_running(file):
            return
        _wait_for_writer(file)
        if not _says_running(file):
            return
        facts = {"status": ending.status, "exit_code": ending.exit_code}
        if ending.signal:
            facts["signal"] = ending.signal
        if ending.stack:
            facts["crash"] = ending.stack
        file.executemany(
            "INSERT OR REPLACE INTO meta VALUES (?,?)", [(key, json.dumps(fact)) for key, fact in facts.items()]
        )


def make_plain(trace: Path) -> None:
    """Leaves one file without a write-ahead log, if nobody else has it open."""
    if trace.is_file():
        with _opened(trace) as file:
            if _is_trace(file):
                file.execute("PRAGMA journal_mode=DELETE")


def _wait_for_writer(file: sqlite3.Connection) -> None:
    """What a killed script had handed over is still being written, by a process that nobody here knows: let it finish.

    It commits at least four times a second while it has something to write.
    """
    deadline = time.monotonic() + _WRITER_S
    seen, since = -1, time.monotonic()
    while time.monotonic() < deadline and time.monotonic() - since < _QUIET_S:
        (version,) = file.execute("PRAGMA data_version").fetchone()
        if version != seen:
            seen, since = version, time.monotonic()
        time.sleep(0.05)


@contextlib.contextmanager
def _opened(trace: Path) -> Iterator[sqlite3.Connection]:
    """The file for writing; what SQLite cannot do is left undone."""
    file = sqlite3.connect(trace, isolation_level=None, timeout=1.0)
    with contextlib.closing(file), contextlib.suppress(sqlite3.Error):
        yield file


def _says_running(file: sqlite3.Connection) -> bool:
    status = file.execute("SELECT value FROM meta WHERE key='status'").fetchone()
    return status is not None and json.loads(status[0]) == "running"


def _is_trace(file: sqlite3.Connection) -> bool:
    return bool(file.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)
