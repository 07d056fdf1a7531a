"""Which line of one run's sources is which line of the other's, so that an added line moves nothing."""

from __future__ import annotations

import difflib
from pathlib import PurePath

from ...events import Source
from ...trace.reader import Trace

Line = tuple[int, int]
"""A source's id in the first trace and a line of it; a negative id is the second trace's, of a line that is new."""


class MatchedLines:
    """Lines of the second trace as lines of the first.

    Sources belong together by their path, or else by their file's name; the scripts of the two runs always do. Equal
    lines are the same line. Of lines that were replaced the first is the first, and so on.
    """

    def __init__(self, first: Trace, second: Trace) -> None:
        self.pairs = _pairs(first.sources(), second.sources())
        self._lines: dict[int, tuple[int, dict[int, int]]] = {}
        for one, other in self.pairs:
            self._lines[other.id] = one.id, _matched(one.text.splitlines(), other.text.splitlines())

    def of_second(self, source: int, line: int) -> Line:
        """What a line of the second run's sources is in the first's."""
        known = self._lines.get(source)
        if known is None or line not in known[1]:
            return -source, line
        return known[0], known[1][line]


def _pairs(first: list[Source], second: list[Source]) -> list[tuple[Source, Source]]:
    left = list(second)
    found: list[tuple[Source, Source]] = []
    for i, one in enumerate(first):
        same_path = [other for other in left if other.path == one.path]
        same_name = [other for other in left if PurePath(other.path).name == PurePath(one.path).name]
        scripts = left[:1] if i == 0 else []
        other = next(iter([*same_path, *same_name, *scripts]), None)
        if other is not None:
            left.remove(other)
            found.append((one, other))
    return found


def _matched(first: list[str], second: list[str]) -> dict[int, int]:
    """Line of the second text -> line of the first, counted from 1."""
    if first == second:
        return {line: line for line in range(1, len(second) + 1)}
    found = {}
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=len(first) + len(second) > 10_000)
    for tag, begin, end, other_begin, other_end in matcher.get_opcodes():
        if tag in ("equal", "replace"):
            for one, other in zip(range(begin, end), range(other_begin, other_end), strict=False):
                found[other + 1] = one + 1
    return found
