"""Asks the breakpoints about each event, before and after it; there only while some are set."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ..analysis.breakpoints.happening import Happening
from ..analysis.breakpoints.judge import Judge
from ..trace.batch import Row
from ..wire.breakpoints import Breakpoint
from .surroundings import LiveSurroundings

if TYPE_CHECKING:
    from ..recorder.recorder import Recorder


class Watch:
    """One set of breakpoints; another set is another watch. All methods are called on the script's thread.

    wants_stop: whether the event that is about to happen shall be stopped at. is_due: whether one that is over wants
    the script held as soon as may be.
    """

    def __init__(
        self,
        recorder: Recorder,
        trace: Path,
        breakpoints: tuple[Breakpoint, ...],
        hits: tuple[int, ...],
        tell_log: Callable[[str, int], None],
    ) -> None:
        self.wants_stop = False
        self.is_due = False
        self._around = LiveSurroundings(recorder, trace)
        self._judge = Judge(breakpoints, hits, self._around, recorder.position)
        self._tell_log = tell_log
        self._raised = ("", -1)

    def arriving(self, row: Row) -> None:
        """An event is about to happen. row: as in `Batch.events`, without outputs."""
        self._around.take_in()
        here = _happening(row)
        self.wants_stop = self._judge.stops_before(here, self._around.before(here.position))

    def over(self, row: Row) -> None:
        """An event is over."""
        self._around.take_in()
        here = _happening(row)
        before = self._around.before(here.position)
        self._around.note(here)
        judgement = self._judge.over(here, before)
        self.is_due = self.is_due or judgement.stops
        for text in judgement.logs:
            self._tell_log(text, here.position + 1)

    def raised(self, row: Row) -> bool:
        """An event has raised: whether to stop before anybody hears of it. row: with the error."""
        self._around.take_in()
        here = _happening(row)
        self._raised = (here.error, here.position)
        return self._judge.stops_at_error(here, self._around.before(here.position))

    def uncaught(self, error: str, position: int) -> bool:
        """The script ends with an exception ("ValueError: text"): whether to stop; an op's own was asked about."""
        if self._raised == (error, position - 1):
            return False
        row = Happening(position, "", "The script", "", -1, "", None, None, (), (), None, None, error)
        return self._judge.stops_at_error(row, None)


def _happening(row: Row) -> Happening:
    """A row of `Batch.events` as breakpoints look at it."""
    position, kind, name, function, iteration, phase, call, site, inputs, outputs, _, node, tensor, *_, error = row
    return Happening(position, kind, name, function, iteration, phase, call, site, inputs, outputs, node, tensor, error)
