"""Tensors as text in a table: one number, all of a tiny tensor, or shape, range and norm of a larger one."""

from __future__ import annotations

import numpy as np

from ..analysis.notation.numbers import format_number
from ..values import Value, row_major, statistics

TINY_ELEMENTS = 16
"""Tensors of at most so many elements are shown in full."""

_DIGITS_IN_ARRAYS = 4
_LINE_WIDTH = 30
_DIGITS_IN_STATISTICS = 3


def tensor_lines(array: np.ndarray | None, value: Value | None = None, width: int = 80) -> list[str]:
    """Text lines for a tensor: several for a tiny matrix whose rows fit a width, otherwise one.

    array: None where it was not kept. value: what is known without the numbers.
    """
    if array is None:
        return [_summary(value)] if value is not None else [""]
    if array.size == 1:
        return [number(array.reshape(-1)[0])]
    if 0 < array.size <= TINY_ELEMENTS and array.ndim <= 2:
        lines = _full(array)
        if len(lines[0]) <= width:
            return lines
    return [_summary(value) if value is not None and value.statistics is not None else _measured(array)]


def one_line(array: np.ndarray | None, value: Value | None = None) -> str:
    """The same in one line: several rows are told by shape, range and norm."""
    lines = tensor_lines(array, value, _LINE_WIDTH)
    if len(lines) == 1 or array is None:
        return lines[0]
    return _summary(value) if value is not None and value.statistics is not None else _measured(array)


def number(x: np.generic) -> str:
    """One number with the digits that its own format carries."""
    if isinstance(x, np.complexfloating):
        return str(x)
    return format_number(x, typographic=False)  # type: ignore[arg-type]


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as in (128×500); "scalar" for none."""
    return f"({'×'.join(map(str, shape))})" if shape else "scalar"


def _full(array: np.ndarray) -> list[str]:
    """All elements, in columns, a line a row."""
    rows = array.reshape(1, -1) if array.ndim < 2 else array
    cells = [[_short(x) for x in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    lines = ["  ".join(text.rjust(width) for text, width in zip(row, widths, strict=True)) for row in cells]
    return [f"[{line}]" for line in lines]


def _short(x: np.generic) -> str:
    if isinstance(x, np.complexfloating):
        return str(x)
    return format_number(x, _DIGITS_IN_ARRAYS, typographic=False)  # type: ignore[arg-type]


def _summary(value: Value) -> str:
    known = value.statistics
    if known is None:
        return f"{shape_text(value.shape)} {value.dtype}, numbers not kept"
    return _described(value.shape, known.min, known.max, known.norm, known.nans, known.infs)


def _measured(array: np.ndarray) -> str:
    known = statistics(array)
    return _described(array.shape, known.min, known.max, known.norm, known.nans, known.infs)


def _described(shape: tuple[int, ...], low: float, high: float, norm: float, nans: int, infs: int) -> str:
    least, most, length = (format_number(x, _DIGITS_IN_STATISTICS, typographic=False) for x in (low, high, norm))
    span = f"{least} .. {most}  norm {length}"
    bad = "".join(f"  {count} {name}" for count, name in ((nans, "NaN"), (infs, "inf")) if count)
    return f"{shape_text(shape)}  {span}{bad}" if np.isfinite(low) else f"{shape_text(shape)}{bad or '  empty'}"


def memory_text(value: Value) -> str:
    """As " strides (1, 3)": how it lies in memory, unless that is row by row."""
    if value.layout not in ("", "strided"):
        return f" {value.layout}"
    if value.strides is None or value.strides == row_major(value.shape):
        return ""
    return f" strides ({', '.join(map(str, value.strides))})"
