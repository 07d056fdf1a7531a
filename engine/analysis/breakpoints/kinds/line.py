"""A line of the source.

NOTE [A line is visited]
A breakpoint on a line stops once a visit: at an event on that line if the one before was on another line, or if an op
comes again that had its turn (places are numbered in the order in which they were first reached, so a number that
does not grow means another pass). Backward nodes, which all run at the line of `backward()`, are one visit. With a
condition on what an event makes, each event on the line is looked at.
"""

from __future__ import annotations

from ....bilingual import Bilingual
from ....events import Kind as EventKind
from ....wire.breakpoints import Breakpoint, What
from ..condition import needs_outcome
from ..happening import Happening, Surroundings
from ..kind import Kind, add


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    place = (wanted.pattern, wanted.line)
    if around.line(here.site) != place:
        return False
    if needs_outcome(wanted.condition) or before is None or around.line(before.site) != place:
        return True
    again = here.site is not None and before.site is not None and here.site <= before.site
    return here.kind == before.kind == EventKind.OP and again


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> Bilingual:
    return Bilingual(f"Line {wanted.line} is reached, at {here.name}.", f"到达第 {wanted.line} 行，在 {here.name} 处。")


add(What.LINE, Kind("Line", _fits, _sentence, pattern=Bilingual("path of the file", "文件的路径")))
