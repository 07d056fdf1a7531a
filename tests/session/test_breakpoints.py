"""Breakpoints of every kind stop at the same places live, recorded, forwards and backwards."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from engine.errors import GradstepError
from engine.session.breakpoints import Breakpoint, Breakpoints, What
from engine.session.place import Level
from engine.session.session import Session, State

Debug = Callable[..., AbstractContextManager[Any]]
WAIT_S = 60.0

# Iteration 0 is finite; in iteration 1 `y - 3 i` has a negative element, so sqrt makes the first NaN.
TEXT = """
    import sys
    import torch
    from torch import nn

    sys.path.insert(0, {root!r})
    import gradstep

    net = nn.Linear(2, 2, bias=False)
    with torch.no_grad():
        net.weight.copy_(torch.tensor([[1.0, 0.5], [0.5, 2.0]]))
    x = torch.tensor([1.0, 1.0])
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for i in range(3):
        optimizer.zero_grad()
        y = net(x)  # @forward
        r = (y - 2.0 * i).sqrt()
        loss = r.sum()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 0.01)  # @clip
        optimizer.step()
        if i == 1:
            gradstep.breakpoint()
    net(torch.ones(3))  # @fails
    """
ROOT = str(Path(__file__).resolve().parents[2])


@pytest.fixture
def failing(script: Callable[..., Any]) -> Any:
    """A script that makes a NaN, asks to be held, and fails."""
    return script(TEXT.replace("{root!r}", repr(ROOT)))


def live_stops(session: Any) -> list[int]:
    """Where continuing stops until the script is over, its end left out."""
    stops: list[int] = []
    while session.state is State.PAUSED:
        before = session.place.position
        session.continue_()
        session.wait(WAIT_S)
        if session.state is State.PAUSED and session.place.position != before:
            stops.append(session.place.position)
    return stops


def recorded_stops(session: Session) -> list[int]:
    """Where continuing stops in a trace, from its start; its end left out."""
    session.start_of_run()
    stops: list[int] = []
    while True:
        before = session.place.position
        session.continue_()
        if session.place.position in (before, session.frontier):
            return stops
        stops.append(session.place.position)


def stops_back(session: Session) -> list[int]:
    """Where continuing backwards stops, from the end; the start left out."""
    session.end()
    stops: list[int] = []
    while True:
        session.reverse_continue()
        if session.place.position == 0:
            return stops
        stops.append(session.place.position)


KINDS = [
    Breakpoint(What.NAME, "s*t"),
    Breakpoint(What.NODE, "S*Backward0", first=2, every=3),
    Breakpoint(What.MODULE, "Lin*"),
    Breakpoint(What.PARAMETER, "weight", condition='kind == "op" and iteration > 1'),
    Breakpoint(What.PHASE, "backward"),
    Breakpoint(What.DATA, "weight"),
    Breakpoint(What.DATA, "weight.grad"),
    Breakpoint(What.NOT_FINITE),
    Breakpoint(What.GRADIENT_ABOVE, "weight", limit=0.1),
    Breakpoint(What.GRADIENT_BELOW, limit=0.5),
    Breakpoint(What.EXCEPTION, "Runtime*"),
    Breakpoint(What.OP, "linear", condition="value.max > 2.4 and loss > 0"),
    Breakpoint(What.CONDITION, condition='op == "sqrt" and grad.norm < 1'),
    Breakpoint(What.OP, "sub", enabled=False),
]
# The script itself stops live too, which a trace does not know.


def test_live_and_recorded_stop_at_the_same_places(failing: Any, debugged: Debug, tmp_path: Path) -> None:
    failing.run_recorded()
    line = Breakpoint(What.LINE, str(failing.path), failing.line("forward"))
    wanted = Breakpoints(others=(line, *KINDS))
    with Session() as session:
        session.level = Level.NODE
        session.open(failing.trace)
        by_kind = {}
        for one in wanted.all:
            session.breakpoints = Breakpoints(others=(one,))
            by_kind[one] = recorded_stops(session)
            assert stops_back(session) == by_kind[one][::-1], one
        session.breakpoints = wanted
        recorded = recorded_stops(session)
        assert recorded == sorted({stop for stops in by_kind.values() for stop in stops})
        silent = [one.what for one, stops in by_kind.items() if not stops]
        assert silent == [What.OP]
    with debugged(failing) as session:
        session.level = Level.NODE
        asked = [event.position for event in session.trace.events()]
        assert asked == [0]
        session.breakpoints = wanted
        live = live_stops(session)
        assert not session.ending.recorder_error
        assert set(recorded) - set(live) == set()
        # What the trace does not know: gradstep.breakpoint().
        assert len(set(live) - set(recorded)) <= 1


PARTS = """
    from torch import nn

    class Scale(nn.Module):
        def forward(self, x):
            y = x * 2.0
            return y + 1.0

    class Shift(nn.Module):
        def forward(self, x):
            return x - 3.0

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.layers = nn.ModuleList([Scale(), Shift()])

        def forward(self, x):
            for layer in self.layers:
                x = layer(x)  # inner
            return x
    """
CALLING = """
    import torch
    from parts import Net

    net = Net()
    x = torch.ones(2)
    for i in range(2):
        total = net(net(x)).sum()  # @calls
    """


def test_a_line_that_only_calls_a_module_of_another_file_is_stopped_at_once_a_visit(
    script: Any, debugged: Debug
) -> None:
    """A pass of the net is mul, add, sub; two passes and the sum are 7 events, after the one that makes x."""
    calling = script(CALLING, parts=PARTS)
    calling.run_recorded()
    inner = next(i for i, line in enumerate(PARTS.lstrip("\n").splitlines(), 1) if "# inner" in line)
    calls = Breakpoint(What.LINE, str(calling.path), calling.line("calls"))
    inside = Breakpoint(What.LINE, str(calling.path.with_name("parts.py")), inner)
    expected = {calls: [1, 8], inside: [1, 3, 4, 6, 8, 10, 11, 13]}
    for wanted, stops in expected.items():
        with Session() as session:
            session.level = Level.NODE
            session.open(calling.trace)
            assert len(session.trace) == 15
            session.breakpoints = Breakpoints(others=(wanted,))
            assert recorded_stops(session) == stops
            assert stops_back(session) == stops[::-1]
        with debugged(calling) as session:
            session.level = Level.NODE
            session.breakpoints = Breakpoints(others=(wanted,))
            assert live_stops(session) == stops


def test_the_first_nan_is_named_and_later_ones_are_not_blamed(failing: Any) -> None:
    failing.run_recorded()
    with Session() as session:
        session.level = Level.NODE
        session.open(failing.trace)
        session.breakpoints = Breakpoints(others=(Breakpoint(What.NOT_FINITE),))
        session.continue_()
        made = session.trace.event(session.place.position - 1)
        assert made is not None
        assert (made.name, made.iteration) == ("sqrt", 1)
        line = failing.line("forward") + 1
        assert session.why.english == f"sqrt at line {line} made NaN out of finite numbers, in 1 of 2 elements."
        assert session.hits(Breakpoint(What.OP, "sqrt")) == 3
        assert [one.what for one, _ in session.stopping_here] == [What.NOT_FINITE]


def test_hits_are_looked_for_bit_by_bit(failing: Any) -> None:
    failing.run_recorded()
    with Session() as session:
        session.open(failing.trace)
        wanted = Breakpoint(What.OP, "sqrt")
        rounds = [session.look_for_hits(wanted, 0.0)]
        while not rounds[-1][1]:
            rounds.append((list(session.look_for_hits(wanted, 0.0)[0]), session.look_for_hits(wanted, 0.0)[1]))
        sqrts = [event.position for event in session.trace.events() if event.name == "sqrt"]
        assert rounds[-1][0] == sqrts
        assert len(sqrts) == 3


def test_an_exception_is_stopped_at_before_it_is_printed(failing: Any, debugged: Debug) -> None:
    bare = failing.run_bare()
    with debugged(failing) as session:
        session.breakpoints = Breakpoints(others=(Breakpoint(What.EXCEPTION),))
        reasons = []
        while session.state is State.PAUSED and not session.why:
            session.continue_()
            session.wait(WAIT_S)
            reasons.append(session.state)
        here = session.trace.event(session.place.position)
        assert (here.name, here.pending) == ("linear", True)
        assert here.error.startswith("RuntimeError: ")
        assert session.why.english == f"linear failed: {here.error}"
        session.continue_()
        session.wait(WAIT_S)
        assert session.ending.exception == bare[2].decode()
        assert session.ending.exit_code == bare[0] == 1


def test_a_script_stops_itself_live_and_does_nothing_otherwise(failing: Any, debugged: Debug) -> None:
    assert failing.run_recorded()[1] == failing.run_bare()[1]
    with debugged(failing) as session:
        session.level = Level.NODE
        session.continue_()
        session.wait(WAIT_S)
        assert session.reasons()[-1][1] == "breakpoint"
        here = session.trace.event(session.place.position)
        assert here.iteration == 1 or here.iteration == 2
        assert session.trace.event(session.place.position - 1).name == "SGD"


ASKING = """
    import sys
    import torch

    sys.path.insert(0, {root!r})
    import gradstep

    def scaled(w):
        gradstep.breakpoint()
        return torch.mul(w, 3)  # @function

    w = torch.ones(2, requires_grad=True)
    for i in range(3):
        if i == 1:
            gradstep.breakpoint()
        loss = scaled(w).sum()
        gradstep.breakpoint()
        loss.backward()
        with torch.no_grad():
            if i == 2:
                gradstep.breakpoint()
            w -= 0.1 * w.grad  # @no_grad
    gradstep.breakpoint()
    """


def test_a_script_asks_to_be_held_in_functions_loops_and_no_grad(script: Callable[..., Any], debugged: Debug) -> None:
    asking = script(ASKING.replace("{root!r}", repr(ROOT)))
    with debugged(asking) as session:
        session.level = Level.NODE
        stops = []
        for position in live_stops(session):
            event = session.trace.event(position)
            stops.append((event.name, event.iteration) if event is not None else ("end", position))
        held_at_end = stops.pop()
        assert stops == [
            ("mul", 0), ("SumBackward0", 0),
            # Asked twice before one event, held once.
            ("mul", 1), ("SumBackward0", 1),
            ("mul", 2), ("SumBackward0", 2), ("mul", 2),
        ]  # fmt: skip
        assert held_at_end == ("end", session.frontier)
        assert session.ending.exit_code == 0
    assert asking.run_recorded()[1:] == asking.run_bare()[1:] == (b"", b"")


def test_asking_to_be_held_needs_neither_torch_nor_gradstep_running() -> None:
    code = "import sys, gradstep; gradstep.breakpoint(); print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_log_points_tell_the_same_live_and_recorded(failing: Any, debugged: Debug) -> None:
    failing.run_recorded()
    points = Breakpoints(others=(Breakpoint(What.OP, "sum", log="{iteration}: {loss:.4f} after {name}", first=1),))
    told: list[tuple[str, int]] = []
    with Session() as session:
        session.listeners.wrote = lambda stream, text, position: told.append((text, position))
        session.open(failing.trace)
        session.breakpoints = points
        session.continue_()
        assert session.place.position == session.frontier
    assert len(told) == 3
    assert told[0][0] == f"1: {1.5**0.5 + 2.5**0.5:.4f} after sum\n"
    assert told[1][0] == "2: nan after sum\n"
    with debugged(failing) as session:
        session.breakpoints = points
        live_stops(session)
        logs = [(fact[2], fact[3]) for fact in session.told if fact[:2] == ("wrote", "log")]
    assert logs == told


def test_a_breakpoint_that_cannot_be_is_refused() -> None:
    with pytest.raises(GradstepError, match="no los"):
        Breakpoints(others=(Breakpoint(What.OP, condition="los > 1"),))
