"""An exception: the op that raises it, before anybody else hears of it, also where the script will catch it."""

from __future__ import annotations

from ....bilingual import Bilingual
from ....wire.breakpoints import Breakpoint, What
from ..happening import Happening, Surroundings
from ..kind import Kind, add
from ..pattern import fits


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    return bool(here.error) and fits(wanted.pattern, here.error.partition(":")[0])


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> Bilingual:
    return Bilingual(f"{here.name} failed: {here.error}", f"{here.name} 出错：{here.error}")


_PATTERN = Bilingual('type of the exception: "RuntimeError"', '异常的类型："RuntimeError"')
add(What.EXCEPTION, Kind("Exception", _fits, _sentence, pattern=_PATTERN))
