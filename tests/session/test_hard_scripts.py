"""Scripts that do to their own process what scripts do: each runs as it does bare, and its trace has all its events."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from engine.session.launch import Launch
from engine.session.record import record
from engine.trace.reader import Trace

pytestmark = pytest.mark.cold_start
FORK = pytest.mark.skipif(not hasattr(os, "fork"), reason="the system has no fork")

BEGIN = "import os, signal, subprocess, sys, threading, time\nimport torch\nprint('begin', flush=True)\n"
HARD = {
    "os._exit": "torch.ones(2) + 1\nos._exit(7)\n",
    "sys.exit in a thread": (
        "thread = threading.Thread(target=lambda: sys.exit(3))\nthread.start()\nthread.join()\n"
        "torch.ones(2) + 1\nprint('on')\n"
    ),
    "closes stdout": "torch.ones(2) + 1\nsys.stdout.close()\n",
    "closes its descriptors": "sys.stdout.flush()\nos.close(1)\nos.close(2)\ntorch.ones(2) + 1\n",
    "changes directory and deletes its file": (
        "os.remove(os.path.abspath(sys.argv[0]))\nos.chdir('/')\ntorch.ones(2) + 1\nprint(os.getcwd())\n1 / 0\n"
    ),
    "handlers": (
        "def told(number, frame):\n    print('signal', number)\n"
        "for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):\n    signal.signal(number, told)\n"
        "torch.ones(2) + 1\nfor number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):\n"
        "    os.kill(os.getpid(), number)\n    time.sleep(0.01)\nraise SystemExit(4)\n"
    ),
    "an alarm": "signal.alarm(1)\ntorch.ones(2) + 1\ntime.sleep(30)\n",
    "forks": (
        "child = os.fork()\nx = torch.ones(2) + 1\n"
        "if child == 0:\n    print('in the copy', flush=True)\n    os._exit(5)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
        "try:\n    os.wait()\nexcept ChildProcessError:\n    print('no others')\n"
    ),
    "processes": (
        "import multiprocessing\ndef doubled(x):\n    return (torch.ones(2) * x).sum().item()\n"
        "if __name__ == '__main__':\n    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        print(pool.map(doubled, [1, 2]))\n    torch.ones(2) + 1\n"
    ),
}


@FORK
@pytest.mark.parametrize("what", HARD)
def test_it_runs_as_it_does_bare(script: Callable[..., Any], what: str) -> None:
    hard = script(BEGIN + HARD[what])
    text = hard.path.read_bytes()
    bare = hard.run_bare()
    hard.path.write_bytes(text)
    ending, out, err = hard.run_recorded()
    code = 128 - bare[0] if bare[0] < 0 else bare[0]
    assert (ending.exit_code, out) == (code, bare[1]), err.decode()
    if what != "closes its descriptors":
        assert err == bare[2]
    with Trace(hard.trace) as trace:
        assert "recorder_error" not in trace.meta()
        assert trace.meta()["exit_code"] == code
        found = [event.name for event in trace.events()]
        assert found == ["ones", "add"][: 0 if ending.signal else 2], "a killed process had no time for its last events"


@FORK
def test_a_crash_loses_no_more_than_the_last_moment(script: Callable[..., Any]) -> None:
    crashing = script(
        """
        import ctypes, time, torch
        for i in range(5):
            torch.ones(2) + i
        time.sleep(1)
        torch.neg(torch.ones(2))
        time.sleep(1)
        ctypes.string_at(0)  # @here
        """
    )
    ending = record(Launch(crashing.path, stderr=subprocess.DEVNULL), crashing.trace)
    assert (ending.exit_code, ending.signal) == (139, "SIGSEGV")
    assert "Segmentation fault" in ending.stack
    assert f'{crashing.path.name}", line {crashing.line("here")} in' in ending.stack
    assert "/engine/" not in ending.stack
    with Trace(crashing.trace) as trace:
        assert [event.name for event in trace.events()][:10] == ["ones", "add"] * 5
        assert trace.meta()["signal"] == "SIGSEGV"
        assert trace.meta()["crash"] == ending.stack


def test_a_gigabyte_of_output_passes_and_the_trace_stays_small(script: Callable[..., Any]) -> None:
    wordy = script(
        """
        import sys, torch
        line = "x" * 1_000_000 + "\\n"
        for i in range(1000):
            sys.stdout.write(line)
        torch.ones(2) + 1
        """
    )
    ending = record(Launch(wordy.path, stdout=subprocess.DEVNULL), wordy.trace)
    assert ending.exit_code == 0
    assert wordy.trace.stat().st_size < 64_000_000
    with Trace(wordy.trace) as trace:
        kept = sum(len(row.text) for row in trace.output())
        assert kept + trace.meta()["output_dropped_chars"] == 1000 * 1_000_001
        assert len(trace) == 2
