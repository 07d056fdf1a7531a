"""Iterations of a run in which something stands out: a breakpoint was hit, a value changed by hand, an op failed."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from engine.trace.reader import Trace

MarkKind = Literal["breakpoint", "edit", "error"]
Marks = Mapping[MarkKind, tuple[int, ...]]
"""Numbers of iterations, rising, for each kind."""


def edits_and_errors(path: Path) -> Marks:
    """Looks through a trace; meant for a thread beside the window's."""
    with Trace(path) as trace:
        found = trace.edits_and_errors()
    edits = {iteration for iteration, is_edit in found if is_edit}
    errors = {iteration for iteration, is_edit in found if not is_edit}
    return {"edit": tuple(sorted(edits)), "error": tuple(sorted(errors))}


def iterations_of(trace: Trace, positions: Iterable[int]) -> tuple[int, ...]:
    """Numbers of the iterations that stops at these positions are in: each is the place before the event there."""
    spans = trace.iterations()
    begins = [span.begin for span in spans]
    rows = {bisect_right(begins, position) - 1 for position in positions}
    return tuple(sorted(spans[row].number for row in rows if row >= 0))
