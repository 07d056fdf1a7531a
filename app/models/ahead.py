"""Reads long iterations beside the window, before anything of them is shown.

NOTE [Ahead]
What an iteration means (its flow, roles, quantities and scene) is worked out once and kept with its flow. Of a short
iteration that is done where it is first asked for, at once. A long one is read by a job through a trace of its own;
what it found is handed to the window's trace, and only then the panels show the place and a move that needs it is
made. Until then the picture stays as it is. Who goes elsewhere meanwhile gives the job up.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.jobs import Beside, Ticket
from app.models.scene_builder import scene_of
from engine.analysis.flow import ReadIteration, flow_of, has_flow
from engine.analysis.quantities import quantities_of
from engine.analysis.tree import rows_of
from engine.trace.reader import Trace

LONGEST_AT_ONCE = 400
"""An iteration of so many events takes less than about 50 ms."""
_STAGES = 4


class Ahead(QObject):
    """See NOTE [Ahead].

    Signals:
        at_hand(): what was asked for last is there. failed(error): it could not be read, a `GradstepError`.
        changed(): something is being read, or nothing any more.
    """

    at_hand = Signal()
    failed = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: tuple[Trace, int] | None = None
        self._unreadable: tuple[Trace, int] | None = None
        self._who: set[QObject] = set()
        self._beside = Beside(self)
        self._beside.done.connect(self._on_read)
        self._beside.failed.connect(self._on_failed)

    @property
    def iteration(self) -> int | None:
        """The one that is being read, None if none is."""
        return None if self._asked is None else self._asked[1]

    def has(self, trace: Trace, iteration: int) -> bool:
        """Whether an iteration can be shown at once."""
        span = trace.iteration(iteration)
        return span is None or span.end - span.begin <= LONGEST_AT_ONCE or has_flow(trace, iteration)

    def read(self, trace: Trace, iteration: int, who: QObject) -> None:
        """Begins to read an iteration in place of another one; goes on if it is being read already. who: waits for it.

        One that could not be read is not tried again.
        """
        asked, path = (trace, iteration), trace.path
        if asked == self._asked:
            self._who.add(who)
        elif asked != self._unreadable:
            self._asked, self._who = asked, {who}
            self._beside.ask(lambda ticket: _read(path, iteration, ticket))
            self.changed.emit()

    def cancel(self, who: QObject) -> None:
        """This one waits no more; what nobody waits for is given up."""
        self._who.discard(who)
        if self._asked is not None and not self._who:
            self._asked = None
            self._beside.cancel()
            self.changed.emit()

    def close(self) -> None:
        """Waits until nothing of it runs."""
        self._asked = None
        self._beside.close()

    def _on_read(self, found: ReadIteration) -> None:
        """Where more was recorded meanwhile, whoever needs it asks again."""
        asked, self._asked = self._asked, None
        if asked is not None:
            trace, _ = asked
            found.hand_to(trace)
            self.changed.emit()
            self.at_hand.emit()

    def _on_failed(self, error: object) -> None:
        self._unreadable, self._asked = self._asked, None
        self.changed.emit()
        self.failed.emit(error)


def _read(path: Path, iteration: int, ticket: Ticket) -> ReadIteration:
    with Trace(path) as trace:
        extent = trace.extent
        ticket.went_on(0, _STAGES)
        flow = flow_of(trace, iteration)
        ticket.went_on(1, _STAGES)
        quantities_of(flow)
        ticket.went_on(2, _STAGES)
        scene_of(flow)
        ticket.went_on(3, _STAGES)
        rows_of(flow)
        return ReadIteration(trace, extent, flow)
