"""One iteration as a table: z, a, C, their gradients and the updates, in the textbook's order, a row each."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..analysis.quantities import Quantity, quantities
from ..events import Event, Kind, Phase
from ..export.described import Described
from .numbers import tensor_lines
from .terminal import Terminal

_GAP = "  "
_NUMBERS_WIDTH = 32
"""Widest line of a tensor whose numbers are all shown."""


@dataclass(frozen=True, slots=True)
class _Row:
    phase: Phase
    number: str
    symbol: str
    value: list[str]
    made_by: str
    place: str


def table_text(described: Described, iteration: int, phase: Phase | None, terminal: Terminal) -> list[str]:
    """The lines of the table; none where the iteration has no quantities."""
    steps = quantities(described.trace, iteration)
    rows = [_row(described, step, len(steps)) for step in steps if phase in (None, step.phase)]
    if not rows:
        return []
    widths = _widths(rows, terminal.cut_at)
    lines: list[str] = []
    for part, group in itertools.groupby(rows, key=lambda row: row.phase):
        lines += [""] if lines else []
        lines.append(terminal.bold(terminal.styled(part.value, part.value)))
        for row in group:
            lines += _lines(row, widths, terminal)
    return lines


def _row(described: Described, step: Quantity, count: int) -> _Row:
    trace = described.trace
    array = _derived(described, step) if step.value is None else trace.array(step.value)
    value = None if step.value is None else trace.value(step.value)
    event = trace.event(step.event)
    place = None if event is None else described.place(event)
    return _Row(
        step.phase,
        str(step.index + 1).rjust(len(str(count))),
        step.symbol,
        tensor_lines(array, value, _NUMBERS_WIDTH),
        "" if event is None else _made_by(described, event),
        "" if place is None else f"{Path(place.file).name}:{place.line}",
    )


def _derived(described: Described, step: Quantity) -> np.ndarray | None:
    """The numbers of a derived quantity, in the precision of what it was derived from."""
    array, slope = step.array(described.trace), step.slope
    z = None if slope is None else slope.op.inputs[0].value
    if array is None or z is None or described.trace.value(z).dtype == "float64":
        return array
    return array.astype(np.float32)


def _made_by(described: Described, event: Event) -> str:
    """What computed it: the op and its module; for an update the rule and the parameter's name."""
    if event.kind is Kind.UPDATE:
        rate = event.arguments.get("lr")
        rule = event.name if rate is None else f"{event.name} lr {rate:g}" if isinstance(rate, float) else event.name
        return f"{rule} · {described.parameter(event)}"
    module = described.module(event)
    return f"{event.name} · {module}" if module else event.name


def _widths(rows: list[_Row], width: int) -> tuple[int, int, int, int]:
    """Widths of symbol, value, maker and place. Where the terminal is too narrow the maker gives way."""
    symbol = max(len(row.symbol) for row in rows)
    value = max(len(line) for row in rows for line in row.value)
    maker = max(len(row.made_by) for row in rows)
    place = max(len(row.place) for row in rows)
    room = width - len(rows[0].number) - symbol - place - 5 * len(_GAP)
    value = min(value, max(room, 12))
    return symbol, value, max(0, min(maker, room - value)), place


def _lines(row: _Row, widths: tuple[int, int, int, int], terminal: Terminal) -> list[str]:
    symbol, value, maker, place = widths
    first, *rest = row.value
    lines = [
        _GAP
        + terminal.dim(row.number)
        + _GAP
        + terminal.styled(row.symbol.ljust(symbol), row.phase.value)
        + _GAP
        + _fitted(first, value)
        + (_GAP + terminal.dim(_fitted(row.made_by, maker)) if maker > 3 else "")
        + _GAP
        + terminal.dim(row.place.rjust(place))
    ]
    indent = " " * (len(row.number) + symbol + 3 * len(_GAP))
    return [*lines, *(indent + line for line in rest)]


def _fitted(text: str, width: int) -> str:
    """Text of exactly this width: filled with spaces, or cut with an ellipsis."""
    return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"
