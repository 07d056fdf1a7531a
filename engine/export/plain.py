"""Arrays as plain Python numbers, such as any JSON or CSV reader takes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Number = int | float | bool | str | dict[str, Any]
"""What one element becomes: a string where it is not finite ("NaN", "Infinity", "-Infinity"), and for a complex one
an object with `re` and `im`."""


_PRECISE = ("float64", "complex128", "int64")
_LARGEST_FLOAT32 = float(np.finfo(np.float32).max)


def plain(array: np.ndarray) -> Any:
    """The elements in nested lists of the array's shape; of a 0-d array the one number.

    A float is the number of fewest digits that gives the same bits again in the array's own dtype: 0.7547299 for a
    float32, not 0.7547299265861511.
    """
    kind = array.dtype.kind
    if kind == "c":
        return _mapped(array.tolist(), lambda z: {"re": finite(z.real), "im": finite(z.imag)})
    if kind != "f":
        return array.tolist()
    numbers = array.tolist() if array.dtype.itemsize >= 8 else _shortest(array)
    return numbers if np.isfinite(array).all() else _mapped(numbers, finite)


def one_or_all(array: np.ndarray) -> Any:
    """The number itself where there is only one element, otherwise nested lists."""
    return plain(array.reshape(())) if array.size == 1 else plain(array)


def finite(number: float) -> float | str:
    """The number, or its name where JSON has no number for it."""
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def statistic(number: float, dtype: str) -> float | None:
    """A statistic in the precision of the values it was taken of, or None where no element was finite.

    number: what `Statistics` holds. dtype: torch's name of the values' dtype.
    """
    if not math.isfinite(number):
        return None
    if dtype in _PRECISE or abs(number) > _LARGEST_FLOAT32:
        return number
    return float(str(np.float32(number)))


def _shortest(array: np.ndarray) -> Any:
    """Nested lists of the shortest decimals of half and single precision. `str` of a numpy scalar is that decimal."""
    numbers = [float(str(element)) for element in array.reshape(-1)]
    return np.array(numbers, dtype=np.float64).reshape(array.shape).tolist()


def _mapped(nested: Any, change: Any) -> Any:
    return [_mapped(item, change) for item in nested] if isinstance(nested, list) else change(nested)
