"""Nothing of a script runs on when its time is up, or when whoever started it is killed; its trace stays."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.processes import descendants, end_all, identity
from engine.session.launch import Launch
from engine.session.record import TIMED_OUT, record
from engine.trace.reader import Trace

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 60.0
LIMIT_S = 4.0
"""Enough for a script that takes a hundredth of it, on a machine that is busy with other things."""

pytestmark = [
    pytest.mark.cold_start,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked for in /proc"),
]

STUBBORN = """
    import os, re, signal, subprocess, sys
    import torch
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sleeper = [sys.executable, "-S", "-c", "import time; time.sleep(600)"]
    near = subprocess.Popen(sleeper)
    far = subprocess.Popen(sleeper, start_new_session=True)
    torch.ones(2) + 1
    print(os.getpid(), near.pid, far.pid, flush=True)
    re.match("(a+)+$", "a" * 60 + "b")
    """
"""Hangs in C code that lets no other thread run, refuses to end, and has started others."""

QUIET = """
    import os, time, torch
    for i in range(10):
        torch.ones(2) + i
    print(os.getpid(), flush=True)
    time.sleep(600)
    """

RUNNER = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from engine.session.launch import Launch
from engine.session.record import record
from engine.session.session import Session
what = Launch(sys.argv[2])
if sys.argv[4] == "record":
    record(what, Path(sys.argv[3]))
with Session() as session:
    session.start(what, sys.argv[3], stop_at_entry=False)
    session.wait(600)
"""


def gone(processes: list[int]) -> bool:
    """Whether none of them runs any more, after a while."""
    deadline = time.monotonic() + WAIT_S
    while any(identity(one) for one in processes) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(identity(one) for one in processes)


def killed_runner(path: Path, trace: Path, how: str) -> list[int]:
    """Has another process start a script, and kills that process once the script has named its own processes."""
    with subprocess.Popen(
        [sys.executable, "-c", RUNNER, ROOT, path, trace, how], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
    ) as runner:
        assert runner.stdout is not None
        named = [int(word) for word in runner.stdout.readline().split()]
        runner.kill()
    return named


@pytest.mark.parametrize("how", ["record", "session"])
def test_a_script_that_hangs_and_its_own_processes_end_with_who_started_them(
    script: Callable[..., Any], how: str
) -> None:
    stubborn = script(STUBBORN)
    processes = killed_runner(stubborn.path, stubborn.trace, how)
    assert len(processes) == 3
    assert gone(processes)


def test_a_script_that_is_left_alone_saves_its_trace(script: Callable[..., Any]) -> None:
    quiet = script(QUIET)
    processes = killed_runner(quiet.path, quiet.trace, "record")
    assert gone(processes)
    deadline = time.monotonic() + WAIT_S
    with Trace(quiet.trace) as trace:
        while trace.meta()["status"] == "running" and time.monotonic() < deadline:
            time.sleep(0.05)
        assert trace.meta()["status"] == "interrupted"
        assert len(trace) == 20


def test_a_time_limit_ends_a_script_and_keeps_its_trace(script: Callable[..., Any]) -> None:
    quiet = script(QUIET)
    ending = record(Launch(quiet.path, stdout=subprocess.DEVNULL), quiet.trace, time_limit_s=LIMIT_S)
    assert (ending.exit_code, ending.status, ending.signal) == (TIMED_OUT, "interrupted", "")
    assert ending.sentence.english == "The script was ended at its time limit of 4 s."
    with Trace(quiet.trace) as trace:
        assert len(trace) == 20
        assert trace.meta()["status"] == "interrupted"


def test_a_time_limit_ends_a_script_that_hangs_too(script: Callable[..., Any]) -> None:
    stubborn = script(STUBBORN)
    out = stubborn.path.with_name("out")
    with out.open("wb") as stdout:
        ending = record(Launch(stubborn.path, stdout=stdout), stubborn.trace, time_limit_s=LIMIT_S)
    assert ending.exit_code == TIMED_OUT
    processes = [int(word) for word in out.read_text().split()]
    assert len(processes) == 3
    assert gone(processes)
    with Trace(stubborn.trace) as trace:
        assert trace.meta()["exit_code"] == TIMED_OUT


def test_an_end_in_time_is_an_ordinary_one(script: Callable[..., Any]) -> None:
    short = script("import torch\ntorch.ones(2) + 1\nraise SystemExit(5)\n")
    ending = record(Launch(short.path), short.trace, time_limit_s=600.0)
    assert (ending.exit_code, ending.time_limit_s) == (5, None)


def test_descendants_are_found_and_ended() -> None:
    code = (
        "import subprocess, sys; p = subprocess.Popen([sys.executable, '-S', '-c', 'input()'], stdin=subprocess.PIPE)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", f"{code}; print(p.pid, flush=True); input()"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        grandchild = int(process.stdout.readline())
        found = descendants(os.getpid())
        assert {process.pid, grandchild} <= {one[0] for one in found}
        end_all([(grandchild, "another process that had this number")])
        assert identity(grandchild) is not None
        end_all([one for one in found if one[0] in (process.pid, grandchild)])
        assert process.wait(WAIT_S) == -9
    assert gone([process.pid, grandchild])
