"""Anything of a name.

NOTE [Names that fit]
A name fits an event that is called so ("linear", "AddmmBackward0"), whose function is called so
("torch.nn.functional.linear"), and the first event of a module call whose path, class or variable it is.
"""

from __future__ import annotations

from ....bilingual import Bilingual
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


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> Bilingual:
    return Bilingual(f"{wanted.pattern} is reached, at {here.name}.", f"到达 {wanted.pattern}，在 {here.name} 处。")


_PATTERN = Bilingual("name of an op, autograd node or module", "运算、自动微分节点或模块的名称")
add(What.NAME, Kind("Name", _fits, _sentence, pattern=_PATTERN))
