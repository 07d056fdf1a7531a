"""Any sequence of moves on any example never raises, and ends with the trace of a run without stops."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bilingual import NOTHING
from engine.events import Event
from engine.session.breakpoints import Breakpoint, Breakpoints, What
from engine.session.launch import Launch
from engine.session.place import Level
from engine.session.record import record
from engine.session.session import Session, State
from engine.trace.reader import Trace

Debug = Callable[..., AbstractContextManager[Any]]
EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"
WAIT_S = 120.0

RUNS = {
    "hello": ("hello.py", "--iterations", "2"),
    "four_three_one": ("four_three_one.py", "--passes", "2"),
    "linear_regression": ("linear_regression.py", "--epochs", "2"),
}
BREAKPOINTS = Breakpoints(
    others=(
        Breakpoint(What.OP, "sigmoid"),
        Breakpoint(What.NODE, "*", first=3, every=4),
        Breakpoint(What.DATA, "*.grad"),
        Breakpoint(What.CONDITION, condition="value.max > 0.5 and loss < 1"),
        Breakpoint(What.NOT_FINITE),
    )
)
MOVES: dict[str, Callable[[Session, int], object]] = {
    "into": lambda session, n: session.into(),
    "step": lambda session, n: session.step(),
    "over": lambda session, n: session.over(),
    "out": lambda session, n: session.out(),
    "back": lambda session, n: session.back(),
    "over back": lambda session, n: session.over_back(),
    "out back": lambda session, n: session.out_back(),
    "continue": lambda session, n: session.continue_(),
    "reverse continue": lambda session, n: session.reverse_continue(),
    "run to": lambda session, n: session.run_to(n),
    "run to near": lambda session, n: session.run_to(max(0, session.place.position + n % 9 - 4)),
    "run to a name": lambda session, n: session.run_to_node(("s*", "*Backward0", "linear", "nothing")[n % 4]),
    "finish phase": lambda session, n: session.finish_phase(),
    "previous phase": lambda session, n: session.previous_phase(),
    "next iteration": lambda session, n: session.next_iteration(),
    "previous iteration": lambda session, n: session.previous_iteration(),
    "twin": lambda session, n: session.jump_to_twin(),
    "start": lambda session, n: session.start_of_run(),
    "end": lambda session, n: session.end(),
    "level": lambda session, n: setattr(session, "level", list(Level)[n % len(Level)]),
    "breakpoints": lambda session, n: setattr(session, "breakpoints", BREAKPOINTS if n % 2 else Breakpoints()),
}
Move = tuple[str, int]
SEQUENCES = st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.integers(0, 60)), min_size=20, max_size=60)


def without_times(event: Event) -> tuple[Any, ...]:
    """An event as text, except when and how long."""
    return (
        event.position, event.kind, event.name, event.function, event.iteration, event.phase, event.call, event.site,
        event.inputs, event.outputs, event.arguments_json, event.node, event.tensor, event.pending, event.error,
    )  # fmt: skip


@pytest.fixture(scope="module")
def traces(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each example, recorded without stops."""
    folder = tmp_path_factory.mktemp("examples")
    for name, (script, *arguments) in RUNS.items():
        what = Launch(EXAMPLES / script, tuple(arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        assert record(what, folder / f"{name}.gradstep").exit_code == 0
    return {name: folder / f"{name}.gradstep" for name in RUNS}


def moved(session: Session, moves: list[Move], wait: bool) -> None:
    """Makes the moves, and looks after each whether the place is one that can be."""
    for move, number in moves:
        if wait and session.state is State.ENDED:
            return
        before = session.place
        MOVES[move](session, number)
        if wait:
            session.wait(WAIT_S)
        place = session.place
        assert 0 <= place.position <= session.frontier, (move, before, place)
        assert (place.quantity is not None) == (session.level is Level.QUANTITY), (move, before, place)
        assert place.aten == 0 or session.level is Level.ATEN, (move, before, place)
        if move == "level":
            assert place.position == before.position, "the place is kept when the level changes"


@settings(max_examples=40)
@given(moves=SEQUENCES, name=st.sampled_from(sorted(RUNS)))
def test_in_a_recorded_run(moves: list[Move], name: str, traces: dict[str, Path]) -> None:
    with Session() as session:
        session.open(traces[name])
        moved(session, moves, wait=False)


@pytest.fixture(scope="module")
def bare(traces: dict[str, Path]) -> dict[str, tuple[bytes, int]]:
    """What each example prints, and its exit code, when nobody watches."""
    found = {}
    for name, (script, *arguments) in RUNS.items():
        done = subprocess.run([sys.executable, EXAMPLES / script, *arguments], capture_output=True, check=False)
        found[name] = (done.stdout, done.returncode)
    return found


@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(moves=SEQUENCES, name=st.sampled_from(sorted(RUNS)))
def test_in_a_live_run(
    moves: list[Move], name: str, debugged: Debug, traces: dict[str, Path], bare: dict[str, tuple[bytes, int]]
) -> None:
    script, *arguments = RUNS[name]
    with debugged(EXAMPLES / script, *arguments) as session:
        moved(session, moves, wait=True)
        session.breakpoints = Breakpoints()
        if session.state is State.PAUSED:
            session.continue_()
            assert session.wait(WAIT_S) is State.ENDED
        session.trace.refresh()
        with Trace(traces[name]) as recorded:
            assert [without_times(event) for event in session.trace.events()] == [
                without_times(event) for event in recorded.events()
            ]
        assert session.ending is not None
        assert (session.ending.recorder_error, session.ending.exit_code) == (NOTHING, bare[name][1])
    assert session.trace_path.with_suffix(".stdout").read_bytes() == bare[name][0]
