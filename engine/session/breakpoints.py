"""Breakpoints of a session, and whether a recorded event hits one: the same rules as at the child's gate.

NOTE [Where a breakpoint stops]
Its place is a position: of the event it stops before or, if it needs what the event makes, the position after it
(engine.analysis.breakpoints.happening, NOTE [Before and after]). Hits are counted from the start of the run, in the
order of events, so that the third hit is the same one live, recorded, forwards and backwards.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ..analysis.breakpoints.happening import happening
from ..analysis.breakpoints.judge import check
from ..analysis.breakpoints.kinds.named import is_called
from ..bilingual import Bilingual
from ..events import Event
from ..wire.breakpoints import Breakpoint, What
from ..wire.messages import Line, SetBreakpoints
from .hits import hits_of
from .recorded import Recorded
from .recorded_surroundings import RecordedSurroundings

__all__ = ["Breakpoint", "Breakpoints", "What", "fits"]


@dataclass(frozen=True, slots=True)
class Breakpoints:
    """lines: places in source files, by absolute path. names: of ops, autograd nodes, modules (paths, classes or
    variables). others: of any kind, with conditions, counts and texts. Raises GradstepError for one that cannot be.
    """

    lines: frozenset[Line] = frozenset()
    names: frozenset[str] = frozenset()
    others: tuple[Breakpoint, ...] = ()

    def __post_init__(self) -> None:
        for one in self.others:
            check(one)

    @property
    def all(self) -> tuple[Breakpoint, ...]:
        """All of them, those on lines first."""
        lines = sorted({(os.path.realpath(line.path), line.line) for line in self.lines})
        others = [
            replace(one, pattern=os.path.realpath(one.pattern)) if one.what == What.LINE else one for one in self.others
        ]
        return (
            *(Breakpoint(What.LINE, path, line) for path, line in lines),
            *(Breakpoint(What.NAME, name) for name in sorted(self.names)),
            *others,
        )

    @property
    def stopping(self) -> list[Breakpoint]:
        """Those that hold a run."""
        return [one for one in self.all if one.enabled and not one.log]

    def as_command(self, record: Recorded | None = None) -> SetBreakpoints:
        """What tells a child of them. record: what it has recorded so far, None for nothing."""
        hits = [0 if record is None or one.counts_all else len(hits_of(record).hits(one)) for one in self.all]
        return SetBreakpoints(self.all, tuple(hits))

    def hit(self, record: Recorded, position: int) -> bool:
        """Whether one stops at this position."""
        return any(hits_of(record).is_hit(one, position) for one in self.stopping)

    def reasons(self, record: Recorded, position: int) -> tuple[tuple[Breakpoint, Bilingual], ...]:
        """Those that stop at this position, each with a sentence that says why."""
        asked = hits_of(record)
        return tuple((one, asked.reason(one, position)) for one in self.stopping if asked.is_hit(one, position))

    def logs(self, record: Recorded, begin: int, end: int) -> Iterator[tuple[int, str]]:
        """(position, text) of what log points tell of the events between two positions: told when an event is over."""
        points = [one for one in self.all if one.enabled and one.log]
        asked = hits_of(record)
        for number in range(begin, end) if points else ():
            for one in points:
                if (text := asked.told(one, number)) is not None:
                    yield number + 1, text


def fits(record: Recorded, event: Event, names: frozenset[str]) -> bool:
    """Whether an event has one of the names, or is the first of a call of a module that has."""
    here = happening(event)
    return any(is_called(name, here, RecordedSurroundings(record)) for name in names)
