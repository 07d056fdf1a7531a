"""A gradient beyond a bound: its largest |element| lies above it, or all its elements lie below it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ....bilingual import Bilingual
from ....events import Kind as EventKind
from ....wire.breakpoints import Breakpoint, What
from ..happening import Happening, Surroundings
from ..kind import Kind, add
from ..pattern import fits


def _largest(here: Happening, around: Surroundings) -> Iterator[float]:
    """The largest |element| of each gradient that a node has sent or left in a `.grad`."""
    if here.kind == EventKind.NODE:
        for _, value, _, _ in here.outputs:
            known = None if value is None else around.figures(value)
            if known is not None:
                yield known.largest


def _is_meant(pattern: str, here: Happening, around: Surroundings) -> bool:
    if fits(pattern, here.name):
        return True
    name = "" if here.tensor is None else around.tensor_name(here.tensor)
    return bool(name) and (fits(pattern, name) or fits(pattern, f"{name}.grad"))


def _fits(
    wanted: Breakpoint, here: Happening, before: Happening | None, around: Surroundings, above: bool = True
) -> bool:
    if here.kind != EventKind.NODE or not _is_meant(wanted.pattern, here, around):
        return False
    found = _largest(here, around)
    return any(size > wanted.limit if above else size < wanted.limit for size in found)


def _sentence(wanted: Breakpoint, here: Happening, around: Surroundings, above: bool = True) -> Bilingual:
    sizes = [size for size in _largest(here, around) if (size > wanted.limit if above else size < wanted.limit)]
    name = "" if here.tensor is None else around.tensor_name(here.tensor)
    what = Bilingual(f"a gradient that {here.name} sends", f"{here.name} 传出的一个梯度")
    if name:
        what = Bilingual(f"{name}.grad", f"{name}.grad ")
    word = Bilingual("above", "大于") if above else Bilingual("below", "小于")
    return Bilingual(
        f"The largest |element| of {what.english} is {max(sizes):.4g}, {word.english} {wanted.limit:g}.",
        f"{what.chinese}的最大 |元素| 是 {max(sizes):.4g}，{word.chinese} {wanted.limit:g}。",
    )


_PATTERN = Bilingual(
    'name of a parameter or node: "hidden.weight", "AddmmBackward0"',
    '参数或节点的名称："hidden.weight"、"AddmmBackward0"',
)
_LIMIT = "what the largest |element| is held against"
add(What.GRADIENT_ABOVE, Kind("Gradient above", _fits, _sentence, True, _PATTERN, _LIMIT))
add(
    What.GRADIENT_BELOW,
    Kind("Gradient below", partial(_fits, above=False), partial(_sentence, above=False), True, _PATTERN, _LIMIT),
)
