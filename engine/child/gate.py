"""The gate: stands before each event and holds the script there when somebody wants it held.

NOTE [Where the gate stops]
A stop is before an event, so that nothing is half done. What wants the script held after an event (a NaN that it
made, `gradstep.breakpoint()`) is due at the next one, or at the end of the script if there is none. An op that raised
is the exception: it is held at once, before anybody else hears of it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from ..events import Kind, Phase
from ..trace.batch import Row
from ..wire.breakpoints import Breakpoint, What
from ..wire.messages import (
    SCRIPT_RUNS,
    Command,
    Edit,
    Edited,
    EditRefused,
    FinishPhase,
    NextIteration,
    Pause,
    Resume,
    RunTo,
    RunToEvent,
    RunToName,
    SetBreakpoints,
    Stop,
    Stopped,
)
from .outcome import EXIT_STOPPED

if TYPE_CHECKING:
    from ..recorder.recorder import Recorder
    from .watch import Watch

_NEVER = 1 << 62
_HAND_OVER_INTERVAL = 0.1


class Gate:
    """Decides at each event on the script's own thread; `order` and `lose` are called by the control's thread.

    Each attribute that both threads use is replaced whole, never changed inside. While no breakpoint is set, an event
    costs a few comparisons.
    """

    def __init__(
        self,
        recorder: Recorder,
        tell_stopped: Callable[[Stopped], None],
        leave: Callable[[int], None],
        clock: Callable[[], float],
        trace: Path = Path(),
        tell_log: Callable[[str, int], None] = lambda text, position: None,
        tell_edit: Callable[[Edited | EditRefused], None] = lambda answer: None,
    ) -> None:
        self._recorder = recorder
        self._tell_edit = tell_edit
        self._edits: list[Edit] = []
        self._was_edited = False
        self._tell_stopped = tell_stopped
        self._leave = leave
        self._clock = clock
        self._trace = trace
        self._tell_log = tell_log
        self._handed_over = clock()
        self._woken = threading.Condition()
        self._held = False
        self._end = False
        self._pause = False
        self._due = False
        self._target = 0
        self._passed = (-1, "")
        """At this position an event of another name is let pass."""
        self._breakpoints: Watch | None = None
        self._wanted_name: Watch | None = None
        self._phase_left: tuple[int, str] | None = None
        self._iteration_left = _NEVER
        self._now: tuple[str, str, str, int | None, int] = ("other", "op", "", None, -1)
        self._reason = "entry"

    def arrive(
        self, position: int, kind: str, name: str, phase: str, iteration: int, site: int | None, node: int | None
    ) -> bool:
        """Whether to stop before this event."""
        now = self._clock()
        if now - self._handed_over > _HAND_OVER_INTERVAL:
            self._handed_over = now
            self._recorder.hand_over()
        reason = self._reason_to_stop(position, phase, iteration)
        if reason == "step" and self._passed[0] == position and self._passed[1] != name:
            return False
        if not reason:
            return False
        self._now = (phase, kind, name, site, iteration)
        self._reason = reason
        return True

    def stop(self, position: int) -> bool:
        """Holds the script until it may go on. If the controlling side wants the end, or is gone, this is the end.

        True: something was changed by hand, and the script is to be held again before the same event.
        """
        if self._end:
            self._leave(EXIT_STOPPED)
        phase, kind, name, site, iteration = self._now
        with self._woken:
            self._held = True
            self._pause = self._due = False
            if self._breakpoints is not None:
                self._breakpoints.is_due = False
            self._target, self._iteration_left, self._passed = _NEVER, _NEVER, (-1, "")
            self._wanted_name, self._phase_left = None, None
            self._look_on()
        self._tell_stopped(Stopped(position, self._reason, iteration, Phase(phase), Kind(kind), name, site))
        while (wanted := self._wait()) is not None:
            if self._edit(wanted):
                self._held, self._was_edited = False, True
        if self._end:
            self._leave(EXIT_STOPPED)
        return self._was_edited

    def order(self, command: Command) -> None:
        """Carries out a command: at a stop the script goes on with it, while it runs a pause or a new goal is noted."""
        with self._woken:
            match command:
                case SetBreakpoints(breakpoints, hits):
                    self._breakpoints = self._watch(breakpoints, hits)
                    self._look_on()
                    return
                case Pause():
                    self._pause = not self._held
                    return
                case Edit() if not self._held:
                    self._tell_edit(EditRefused(*SCRIPT_RUNS))
                    return
                case Edit():
                    self._edits.append(command)
                    self._woken.notify_all()
                    return
                case Stop():
                    self._end = True
                case RunTo(position):
                    self._target = position
                case RunToEvent(position, name):
                    self._target, self._passed = position, (position, name)
                case RunToName(name):
                    self._wanted_name = self._watch((Breakpoint(What.NAME, name),), (0,))
                    self._look_on()
                case FinishPhase():
                    self._phase_left = (self._now[4], self._now[0])
                case NextIteration():
                    self._iteration_left = self._now[4]
                case Resume():
                    pass
            self._held = False
            self._woken.notify_all()

    def _wait(self) -> Edit | None:
        """Waits at a stop until something is to be changed, or, None, until the script may go on."""
        with self._woken:
            while self._held and not self._end and not self._edits:
                self._woken.wait()
            return self._edits.pop(0) if self._held and not self._end else None

    def _edit(self, wanted: Edit) -> bool:
        """Whether a value was changed as wanted."""
        from .editing.editor import Editor

        answer = Editor(self._recorder, self._trace).carry_out(wanted)
        self._tell_edit(answer)
        return isinstance(answer, Edited)

    def lose(self) -> None:
        """The controlling side is gone: a script that nobody can let go on ends at its next event."""
        self.order(Stop())

    def stop_soon(self) -> None:
        """The script itself asks to be held: `gradstep.breakpoint()`."""
        self._due = True

    # What the recorder tells while breakpoints are set

    def arriving(self, row: Row) -> None:
        """An event is about to happen; `arrive` comes next."""
        for watch in self._watches():
            watch.arriving(row)

    def over(self, row: Row) -> None:
        """An event is over."""
        for watch in self._watches():
            watch.over(row)

    def raised(self, row: Row) -> bool:
        """Whether to stop at an op that has raised."""
        watch = self._breakpoints
        if watch is None or not watch.raised(row):
            return False
        _, kind, name, _, iteration, phase, _, site, *_ = row
        self._now = (phase, kind, name, site, iteration)
        self._reason = "breakpoint"
        return True

    def _watches(self) -> list[Watch]:
        return [watch for watch in (self._breakpoints, self._wanted_name) if watch is not None]

    def _watch(self, breakpoints: tuple[Breakpoint, ...], hits: tuple[int, ...]) -> Watch | None:
        from .watch import Watch

        if not any(one.enabled for one in breakpoints):
            return None
        return Watch(self._recorder, self._trace, breakpoints, hits, self._tell_log)

    def _look_on(self) -> None:
        """Has the recorder tell of events while somebody wants to know."""
        self._recorder.watcher = self if self._watches() else None

    def _reason_to_stop(self, position: int, phase: str, iteration: int) -> str:
        if self._was_edited:
            self._was_edited = False
            return "edit"
        if self._end or self._pause:
            return "pause"
        watch = self._breakpoints
        if self._due or (watch is not None and (watch.wants_stop or watch.is_due)):
            return "breakpoint"
        if self._target == 0:
            return "entry"
        if position >= self._target or iteration > self._iteration_left:
            return "step"
        if self._phase_left is not None and (iteration, phase) != self._phase_left:
            return "step"
        if self._wanted_name is not None and (self._wanted_name.wants_stop or self._wanted_name.is_due):
            return "step"
        return ""

    def end(self, position: int, error: BaseException | None) -> None:
        """The script is at its end: holds it if that is due, or if an exception is on its way that is waited for."""
        watch = self._breakpoints
        is_due = self._due or (watch is not None and watch.is_due)
        if isinstance(error, Exception) and watch is not None:
            is_due = watch.uncaught(f"{type(error).__name__}: {error}", position) or is_due
        if is_due and not self._end:
            self._reason = "breakpoint"
            self._recorder.flush()
            self.stop(position)


class LastStop:
    """Around the script: its end is the last place to stop at. Leaves no frame in the script's traceback."""

    def __init__(self, recorder: Recorder, gate: Gate | None) -> None:
        self._recorder = recorder
        self._gate = gate

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._gate is not None and self._recorder.gate is not None and self._recorder.listening():
            with self._recorder.paused():
                self._gate.end(self._recorder.position, error)
