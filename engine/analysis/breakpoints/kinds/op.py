"""An op that the script calls, by its name or its function's."""

from __future__ import annotations

from ....events import Kind as EventKind
from ....wire.breakpoints import Breakpoint, What
from ..happening import Happening, Surroundings
from ..kind import Kind, add
from ..pattern import fits


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    if here.kind == EventKind.NODE:
        return False
    return fits(wanted.pattern, here.name) or fits(wanted.pattern, here.function)


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> str:
    return f"{here.name} is about to be called."


add(What.OP, Kind("Op", _fits, _sentence, pattern='name of an op: "linear", "torch.relu", "conv*"'))
