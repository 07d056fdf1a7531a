"""The gate: stands before each event and holds the script there when somebody wants it held.

NOTE [Names that fit]
A name fits an event that is called so ("linear", "AddmmBackward0"), whose function is called so
("torch.nn.functional.linear"), and the first event of a module call whose path, class or variable it is.

NOTE [A line is visited]
A breakpoint on a line stops once a visit: at an event on that line if the one before was on another line, or if an op
comes again that had its turn (places are numbered in the order in which they were first reached, so a number that
does not grow means another pass). Backward nodes, which all run at the line of `backward()`, are one visit.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..events import Kind, Phase
from ..wire.messages import (
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
from .outcome import EXIT_STOPPED

if TYPE_CHECKING:
    from ..recorder.recorder import Recorder

_NEVER = 1 << 62
_HAND_OVER_INTERVAL = 0.1


class Gate:
    """Decides at each event on the script's own thread; `order` and `lose` are called by the control's thread.

    Each attribute that both threads use is replaced whole, never changed inside.
    """

    def __init__(
        self,
        recorder: Recorder,
        tell_stopped: Callable[[Stopped], None],
        leave: Callable[[int], None],
        clock: Callable[[], float],
    ) -> None:
        self._recorder = recorder
        self._tell_stopped = tell_stopped
        self._leave = leave
        self._clock = clock
        self._handed_over = clock()
        self._woken = threading.Condition()
        self._held = False
        self._end = False
        self._pause = False
        self._target = 0
        self._names: frozenset[str] = frozenset()
        self._wanted_name = ""
        self._lines: frozenset[tuple[str, int]] = frozenset()
        self._on_line: dict[int, bool] = {}
        self._phase_left: tuple[int, str] | None = None
        self._iteration_left = _NEVER
        self._before: tuple[str, int | None] = ("", None)
        self._now: tuple[str, str, str, int | None, int] = ("", "", "", None, -1)
        self._reason = "entry"

    def arrive(
        self, position: int, kind: str, name: str, phase: str, iteration: int, site: int | None, node: int | None
    ) -> bool:
        """Whether to stop before this event."""
        before, self._before = self._before, (kind, site)
        now = self._clock()
        if now - self._handed_over > _HAND_OVER_INTERVAL:
            self._handed_over = now
            self._recorder.hand_over()
        reason = self._reason_to_stop(position, kind, name, phase, iteration, site, before)
        if not reason:
            return False
        self._now = (phase, kind, name, site, iteration)
        self._reason = reason
        return True

    def stop(self, position: int) -> None:
        """Holds the script until it may go on. If the controlling side wants the end, or is gone, this is the end."""
        if self._end:
            self._leave(EXIT_STOPPED)
        phase, kind, name, site, iteration = self._now
        with self._woken:
            self._held = True
            self._pause = False
            self._target, self._iteration_left = _NEVER, _NEVER
            self._wanted_name, self._phase_left = "", None
        self._tell_stopped(Stopped(position, self._reason, iteration, Phase(phase), Kind(kind), name, site))
        with self._woken:
            while self._held and not self._end:
                self._woken.wait()
        if self._end:
            self._leave(EXIT_STOPPED)

    def order(self, command: Command) -> None:
        """Carries out a command: at a stop the script goes on with it, while it runs a pause or a new goal is noted."""
        with self._woken:
            match command:
                case SetBreakpoints(lines, names):
                    self._lines = frozenset((line.path, line.line) for line in lines)
                    self._names = frozenset(names)
                    self._on_line = {}
                    return
                case Pause():
                    self._pause = not self._held
                    return
                case Stop():
                    self._end = True
                case RunTo(position):
                    self._target = position
                case RunToName(name):
                    self._wanted_name = name
                case FinishPhase():
                    self._phase_left = (self._now[4], self._now[0])
                case NextIteration():
                    self._iteration_left = self._now[4]
                case Resume():
                    pass
            self._held = False
            self._woken.notify_all()

    def lose(self) -> None:
        """The controlling side is gone: a script that nobody can let go on ends at its next event."""
        self.order(Stop())

    def _reason_to_stop(
        self,
        position: int,
        kind: str,
        name: str,
        phase: str,
        iteration: int,
        site: int | None,
        before: tuple[str, int | None],
    ) -> str:
        if self._end or self._pause:
            return "pause"
        if self._lines and self._visits_line(kind, site, before):
            return "breakpoint"
        if self._names and self._fits(self._names, position, name, kind):
            return "breakpoint"
        if self._target == 0:
            return "entry"
        if position >= self._target or iteration > self._iteration_left:
            return "step"
        if self._phase_left is not None and (iteration, phase) != self._phase_left:
            return "step"
        if self._wanted_name and self._fits(frozenset((self._wanted_name,)), position, name, kind):
            return "step"
        return ""

    def _fits(self, names: frozenset[str], position: int, name: str, kind: str) -> bool:
        if name in names:
            return True
        if kind != Kind.OP:
            return False
        return any(
            begin == position and (path in names or class_name in names or variable in names)
            for _, _, path, class_name, variable, _, begin, _ in self._recorder.modules.open_rows(position)
        )

    def _visits_line(self, kind: str, site: int | None, before: tuple[str, int | None]) -> bool:
        if site is None or not self._is_on_line(site):
            return False
        kind_before, site_before = before
        if site_before is None or not self._same_line(site, site_before):
            return True
        return kind == kind_before == Kind.OP and site <= site_before

    def _same_line(self, site: int, other: int) -> bool:
        lines = self._recorder.places.lines
        return site == other or (lines[site][1] == lines[other][1] and self._is_on_line(other))

    def _is_on_line(self, site: int) -> bool:
        known = self._on_line.get(site)
        if known is None:
            known = self._on_line[site] = _path_and_line(self._recorder.places.lines[site]) in self._lines
        return known


def _path_and_line(place: tuple[str, int]) -> tuple[str, int]:
    """("file:function", line) as the recorder keeps it -> (file without links, line)."""
    return os.path.realpath(place[0].rpartition(":")[0]), place[1]
