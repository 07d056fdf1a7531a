"""The moves of a window: what actions and panels ask for, made in the session of what is open."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.ahead import Ahead
from app.notices import notice_of_error
from app.state import AppState
from engine.errors import GradstepError
from engine.lessons.moments import Moment as LessonMoment
from engine.session.place import Place
from engine.session.recorded import NotAtHandError
from engine.session.session import Level, Session, State

Move = Callable[[Session], None]
_LOOK_AGAIN_MS = 120
"""A script that runs for longer than this after a command is shown as running."""


def is_running(session: Session) -> bool:
    """Whether its script runs just now, so that nothing can be asked of it."""
    return session.state is State.RECORDING


class Steps(QObject):
    """What can be done with the place. A subclass says which session that is, and what follows a move.

    Signals:
        notice_raised(notice): something that the user should read; a `Notice`. interrupted(): somebody moves, or the
        script is stopped: who plays shall stop. told(text): a short sentence for the status bar.
    """

    notice_raised = Signal(object)
    interrupted = Signal()
    told = Signal(str)

    def __init__(self, state: AppState, ahead: Ahead, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._ahead = ahead
        self._waiting: Move | None = None
        state.trace_changed.connect(self._wait_no_more)
        ahead.at_hand.connect(self._on_at_hand)
        ahead.failed.connect(self._on_unreadable)

    @property
    def session(self) -> Session | None:
        """The session of what is open."""
        return None

    @property
    def is_waiting(self) -> bool:
        """Whether a move waits until a long iteration has been read, see NOTE [Ahead] in `app.models.ahead`."""
        return self._waiting is not None

    def _sync(self) -> None:
        """Copies what is the case from the session into the state."""

    def go_back(self) -> None:
        self._move(Session.reverse_continue)

    def play_step(self) -> None:
        """One step of the level by itself; a breakpoint on the way ends it."""
        self._move(Session.step, by_itself=True)

    def step_over(self) -> None:
        """The next step of the level. At the quantity level no step has anything inside, so none is stepped over."""
        self._move(Session.into if self._state.level is Level.QUANTITY else Session.over)

    def step_back(self) -> None:
        self._move(Session.back if self._state.level is Level.QUANTITY else Session.over_back)

    def step_into(self) -> None:
        """The very next event."""
        self._move(lambda session: session.run_to(session.place.position + 1))

    def step_back_into(self) -> None:
        """The event before."""
        self._move(lambda session: session.run_to(max(0, session.place.position - 1)))

    def step_out(self) -> None:
        self._move(Session.out)

    def step_back_out(self) -> None:
        self._move(Session.out_back)

    def next_phase(self) -> None:
        self._move(Session.finish_phase)

    def previous_phase(self) -> None:
        self._move(Session.previous_phase)

    def next_iteration(self) -> None:
        self._move(Session.next_iteration)

    def previous_iteration(self) -> None:
        self._move(Session.previous_iteration)

    def to_twin(self) -> None:
        """From an op to the node that computes its gradient, and from a node to its op; of what comes next."""
        found: list[bool] = []
        self._move(lambda session: found.append(session.jump_to_twin()))
        if found == [False]:
            self.told.emit(self.tr("What comes next has no twin here, or none that has run yet."))

    def to_start(self) -> None:
        """To the start of the first iteration, and from there to the start of the run."""
        trace = self._state.trace
        begins = [one.begin for one in trace.iterations() if one.number >= 0] if trace is not None else []
        if begins and self._state.place.position > begins[0]:
            self._move(lambda session: session.run_to(begins[0]))
        else:
            self._move(Session.start_of_run)

    def to_position(self, position: int) -> None:
        """To before an event, forward or back."""
        self._move(lambda session: session.run_to(position))

    def to_iteration(self, number: int) -> None:
        """To the start of an iteration that is recorded."""
        trace = self._state.trace
        found = [one for one in trace.iterations() if one.number == number] if trace is not None else []
        if found:
            self.to_position(found[0].begin)

    def to_quantity(self, count: int, iteration: int | None = None) -> None:
        """To where `count` quantities of an iteration are revealed; None: of the present one."""
        number = self._state.place.iteration if iteration is None else iteration
        self._move(lambda session: session.to_quantity(number, count))

    def to_place(self, place: Place) -> None:
        """To a place that is recorded, as it was stood at by the present level. The state has it when this returns."""
        if place.quantity is not None and place.iteration >= 0 and self._state.level is Level.QUANTITY:
            self.to_quantity(place.quantity, place.iteration)
        else:
            self.to_position(place.position)
        self._sync()

    def to_moment(self, moment: LessonMoment, is_revealed: bool) -> None:
        """To a lesson's stop: before what it is about, or after it."""
        quantity = moment.quantity
        if quantity is not None and self._state.level is Level.QUANTITY:
            self.to_quantity(quantity.index + is_revealed, moment.iteration)
        else:
            position = moment.known_at if is_revealed else moment.position
            self._move(lambda session: _run_to(session, position, moment.iteration))

    def _move(self, move: Move, by_itself: bool = False) -> None:
        if not by_itself:
            self.interrupted.emit()
        self._make(move)

    def _make(self, move: Move) -> None:
        session = self.session
        if session is None or self._state.trace is None or is_running(session):
            return
        self._try(session, move)
        if is_running(session):
            QTimer.singleShot(_LOOK_AGAIN_MS, self, self._sync)

    def _try(self, session: Session, move: Move) -> None:
        """In place of a move that still waits; this one waits if it needs an iteration that is not there yet."""
        self._waiting = None
        try:
            move(session)
        except NotAtHandError as missing:
            if self._state.trace is not None:
                self._waiting = move
                self._ahead.read(self._state.trace, missing.iteration, self)
        except GradstepError as error:
            self._raise(error)
        if self._waiting is None:
            self._ahead.cancel(self)

    def _on_at_hand(self) -> None:
        if self._waiting is not None:
            self._make(self._waiting)

    def _wait_no_more(self) -> None:
        self._waiting = None
        self._ahead.cancel(self)

    def _on_unreadable(self, error: GradstepError) -> None:
        self._waiting = None
        self._raise(error)

    def _raise(self, error: GradstepError) -> None:
        self.notice_raised.emit(notice_of_error(error))


def _run_to(session: Session, position: int, iteration: int) -> None:
    """To a position of an iteration; where it is also the beginning of the next one, to the end of this one."""
    session.run_to(position)
    if session.place.iteration > iteration >= 0:
        session.stay_in(iteration)
