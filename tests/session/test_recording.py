"""`record` runs a script to its end and leaves a readable trace, whatever happens to the process."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.bilingual import NOTHING, same
from engine.session.child import Ending, ending_of
from engine.session.launch import Launch, launch
from engine.session.record import record
from engine.session.settling import make_plain, settle
from engine.session.verify import verify
from engine.trace.reader import Trace
from engine.wire.messages import Ended, Progress

pytestmark = pytest.mark.cold_start

LOOP = """
    import sys, time, torch
    w = torch.ones(1000, requires_grad=True)
    print("ready", flush=True)
    try:
        for iteration in range(int(sys.argv[1])):
            (w * w).sum().backward()
            with torch.no_grad():
                w -= 0.1 * w.grad
            w.grad = None
    except KeyboardInterrupt:
        print("interrupted", flush=True)
        raise SystemExit(9)
    print("done")
    """

ROOT = Path(__file__).resolve().parents[2]


def test_a_killed_scripts_trace_has_all_that_was_committed(script: Callable[..., Any]) -> None:
    looping = script(LOOP)
    child = launch(Launch(looping.path, ("10000000",), stdout=subprocess.DEVNULL), trace=looping.trace, live=False)
    with Trace(looping.trace) as trace:
        while len(trace) == 0 and child.process.poll() is None:
            time.sleep(0.01)
        time.sleep(random.random())
        os.kill(child.process.pid, signal.SIGKILL)
        ending = ending_of(child.end(), None)
        assert ending == Ending(137, "failed", "SIGKILL", "", NOTHING)
        assert ending.sentence.english == "The script's process was killed by SIGKILL."
        assert trace.meta()["status"] == "running"
        count = len(trace)
    settle(looping.trace, ending)
    make_plain(looping.trace)
    with Trace(looping.trace) as trace:
        meta = trace.meta()
        assert (meta["status"], meta["exit_code"], meta["signal"]) == ("failed", 137, "SIGKILL")
        assert len(trace) >= count > 0
        assert [event.position for event in trace.events()] == list(range(len(trace)))
        for event in trace.events(begin=len(trace) - 50):
            arrays = [trace.array(slot.value) for slot in event.outputs if slot.value is not None]
            assert all(array is not None for array in arrays)
    assert not looping.trace.with_name("t.gradstep-wal").exists()


def test_ctrl_c_goes_to_the_script(script: Callable[..., Any]) -> None:
    looping = script(LOOP)
    runner = (
        "import sys\nsys.path.insert(0, sys.argv[1])\nfrom pathlib import Path\n"
        "from engine.session.launch import Launch\nfrom engine.session.record import record\n"
        "ending = record(Launch(sys.argv[2], ('10000000',)), Path(sys.argv[3]))\n"
        "print(ending.status, ending.exit_code)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", runner, ROOT, looping.path, looping.trace],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        assert process.stdout.read() == b"interrupted\nfailed 9\n"
    assert process.returncode == 0
    with Trace(looping.trace) as trace:
        assert trace.meta()["exit_code"] == 9
        assert len(trace) > 0


def test_a_recorder_that_is_killed_takes_its_script_along(script: Callable[..., Any]) -> None:
    looping = script(LOOP.replace('print("ready"', "import os; print(os.getpid()"))
    runner = (
        "import sys\nsys.path.insert(0, sys.argv[1])\nfrom pathlib import Path\n"
        "from engine.session.launch import Launch\nfrom engine.session.record import record\n"
        "record(Launch(sys.argv[2], ('10000000',)), Path(sys.argv[3]))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", runner, ROOT, looping.path, looping.trace],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.kill()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{child}/stat").exists() and time.monotonic() < deadline:
        if Path(f"/proc/{child}/stat").read_text().split()[2] == "Z":
            break
        time.sleep(0.05)
    else:
        assert time.monotonic() < deadline


def test_progress_is_told_and_ends_at_the_end(script: Callable[..., Any]) -> None:
    looping = script(LOOP)
    told: list[Progress] = []
    what = Launch(looping.path, ("400",), stdout=subprocess.DEVNULL)
    ending = record(what, looping.trace, on_progress=told.append)
    assert ending == Ending(0, "finished", "", "", NOTHING)
    with Trace(looping.trace) as trace:
        assert told[-1].position == len(trace)
    positions = [progress.position for progress in told]
    assert positions == sorted(set(positions))


def test_much_output_passes_unchanged(script: Callable[..., Any]) -> None:
    wordy = script(
        """
        import sys, torch
        for i in range(20000):
            print(i, "x" * 100)
            if i % 1000 == 0:
                torch.ones(1) + i
                sys.stderr.write(".")
        """
    )
    bare = wordy.run_bare()
    ending, out, err = wordy.run_recorded()
    assert (ending.exit_code, out, err) == bare
    with Trace(wordy.trace) as trace:
        assert "".join(row.text for row in trace.output() if row.stream == "stdout") == out.decode()
        positions = [row.position for row in trace.output()]
        assert positions == sorted(positions)
        assert trace.output()[-1].position == len(trace)


def test_a_window_of_iterations_ends_the_recording_but_not_the_script(script: Callable[..., Any]) -> None:
    looping = script(LOOP)
    out = looping.path.with_name("out")
    with out.open("wb") as stdout:
        ending = record(Launch(looping.path, ("50",), iterations=(0, 3), stdout=stdout), looping.trace)
    assert ending == Ending(0, "finished", "", "", NOTHING)
    assert out.read_bytes() == b"ready\ndone\n"
    with Trace(looping.trace) as trace:
        assert {event.iteration for event in trace.events()} <= {-1, 0, 1, 2, 3}
        assert sum(event.iteration == 3 for event in trace.events()) <= 1
        assert trace.meta()["iterations"] == [0, 3]


def test_verify_says_same_or_what_differs(script: Callable[..., Any]) -> None:
    random_net = script(
        """
        import torch
        net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.Dropout(0.5), torch.nn.Linear(4, 1))
        for _ in range(3):
            net.zero_grad()
            loss = net(torch.randn(5, 3)).pow(2).mean()
            loss.backward()
            with torch.no_grad():
                for parameter in net.parameters():
                    parameter -= 0.1 * parameter.grad
        print(loss.item())
        """
    )
    verdict = verify(Launch(random_net.path, stderr=subprocess.DEVNULL))
    assert verdict.same, verdict.sentence
    assert verdict.tensors > 10
    assert verdict.sentence.startswith("Bare and recorded runs are bit-identical: exit code 0, ")
    curious = script(
        """
        import sys, torch
        watched = type(sys.stdout).__name__ != "TextIOWrapper"
        print("watched" if watched else "alone")
        x = torch.tensor([1.0 + watched])
        torch.rand(1 + watched)
        sys.exit(int(watched))
        """
    )
    verdict = verify(Launch(curious.path, stderr=subprocess.DEVNULL))
    assert verdict.differences == (
        "Exit code 1 instead of 0.",
        "Line 1 of the output is 'watched' instead of 'alone'.",
        "random: torch differs.",
        "x differs.",
    )
    assert not verdict.same


def test_a_mistake_of_ours_ends_the_recording_and_not_the_script(script: Callable[..., Any]) -> None:
    sabotage = script(
        """
        import sys, torch
        x = torch.ones(2) + 1
        sys.modules["_gradstep_engine.recorder.recorder"].Recorder.result = lambda *arguments: 1 / 0
        print((x * 2).sum().item())
        """
    )
    ending, out, err = sabotage.run_recorded()
    assert (ending.exit_code, ending.status, out, err) == (0, "finished", b"8.0\n", b"")
    assert ending.recorder_error.english.endswith("ZeroDivisionError: division by zero\n")
    with Trace(sabotage.trace) as trace:
        assert [event.name for event in trace.events()] == ["ones", "add"]
        assert trace.meta()["recorder_error"] == ending.recorder_error.english


@pytest.mark.parametrize(
    ("code", "ended", "ending"),
    [
        (0, None, Ending(0, "finished", "", "", NOTHING)),
        (3, None, Ending(3, "failed", "", "", NOTHING)),
        (0, Ended(0, "finished", "", NOTHING, 5), Ending(0, "finished", "", "", NOTHING)),
        (1, Ended(0, "finished", "", NOTHING, 5), Ending(1, "failed", "", "", NOTHING)),
        (143, Ended(143, "interrupted", "", NOTHING, 5), Ending(143, "interrupted", "", "", NOTHING)),
        (
            -2,
            Ended(130, "interrupted", "KeyboardInterrupt", NOTHING, 5),
            Ending(130, "interrupted", "", "KeyboardInterrupt", NOTHING),
        ),
        (-11, None, Ending(139, "failed", "SIGSEGV", "", NOTHING)),
        (-11, Ended(0, "finished", "", same("gone"), 5), Ending(139, "failed", "SIGSEGV", "", same("gone"))),
    ],
)
def test_how_it_ended_is_told_as_what_it_was(code: int, ended: Ended | None, ending: Ending) -> None:
    assert ending_of(code, ended) == ending
