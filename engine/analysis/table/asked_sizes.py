"""Whether a call asks for no more numbers than it recorded: a trace may come from a stranger.

`zeros(10**12)` whose recorded result has three elements is a lie, and is refused before any memory is taken for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from numpy.typing import NDArray

from ...bilingual import NOTHING, Bilingual

_SIZES = frozenset({
    *("size", "sizes", "shape", "repeats", "reps", "dims", "num_classes", "minlength", "steps", "row", "col", "pad"),
    *("padding", "kernel_size", "output_size", "output_padding", "dilation", "scale_factor", "length", "bins"),
})  # fmt: skip
"""Names of arguments that say how large something becomes."""

_WHOLE = frozenset({"size", "shape", "repeats", "reps", "output_size"})
"""Those of them whose product is bounded by the numbers that there are."""

_NAMED = {"eye": ("n", "m"), "vander": ("N",)}
"""More such names, of one op only."""

_TIMES, _ROOM = 4, 4096
"""A size may be so many times the largest recorded one, and so much besides."""

_MOST = 100_000_000
"""How many numbers may be asked for where the result itself was not kept."""


def too_much(name: str, arguments: Mapping[str, Any], arrays: Sequence[NDArray[Any] | None]) -> Bilingual:
    """The end of a sentence if an argument asks for more than was recorded, else nothing.

    arrays: what went in and what came out; None where it is not known.
    """
    kept = [array for array in arrays if array is not None]
    is_known = len(kept) == len(arrays)
    side = max((size for array in kept for size in array.shape), default=1)
    most = max((array.size for array in kept), default=1)
    for key in (*(_SIZES & arguments.keys()), *_NAMED.get(name, ())):
        numbers = [abs(number) for number in _numbers(arguments.get(key))]
        limit = _TIMES * side + _ROOM if is_known else _MOST
        asked = max(numbers, default=0)
        if asked <= limit and key in _WHOLE:
            limit = _TIMES * most + _ROOM * _ROOM if is_known else _MOST
            asked = math.prod(max(number, 1) for number in numbers)
        if not asked <= limit:
            return Bilingual(
                f"it would need {asked:.2g} numbers, by its argument {key}, and far fewer were recorded",
                f"按它的参数 {key}，它需要 {asked:.2g} 个数，而记录下来的远没有这么多",
            )
    return NOTHING


def _numbers(argument: Any) -> Iterator[float]:
    """The plain numbers in an argument, whatever lists they are in."""
    if isinstance(argument, list | tuple):
        for item in argument:
            yield from _numbers(item)
    elif isinstance(argument, int | float) and not isinstance(argument, bool):
        # A whole number of hundreds of digits has no float.
        yield float(argument) if -1e300 < argument < 1e300 else math.inf
