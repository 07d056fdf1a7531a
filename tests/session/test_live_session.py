"""A live session: the child is held, sent on, paused, stopped; recorded and stepped runs are the same run."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.bilingual import NOTHING
from engine.errors import DeviceError, GradstepError, SessionError
from engine.events import Event, Phase
from engine.session.breakpoints import Breakpoints
from engine.session.place import Level, Place
from engine.session.session import Launch, Session, State
from engine.trace.reader import Trace
from engine.wire.messages import Line

Debug = Callable[..., AbstractContextManager[Any]]

HELLO = Path(__file__).resolve().parents[2] / "resources" / "examples" / "hello.py"
WAIT_S = 60.0

TRAINING = """
    import sys
    import time
    import torch

    w = torch.tensor([1.0, 2.0], requires_grad=True)
    x = torch.tensor([3.0, 4.0])
    for iteration in range(int(sys.argv[1])):
        y = w * x  # @product
        loss = (y - 1.0).pow(2).sum()
        loss.backward()  # @backward
        print("iteration", iteration, flush=True)
        with torch.no_grad():
            w -= 0.01 * w.grad
            w.grad = None
        time.sleep(float(sys.argv[2]))
    """


def without_times(event: Event) -> tuple[Any, ...]:
    """An event as text, except when and how long."""
    return (
        event.position, event.kind, event.name, event.function, event.iteration, event.phase, event.call, event.site,
        event.inputs, event.outputs, event.arguments_json, event.node, event.tensor, event.pending, event.error,
    )  # fmt: skip


def numbers(trace: Trace) -> list[list[float]]:
    """All arrays of all events after the set-up, in order."""
    # The set-up begins with whatever was in memory that torch.empty was given.
    events = [event for event in trace.events() if event.iteration >= 0]
    slots = [slot for event in events for slot in (*event.inputs, *event.outputs)]
    arrays = [trace.array(slot.value) for slot in slots if slot.value is not None]
    return [array.reshape(-1).tolist() for array in arrays if array is not None]


def test_stepping_every_event_records_the_same_run(debugged: Debug, hello_trace: Path) -> None:
    bare = subprocess.run([sys.executable, HELLO, "--iterations", "3"], capture_output=True, check=True)
    with debugged(HELLO, "--iterations", "3") as session:
        session.level = Level.NODE
        assert (session.state, session.place) == (State.PAUSED, Place(0, None, -1))
        positions = []
        while session.state is State.PAUSED:
            position = session.place.position
            pending = session.trace.event(position)
            assert session.frontier >= position
            assert pending is not None
            assert pending.pending == (position == session.frontier)
            assert pending.outputs == () or not pending.pending
            positions.append(position)
            session.into()
            session.wait(WAIT_S)
        assert session.ending is not None
        assert (session.ending.exit_code, session.ending.status, session.ending.recorder_error) == (
            0,
            "finished",
            NOTHING,
        )
        session.trace.refresh()
        with Trace(hello_trace) as recorded:
            assert positions == list(range(len(recorded)))
            assert [without_times(event) for event in session.trace.events()] == [
                without_times(event) for event in recorded.events()
            ]
            assert numbers(session.trace) == numbers(recorded)
            assert [(row.position, row.text) for row in session.trace.output()] == [
                (row.position, row.text) for row in recorded.output()
            ]
        assert session.printed() == bare.stdout.decode()
    assert session.trace_path.with_suffix(".stdout").read_bytes() == bare.stdout


def test_breakpoints_goals_and_back(debugged: Debug, script: Callable[..., Any]) -> None:
    training = script(TRAINING)
    with debugged(training, "4", "0") as session:
        session.level = Level.OPERATION
        session.breakpoints = Breakpoints(lines=frozenset({Line(str(training.path), training.line("product"))}))
        stops = []
        for _ in range(2):
            session.continue_()
            session.wait(WAIT_S)
            stops.append(session.place.position)
        events = [session.trace.event(position) for position in stops]
        assert [(event.name, event.iteration) for event in events if event is not None] == [("mul", 0), ("mul", 1)]
        assert session.reasons()[1:] == [(position, "breakpoint") for position in stops]
        session.reverse_continue()
        assert session.place.position == stops[0]
        session.continue_()
        assert (session.state, session.place.position) == (State.PAUSED, stops[1])
        session.finish_phase()
        session.wait(WAIT_S)
        event = session.trace.event(session.place.position)
        assert event is not None
        assert event.phase == Phase.BACKWARD
        session.breakpoints = Breakpoints()
        session.next_iteration()
        session.wait(WAIT_S)
        assert session.place.iteration == 2
        assert session.printed().count("iteration") == 2
        session.run_to_node("PowBackward0")
        session.wait(WAIT_S)
        event = session.trace.event(session.place.position)
        assert event is not None
        assert event.name == "PowBackward0"
        session.run_to(2)
        assert session.place.position == 2
        frontier = session.frontier
        session.run_to(frontier + 3)
        session.wait(WAIT_S)
        assert session.place.position >= frontier + 3
        session.breakpoints = Breakpoints(names=frozenset({"sum"}))
        session.continue_()
        session.wait(WAIT_S)
        event = session.trace.event(session.place.position)
        assert event is not None
        assert (event.name, event.iteration) == ("sum", 3)
        session.continue_()
        assert session.wait(WAIT_S) is State.ENDED
        assert session.place.position == session.frontier
        assert session.printed() == "".join(f"iteration {i}\n" for i in range(4))


def test_pause_look_back_and_stop_a_script_that_runs(debugged: Debug, script: Callable[..., Any]) -> None:
    with debugged(script(TRAINING), "100000", "0.01", stop_at_entry=True) as session:
        session.level = Level.NODE
        session.continue_()
        session.wait(WAIT_S, until=lambda: session.frontier > 20)
        assert session.state is State.RECORDING
        with pytest.raises(SessionError, match="runs already"):
            session.continue_()
        session.pause()
        assert session.wait(WAIT_S) is State.PAUSED
        assert session.reasons()[-1][1] == "pause"
        held = session.place.position
        assert held == session.frontier > 20
        session.back()
        assert session.place.position == held - 1
        time.sleep(0.2)
        assert session.frontier == held
        session.stop()
        assert session.wait(WAIT_S) is State.ENDED
        assert session.ending is not None
        assert (session.ending.status, session.ending.signal) == ("interrupted", "")
        assert session.trace.meta()["status"] == "interrupted"
        assert len(session.trace) == held


def test_a_script_that_never_comes_to_an_event_is_stopped_too(debugged: Debug, script: Callable[..., Any]) -> None:
    stubborn = script(
        """
        import signal, time, torch
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        torch.ones(2) + 1
        print("busy", flush=True)
        while True:
            time.sleep(0.1)
        """
    )
    with debugged(stubborn) as session:
        session.continue_()
        session.wait(WAIT_S, until=lambda: "busy" in session.printed())
        begin = time.monotonic()
        session.close()
        assert time.monotonic() - begin < 10
        assert session.state is State.ENDED
        assert session.ending is not None
        assert session.ending.status == "interrupted"
    with Trace(session.trace_path) as trace:
        assert trace.meta()["status"] == "interrupted"
        assert [event.name for event in trace.events() if not event.pending][-1] == "add"


def test_a_script_that_fails_is_at_the_event_that_failed(debugged: Debug, script: Callable[..., Any]) -> None:
    failing = script(
        """
        import torch
        w = torch.ones(2, 3, requires_grad=True)
        (w @ torch.ones(3)).sum().backward()
        w @ torch.ones(2)
        """
    )
    with debugged(failing) as session:
        session.continue_()
        assert session.wait(WAIT_S) is State.ENDED
        assert session.ending is not None
        assert (session.ending.exit_code, session.ending.status) == (1, "failed")
        assert session.ending.exception == failing.run_bare()[2].decode()
        assert session.ending.sentence.english.startswith("The script failed: RuntimeError: size mismatch")
        assert "size mismatch" in session.trace.events()[-1].error
        assert session.trace.meta()["exception"] == session.ending.exception


def test_what_cannot_be_started_says_why(tmp_path: Path, script: Callable[..., Any]) -> None:
    fine = script("import torch")
    cases: list[tuple[Launch, Path, type[GradstepError], str]] = [
        (Launch("gone.py", folder=tmp_path), tmp_path / "t", GradstepError, "gone.py does not exist"),
        (Launch(tmp_path), tmp_path / "t", GradstepError, "is a folder"),
        (Launch(fine.path, python="/no/python"), tmp_path / "t", GradstepError, "cannot be started"),
        (Launch(fine.path, device="cuda:77"), tmp_path / "t", DeviceError, "no device cuda:77. There are: cpu"),
        (Launch(fine.path), tmp_path / "no" / "t", GradstepError, "does not exist"),
        (Launch(fine.path), fine.path, GradstepError, "is not a trace, so it is left alone"),
    ]
    for what, trace, kind, words in cases:
        with Session() as session:
            session.start(what, trace)
            with pytest.raises(kind, match=words.replace(".", r"\.")):
                session.wait(WAIT_S)
            assert isinstance(session.failure, kind)
            assert session.state is State.ENDED
    assert fine.path.read_text() == "import torch"


def test_a_python_without_torch_says_so(tmp_path: Path, script: Callable[..., Any]) -> None:
    blind = script("import torch", torch="raise ImportError('there is no torch here')")
    environment = {"PYTHONPATH": str(blind.path.parent), "PATH": "/usr/bin"}
    with Session() as session:
        session.start(Launch(blind.path, environment=environment), tmp_path / "t.gradstep")
        with pytest.raises(GradstepError, match=r"there is no torch here\. Choose a Python that has torch"):
            session.wait(WAIT_S)


def test_an_idle_session_has_nothing_to_step_through(hello_trace: Path) -> None:
    with Session() as session:
        states = [session.state]
        session.stop()
        session.open(hello_trace)
        with pytest.raises(SessionError, match="in use"):
            session.open(hello_trace)
        session.pause()
        states.append(session.state)
    assert states == [State.IDLE, State.ENDED]


def test_waiting_gives_up_in_time(debugged: Debug, script: Callable[..., Any]) -> None:
    with debugged(script("import torch, time\ntorch.ones(1) + 1\ntime.sleep(60)")) as session:
        session.continue_()
        with pytest.raises(TimeoutError, match="still recording"):
            session.wait(0.3)


def test_a_script_is_ended_at_its_time_limit_wherever_it_is(debugged: Debug, script: Callable[..., Any]) -> None:
    endless = script("import torch, time\ntorch.ones(1) + 1\nwhile True:\n    time.sleep(0.01)")
    with debugged(endless, time_limit_s=0.5) as session:
        session.continue_()
        assert session.wait(WAIT_S) is State.ENDED
        assert session.ending is not None
        assert (session.ending.status, session.ending.time_limit_s) == ("interrupted", 0.5)
        assert "time limit of 0.5 s" in session.ending.sentence.english
        assert session.place.position == session.frontier


def test_the_time_at_a_stop_does_not_count(
    debugged: Debug, script: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    short = script("import torch\ntorch.ones(1) + 1\ntorch.ones(1) * 2")
    skipped_s = 0.0
    looked_after_skip = threading.Semaphore(0)

    def clock() -> float:
        if skipped_s:
            looked_after_skip.release()
        return time.monotonic() + skipped_s

    monkeypatch.setattr("engine.session.live.time", SimpleNamespace(monotonic=clock))
    with debugged(short, time_limit_s=100.0) as session:
        assert session.state is State.PAUSED
        skipped_s = 1000.0
        assert all(looked_after_skip.acquire(timeout=WAIT_S) for _ in range(2))
        session.continue_()
        assert session.wait(WAIT_S) is State.ENDED
        assert session.ending is not None
        assert (session.ending.status, session.ending.time_limit_s) == ("finished", None)
