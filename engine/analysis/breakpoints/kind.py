"""What a kind of breakpoint is: the row that each file in `kinds/` puts into the table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ...bilingual import NOTHING, Bilingual
from ...wire.breakpoints import Breakpoint, What
from .happening import Happening, Surroundings

Fits = Callable[[Breakpoint, Happening, Happening | None, Surroundings], bool]
"""Whether a breakpoint fits an event, given the one before it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """title: for people. sentence: why one stopped, once it fits. is_late: whether it needs what the event makes
    (NOTE [Before and after]). pattern, limit: what these mean to it, nothing where they mean nothing.
    """

    title: str
    fits: Fits
    sentence: Callable[[Breakpoint, Happening, Surroundings], Bilingual]
    is_late: bool = False
    pattern: Bilingual = NOTHING
    limit: str = ""


KINDS: dict[What, Kind] = {}
"""The table; `kinds` fills it."""


def add(what: What, row: Kind) -> None:
    """Adds a row; each kind has one."""
    if what in KINDS:
        raise ValueError(f"There are two rows for {what}.")
    KINDS[what] = row
