"""What a finding is: what was seen, the events that prove it, how sure, why it matters, what to try."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ...bilingual import NOTHING, Bilingual


class Sure(StrEnum):
    """How sure a finding is."""

    CERTAIN = "certain"
    """The events leave no other reading."""
    LIKELY = "likely"
    """Nearly always a mistake; a few programs do it on purpose."""
    MAYBE = "maybe"
    """Worth a look."""


ORDER = (Sure.CERTAIN, Sure.LIKELY, Sure.MAYBE)
"""Surest first."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a rule saw in one run.

    sentence: with the run's own names and numbers. positions: the events that prove it, in order; the first is where
    to look. code: a line to write, "" where there is none. what_if: a run to try, in words; change: the same for
    `gradstep what-if --change`, "" where that takes an editor.
    """

    sentence: Bilingual
    sure: Sure
    positions: tuple[int, ...]
    code: str = ""
    what_if: Bilingual = NOTHING
    change: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule saw, with its texts and its place. rule: its name ("missing-zero-grad").

    file, line, source: where the first event was called from, and that line's text; "", 0, "" where that is unknown.
    """

    rule: str
    title: Bilingual
    why: Bilingual
    attempt: Bilingual
    seen: Seen
    iteration: int
    file: str
    line: int
    source: str
