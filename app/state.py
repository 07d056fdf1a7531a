"""The window's single truth: what is open, where the cursor is, what is selected. One signal a fact."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.bilingual import Bilingual
from engine.session.place import Level, Place
from engine.trace.reader import Trace
from engine.wire.breakpoints import Breakpoint


class Status(StrEnum):
    """What the script is doing."""

    IDLE = "idle"
    """Nothing is open."""
    STARTING = "starting"
    """The child is importing torch."""
    RECORDING = "recording"
    """It runs."""
    PAUSED = "paused"
    """It is held before an event."""
    ENDED = "ended"
    """It is over, or a recording is looked at."""


@dataclass(frozen=True, slots=True)
class Selection:
    """One thing that all panels show as selected; empty when everything is None.

    card: id of its card on the canvas. position: the event that it belongs to. value: id of the snapshot that the
    tensor panel shows. quantity: its index among the iteration's quantities. pill: id of a parameter's pill.
    symbol: what it is called. element: a place in the value, whose equation is shown. call: the module call that is
    meant, whose own line the source shows.
    """

    card: str | None = None
    position: int | None = None
    value: int | None = None
    quantity: int | None = None
    pill: str | None = None
    symbol: str = ""
    element: tuple[int, ...] | None = None
    call: int | None = None


NOTHING = Selection()


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to run a script. device: torch's name. seed: None leaves the generators alone. arguments: the script's.

    python: path of an interpreter or of an environment, "" for Gradstep's own. folder: where it runs, "" for where it
    was opened from. environment: "NAME=VALUE" each. with_aten: record what torch calls inside its operations too.
    time_limit: how long it may run ("60s", "5m", "2h"), "" for no limit.
    """

    device: str = "cpu"
    seed: int | None = None
    arguments: tuple[str, ...] = ()
    python: str = ""
    folder: str = ""
    environment: tuple[str, ...] = ()
    with_aten: bool = False
    time_limit: str = ""


