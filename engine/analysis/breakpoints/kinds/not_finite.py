"""NaN or infinity: the op or node that makes one out of finite numbers, which is where it came from."""

from __future__ import annotations

from collections.abc import Iterator

from ....bilingual import Bilingual
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


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> Bilingual:
    bad = next(known for known in _figures(list(here.outputs), around) if not known.is_finite)
    nans, infs = bad.statistics.nans, bad.statistics.infs
    many, word = (nans, Bilingual("NaN", "NaN")) if nans else (infs, Bilingual("infinity", "无穷"))
    place = around.line(here.site)
    where = Bilingual("", "") if place is None else Bilingual(f" at line {place[1]}", f"第 {place[1]} 行的 ")
    op = around.maker(here)
    name = Bilingual(here.name, here.name)
    if op:
        name = Bilingual(f"{here.name} of {op}", f"{op} 的 {here.name}")
    return Bilingual(
        f"{name.english}{where.english} made {word.english} out of finite numbers, in {many} of {bad.count} elements.",
        f"{where.chinese}{name.chinese} 由有限的数产生了 {word.chinese}：{bad.count} 个元素中有 {many} 个。",
    )


add(
    What.NOT_FINITE,
    Kind(
        "NaN or infinity",
        _fits,
        _sentence,
        is_late=True,
        pattern=Bilingual("name of an op or node", "运算或节点的名称"),
    ),
)
