"""Work beside the window: one job at a time in a thread of its own, from plain data to plain data.

NOTE [Beside]
Only the newest question counts. Asking again gives up what runs: its result is dropped, and a job that looks at its
ticket now and then ends early. A job opens what it reads (a trace belongs to the thread that opened it) and hands back
plain data. Exceptions come to the window's thread: those with a sentence for the user as `failed`, all others are
raised there, where unexpected ones are told of.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal

from engine.errors import GradstepError

Work = Callable[["Ticket"], object]


class GivenUpError(Exception):
    """Raised inside a job that nobody waits for any more."""


class Ticket:
    """What a job knows of the one who waits for it. Its methods are called from the job's thread."""

    def __init__(self, report: Callable[[Ticket, int, int], None]) -> None:
        self._given_up = threading.Event()
        self._report = report

    @property
    def is_given_up(self) -> bool:
        """Whether nobody waits for the result any more."""
        return self._given_up.is_set()

    def give_up(self) -> None:
        """Lets the job end early."""
        self._given_up.set()

    def went_on(self, done: int, count: int) -> None:
        """So much of it is done. Raises GivenUpError if nobody waits any more."""
        if self.is_given_up:
            raise GivenUpError
        self._report(self, done, count)


class Beside(QObject):
    """Answers one kind of question in a thread, see NOTE [Beside]. Its methods are called from the window's thread.

    Signals:
        done(result): what the newest job came to. failed(error): it could not be worked out, a `GradstepError`.
        progressed(done, count): how far along the newest job is.
    """

    done = Signal(object)
    failed = Signal(object)
    progressed = Signal(int, int)
    _ended = Signal(object, object, object)
    _went_on = Signal(object, int, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticket: Ticket | None = None
        self._waiting: Work | None = None
        self._thread: threading.Thread | None = None
        self._is_closed = False
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)
        self._went_on.connect(self._on_went_on, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether a result is still to come."""
        return self._waiting is not None or (self._ticket is not None and not self._ticket.is_given_up)

    def ask(self, work: Work) -> None:
        """Begins a job in place of the one before."""
        self.cancel()
        if self._is_closed:
            return
        self._waiting = work
        if self._thread is None:
            self._begin()

    def cancel(self) -> None:
        """Nobody waits any more for what was asked."""
        self._waiting = None
        if self._ticket is not None:
            self._ticket.give_up()

    def finish(self) -> None:
        """Waits until what runs is done; its result is told as any other."""
        if self._thread is not None:
            self._thread.join()

    def close(self) -> None:
        """Gives everything up and waits until nothing of it runs."""
        self._is_closed = True
        self.cancel()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _begin(self) -> None:
        work, self._waiting = self._waiting, None
        if work is None:
            return
        ticket = self._ticket = Ticket(self._went_on.emit)
        self._thread = threading.Thread(target=self._run, args=(work, ticket), name="gradstep-beside", daemon=True)
        self._thread.start()

    def _run(self, work: Work, ticket: Ticket) -> None:
        result, error = None, None
        try:
            result = work(ticket)
        except GivenUpError:
            ticket.give_up()
        except Exception as raised:
            error = raised
        # A program that ends without closing its window leaves nobody to tell.
        with contextlib.suppress(RuntimeError):
            self._ended.emit(ticket, result, error)

    def _on_ended(self, ticket: Ticket, result: object, error: Exception | None) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        self._ticket = None
        self._begin()
        if ticket.is_given_up or self._is_closed:
            return
        if error is None:
            self.done.emit(result)
        elif isinstance(error, GradstepError):
            self.failed.emit(error)
        else:
            raise error

    def _on_went_on(self, ticket: Ticket, done: int, count: int) -> None:
        if ticket is self._ticket and not ticket.is_given_up:
            self.progressed.emit(done, count)
