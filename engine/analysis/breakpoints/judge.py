"""Decides for a set of breakpoints whether an event stops, and counts how often each was hit.

NOTE [Hits are counted when the event is over]
Whether to stop before an event is said when it is about to happen, without counting: a stop may be followed by
another event than the one that was announced. The hit counts when the event is over, in the order of events, which is
also how a recorded trace is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...bilingual import Bilingual
from ...errors import GradstepError
from ...wire.breakpoints import Breakpoint, What
from . import kinds
from .condition import condition, filled, holds, log_text, needs_outcome
from .happening import Happening, Surroundings
from .kind import KINDS

__all__ = ["Judge", "Judgement", "check", "is_late", "matches", "reason", "told"]

assert kinds


def check(wanted: Breakpoint) -> None:
    """Raises GradstepError for a breakpoint that cannot be: a text that is no condition, a line without a file."""
    if wanted.condition:
        condition(wanted.condition)
    log_text(wanted.log)
    row = KINDS[wanted.what]
    if wanted.what == What.CONDITION and not wanted.condition:
        raise GradstepError(
            Bilingual("This breakpoint has no condition.", "这个断点没有条件。"),
            Bilingual("Write one, such as loss > 10.", "请写一个条件，例如 loss > 10。"),
        )
    if wanted.what == What.LINE and (not wanted.pattern or wanted.line < 1):
        raise GradstepError(
            Bilingual("This breakpoint has no line.", "这个断点没有行。"),
            Bilingual("Give a file and a line.", "请给出文件和行。"),
        )
    if wanted.what in (What.NAME, What.PARAMETER, What.DATA) and not wanted.pattern:
        raise GradstepError(
            Bilingual("This breakpoint has no name.", "这个断点没有名称。"),
            Bilingual(f"Give a {row.pattern.english}.", f"请给出{row.pattern.chinese}。"),
        )
    if wanted.first < 1 or wanted.every < 1:
        raise GradstepError(
            Bilingual("Hits are counted from 1.", "命中次数从 1 数起。"),
            Bilingual("Give numbers from 1 on.", "请给出大于或等于 1 的数。"),
        )


def is_late(wanted: Breakpoint) -> bool:
    """Whether it stops after an event (NOTE [Before and after])."""
    return KINDS[wanted.what].is_late or needs_outcome(wanted.condition)


def matches(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    """Whether a breakpoint fits an event, and its condition holds there; hits are not counted."""
    return KINDS[wanted.what].fits(wanted, here, before, around) and holds(wanted.condition, here, around)


def reason(wanted: Breakpoint, here: Happening, around: Surroundings) -> Bilingual:
    """The sentence that says why a breakpoint that matches an event stops there."""
    row = KINDS[wanted.what]
    if needs_outcome(wanted.condition) and not row.is_late:
        return Bilingual(f"{wanted.condition} holds after {here.name}.", f"{here.name} 之后 {wanted.condition} 成立。")
    sentence = row.sentence(wanted, here, around)
    if not wanted.condition or wanted.condition in sentence.english:
        return sentence
    return Bilingual(
        f"{sentence.english.removesuffix('.')}, and {wanted.condition}.",
        f"{sentence.chinese.removesuffix('。')}，并且 {wanted.condition}。",
    )


def told(wanted: Breakpoint, here: Happening, around: Surroundings) -> str:
    """What a log point tells at an event."""
    return filled(wanted.log, here, around)


@dataclass(frozen=True, slots=True)
class Judgement:
    """Of an event that is over. stops: hold the script as soon as may be. logs: what log points tell."""

    stops: bool
    logs: tuple[str, ...]


class Judge:
    """Is asked about the events of a running script, in order, on its thread.

    hits: how often each was hit before. position: of the event that comes next; it has been announced already.
    """

    def __init__(
        self, breakpoints: Sequence[Breakpoint], hits: Sequence[int], around: Surroundings, position: int
    ) -> None:
        self._around = around
        self._wanted = [one for one in breakpoints if one.enabled]
        counts = [count for one, count in zip(breakpoints, hits, strict=True) if one.enabled]
        self._hits = counts
        self._stopped_before = position

    def stops_before(self, here: Happening, before: Happening | None) -> bool:
        """Whether to stop before an event that is about to happen."""
        return any(
            self._stops(number, here, before)
            for number, wanted in enumerate(self._wanted)
            if wanted.what != What.EXCEPTION and not is_late(wanted)
        )

    def stops_at_error(self, here: Happening, before: Happening | None) -> bool:
        """Whether to stop at an event that has just raised."""
        return any(
            self._stops(number, here, before)
            for number, wanted in enumerate(self._wanted)
            if wanted.what == What.EXCEPTION
        )

    def over(self, here: Happening, before: Happening | None) -> Judgement:
        """Counts an event that is over. It stops also where it was not announced, or as something else."""
        stops, logs = False, []
        for number, wanted in enumerate(self._wanted):
            if not self._fits(wanted, here, before):
                continue
            self._hits[number] += 1
            if not wanted.counts(self._hits[number]):
                continue
            if wanted.log:
                logs.append(told(wanted, here, self._around))
            elif is_late(wanted) or self._stopped_before != here.position:
                stops = True
        return Judgement(stops, tuple(logs))

    def _stops(self, number: int, here: Happening, before: Happening | None) -> bool:
        wanted = self._wanted[number]
        if wanted.log or not wanted.counts(self._hits[number] + 1) or not self._fits(wanted, here, before):
            return False
        self._stopped_before = here.position
        return True

    def _fits(self, wanted: Breakpoint, here: Happening, before: Happening | None) -> bool:
        return matches(wanted, here, before, self._around)
