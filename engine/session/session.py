"""A session: one script being recorded, or one trace being looked at. Every face talks to this object.

NOTE [Threads]
Methods are called from one thread, that of the face. A live session has one thread of its own, which starts the child,
hears its notices and calls `on_...` from there; moves within what is recorded are made, and told, on the caller's
thread before the method returns. Each thread reads the trace through its own `Trace`. Callbacks come while no lock is
held, so they may call any method but `close` and `wait`.

NOTE [Live moves]
A move is a pure function of what is recorded (cursor.py). If its goal is not recorded yet, the child runs on, by a
command that cannot miss the goal or by a few events, and the move is tried again from where it began. So the script
can be ahead of the place, and stepping back touches no process.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from ..bilingual import Bilingual
from ..errors import GradstepError, SessionError
from ..trace.reader import Trace
from ..wire.messages import (
    AwaitsInput,
    Command,
    Edit,
    Edited,
    EditRefused,
    Hello,
    Logged,
    Message,
    Pause,
    Progress,
    Resume,
    RunTo,
    Stopped,
    Wrote,
)
from . import cursor
from .breakpoints import Breakpoint, Breakpoints
from .child import Ending
from .editing import Editing
from .launch import Launch
from .listeners import Listeners, State
from .live import LiveRun
from .moves import Moves
from .place import Level, Place
from .recorded import Recorded
from .settling import make_plain
from .stopping import Stopping

__all__ = ["Breakpoint", "Breakpoints", "Edited", "Ending", "Launch", "Level", "Listeners", "Place", "Session", "State"]

_MOST_EVENTS_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class _Goal:
    """A forward move on its way. command: what brings the child closer, None: a few events at a time.

    halts: whether a breakpoint ends it. tries: how often the child was sent on.
    """

    move: cursor.Move
    origin: Place
    command: Command | None
    halts: bool
    tries: int = 0


class Session(Moves, Stopping):
    """Use as a context manager or call `close`. Raises SessionError for what makes no sense just now."""

    def __init__(self, listeners: Listeners | None = None) -> None:
        self.listeners = listeners or Listeners()
        self.ending: Ending | None = None
        """How the script ended; None for a trace, and until then."""
        self.failure: GradstepError | None = None
        """Why the script could not be started."""
        self._changed = threading.Condition()
        self._state = State.IDLE
        self._level = Level.QUANTITY
        self._place = Place()
        self._places: dict[Level, Place] = {}
        self._breakpoints = Breakpoints()
        self._goal: _Goal | None = None
        self._stopped_at: int | None = None
        self._frontier = 0
        self._path = Path()
        self._live: LiveRun | None = None
        self._stop_at_entry = True
        self._mine = threading.local()
        self._editing = Editing(self._changed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # Starting and ending

    def open(self, trace: str | Path) -> None:
        """Looks at a trace. Raises TraceError for what is none."""
        self._must_be_idle()
        self._path = Path(trace)
        record = self._record()
        with self._changed:
            self._frontier = record.frontier
            self._state = State.ENDED
            self._place = cursor.place_at(record, 0, self._level)

    def spare_this_thread(self, longest: int) -> None:
        """From now on a move of the calling thread that needs an iteration of more events raises NotAtHandError.

        Once somebody has handed the iteration over (`flow.hand_over`), the move can be made.
        """
        self._mine.longest = longest

    def start(
        self, what: Launch, trace: str | Path, stop_at_entry: bool = True, time_limit_s: float | None = None
    ) -> None:
        """Starts a script and records it into a file; returns at once.

        stop_at_entry: hold it before its first event. time_limit_s: end it once it has run so long; the time that it is
        held does not count. What goes wrong is told by `failed` and by `wait`.
        """
        self._must_be_idle()
        self._path = Path(trace)
        self._stop_at_entry = stop_at_entry
        self._state = State.RECORDING
        self._live = LiveRun(what, self._path, self, time_limit_s)
        if self._breakpoints.all:
            self._send(self._breakpoints.as_command())

    def stop(self) -> None:
        """Ends the script, if there is one: it is asked at its next event, and made to when none comes in time."""
        with self._changed:
            if self._live is None or self._state == State.ENDED:
                return
            self._goal = self._stopped_at = None
            self._state = State.RECORDING
        self._live.stop()

    def close(self) -> None:
        """Ends the script and lets go of the trace. Nothing of the session runs afterwards."""
        self.stop()
        if self._live is not None:
            self._live.join()
        self._let_go()
        if self._live is not None:
            make_plain(self._path)

    # What is the case

    @property
    def state(self) -> State:
        """What the session is doing."""
        return self._state

    @property
    def place(self) -> Place:
        """Where the cursor stands."""
        return self._place

    @property
    def frontier(self) -> int:
        """Number of events recorded so far."""
        return self._frontier

    @property
    def is_running(self) -> bool:
        """Whether a script's process is there, and not held."""
        return self._state == State.RECORDING

    @property
    def is_live(self) -> bool:
        """Whether a script's process is there."""
        return self._state in (State.RECORDING, State.PAUSED)

    @property
    def level(self) -> Level:
        """What one step is."""
        return self._level

    @level.setter
    def level(self, level: Level) -> None:
        """The place stays; only the count of revealed quantities may come or go, and is the old one on the way back."""
        if level != self._level:
            found = self._place
            if self._path != Path() and self._path.exists():
                found = cursor.at_level(self._record(), self._place, level, self._places.get(level))
            self._places[self._level] = self._place
            self._level = level
            self._go(found)

    @property
    def breakpoints(self) -> Breakpoints:
        """Where moves stop early, all but a single step."""
        return self._breakpoints

    @breakpoints.setter
    def breakpoints(self, breakpoints: Breakpoints) -> None:
        self._breakpoints = breakpoints
        if self._live is not None:
            self._send(breakpoints.as_command(self._record() if self._path.exists() else None))

    @property
    def trace(self) -> Trace:
        """The trace, for the calling thread; the same one at each call. Raises TraceError before there is one."""
        return self._record().trace

    def wait(self, timeout_s: float, until: Callable[[], bool] | None = None) -> State:
        """Waits until a condition holds; without one, until the script does not run. Returns the state.

        Raises TimeoutError, and the reason if the script could not be started.
        """
        done = until or (lambda: self._state != State.RECORDING)
        with self._changed:
            if not self._changed.wait_for(done, timeout_s):
                raise TimeoutError(f"The session is still {self._state} after {timeout_s} s.")
        if self.failure is not None:
            raise self.failure
        return self._state

    # Changes by hand

    def edit(self, target: str, text: str, keep_gradient: bool = True) -> Edited:
        """Changes a value of the script where it is held; the run goes on with it. Returns when it is done.

        target: a parameter, input, activation, gradient or learning rate, or elements of one: "w1", "a1[0, 2]",
        "dC/dz1", "hidden.weight.grad", "lr", "optimizer.lr[1]". text: "0.5", "[[1, 2], [3, 4]]", or an expression as
        in watches: "w1 * 2". keep_gradient: the changed result of an op still sends its gradient on to what made it;
        else it is a constant. The change is an event; the cursor stands after it then. Raises SessionError where
        nothing can be changed, with the reason.
        """
        place = self._place.position
        return self._editing.ask(Edit(target, text, keep_gradient), self._live, self._state, place, self._stopped_at)

    def pause(self) -> None:
        """Holds a running script before its next event."""
        if self._state == State.RECORDING:
            self._send(Pause())

    def give_input(self, text: str | None) -> None:
        """Types text, with its line end, for a script that was started with `stdin=PIPE`; None is the end of input."""
        if self._live is not None:
            self._live.give_input(text)

    # How moves are made

    def _forward(
        self, move: cursor.Move, command: Command | None = None, halts: bool = True, jumps: bool = False
    ) -> None:
        """Moves if the goal is recorded, else sends the child on; at the end of an ended run, moves to its end.

        halts: a breakpoint on the way ends the move. jumps: but not within what is recorded.
        """
        record = self._record()
        found = self._tried(record, move, self._place, halts and not jumps)
        if found is not None:
            self._pass_logs(record, found)
            self._go(found)
        elif self._state == State.PAUSED:
            with self._changed:
                goal = _Goal(move, self._place, command, halts)
                self._goal = replace(goal, tries=1)
                self._state = State.RECORDING
                self._stopped_at = None
            self._send_on(goal)
        elif self._state == State.RECORDING:
            raise SessionError(
                Bilingual("The script runs already.", "脚本已经在运行。"),
                Bilingual("Pause it first, or wait until it stops.", "请先暂停它，或等它停下。"),
            )
        elif self._state == State.ENDED:
            end = cursor.end_of_record(record, self._level)
            self._pass_logs(record, end)
            self._go(end)
        else:
            raise SessionError(
                Bilingual("There is nothing to step through.", "没有可以单步查看的内容。"),
                Bilingual("Open a trace or start a script.", "请打开一份记录，或启动一个脚本。"),
            )

    def _tried(self, record: Recorded, move: cursor.Move, origin: Place, halts: bool) -> Place | None:
        """The goal of a forward move, or the breakpoint before it; None if what is recorded has neither."""
        found = move(record, origin)
        if halts and self._breakpoints.stopping:
            end = record.frontier + 1 if found is None else found.position
            hit = cursor.to_breakpoint(record, origin, self._level, self._breakpoints, end)
            if hit is not None:
                return hit
        return found

    def _pass_logs(self, record: Recorded, place: Place) -> None:
        """Tells what log points say of the recorded way to a place; where the child goes, it tells."""
        if self._live is not None:
            return
        for position, text in self._breakpoints.logs(record, self._place.position, place.position):
            self.listeners.wrote("log", f"{text}\n", position)

    def _go(self, place: Place) -> None:
        with self._changed:
            if place == self._place:
                return
            self._place = place
            self._changed.notify_all()
        self.listeners.moved(place)

    def _send_on(self, goal: _Goal) -> None:
        """Lets the child run on towards a goal: by a command that cannot miss it, else by 1, 2, 4 ... events."""
        events = min(1 << goal.tries, _MOST_EVENTS_AT_ONCE)
        self._send(goal.command or RunTo(self._frontier + events))

    def _send(self, command: Command) -> None:
        if self._live is not None:
            self._live.send(command)

    def _record(self) -> Recorded:
        """What is recorded, for the calling thread."""
        record: Recorded | None = getattr(self._mine, "record", None)
        if record is None:
            record = self._mine.record = Recorded(Trace(self._path), getattr(self._mine, "longest", None))
        record.refresh(self._stopped_at)
        return record

    def _let_go(self) -> None:
        record: Recorded | None = getattr(self._mine, "record", None)
        if record is not None:
            record.trace.close()
            del self._mine.record

    def _must_be_idle(self) -> None:
        if self._state != State.IDLE:
            raise SessionError(
                Bilingual("This session is in use.", "这个会话正在使用。"),
                Bilingual("Start or open in a new one.", "请在新的会话中启动或打开。"),
            )

    # What the child does, told on the session's own thread

    def child_started(self, hello: Hello) -> None:
        """The child is about to run the script."""
        self.listeners.started(hello)

    def child_failed(self, error: GradstepError) -> None:
        """The child could not be started."""
        with self._changed:
            self.failure = error
            self._state = State.ENDED
            self._changed.notify_all()
        self.listeners.failed(error)

    def child_said(self, notice: Message) -> None:
        """The child sent a notice."""
        match notice:
            case Stopped():
                self._heard_stop(notice)
                self._editing.stopped(notice)
            case Edited() | EditRefused():
                self._editing.answered(notice)
            case Progress(position, iteration):
                with self._changed:
                    self._frontier = max(self._frontier, position)
                    self._changed.notify_all()
                self.listeners.progress(position, iteration)
            case Wrote(stream, text, position):
                self.listeners.wrote(stream, text, position)
            case AwaitsInput(waits):
                self.listeners.awaits_input(waits)
            case Logged(text, position):
                self.listeners.wrote("log", f"{text}\n", position)

    def child_over(self, ending: Ending) -> None:
        """The child's process is gone; a move that was on its way ends at the end."""
        self._stopped_at = None
        self._editing.over()
        place = self._place
        with contextlib.suppress(GradstepError):
            record = self._record()
            self._frontier = record.frontier
            if self._goal is not None:
                place = cursor.end_of_record(record, self._level)
        with self._changed:
            moved = place != self._place
            self._place = place
            self._goal = None
            self.ending = ending
            self._state = State.ENDED
            self._changed.notify_all()
        if moved:
            self.listeners.moved(place)
        self.listeners.ended(ending)
        self._let_go()

    def _heard_stop(self, stopped: Stopped) -> None:
        """The child is held: the goal of the move is recorded now, or something else ends it, or the child goes on."""
        self._stopped_at = self._frontier = stopped.position
        record = self._record()
        goal = self._goal
        if goal is None and stopped.reason == "entry" and not self._stop_at_entry:
            goal = _Goal(lambda record, place: None, self._place, Resume(), halts=True)
        found = None if goal is None else self._tried(record, goal.move, goal.origin, goal.halts)
        ends = goal is None or stopped.reason == "pause" or (stopped.reason == "breakpoint" and goal.halts)
        if goal is not None and found is None and not ends:
            with self._changed:
                self._goal = replace(goal, tries=goal.tries + 1)
                self._stopped_at = None
            self._send_on(goal)
            return
        place = found or cursor.place_at(record, stopped.position, self._level)
        with self._changed:
            self._goal = None
            self._state = State.PAUSED
            moved = place != self._place
            self._place = place
            self._changed.notify_all()
        if moved:
            self.listeners.moved(place)
        self.listeners.stopped(stopped.position, stopped.reason)
