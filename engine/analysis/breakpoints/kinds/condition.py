"""A condition on its own: each event is asked."""

from __future__ import annotations

from ....bilingual import Bilingual
from ....wire.breakpoints import Breakpoint, What
from ..happening import Happening, Surroundings
from ..kind import Kind, add


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    return bool(wanted.condition)


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> Bilingual:
    return Bilingual(f"{wanted.condition} holds, at {here.name}.", f"{wanted.condition} 成立，在 {here.name} 处。")


add(What.CONDITION, Kind("Condition", _fits, _sentence))
