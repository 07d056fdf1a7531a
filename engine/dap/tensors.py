"""A tensor as a variable: its numbers if they are few, else shape, type and statistics; its rows as children."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.watches.answers import Found, Result, settled
from ..trace.reader import Trace
from ..values import Statistics, Value, statistics
from .variables import Children, Variable

_FEW = 8
"""Elements that are shown in full on one line."""

_MEASURED = 1 << 18
"""Elements of a row whose statistics are worked out only to be shown in passing."""

_FIGURES = ("min", "max", "mean", "std", "norm")


@dataclass(frozen=True, slots=True)
class Shown:
    """name: for people. read: gives the numbers, None where they are not kept; reason: why not. expression: of the
    whole, "" for none; places: indices of a part of it. data: as in `Variable`.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    device: str
    statistics: Statistics | None
    read: Callable[[], NDArray[Any] | None]
    reason: str = ""
    expression: str = ""
    places: tuple[int, ...] = ()
    data: str = ""

    @property
    def count(self) -> int:
        """Number of elements."""
        return math.prod(self.shape)

    @property
    def written(self) -> str:
        """The expression of this part: `w[2, 0]`, which can also be changed by hand; "" for none."""
        places = f"[{', '.join(map(str, self.places))}]" if self.places else ""
        return f"{self.expression}{places}" if self.expression else ""


def of_value(trace: Trace, value: Value, name: str, expression: str = "", data: str = "") -> Variable:
    """A recorded value as a variable."""
    return tensor(
        Shown(
            name,
            value.shape,
            value.dtype,
            value.device,
            value.statistics,
            lambda: trace.array(value.id),
            value.reason,
            expression,
            data=data,
        )
    )


def of_result(result: Result, name: str, expression: str = "") -> Variable:
    """What an expression came to."""
    if isinstance(result, np.ndarray):
        whole = Shown(name, result.shape, result.dtype.name, "cpu", None, lambda: result, "", expression)
        return _of_array(result, name, whole)
    kind = "text" if isinstance(result, str) else type(result).__name__
    return Variable(name, Found(result).text().english, kind, expression)


def tensor(found: Shown) -> Variable:
    """The variable. Numbers are read only where few are to be shown."""
    place = "" if found.device == "cpu" else f" on {found.device}"
    kind = f"{found.dtype} [{', '.join(map(str, found.shape))}]{place}"
    array = found.read() if found.count <= _FEW else None
    known = found.statistics
    if known is None and found.count <= _MEASURED:
        array = found.read() if array is None else array
        known = None if array is None else statistics(array)
    is_single = found.count == 1 or not found.shape
    children = None if is_single else Children(lambda: _figures(known), _rows(found), lambda a, n: _part(found, a, n))
    text = _text(found, array, known)
    named = len(_figures(known)) if children is not None else 0
    return Variable(found.name, text, kind, found.written, found.data, children, named, "data")


def _rows(found: Shown) -> int:
    return found.shape[0] if found.shape else 0


def _text(found: Shown, array: NDArray[Any] | None, known: Statistics | None) -> str:
    if found.count == 0:
        return "no elements"
    if array is not None and found.count == 1:
        return _number(array.reshape(-1)[0])
    if array is not None and found.count <= _FEW:
        return _in_full(array)
    kept = "" if found.count > _FEW or array is not None else f"numbers not kept ({found.reason or 'gone'})"
    figures = _summary(known) if known is not None else ""
    shape = f"[{', '.join(map(str, found.shape))}] {found.dtype}"
    return " · ".join(part for part in (shape, figures, kept) if part)


def _summary(known: Statistics) -> str:
    bad = [f"{count:,} {name}" for count, name in ((known.nans, "NaN"), (known.infs, "inf")) if count]
    if not math.isfinite(known.min):
        return " · ".join(bad)
    low, high, mean, norm = (
        Found(x).text().english for x in map(_short, (known.min, known.max, known.mean, known.norm))
    )
    return " · ".join((f"{low} .. {high}", f"mean {mean}", f"norm {norm}", *bad))


def _short(x: float) -> float:
    """Four digits."""
    return float(f"{x:.4g}")


def _figures(known: Statistics | None) -> Sequence[Variable]:
    if known is None:
        return ()
    found = [Variable(name, _number(getattr(known, name)), "statistic", hint="property") for name in _FIGURES]
    found.append(Variable("zeros", f"{known.zeros:.4g} of all elements", "statistic", hint="property"))
    counts = ((known.nans, "NaN"), (known.infs, "inf"))
    return [
        *found,
        *(Variable(name, f"{count:,}", "statistic", hint="property") for count, name in counts if count),
    ]


def _part(found: Shown, start: int, count: int) -> list[Variable]:
    array = found.read()
    if array is None:
        return []
    places = range(start, min(start + count, _rows(found)))
    return [_of_array(np.asarray(array[place]), f"[{place}]", found, (*found.places, place)) for place in places]


def _of_array(array: NDArray[Any], name: str, whole: Shown, places: tuple[int, ...] = ()) -> Variable:
    """A part of a tensor, or all of it."""
    part = Shown(
        name,
        array.shape,
        whole.dtype,
        whole.device,
        None,
        lambda: array,
        "",
        whole.expression,
        places,
    )
    if array.ndim == 0:
        return Variable(name, _number(array[()]), whole.dtype, part.written, hint="data")
    return tensor(part)


def _number(x: Any) -> str:
    return Found(settled(x)).text().english


def _in_full(array: NDArray[Any]) -> str:
    if array.ndim == 0:
        return _number(array[()])
    return f"[{', '.join(_in_full(row) for row in array)}]"
