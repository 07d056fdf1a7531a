"""A module that is called: its path, its class, or the variable that holds it."""

from __future__ import annotations

from ....wire.breakpoints import Breakpoint, What
from ..happening import Happening, Surroundings
from ..kind import Kind, add
from ..pattern import fits


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    return any(name and fits(wanted.pattern, name) for call in around.begun(here) for name in call)


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> str:
    path, class_name, variable = next(iter(around.begun(here)), ("", "The module", ""))
    return f"{path or variable or class_name} is called."


add(What.MODULE, Kind("Module", _fits, _sentence, pattern='path or class of a module: "conv1", "layer*", "Linear"'))
