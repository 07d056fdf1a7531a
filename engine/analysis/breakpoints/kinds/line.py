"""A line of the source.

NOTE [A line is visited]
A breakpoint on a line stops once a visit: at an event on that line, or at the first event of a module call that the
line makes (of `y = net(x)` all events may lie in another file), if the event before belonged to another line, or if an
op or call comes again that had its turn (places are numbered in the order in which they were first reached, so a number
that does not grow means another pass). Backward nodes, which all run at the line of `backward()`, are one visit. With a
condition on what an event makes, each event on the line is looked at.
"""

from __future__ import annotations

from collections.abc import Iterable

from ....bilingual import Bilingual
from ....events import Kind as EventKind
from ....wire.breakpoints import Breakpoint, What
from ..condition import needs_outcome
from ..happening import Happening, Surroundings
from ..kind import Kind, add


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    if needs_outcome(wanted.condition):
        return _first_on(wanted, (here.site,), around) is not None
    site = _first_on(wanted, (here.site, *around.begun_from(here)), around)
    if site is None or before is None:
        return site is not None
    last = _first_on(wanted, (before.site, *around.called_from(before)), around)
    return last is None or (here.kind == before.kind == EventKind.OP and site <= last)


def _first_on(wanted: Breakpoint, sites: Iterable[int | None], around: Surroundings) -> int | None:
    """The first of some places that lies on the line."""
    on_line = (site for site in sites if site is not None and around.line(site) == (wanted.pattern, wanted.line))
    return next(on_line, None)


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> Bilingual:
    return Bilingual(f"Line {wanted.line} is reached, at {here.name}.", f"到达第 {wanted.line} 行，在 {here.name} 处。")


add(What.LINE, Kind("Line", _fits, _sentence, pattern=Bilingual("path of the file", "文件的路径")))
