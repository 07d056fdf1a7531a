"""Data that is written: a named tensor, or its `.grad`. Writing the same numbers again is writing too."""

from __future__ import annotations

from ....bilingual import Bilingual
from ....events import Kind as EventKind
from ....wire.breakpoints import Breakpoint, What
from ..happening import Happening, Surroundings
from ..kind import Kind, add
from ..pattern import fits

_GRAD = ".grad"


def _written(here: Happening, around: Surroundings) -> set[str]:
    """Names of what an event has written to; "w.grad" for a gradient."""
    found = set()
    taken = {value for _, value, _, _ in here.inputs}
    if here.tensor is not None and here.kind in (EventKind.NODE, EventKind.GRAD):
        found.add(around.tensor_name(here.tensor) + _GRAD)
    for name, value, _, _ in here.outputs:
        if value is None or value in taken:
            continue
        tensor = around.tensor_of(value)
        if tensor is not None:
            found.add(around.tensor_name(tensor))
        elif here.kind == EventKind.UPDATE and name == "value" and here.tensor is not None:
            found.add(around.tensor_name(here.tensor))
        elif here.kind == EventKind.OP:
            owner = around.owner_of_gradient(value, here)
            if owner is not None:
                found.add(around.tensor_name(owner) + _GRAD)
    return found


def _meant(pattern: str, written: set[str]) -> list[str]:
    """Those that a pattern fits; one that does not end in ".grad" means no gradients."""
    return sorted(
        name
        for name in written
        if name not in ("", _GRAD) and pattern.endswith(_GRAD) == name.endswith(_GRAD) and fits(pattern, name)
    )


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    return bool(_meant(wanted.pattern, _written(here, around)))


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> Bilingual:
    names = ", ".join(_meant(wanted.pattern, _written(here, around)))
    return Bilingual(f"{here.name} has written to {names}.", f"{here.name} 写入了 {names}。")


_PATTERN = Bilingual(
    'name of a tensor, with ".grad" for its gradient: "hidden.weight", "*.bias.grad"',
    '张量的名称，它的梯度加上 ".grad"："hidden.weight"、"*.bias.grad"',
)
add(What.DATA, Kind("Data is written", _fits, _sentence, is_late=True, pattern=_PATTERN))
