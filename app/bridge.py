"""Brings a session's callbacks, which come from its own thread, to the window's thread, a bundle at a time.

NOTE [Bundles]
A script can be ten thousand events a second ahead of a screen. So callbacks only note what happened and wake the
window's thread, which takes all notes at once, at most every 16 ms. Of places and of progress only the last counts;
pieces of output are joined, those of one place, and of a script that prints faster than a screen shows also neighbours;
what remains is told in order, and then `settled`.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from engine.errors import GradstepError
from engine.session.devices import devices
from engine.session.session import Ending, Launch, Listeners, Place, Session
from engine.wire.messages import Hello

BUNDLE_MS = 16
_RETRY_MS = 50
_MOST_PIECES = 64
"""So many pieces of output, about, are told at once: each costs the console as much as a hundred lines in one."""


@dataclass(frozen=True, slots=True)
class _Moved:
    place: Place


@dataclass(frozen=True, slots=True)
class _Stopped:
    position: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Awaits:
    waits: bool


@dataclass(frozen=True, slots=True)
class _Wrote:
    stream: str
    text: str
    position: int


_Fact = Hello | _Moved | _Stopped | _Awaits | _Wrote | Ending | GradstepError | None
"""What a callback notes; None for progress, which the session itself knows."""


class Bridge(QObject):
    """One session, heard on the window's thread. Its methods are called from there.

    Signals:
        started(hello): the script is about to run. moved(place): the cursor stands elsewhere. stopped(reason): the
        script is held. awaits_input(waits): it waits for its input, or no more. wrote(stream, text, position): it
        printed. ended(ending): it is over. failed(error): it could not be started. settled(): all that was known at one
        moment has been told; it is time to look at the session.
    """

    started = Signal(object)
    moved = Signal(object)
    stopped = Signal(str)
    awaits_input = Signal(bool)
    wrote = Signal(str, str, int)
    ended = Signal(object)
    failed = Signal(object)
    settled = Signal()
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._notes: list[_Fact] = []
        self._is_woken = False
        self._told_at = 0.0
        self._deaf = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self.session = Session(
            Listeners(
                started=self._note,
                moved=lambda place: self._note(_Moved(place)),
                stopped=lambda position, reason: self._note(_Stopped(position, reason)),
                progress=lambda position, iteration: self._note(None),
                awaits_input=lambda waits: self._note(_Awaits(waits)),
                wrote=lambda stream, text, position: self._note(_Wrote(stream, text, position)),
                ended=self._note,
                failed=self._note,
            )
        )
        self._woken.connect(self._on_woken, Qt.ConnectionType.QueuedConnection)
        self._timer.timeout.connect(self._tell)

    def start(self, what: Launch, trace: Path, time_limit_s: float | None = None) -> None:
        """Starts a script and records it into `trace`; returns at once. time_limit_s: as in `Session.start`."""
        self.session.start(what, trace, time_limit_s=time_limit_s)

    def retire(self) -> None:
        """Ends the script without waiting for it, tells nothing any more, and goes away when it is over."""
        self._deaf = True
        self.session.stop()
        self._close_when_over()

    def close(self) -> None:
        """Ends the script and waits for its end: at most as long as a script may hesitate before it is made to."""
        self._deaf = True
        self._timer.stop()
        self.session.close()

    def _close_when_over(self) -> None:
        if self.session.is_live:
            QTimer.singleShot(_RETRY_MS, self, self._close_when_over)
            return
        self.close()
        self.deleteLater()

    def _note(self, fact: _Fact) -> None:
        """Called from any thread."""
        with self._lock:
            self._notes.append(fact)
            if self._is_woken:
                return
            self._is_woken = True
        self._woken.emit()

    def _on_woken(self) -> None:
        left_ms = BUNDLE_MS - (time.monotonic() - self._told_at) * 1000
        if left_ms <= 0:
            self._tell()
        elif not self._deaf:
            self._timer.start(max(1, round(left_ms)))

    def _tell(self) -> None:
        with self._lock:
            notes, self._notes = self._notes, []
            self._is_woken = False
        if self._deaf:
            return
        self._told_at = time.monotonic()
        for fact in bundled(notes):
            self._tell_one(fact)
        self.settled.emit()

    def _tell_one(self, fact: _Fact) -> None:
        match fact:
            case Hello():
                self.started.emit(fact)
            case _Moved(place):
                self.moved.emit(place)
            case _Stopped(_, reason):
                self.stopped.emit(reason)
            case _Awaits(waits):
                self.awaits_input.emit(waits)
            case _Wrote(stream, text, position):
                self.wrote.emit(stream, text, position)
            case Ending():
                self.ended.emit(fact)
            case GradstepError():
                self.failed.emit(fact)


class DeviceProbe(QObject):
    """Asks a child, once, which devices there are; it takes as long as importing torch.

    Signals:
        found(devices): a list of `Device`, the CPU first. failed(error): there is no telling; a `GradstepError`.
    """

    found = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Asks, the first time; later calls do nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._ask, name="gradstep-devices", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Waits until nothing of it runs."""
        if self._thread is not None:
            self._thread.join()

    def _ask(self) -> None:
        try:
            self.found.emit(devices())
        except GradstepError as error:
            self.failed.emit(error)


def bundled(notes: list[_Fact]) -> list[_Fact]:
    """What is worth telling of many notes: the last place, output joined; see NOTE [Bundles]."""
    last_move = max((i for i, fact in enumerate(notes) if isinstance(fact, _Moved)), default=-1)
    together = sum(isinstance(fact, _Wrote) for fact in notes) // _MOST_PIECES
    found: list[_Fact] = []
    pieces: list[str] = []
    for i, fact in enumerate(notes):
        before = found[-1] if found else None
        if fact is None or (isinstance(fact, _Moved) and i != last_move):
            continue
        many = len(pieces) < together
        if isinstance(fact, _Wrote) and isinstance(before, _Wrote) and _go_together(before, fact, many=many):
            pieces.append(fact.text)
            continue
        _join(found, pieces)
        if isinstance(fact, _Wrote):
            pieces = [fact.text]
        found.append(fact)
    _join(found, pieces)
    return found


def _join(facts: list[_Fact], pieces: list[str]) -> None:
    """Makes the last fact, if it is output, one with all its pieces."""
    last = facts[-1] if facts else None
    if isinstance(last, _Wrote):
        facts[-1] = _Wrote(last.stream, "".join(pieces), last.position)


def _go_together(one: _Wrote, other: _Wrote, *, many: bool) -> bool:
    """many: wherever they were written."""
    return one.stream == other.stream and (many or one.position == other.position)
