"""Carries out what is done with a script or a trace: opens, steps, stops, and keeps the state true to the session."""

from __future__ import annotations

import shutil
import tempfile
from collections import deque
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from app.actions.endings import notice_of_ending, notice_of_failure, notice_of_recorded_end
from app.actions.launching import launch_of
from app.actions.steps import Steps, is_running
from app.bridge import Bridge
from app.language import say
from app.models.ahead import LONGEST_AT_ONCE, Ahead
from app.models.breakpoint_lines import toggled
from app.state import AppState, Status
from engine.analysis.failures.failure import Failure
from engine.analysis.failures.finding import failure
from engine.bilingual import Bilingual
from engine.cli.script_options import seconds
from engine.errors import GradstepError, SessionError
from engine.events import Output
from engine.limits import DEFAULT_BUDGET_BYTES
from engine.session.launch import check_files
from engine.session.session import Breakpoints, Ending, Level, Session, State
from engine.wire.messages import Edited, Line

_LONG_MS = 1500
"""A pause that takes longer than this is explained."""
_MOST_TOLD, _TOLD_AT_ONCE = 10_000, 50


@dataclass(frozen=True, slots=True)
class Handover:
    """What is open, on its way from one window to another. bridge: its session. folder: our own, with recordings that
    were not saved. run_folder: where the script was started. runs: how many there were. is_entering: whether the script
    has not yet been seen at its first iteration."""

    bridge: Bridge
    folder: Path | None
    run_folder: Path | None
    runs: int
    is_entering: bool


