"""Where the steps of an iteration stand on a line, in px: put together where there is no room, or zoomed into."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from app.models.timeline_steps import Mark, TimelineStep, marks

MARGIN = 22.0
LARGEST_MARK = 14.0
_LEAST_GAP = 7.0
"""Marks closer than this, in px, are put together."""
_WIDEST_GAP = 64.0
_FEWEST_STEPS = 6


class StepLine:
    """The steps begin <= i < end of `window` are on the line, with the place before the first of them."""

    def __init__(self) -> None:
        self.steps: tuple[TimelineStep, ...] = ()
        self.zoomed: tuple[int, int] | None = None
        """Which steps one has zoomed to; None: all are shown."""
        self.marks: list[Mark] = []
        self._begins: list[int] = []
        self._width = 0

    @property
    def window(self) -> tuple[int, int]:
        """Steps begin <= i < end that are on the line: all of them, or those that one has zoomed to."""
        return self.zoomed or (0, len(self.steps))

    def set_steps(self, steps: tuple[TimelineStep, ...]) -> None:
        """Other steps; one stays zoomed in as long as they reach so far."""
        self.steps = steps
        if self.zoomed is not None and self.zoomed[1] > len(steps):
            self.zoomed = None
        self._place()

    def set_width(self, width: int) -> None:
        """Width of the line with its margins."""
        self._width = width
        self._place()

    def show(self, window: tuple[int, int] | None) -> None:
        """Shows these steps, None: all of them."""
        if window != self.zoomed:
            self.zoomed = window
            self._place()

    def zoom(self, factor: float, count: int) -> None:
        """Shows `factor` times as many steps, with step `count` where it was; all of them at most."""
        begin, end = self.window
        size = round((end - begin) * factor)
        if size >= len(self.steps):
            self.show(None)
            return
        size = max(size, min(_FEWEST_STEPS, end - begin))
        place = (count - begin) / max(end - begin, 1)
        self._show_from(round(count - place * size), size)

    def move(self, by: int) -> None:
        """Goes along by so many steps, where one has zoomed in."""
        if self.zoomed is not None:
            begin, end = self.zoomed
            self._show_from(begin + by, end - begin)

    def follow(self, count: int) -> None:
        """Goes along with the handle, where one has zoomed in."""
        if self.zoomed is not None and not self.zoomed[0] < count <= self.zoomed[1]:
            size = self.zoomed[1] - self.zoomed[0]
            self._show_from(count - size // 2, size)

    def count_at(self, x: float) -> int:
        """How many steps are revealed with the handle at a place on the line; 0 left of the first mark."""
        place = (x - self.first_x) / self.gap
        i = min(round(place), len(self.marks) - 1)
        if i < 0:
            return self.window[0]
        mark = self.marks[i]
        inside = place - i + 0.5
        return min(mark.end, mark.begin + 1 + int(inside * (mark.end - mark.begin)))

    def x_of(self, count: int) -> float:
        """Where the handle is with so many steps revealed."""
        if count <= self.window[0]:
            return self.first_x - min(self.gap, LARGEST_MARK * 2)
        return self.first_x + (bisect_right(self._begins, count - 1) - 1) * self.gap

    @property
    def first_x(self) -> float:
        """Where the first mark is: the place before it belongs to the line, too."""
        return MARGIN + min(self.gap, LARGEST_MARK * 2)

    @property
    def gap(self) -> float:
        """From mark to mark."""
        room = self._width - 2 * MARGIN - LARGEST_MARK * 2
        return max(1.0, min(_WIDEST_GAP, room / max(1, len(self.marks) - 1)))

    def _show_from(self, begin: int, size: int) -> None:
        begin = min(max(0, begin), len(self.steps) - size)
        self.show((begin, begin + size))

    def _place(self) -> None:
        begin, end = self.window
        shown: Sequence[TimelineStep] = self.steps[begin:end]
        found = marks(shown, max(4, int((self._width - 2 * MARGIN) / _LEAST_GAP) - 4))
        self.marks = [Mark(one.begin + begin, one.end + begin, one.phase) for one in found]
        self._begins = [mark.begin for mark in self.marks]
