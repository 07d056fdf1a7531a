"""Where the breakpoints of a session were hit in what is recorded, and how often."""

from __future__ import annotations

import time
from bisect import bisect_left
from dataclasses import replace

from ..analysis.breakpoints.judge import is_late, matches, reason, told
from ..bilingual import NOTHING, Bilingual
from ..wire.breakpoints import Breakpoint
from .recorded import Recorded
from .recorded_surroundings import RecordedSurroundings

_AT_ONCE = 16
"""Events between two looks at the clock."""


class Hits:
    """Where breakpoints were hit in one record. Keeps what it has found: events that are over do not change."""

    def __init__(self, record: Recorded) -> None:
        self._record = record
        self._around = RecordedSurroundings(record)
        self._found: dict[Breakpoint, tuple[int, list[int]]] = {}

    def hits(self, wanted: Breakpoint) -> list[int]:
        """Positions of all hits among the events that are over, whether they count or not."""
        return self._until(wanted, self._record.frontier)

    def look_for(self, wanted: Breakpoint, seconds: float) -> tuple[list[int], bool]:
        """Positions of the hits that are known after looking for so long, and whether these are all."""
        deadline = time.monotonic() + seconds
        while (asked := self._asked(wanted)[0]) < self._record.frontier:
            self._until(wanted, min(asked + _AT_ONCE, self._record.frontier))
            if time.monotonic() > deadline:
                break
        asked, found = self._asked(wanted)
        return found, asked >= self._record.frontier

    def is_hit(self, wanted: Breakpoint, position: int) -> bool:
        """Whether it is hit at a position, and that hit counts."""
        if not self._matches(wanted, position - is_late(wanted)):
            return False
        return wanted.counts_all or wanted.counts(bisect_left(self._until(wanted, position), position) + 1)

    def reason(self, wanted: Breakpoint, position: int) -> Bilingual:
        """Why it stops at a position that it hits."""
        here = self._around.event(position - is_late(wanted))
        return NOTHING if here is None else reason(wanted, here, self._around)

    def told(self, wanted: Breakpoint, number: int) -> str | None:
        """What it tells, as a log point, when event `number` is over; None if it does not fit or does not count."""
        here = self._around.event(number)
        if here is None or not self.is_hit(wanted, number + is_late(wanted)):
            return None
        return told(wanted, here, self._around)

    def _until(self, wanted: Breakpoint, end: int) -> list[int]:
        """Positions of the hits that are known when the events before `end` have been asked."""
        asked, found = self._asked(wanted)
        for number in range(asked, end):
            if self._matches(wanted, number):
                found.append(number + is_late(wanted))
        self._found[_same_hits(wanted)] = (max(asked, end), found)
        return found

    def _asked(self, wanted: Breakpoint) -> tuple[int, list[int]]:
        """How many events were asked, and the hits among them."""
        return self._found.get(_same_hits(wanted), (0, []))

    def _matches(self, wanted: Breakpoint, number: int) -> bool:
        here = self._around.event(number)
        if here is None:
            return False
        if is_late(wanted) and number >= self._record.frontier:
            return False
        return matches(wanted, here, self._around.event(number - 1), self._around)


def _same_hits(wanted: Breakpoint) -> Breakpoint:
    """One that is hit at the same places: which hits count, and what is told, makes no difference."""
    return replace(wanted, first=1, every=1, enabled=True, log="")


def hits_of(record: Recorded) -> Hits:
    """What is known of hits in a record; the same at each call."""
    if record.hits is None:
        record.hits = Hits(record)
    return record.hits