class AppState(QObject):
    """Facts about what the window shows. Setting an equal value emits nothing.

    Signals:
        trace_changed(): another trace is open, or none. script_changed(): the script that can be run (again).
        status_changed(): what the script is doing. place_changed(): the cursor stands somewhere else.
        recorded_changed(): more events are completed. level_changed(): by what steps go.
        selection_changed(): another thing is selected. breakpoints_changed(): where to stop, or what to tell.
        reasons_changed(): which breakpoints stop at this place.
        options_changed(): how the script will be run next time.
        playing_changed(): whether steps are made by themselves. asking_changed(): whether the script waits for input.
        learning_changed(): whether a lesson is open.
    """

    trace_changed = Signal()
    script_changed = Signal()
    status_changed = Signal()
    place_changed = Signal()
    recorded_changed = Signal()
    level_changed = Signal()
    selection_changed = Signal()
    breakpoints_changed = Signal()
    reasons_changed = Signal()
    options_changed = Signal()
    playing_changed = Signal()
    asking_changed = Signal()
    learning_changed = Signal()

    def __init__(self, level: Level = Level.QUANTITY, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trace: Trace | None = None
        self._script: Path | None = None
        self._status = Status.IDLE
        self._place = Place(0)
        self._recorded = 0
        self._level = level
        self._selection = NOTHING
        self._breakpoints: tuple[Breakpoint, ...] = ()
        self._reasons: tuple[tuple[Breakpoint, Bilingual], ...] = ()
        self._options = RunOptions()
        self._is_playing = False
        self._is_asking = False
        self._is_learning = False

    @property
    def trace(self) -> Trace | None:
        """The open trace."""
        return self._trace

    def set_trace(self, trace: Trace | None) -> None:
        """Opens another trace; place and selection belong to the old one and are forgotten without a word."""
        if trace is self._trace:
            return
        self._trace = trace
        self._place, self._selection, self._recorded, self._reasons = Place(0), NOTHING, 0, ()
        self.trace_changed.emit()

    @property
    def script(self) -> Path | None:
        """The script that can be run, None for a recording."""
        return self._script

    def set_script(self, script: Path | None) -> None:
        if script != self._script:
            self._script = script
            self.script_changed.emit()

    @property
    def status(self) -> Status:
        return self._status

    def set_status(self, status: Status) -> None:
        if status != self._status:
            self._status = status
            self.status_changed.emit()

    @property
    def place(self) -> Place:
        """Where the cursor stands."""
        return self._place

    def set_place(self, place: Place) -> None:
        if place != self._place:
            self._place = place
            self.place_changed.emit()

    @property
    def recorded(self) -> int:
        """How many events are completed: the position of the frontier."""
        return self._recorded

    def set_recorded(self, recorded: int) -> None:
        if recorded != self._recorded:
            self._recorded = recorded
            self.recorded_changed.emit()

    @property
    def level(self) -> Level:
        """By what steps go."""
        return self._level

    def set_level(self, level: Level) -> None:
        if level != self._level:
            self._level = level
            self.level_changed.emit()

    @property
    def selection(self) -> Selection:
        """What the user chose."""
        return self._selection

    def set_selection(self, selection: Selection) -> None:
        if selection != self._selection:
            self._selection = selection
            self.selection_changed.emit()

    @property
    def breakpoints(self) -> tuple[Breakpoint, ...]:
        """Where a run stops, or what is told of it on the way."""
        return self._breakpoints

    def set_breakpoints(self, breakpoints: tuple[Breakpoint, ...]) -> None:
        if breakpoints != self._breakpoints:
            self._breakpoints = breakpoints
            self.breakpoints_changed.emit()

    @property
    def reasons(self) -> tuple[tuple[Breakpoint, Bilingual], ...]:
        """The breakpoints that stop at this place, each with a sentence that says why."""
        return self._reasons

    def set_reasons(self, reasons: tuple[tuple[Breakpoint, Bilingual], ...]) -> None:
        if reasons != self._reasons:
            self._reasons = reasons
            self.reasons_changed.emit()

    @property
    def options(self) -> RunOptions:
        """How the script will be run next time."""
        return self._options

    def set_options(self, options: RunOptions) -> None:
        if options != self._options:
            self._options = options
            self.options_changed.emit()

    def take(self, other: AppState) -> None:
        """All facts of another state, which forgets its trace: a trace is looked at by one window."""
        self.set_options(other.options)
        self.set_breakpoints(other.breakpoints)
        self.set_level(other.level)
        self.set_script(other.script)
        trace, recorded, place, selection, status = (
            other.trace, other.recorded, other.place, other.selection, other.status
        )  # fmt: skip
        other.set_trace(None)
        self.set_trace(trace)
        self.set_recorded(recorded)
        self.set_place(place)
        self.set_selection(selection)
        self.set_status(status)
        self.set_asking(other.is_asking)

    @property
    def is_playing(self) -> bool:
        """Whether steps are made by themselves, one after the other."""
        return self._is_playing

    def set_playing(self, is_playing: bool) -> None:
        if is_playing != self._is_playing:
            self._is_playing = is_playing
            self.playing_changed.emit()

    @property
    def is_asking(self) -> bool:
        """Whether the script waits for its input."""
        return self._is_asking

    def set_asking(self, is_asking: bool) -> None:
        if is_asking != self._is_asking:
            self._is_asking = is_asking
            self.asking_changed.emit()

    @property
    def is_learning(self) -> bool:
        """Whether a lesson is open."""
        return self._is_learning

    def set_learning(self, is_learning: bool) -> None:
        if is_learning != self._is_learning:
            self._is_learning = is_learning
            self.learning_changed.emit()

    @property
    def is_open(self) -> bool:
        """Whether there is something to look at."""
        return self._trace is not None

    @property
    def is_starting(self) -> bool:
        return self._status is Status.STARTING

    @property
    def is_live(self) -> bool:
        """Whether a script's process is there."""
        return self._status in (Status.STARTING, Status.RECORDING, Status.PAUSED)

    @property
    def can_go_forward(self) -> bool:
        """Whether there is more: recorded already, or to be run."""
        if self._trace is None or self._status is Status.STARTING:
            return False
        return self.is_live or self._place.position < self._recorded

    @property
    def can_go_back(self) -> bool:
        """Whether the cursor can move towards the start."""
        return self._trace is not None and self._status is not Status.RECORDING and self._place.position > 0
