"""What comes of an expression: a result, or a sentence that says why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...bilingual import NOTHING, Bilingual, same
from ...errors import GradstepError
from ...values import statistics
from ..notation.numbers import format_number

Result = bool | int | float | np.floating[Any] | np.complexfloating[Any] | NDArray[Any] | tuple[float, ...] | str
"""float32 and float16 keep their type, so that a number is shown with the digits it has. Texts are for comparing."""

_SHOWN_ELEMENTS = 8
_DIGITS_IN_ARRAYS = 4
_DIGITS_IN_STATISTICS = 3


class WatchError(GradstepError):
    """A text is no expression. column: where, counted from 0."""

    def __init__(self, message: Bilingual, hint: Bilingual, column: int) -> None:
        super().__init__(message, hint)
        self.column = column


class NoAnswer(Exception):  # noqa: N818 - nothing is wrong where a number is not known yet
    """There is no result. why: a sentence."""

    def __init__(self, why: Bilingual) -> None:
        super().__init__(why.english)
        self.why = why


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """result: None where there is none. reason: the sentence that says why, else nothing."""

    result: Result | None
    reason: Bilingual = NOTHING

    @property
    def number(self) -> float | None:
        """The result as one number, to be plotted: truth is 1 or 0. None where it is none, or complex."""
        if isinstance(self.result, np.ndarray):
            one = self.result.reshape(-1)[0] if self.result.size == 1 else None
            return None if one is None or isinstance(one, np.complexfloating) else float(one)
        if self.result is None or isinstance(self.result, tuple | str | np.complexfloating):
            return None
        return float(self.result)

    def text(self, *, typographic: bool = False) -> Bilingual:
        """One line: the number, a small array in full, of a larger one shape, range and norm; else the reason.

        typographic: with the real minus sign, for painting.
        """
        return self.reason if self.result is None else _shown(self.result, typographic)


def settled(result: Any) -> Result:
    """A result of NumPy as what a user is given: an array of no dimensions is a number."""
    if isinstance(result, np.ndarray) and result.ndim == 0:
        result = result[()]
    if isinstance(result, np.bool_):
        return bool(result)
    if isinstance(result, np.integer):
        return int(result)
    if isinstance(result, np.float64):
        return float(result)
    return result  # type: ignore[no-any-return]


def shape_text(shape: tuple[int, ...]) -> Bilingual:
    """A shape as in (128×500); "one number" for none."""
    return same(f"({'×'.join(map(str, shape))})") if shape else Bilingual("one number", "一个数")


def _shown(result: Result, typographic: bool) -> Bilingual:
    if isinstance(result, str):
        return same(result)
    if isinstance(result, tuple):
        return same(f"({', '.join(_number(x, typographic) for x in result)})")
    if not isinstance(result, np.ndarray):
        return same(_number(result, typographic))
    if result.size <= _SHOWN_ELEMENTS and result.ndim <= 2 and result.size:
        return same(_in_full(result, typographic))
    return _measured(result, typographic)


def _in_full(array: NDArray[Any], typographic: bool) -> str:
    if array.ndim == 2:
        return f"[{', '.join(_in_full(row, typographic) for row in array)}]"
    return f"[{', '.join(_number(x, typographic, _DIGITS_IN_ARRAYS) for x in array)}]"


def _measured(array: NDArray[Any], typographic: bool) -> Bilingual:
    shape = shape_text(array.shape)
    if array.size == 0:
        return shape + Bilingual(" empty", " 空")
    if array.dtype.kind == "b":
        count = np.count_nonzero(array)
        return shape + Bilingual(f" {count} true", f" {count} 个为真")
    known = statistics(array)
    bad = "".join(f" {count} {name}" for count, name in ((known.nans, "NaN"), (known.infs, "inf")) if count)
    if not np.isfinite(known.min):
        return shape + same(bad)
    low, high, norm = (_number(x, typographic, _DIGITS_IN_STATISTICS) for x in (known.min, known.max, known.norm))
    return shape + same(f" {low} .. {high}") + Bilingual(f" norm {norm}{bad}", f" 范数 {norm}{bad}")


def _number(x: Any, typographic: bool, digits: int | None = None) -> str:
    if isinstance(x, complex | np.complexfloating):
        return str(x)
    return format_number(x, digits, typographic=typographic)
