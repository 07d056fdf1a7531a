"""A module that is called: its path, its class, or the variable that holds it."""

from __future__ import annotations

from ....bilingual import Bilingual
from ....wire.breakpoints import Breakpoint, What
from ..happening import Happening, Surroundings
from ..kind import Kind, add
from ..pattern import fits


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    return any(name and fits(wanted.pattern, name) for call in around.begun(here) for name in call)


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> Bilingual:
    path, class_name, variable = next(iter(around.begun(here)), ("", "", ""))
    name = path or variable or class_name
    if not name:
        return Bilingual("The module is called.", "模块被调用。")
    return Bilingual(f"{name} is called.", f"{name} 被调用。")


_PATTERN = Bilingual(
    'path or class of a module: "conv1", "layer*", "Linear"', '模块的路径或类："conv1"、"layer*"、"Linear"'
)
add(What.MODULE, Kind("Module", _fits, _sentence, pattern=_PATTERN))
