"""An autograd node, by its name."""

from __future__ import annotations

from ....bilingual import Bilingual
from ....events import Kind as EventKind
from ....wire.breakpoints import Breakpoint, What
from ..happening import Happening, Surroundings
from ..kind import Kind, add
from ..pattern import fits


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    return here.kind == EventKind.NODE and fits(wanted.pattern, here.name)


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> Bilingual:
    op = around.maker(here)
    return Bilingual(
        f"{here.name}{f' of {op}' if op else ''} is about to run.", f"{f'{op} 的 ' if op else ''}{here.name} 即将运行。"
    )


_PATTERN = Bilingual('name of a node: "AddmmBackward0", "Relu*"', '节点的名称："AddmmBackward0"、"Relu*"')
add(What.NODE, Kind("Autograd node", _fits, _sentence, pattern=_PATTERN))
