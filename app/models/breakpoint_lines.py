"""Breakpoints on lines, as gutters and keys think of them: which lines have one, and setting and removing one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from engine.wire.breakpoints import Breakpoint, What

Dot = Literal["stop", "condition", "log", "off"]
"""What a gutter shows: a full dot, one with a bar, a diamond, a ring."""

Breakpoints = tuple[Breakpoint, ...]


def dots(breakpoints: Sequence[Breakpoint], path: str) -> dict[int, Dot]:
    """Lines of a file (absolute, without links) that have a breakpoint, and what to show there."""
    found: dict[int, Dot] = {}
    for one in breakpoints:
        if one.what == What.LINE and one.pattern == path and found.get(one.line) != "stop":
            found[one.line] = dot_of(one)
    return found


def at_line(breakpoints: Sequence[Breakpoint], path: str, line: int) -> Breakpoint | None:
    """The first breakpoint on a line."""
    return next((one for one in breakpoints if _is_on(one, path, line)), None)


def toggled(breakpoints: Breakpoints, path: str, line: int) -> Breakpoints:
    """Without those on a line, or with one where there was none."""
    others = tuple(one for one in breakpoints if not _is_on(one, path, line))
    return others if len(others) < len(breakpoints) else (*breakpoints, Breakpoint(What.LINE, path, line))


def _is_on(one: Breakpoint, path: str, line: int) -> bool:
    return one.what == What.LINE and (one.pattern, one.line) == (path, line)


def dot_of(one: Breakpoint) -> Dot:
    """What is shown where a breakpoint is."""
    if not one.enabled:
        return "off"
    if one.log:
        return "log"
    return "stop" if not one.condition and one.counts_all else "condition"
