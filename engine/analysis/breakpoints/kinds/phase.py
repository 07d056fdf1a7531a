"""The beginning of a phase."""

from __future__ import annotations

from ....wire.breakpoints import Breakpoint, What
from ..happening import Happening, Surroundings
from ..kind import Kind, add
from ..pattern import fits


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    if not fits(wanted.pattern, here.phase):
        return False
    return before is None or (before.iteration, before.phase) != (here.iteration, here.phase)


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> str:
    return f"The phase {here.phase} of iteration {here.iteration} begins."


_PATTERN = '"setup", "zero", "forward", "backward", "update" or "other"'
add(What.PHASE, Kind("Phase", _fits, _sentence, pattern=_PATTERN))
