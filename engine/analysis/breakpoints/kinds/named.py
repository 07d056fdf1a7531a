"""Anything of a name.

NOTE [Names that fit]
A name fits an event that is called so ("linear", "AddmmBackward0"), whose function is called so
("torch.nn.functional.linear"), and the first event of a module call whose path, class or variable it is.
"""

from __future__ import annotations

from ....wire.breakpoints import Breakpoint, What
from ..happening import Happening, Surroundings
from ..kind import Kind, add
from ..pattern import fits


def is_called(pattern: str, here: Happening, around: Surroundings) -> bool:
    """Whether a name or pattern fits an event or a module call that it begins."""
    if fits(pattern, here.name) or fits(pattern, here.function):
        return True
    return any(name and fits(pattern, name) for call in around.begun(here) for name in call)


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    return is_called(wanted.pattern, here, around)


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> str:
    return f"{wanted.pattern} is reached, at {here.name}."


add(What.NAME, Kind("Name", _fits, _sentence, pattern="name of an op, autograd node or module"))
