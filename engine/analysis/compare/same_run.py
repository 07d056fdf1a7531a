"""Whether one run went as another did up to a position: the same events with the same numbers, bit by bit."""

from __future__ import annotations

from dataclasses import dataclass

from ...trace.reader import Trace
from .difference import Difference, Way
from .run import Run
from .walk import Walk

_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class Sameness:
    """What was found up to the first difference.

    events: how many are the same, from the start. by_statistics: values that could only be compared by their
    statistics, as a thinned trace does not have their numbers; unread: values of which nothing is known. first: the
    first event that differs; missing: the run has fewer events than asked for.
    """

    events: int
    by_statistics: int
    unread: int
    first: Difference | None
    missing: bool

    @property
    def is_same(self) -> bool:
        """Whether it is the same run."""
        return self.first is None and not self.missing


def same_run(first: Trace, second: Trace, position: int) -> Sameness:
    """Compares the events before a position one by one, and stops at the first that differs.

    Iterations and phases do not count: which one an event belongs to is settled by what follows it.
    """
    walk = Walk(Run(first), Run(second), 0.0)
    for begin in range(0, position, _AT_ONCE):
        end = min(begin + _AT_ONCE, position)
        ours, theirs = (trace.events(begin=begin, end=end) for trace in (first, second))
        for found in walk.side_by_side(ours, theirs):
            if found.way is not Way.FOLLOWS:
                return _sameness(walk, found, missing=False)
        if len(ours) != len(theirs) or len(theirs) < end - begin:
            return _sameness(walk, None, missing=True)
    return _sameness(walk, None, missing=False)


def _sameness(walk: Walk, first: Difference | None, *, missing: bool) -> Sameness:
    return Sameness(walk.same, walk.pairs.by_statistics, walk.pairs.unread, first, missing)