class RunControl(Steps):
    """Holds the session of what is open, one at a time.

    Signals:
        opening(path): a file is being opened. wrote(stream, text, position): the script printed, or was told ("stdin").
        over(): the script is over, or a recording was opened.
    """

    opening = Signal(object)
    wrote = Signal(str, str, int)
    over = Signal()

    def __init__(self, state: AppState, ahead: Ahead, parent: QObject | None = None) -> None:
        super().__init__(state, ahead, parent)
        self._bridge: Bridge | None = None
        self._folder: Path | None = None
        self._run_folder: Path | None = None
        self._runs = 0
        self._budget_bytes = DEFAULT_BUDGET_BYTES
        self._is_entering = False
        self._passing: Line | None = None
        self._untold: deque[Output] = deque()
        self._telling = QTimer(self)
        self._telling.setSingleShot(True)
        self._telling.timeout.connect(self._tell_some)
        state.breakpoints_changed.connect(self._on_breakpoints_changed)

    @property
    def session(self) -> Session | None:
        """The session of what is open."""
        return None if self._bridge is None else self._bridge.session

    @property
    def is_settled(self) -> bool:
        """Whether the window stands where the session does, so that a step that was made has been seen."""
        session = self.session
        is_moving = session is not None and (is_running(session) or self.is_waiting)
        return session is None or (not is_moving and session.place == self._state.place)

    # Opening and ending

    def open_trace(self, path: Path) -> bool:
        """Looks at a trace, from the start of its first iteration. False: it could not be opened, and why was told."""
        bridge = self._new_bridge()
        try:
            bridge.session.level = self._state.level
            bridge.session.open(path)
            self._replace(bridge)
            self._state.set_script(None)
            trace = bridge.session.trace
            self._state.set_trace(trace)
            self._set_breakpoints()
            found = failure(trace)
            if found is not None:
                self._go_to_failure(found)
            elif bridge.session.place.iteration < 0:
                bridge.session.next_iteration()
        except GradstepError as error:
            self._raise(error)
            bridge.close()
            bridge.deleteLater()
            return False
        self.opening.emit(path)
        self._tell_what_was_printed()
        self._sync()
        self.over.emit()
        notice = notice_of_recorded_end(trace) if found is None else notice_of_failure(found, trace)
        if notice is not None:
            self.notice_raised.emit(notice)
        return True

    def start(self, script: Path, folder: Path | None) -> None:
        """Starts a script in a folder (None: ours) with the state's options; it is held where it begins to learn."""
        options = self._state.options
        try:
            what = launch_of(script, folder, options, self._budget_bytes)
            check_files(what)  # what is open stays, where nothing can come in its place
            limit_s = seconds(options.time_limit or None)
        except GradstepError as error:
            self._raise(error)
            return
        bridge = self._new_bridge()
        self._replace(bridge)
        self._run_folder = folder
        self._passing = None
        self._state.set_script(script)
        bridge.session.level = self._state.level
        bridge.session.breakpoints = Breakpoints(others=self._state.breakpoints)
        self._is_entering = True
        self._state.set_status(Status.STARTING)
        self.opening.emit(script)
        bridge.start(what, self._new_trace(script), limit_s)

    def set_budget(self, size_bytes: int) -> None:
        """How many bytes of arrays the next recordings keep."""
        self._budget_bytes = size_bytes

    def restart(self) -> None:
        """Runs the script again from its start."""
        if self._state.script is not None:
            self.start(self._state.script, self._run_folder)

    def give_input(self, text: str | None) -> None:
        """Types text for the script to read; None ends its input. It is shown as a terminal shows it."""
        if self.session is not None:
            self.session.give_input(text)
            if text is not None:
                self.wrote.emit("stdin", text, self.session.frontier)

    def stop(self) -> None:
        """Ends the script; what was recorded stays open."""
        if self.session is not None:
            self.session.stop()
            self.told.emit(self.tr("Stopping…"))

    def close(self) -> None:
        """Ends everything, and removes the recordings that were not saved."""
        self._state.set_trace(None)
        if self._bridge is not None:
            self._bridge.close()
            self._bridge = None
        for retired in self.findChildren(Bridge):
            retired.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def hand_over(self) -> Handover | None:
        """Lets go of what is open without ending it; None when nothing is."""
        bridge, self._bridge = self._bridge, None
        if bridge is None:
            return None
        for signal, heard in self._heard(bridge):
            signal.disconnect(heard)
        while self._untold:
            self._tell_some()
        self._telling.stop()
        bridge.setParent(None)
        folder, self._folder = self._folder, None
        return Handover(bridge, folder, self._run_folder, self._runs, self._is_entering)

    def take_over(self, given: Handover, before: AppState) -> None:
        """Goes on with what was open in another window, whose state it had."""
        self._bridge, self._folder, self._run_folder = given.bridge, given.folder, given.run_folder
        self._runs, self._is_entering = given.runs, given.is_entering
        given.bridge.setParent(self)
        for signal, heard in self._heard(given.bridge):
            signal.connect(heard)
        self._state.take(before)
        trace = self._state.trace
        opened = self._state.script or (None if trace is None else trace.path)
        if opened is not None:
            self.opening.emit(opened)
        self._sync()
        if self._state.status is Status.ENDED:
            self.over.emit()

    def _tell_what_was_printed(self) -> None:
        """A recording has it all; of very much the end is enough, some of it in each turn of the event loop."""
        trace = self._state.trace
        self._untold = deque(() if trace is None else trace.output()[-_MOST_TOLD:])
        self._tell_some()

    def _tell_some(self) -> None:
        for _ in range(min(_TOLD_AT_ONCE, len(self._untold))):
            row = self._untold.popleft()
            self.wrote.emit(row.stream, row.text, row.position)
        if self._untold:
            self._telling.start()
        elif self._state.status is Status.ENDED:
            self._tell_of_unkept()

    def _tell_of_unkept(self) -> None:
        """What a script printed beyond what a trace keeps is missing in the console; that is said there."""
        known = {} if self._state.trace is None else self._state.trace.meta()
        dropped = known.get("output_dropped_chars")
        if dropped and self.session is not None:
            said = self.tr("… and %1 characters more, which are not kept.").replace("%1", f"{dropped:,}")
            self.wrote.emit("log", f"\n{said}\n", self.session.frontier)

    # Moves that wait for something

    def go_on(self) -> None:
        """Continues, or pauses what runs."""
        if self._state.status is Status.RECORDING and self.session is not None:
            self.interrupted.emit()
            self.session.pause()
            self.told.emit(self.tr("Pausing: the script stops before its next operation."))
            QTimer.singleShot(_LONG_MS, self, partial(self._tell_of_long_operation, self.session))
            return
        self._move(Session.continue_)

    def to_line(self, line: Line) -> None:
        """Runs on until this line is reached, or a breakpoint before it."""
        session = self.session
        if session is not None and self._state.trace is not None and not is_running(session):
            self._passing = line
            self._set_breakpoints()
            self._move(Session.continue_)
            self._sync()

    @property
    def can_edit_here(self) -> bool:
        """Whether the script is held at the very place that is looked at."""
        session = self.session
        is_held = session is not None and session.state is State.PAUSED
        return session is not None and is_held and session.place.position >= session.frontier

    def edit(self, target: str, text: str, *, keep_gradient: bool) -> Edited:
        """Changes a value of the script that is held. Raises GradstepError with the reason where that cannot be."""
        if self.session is None:
            raise SessionError(Bilingual("Nothing is open.", "没有打开任何内容。"))
        edited = self.session.edit(target, text, keep_gradient)
        self.told.emit(say(edited.told))
        return edited

    def set_level(self, level: Level) -> None:
        """Changes what one step is; the place stays."""
        self._state.set_level(level)
        if self.session is not None:
            self._try(self.session, lambda session: setattr(session, "level", level))
        self._sync()
        trace = self._state.trace
        if level is Level.ATEN and trace is not None and not trace.has_aten:
            self.told.emit(self.tr("This run was recorded without aten calls; the run options ask for them."))

    def toggle_breakpoint(self, line: Line) -> None:
        """Sets a breakpoint at a line (its path absolute, without links), or removes those that are there."""
        self._state.set_breakpoints(toggled(self._state.breakpoints, line.path, line.line))

    # How the session is heard

    def _new_bridge(self) -> Bridge:
        bridge = Bridge(self)
        bridge.session.spare_this_thread(LONGEST_AT_ONCE)
        return bridge

    def _replace(self, bridge: Bridge) -> None:
        """Puts this session in the place of the one before, which ends on its own."""
        before, self._bridge = self._bridge, bridge
        self.interrupted.emit()
        self._untold.clear()
        self._state.set_asking(False)
        self._state.set_trace(None)
        self._state.set_status(Status.IDLE)
        if before is not None:
            before.retire()
        for signal, heard in self._heard(bridge):
            signal.connect(heard)

    def _heard(self, bridge: Bridge) -> tuple[tuple[SignalInstance, Any], ...]:
        """What a session tells, and who listens."""
        return (
            (bridge.started, self._on_started),
            (bridge.stopped, self._on_stopped),
            (bridge.awaits_input, self._state.set_asking),
            (bridge.wrote, self.wrote),
            (bridge.ended, self._on_ended),
            (bridge.failed, self._on_failed),
            (bridge.settled, self._sync),
        )

    def _sync(self) -> None:
        """Copies what is the case from the session into the state."""
        session, state = self.session, self._state
        if session is None:
            return
        if self._passing is not None and not is_running(session):
            self._passing = None
            self._set_breakpoints()
        if state.trace is not None:
            session.trace  # noqa: B018 - asking for it lets new events in
            state.set_recorded(session.frontier)
            if not self._is_entering:
                state.set_place(session.place)
        if session.state is State.RECORDING and state.trace is None:
            state.set_status(Status.STARTING)
        elif self._is_entering and session.is_live:
            state.set_status(Status.RECORDING)
        else:
            state.set_status(_STATUS_OF[session.state])
        is_held = state.status in (Status.PAUSED, Status.ENDED) and state.trace is not None
        state.set_reasons(session.stopping_here if is_held else ())

    def _on_started(self, _: object) -> None:
        if self.session is not None:
            self._state.set_trace(self.session.trace)

    def _on_stopped(self, reason: str) -> None:
        """The first stop is before anything at all; learners begin where the first iteration begins."""
        if reason != "step":
            self.interrupted.emit()
        if self._is_entering and self.session is not None:
            entered = self.session.place.iteration >= 0 or reason != "entry"
            if entered:
                self._is_entering = False
            else:
                self.session.next_iteration()

    def _tell_of_long_operation(self, session: Session) -> None:
        """A pause that takes long: nothing is wrong."""
        if session is self.session and is_running(session):
            self.told.emit(
                self.tr("Still in or between operations that take long: the script stops at the next. Stop ends it.")
            )

    def _on_ended(self, ending: Ending) -> None:
        """A script that ran through before its first iteration could be seen is looked at from its start."""
        was_entering, self._is_entering = self._is_entering, False
        self._state.set_asking(False)
        self._sync()
        found = failure(self._state.trace) if self._state.trace is not None and ending.exception else None
        if found is not None:
            self._go_to_failure(found)
            self._sync()
        elif was_entering and self._state.place.position > 0:
            self.to_start()
        notice = notice_of_ending(ending, self._state.trace)
        if found is not None:
            self.notice_raised.emit(notice_of_failure(found, self._state.trace))
        elif notice is not None:
            self.notice_raised.emit(notice)
        self._tell_of_unkept()
        self.told.emit(say(ending.sentence))
        self.over.emit()

    def _go_to_failure(self, found: Failure) -> None:
        """To the event that raised; where none did, to the end."""
        session = self.session
        if session is not None:
            self._make(lambda it: it.run_to(it.frontier if found.position is None else found.position))

    def _on_failed(self, error: GradstepError) -> None:
        self._is_entering = False
        self._raise(error)
        self._sync()

    def _set_breakpoints(self) -> None:
        """The user's, and the line that is being run to."""
        passing = frozenset[Line]() if self._passing is None else frozenset((self._passing,))
        if self.session is not None:
            self.session.breakpoints = Breakpoints(lines=passing, others=self._state.breakpoints)

    def _on_breakpoints_changed(self) -> None:
        self._set_breakpoints()
        self._sync()

    def _new_trace(self, script: Path) -> Path:
        """A fresh file in our own folder; each run has its own, because the one before may still be closing."""
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="gradstep-"))
        self._runs += 1
        return self._folder / f"{script.stem}-{self._runs}.gradstep"


_STATUS_OF = {
    State.IDLE: Status.IDLE,
    State.RECORDING: Status.RECORDING,
    State.PAUSED: Status.PAUSED,
    State.ENDED: Status.ENDED,
}
