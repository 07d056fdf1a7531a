"""The tree of an iteration in a few lines: its phases, and in them the module calls."""

from __future__ import annotations

from ..analysis.tree import Row, RowKind, tree
from ..events import Phase
from ..trace.reader import Trace

MOST_OPS = 6
"""Ops of a phase that are named."""

MOST_CALLS = 12
"""Lines of module calls."""


def outline(trace: Trace, iteration: int) -> list[str]:
    """The lines; module calls stand under the phase that made them, as autograd goes through the same ones again."""
    rows = tree(trace, iteration)
    lines = []
    for phase in Phase:
        under = [row for row in rows if row.phase is phase]
        names = [row.text for row in under if row.kind is RowKind.EVENT]
        if names:
            more = ", ..." if len(names) > MOST_OPS else ""
            lines.append(f"  {phase.value:<8} {len(names):>4}  {', '.join(names[:MOST_OPS])}{more}")
        if phase is not Phase.BACKWARD:
            lines += _calls(rows, [row for row in under if row.kind is RowKind.CALL])
    return lines


def _calls(rows: list[Row], calls: list[Row]) -> list[str]:
    lines = [
        f"{'  ' * (row.depth + 1)}{row.text} ({row.detail}): "
        f"{', '.join(_ops(rows, row)) or f'{row.end - row.begin} events'}"
        for row in calls[:MOST_CALLS]
    ]
    left = len(calls) - len(lines)
    return [*lines, *([f"    ... and {left} more module calls"] if left > 0 else [])]


def _ops(rows: list[Row], call: Row) -> list[str]:
    """The ops that a module calls itself."""
    found = [
        row.text
        for row in rows[call.begin - rows[0].begin :]
        if row.kind is RowKind.EVENT
        and row.parent is not None
        and rows[row.parent] is call
        and call.begin <= row.begin < call.end
    ]
    return [*found[:MOST_OPS], *(["..."] if len(found) > MOST_OPS else [])]
