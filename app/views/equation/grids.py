"""Rows and columns of boxes: matrices, aligned on the decimal point, and cases."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from app.views.equation.boxes import Box, Plate

_ROW_PITCH = 1.25
_ROW_GAP = 0.22
_COLUMN_GAP = 0.8


@dataclass(frozen=True, slots=True)
class _Column:
    """Widths left and right of the line on which numbers are aligned, and of the widest other cell."""

    head: float
    tail: float
    other: float

    @property
    def width(self) -> float:
        return max(self.head + self.tail, self.other)


def matrix_grid(
    cells: list[list[Box]],
    heads: list[list[float | None]],
    highlight: tuple[int, int] | None,
    em: float,
    axis: float,
    lit: Collection[tuple[int, int]] = (),
) -> Box:
    """Cells centred about the axis. heads: width of each number up to its decimal point, None for other cells.

    highlight, lit: the cell that is pointed out, and those that it was made from; these are (row, column).

    Rows may be of different lengths; missing cells stay empty.
    """
    count = max((len(row) for row in cells), default=0)
    columns = [_column(cells, heads, index) for index in range(count)]
    box, baselines = _stacked(cells, em, axis)
    x = 0.0
    for index, column in enumerate(columns):
        for row, baseline in enumerate(baselines):
            if index < len(cells[row]):
                cell, head = cells[row][index], heads[row][index]
                shift = (column.width - column.head - column.tail) / 2
                offset = (column.width - cell.width) / 2 if head is None else shift + column.head - head
                if highlight == (row, index) or (row, index) in lit:
                    ground = Plate(cell.width + 0.36 * em, 1.14 * em, highlight != (row, index))
                    box.put(x + offset - 0.18 * em, baseline - 0.86 * em, ground)
                box.put(x + offset, baseline, cell)
        x += column.width + _COLUMN_GAP * em
    box.width = max(0.0, x - _COLUMN_GAP * em)
    return box


def cases_grid(rows: list[tuple[Box, Box]], em: float, axis: float) -> Box:
    """Two columns aligned on the left: value and condition."""
    box, baselines = _stacked([list(row) for row in rows], em, axis)
    start = max((value.width for value, _ in rows), default=0.0) + 1.0 * em
    for (value, condition), baseline in zip(rows, baselines, strict=True):
        box.put(0.0, baseline, value)
        box.put(start, baseline, condition)
        box.width = max(box.width, start + condition.width)
    return box


def _column(cells: list[list[Box]], heads: list[list[float | None]], index: int) -> _Column:
    head_width = tail_width = other = 0.0
    for row, row_heads in zip(cells, heads, strict=True):
        if index >= len(row):
            continue
        width, head = row[index].width, row_heads[index]
        if head is None:
            other = max(other, width)
        else:
            head_width, tail_width = max(head_width, head), max(tail_width, width - head)
    return _Column(head_width, tail_width, other)


def _stacked(cells: list[list[Box]], em: float, axis: float) -> tuple[Box, list[float]]:
    """An empty box as high as the rows, centred about the axis, and the baseline of each row in it."""
    ascents = [max((cell.ascent for cell in row), default=0.0) for row in cells]
    descents = [max((cell.descent for cell in row), default=0.0) for row in cells]
    places, y = [], 0.0
    for index, ascent in enumerate(ascents):
        if index:
            y += max(_ROW_PITCH * em, descents[index - 1] + ascent + _ROW_GAP * em)
        places.append(y)
    top = ascents[0] if ascents else 0.0
    height = top + y + (descents[-1] if descents else 0.0)
    shift = top - height / 2 - axis
    return Box(0.0, height / 2 + axis, height / 2 - axis), [place + shift for place in places]
