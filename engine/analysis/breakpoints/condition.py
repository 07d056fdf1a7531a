"""Conditions of breakpoints, and texts of log points: read once, asked at each event. Nothing is compiled or run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from ...bilingual import Bilingual
from ...errors import GradstepError
from .expression import Expression, read_expression
from .facts import NAMES, OF_THE_OUTCOME, Facts
from .happening import Happening, Surroundings

_HOLE = re.compile(r"\{([^{}]*)\}")


class ConditionError(GradstepError):
    """A text is no condition."""


@dataclass(frozen=True, slots=True)
class Text:
    """A log point's text: pieces[0] holes[0] pieces[1] ... A hole is an expression and how to write a number."""

    pieces: tuple[str, ...]
    holes: tuple[tuple[Expression, str], ...]


@lru_cache(maxsize=256)
def condition(text: str) -> Expression:
    """A condition. Raises ConditionError where it is none, or names what an event does not have."""
    found = read_expression(text)
    unknown = sorted(name for name in found.names if name.partition(".")[0] not in NAMES)
    if unknown:
        raise ConditionError(
            Bilingual(f"An event has no {unknown[0]}.", f"事件没有 {unknown[0]}。"),
            Bilingual(f"There are {', '.join(NAMES)}.", f"可用的有：{'、'.join(NAMES)}。"),
        )
    return found


@lru_cache(maxsize=256)
def log_text(text: str) -> Text:
    """A log point's text. Raises ConditionError where a hole holds no expression."""
    pieces = _HOLE.split(text)
    holes = []
    for hole in pieces[1::2]:
        inside, _, how = hole.partition(":")
        try:
            format(1.0, how)
        except ValueError:
            raise ConditionError(
                Bilingual(f"{how} is no way to write a number.", f"{how} 不是数的书写格式。"),
                Bilingual("Write {loss:.3f}, for example.", "可以写，例如 {loss:.3f}。"),
            ) from None
        holes.append((condition(inside.strip()), how))
    return Text(tuple(pieces[::2]), tuple(holes))


@lru_cache(maxsize=256)
def needs_outcome(text: str) -> bool:
    """Whether a condition can be answered only when the event is over."""
    return bool(text) and any(name.partition(".")[0] in OF_THE_OUTCOME for name in condition(text).names)


def holds(text: str, here: Happening, around: Surroundings) -> bool:
    """Whether a condition holds at an event; one that has no answer there does not. "" always holds."""
    return not text or condition(text).holds(Facts(here, around))


def filled(text: str, here: Happening, around: Surroundings) -> str:
    """A log point's text with the numbers put in; "?" where there is none."""
    read = log_text(text)
    facts = Facts(here, around)
    written = [expression.written(facts, how) for expression, how in read.holes]
    return "".join(piece + hole for piece, hole in zip(read.pieces, [*written, ""], strict=True))
