"""NaN or infinity: the op or node that makes one out of finite numbers, which is where it came from."""

from __future__ import annotations

from collections.abc import Iterator

from ....wire.breakpoints import Breakpoint, What
from ...families import BLANK
from ..happening import Figures, Happening, SlotRow, Surroundings
from ..kind import Kind, add
from ..pattern import fits


def _figures(slots: list[SlotRow], around: Surroundings) -> Iterator[Figures]:
    for _, value, _, _ in slots:
        known = None if value is None else around.figures(value)
        if known is not None:
            yield known


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    if here.name in BLANK or not fits(wanted.pattern, here.name):
        return False
    if all(known.is_finite for known in _figures(list(here.outputs), around)):
        return False
    return all(known.is_finite for known in _figures(list(here.inputs), around))


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> str:
    bad = next(known for known in _figures(list(here.outputs), around) if not known.is_finite)
    nans, infs = bad.statistics.nans, bad.statistics.infs
    many, word = (nans, "NaN") if nans else (infs, "infinity")
    place = around.line(here.site)
    where = f" at line {place[1]}" if place is not None else ""
    op = around.maker(here)
    name = f"{here.name} of {op}" if op else here.name
    return f"{name}{where} made {word} out of finite numbers, in {many} of {bad.count} elements."


add(What.NOT_FINITE, Kind("NaN or infinity", _fits, _sentence, is_late=True, pattern="name of an op or node"))
