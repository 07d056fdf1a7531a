"""A parameter (or another named tensor) that an event is about to read or write, or whose gradient it handles."""

from __future__ import annotations

from ....bilingual import Bilingual
from ....wire.breakpoints import Breakpoint, What
from ..happening import Happening, Surroundings
from ..kind import Kind, add
from ..pattern import fits


def _used(here: Happening, around: Surroundings) -> list[str]:
    values = {value for _, value, _, _ in here.inputs if value is not None}
    tensors = {here.tensor, *(around.tensor_of(value) for value in values)} - {None}
    return [around.tensor_name(tensor) for tensor in tensors if tensor is not None]


def _fits(wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings) -> bool:
    return any(name and fits(wanted.pattern, name) for name in _used(here, around))


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings) -> Bilingual:
    name = next((name for name in sorted(_used(here, around)) if fits(wanted.pattern, name)), wanted.pattern)
    return Bilingual(f"{here.name} is about to use {name}.", f"{here.name} 即将使用 {name}。")


_PATTERN = Bilingual('name of a parameter: "hidden.weight", "*.bias"', '参数的名称："hidden.weight"、"*.bias"')
add(What.PARAMETER, Kind("Parameter", _fits, _sentence, pattern=_PATTERN))
