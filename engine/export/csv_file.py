"""A trace as CSV: a row for each tensor that goes into or comes out of an event. Its columns are in docs/export.md."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from ..events import Event, Iteration, Slot
from ..trace.reader import Trace
from .described import Described
from .plain import one_or_all, statistic

COLUMNS = (
    "iteration",
    "phase",
    "position",
    "kind",
    "op",
    "module",
    "file",
    "line",
    "direction",
    "slot",
    "role",
    "parameter",
    "dtype",
    "shape",
    "device",
    "number",
    "min",
    "max",
    "mean",
    "std",
    "norm",
    "zeros",
    "nans",
    "infs",
)


def write_csv(trace: Trace, file: TextIO, iterations: Sequence[Iteration]) -> None:
    """Writes the given iterations, with a row of column names first (RFC 4180, lines ending in a line feed)."""
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(COLUMNS)
    described = Described(trace)
    for iteration in iterations:
        for event in trace.events(iteration.number):
            rows.writerows(_rows(described, event))


def _rows(described: Described, event: Event) -> Iterator[tuple[Any, ...]]:
    place = described.place(event)
    head = (
        event.iteration,
        event.phase.value,
        event.position,
        event.kind.value,
        event.name,
        described.module(event),
        "" if place is None else Path(place.file).name,
        "" if place is None else place.line,
    )
    for direction, slots in (("in", event.inputs), ("out", event.outputs)):
        for slot in slots:
            yield (*head, direction, slot.name, *_tensor(described, event, slot))


def _tensor(described: Described, event: Event, slot: Slot) -> tuple[Any, ...]:
    """The columns from `role` on. `number` is filled for a single element only."""
    if slot.value is None:
        return ("",) * (len(COLUMNS) - COLUMNS.index("role"))
    trace = described.trace
    value = trace.value(slot.value)
    owner = None if value.tensor is None else trace.tensor(value.tensor)
    array = trace.array(slot.value) if value.numel == 1 else None
    known = described.statistics(value)
    numbers: tuple[Any, ...] = ("",) * 8
    if known is not None:
        measured = (known.min, known.max, known.mean, known.std, known.norm)
        shown = (statistic(number, value.dtype) for number in measured)
        numbers = (*("" if number is None else number for number in shown), known.zeros, known.nans, known.infs)
    return (
        described.role(slot.value, event.iteration),
        described.parameter(event) or ("" if owner is None else owner.name),
        value.dtype,
        "x".join(map(str, value.shape)),
        value.device,
        "" if array is None else one_or_all(array),
        *numbers,
    )
