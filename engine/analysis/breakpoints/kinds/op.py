"""An op that the script calls, by its name or its function's."""

from __future__ import annotations

from ....bilingual import Bilingual
from ....events import Kind as EventKind
from ....wire.breakpoints import Breakpoint, What
from ..happening import Happening, Surroundings
from ..kind import Kind, add
from ..pattern import fits


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    if here.kind == EventKind.NODE:
        return False
    return fits(wanted.pattern, here.name) or fits(wanted.pattern, here.function)


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> Bilingual:
    return Bilingual(f"{here.name} is about to be called.", f"{here.name} 即将被调用。")


_PATTERN = Bilingual('name of an op: "linear", "torch.relu", "conv*"', '运算的名称："linear"、"torch.relu"、"conv*"')
add(What.OP, Kind("Op", _fits, _sentence, pattern=_PATTERN))
