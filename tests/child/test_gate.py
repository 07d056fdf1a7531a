"""The gate's decisions, with a recorder that is only a position and a few places; no child, no torch."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from engine.child.gate import Gate
from engine.events import Kind, Phase
from engine.trace.batch import Batch
from engine.wire.breakpoints import Breakpoint, What
from engine.wire.messages import (
    Command,
    FinishPhase,
    NextIteration,
    Pause,
    Resume,
    RunTo,
    RunToName,
    SetBreakpoints,
    Stop,
    Stopped,
)

# (kind, name, phase, iteration, site): two iterations of two ops on line 10, a loss on 11, its nodes, an update on 13.
ITERATION = [
    ("op", "linear", "forward", 1),
    ("op", "sigmoid", "forward", 2),
    ("op", "mse_loss", "forward", 3),
    ("node", "MseLossBackward0", "backward", 4),
    ("node", "SigmoidBackward0", "backward", 4),
    ("node", "AddmmBackward0", "backward", 4),
    ("update", "SGD", "update", 5),
]
EVENTS = [(kind, name, phase, number, site) for number in range(2) for kind, name, phase, site in ITERATION]
LINES = {1: ("/s.py:<module>", 10), 2: ("/s.py:<module>", 10), 3: ("/s.py:<module>", 11), 4: ("/s.py:<module>", 12)}
LINES[5] = ("/s.py:<module>", 13)


def breakpoints(*wanted: Breakpoint) -> SetBreakpoints:
    """A command for breakpoints that were never hit."""
    return SetBreakpoints(wanted, (0,) * len(wanted))


@dataclass
class Run:
    """Plays EVENTS past a gate on a thread of its own; orders are given at the stops."""

    orders: list[Command]
    stops: list[Stopped] = field(default_factory=list)
    left: list[int] = field(default_factory=list)
    logs: list[tuple[str, int]] = field(default_factory=list)
    handed_over: int = 0

    def play(self) -> list[int]:
        """Positions of the stops; each order is given at one, then the script goes on to its end."""
        orders = iter(self.orders)
        recorder = SimpleNamespace(
            places=SimpleNamespace(lines=LINES),
            modules=SimpleNamespace(open_rows=self._open_rows, open_sites=list),
            hand_over=self._hand_over,
            batch=Batch(),
            position=0,
            watcher=None,
        )

        def tell(stopped: Stopped) -> None:
            self.stops.append(stopped)
            order = next(orders, Resume())
            if isinstance(order, SetBreakpoints):
                gate.order(order)
                order = Resume()
            threading.Thread(target=gate.order, args=(order,)).start()

        def tell_log(text: str, position: int) -> None:
            self.logs.append((text, position))

        gate = Gate(cast(Any, recorder), tell, self._leave, time.perf_counter, Path(), tell_log)
        for position, (kind, name, phase, iteration, site) in enumerate(EVENTS):
            recorder.position = position
            row = (position, kind, name, "", iteration, phase, None, site, (), (), None, None, None, 0, 0, 0, "")
            if recorder.watcher is not None:
                recorder.watcher.arriving(row)
            if gate.arrive(position, kind, name, phase, iteration, site, None):
                try:
                    gate.stop(position)
                except SystemExit:
                    break
            if recorder.watcher is not None:
                recorder.watcher.over(row)
        return [stopped.position for stopped in self.stops]

    def _open_rows(self, position: int) -> list[tuple[Any, ...]]:
        begin = position - position % 7
        rows = [(1, None, "", "Tiny", "net", 0, begin, position), (2, 1, "hidden", "Linear", "net", 0, begin, position)]
        return rows if position % 7 == 0 else rows[:1]

    def _hand_over(self) -> None:
        self.handed_over += 1

    def _leave(self, code: int) -> None:
        self.left.append(code)
        raise SystemExit(code)


def test_the_script_is_held_at_its_first_event() -> None:
    run = Run([])
    assert run.play() == [0]
    assert run.stops[0] == Stopped(0, "entry", 0, Phase.FORWARD, Kind.OP, "linear", 1)


@pytest.mark.parametrize(
    ("order", "stops"),
    [
        (Resume(), [0]),
        (RunTo(1), [0, 1]),
        (RunTo(4), [0, 4]),
        (FinishPhase(), [0, 3]),
        (NextIteration(), [0, 7]),
        (RunToName("AddmmBackward0"), [0, 5]),
        (RunToName("Linear"), [0, 7]),
        (RunToName("hidden"), [0, 7]),
        (RunToName("nothing"), [0]),
    ],
)
def test_a_command_runs_to_its_goal_and_no_further(order: Command, stops: list[int]) -> None:
    run = Run([order])
    assert run.play() == stops
    assert [stopped.reason for stopped in run.stops] == ["entry", "step"][: len(stops)]


def test_goals_are_forgotten_at_a_stop() -> None:
    assert Run([RunTo(2), FinishPhase(), RunTo(8)]).play() == [0, 2, 3, 8]


def test_a_line_is_a_stop_once_a_visit() -> None:
    # Line 10 has two ops, line 12 three nodes: one stop each in each iteration. The entry is on line 10 already.
    assert Run([breakpoints(Breakpoint(What.LINE, "/s.py", 10))]).play() == [0, 7]
    assert Run([breakpoints(Breakpoint(What.LINE, "/s.py", 12))]).play() == [0, 3, 10]
    others = breakpoints(Breakpoint(What.LINE, "/s.py", 99), Breakpoint(What.LINE, "/t.py", 12))
    assert Run([others]).play() == [0]


def test_names_are_breakpoints_too() -> None:
    run = Run([breakpoints(Breakpoint(What.NAME, "sigmoid"), Breakpoint(What.NAME, "SGD"))])
    assert run.play() == [0, 1, 6, 8, 13]
    assert [stopped.reason for stopped in run.stops[1:]] == ["breakpoint"] * 4


def test_a_breakpoint_comes_before_the_goal() -> None:
    assert Run([breakpoints(Breakpoint(What.NAME, "SGD")), RunTo(100)]).play() == [0, 6, 13]


def test_hits_are_counted_on_from_what_was_counted_before() -> None:
    # SGD comes at 6 and 13; sigmoid at 1 and 8.
    assert Run([breakpoints(Breakpoint(What.NAME, "SGD", first=2))]).play() == [0, 13]
    assert Run([SetBreakpoints((Breakpoint(What.NAME, "SGD", first=2),), (1,))]).play() == [0, 6, 13]
    assert Run([breakpoints(Breakpoint(What.NAME, "*", first=3, every=4))]).play() == [0, 2, 6, 10]


def test_what_is_switched_off_or_only_tells_stops_nothing() -> None:
    run = Run([breakpoints(Breakpoint(What.NAME, "SGD", enabled=False), Breakpoint(What.NAME, "sig*", log="{name}!"))])
    assert run.play() == [0]
    assert run.logs == [("sigmoid!", 2), ("sigmoid!", 9)]


def test_without_breakpoints_nobody_looks_on() -> None:
    recorder = SimpleNamespace(hand_over=lambda: None, watcher=None, position=0)
    gate = Gate(cast(Any, recorder), lambda stopped: None, lambda code: None, time.perf_counter)
    gate.order(breakpoints(Breakpoint(What.NAME, "SGD")))
    assert recorder.watcher is gate
    gate.order(breakpoints(Breakpoint(What.NAME, "SGD", enabled=False)))
    assert recorder.watcher is None


def test_a_script_that_asks_is_held_at_the_next_event_or_at_its_end() -> None:
    stops: list[Stopped] = []

    def tell(stopped: Stopped) -> None:
        stops.append(stopped)
        threading.Thread(target=gate.order, args=(Resume(),)).start()

    recorder = SimpleNamespace(hand_over=lambda: None, flush=lambda: None, watcher=None)
    gate = Gate(cast(Any, recorder), tell, lambda code: None, time.perf_counter)
    gate.arrive(0, "op", "a", "forward", 0, None, None)
    gate.stop(0)
    gate.stop_soon()
    assert gate.arrive(1, "op", "b", "forward", 0, None, None)
    gate.stop(1)
    assert not gate.arrive(2, "op", "c", "forward", 0, None, None)
    gate.stop_soon()
    gate.end(3, None)
    gate.end(3, None)
    assert [(stopped.position, stopped.reason) for stopped in stops] == [
        (0, "entry"),
        (1, "breakpoint"),
        (3, "breakpoint"),
    ]


def test_stop_ends_the_script_at_the_stop() -> None:
    run = Run([RunTo(2), Stop()])
    assert run.play() == [0, 2]
    assert run.left == [143]


def test_a_pause_while_running_holds_at_the_next_event() -> None:
    recorder = SimpleNamespace(hand_over=lambda: None)
    stops: list[Stopped] = []

    def tell(stopped: Stopped) -> None:
        stops.append(stopped)
        threading.Thread(target=gate.order, args=(Resume(),)).start()

    gate = Gate(cast(Any, recorder), tell, lambda code: None, time.perf_counter)
    assert gate.arrive(0, "op", "a", "forward", 0, None, None)
    gate.stop(0)
    assert not gate.arrive(1, "op", "b", "forward", 0, None, None)
    gate.order(Pause())
    assert gate.arrive(2, "op", "c", "forward", 0, None, None)
    gate.stop(2)
    assert [(stopped.position, stopped.reason) for stopped in stops] == [(0, "entry"), (2, "pause")]
    assert not gate.arrive(3, "op", "d", "forward", 0, None, None)


def test_what_was_gathered_is_handed_over_ten_times_a_second() -> None:
    now = [0.0]
    handed: list[float] = []
    recorder = SimpleNamespace(hand_over=lambda: handed.append(now[0]))
    gate = Gate(cast(Any, recorder), lambda stopped: None, lambda code: None, lambda: now[0])
    for position in range(100):
        now[0] += 0.01
        gate.arrive(position, "op", "a", "forward", 0, None, None)
    assert 8 <= len(handed) <= 10
