"""Sets a tall graph in columns, as a newspaper sets a story, when the view is wider than the graph. No Qt.

A deep network is a long chain; in one column its words would be too small to read while most of the view is empty.
Cuts go where few edges pass. A module call that is cut continues in a frame of its own in the next column.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.models.scene import ClusterPath
from app.views.canvas.compaction import TURN_ROOM, visible_left
from app.views.canvas.placement import Layout, LayoutRequest, Point, Rect, Route

MOST_COLUMNS = 6
MOST_BOXES = 600
MOST_CROSSING = 3
"""Edges that a cut may lead over to the next column."""
GOOD_ZOOM = 0.85
"""At this zoom everything is easy to read: one column is best."""
LEAST_ZOOM = 0.45
"""Columns that would be smaller than this are of no use: then one walks down a single one."""
WORTH = 1.15
"""Another column must make everything so many times larger."""
GUTTER = 44.0
LANE = 9.0
FRAME_STEP, TITLE_STEP = 6.0, 40.0
"""Frames that are cut reach so far beyond the cut: below, and above with room for their names."""


@dataclass(frozen=True, slots=True)
class _Column:
    """What lies between two cuts, in the old coordinates, and where it is moved."""

    top: float
    bottom: float
    left: float
    right: float
    dx: float = 0.0
    dy: float = 0.0


def wrapped(
    request: LayoutRequest, layout: Layout, width: float, height: float, largest: float,
    whole: Collection[ClusterPath] = (),
) -> Layout:  # fmt: skip
    """The layout in as many columns as make it largest in a view of `width` x `height` px, at most at zoom `largest`.

    whole: clusters that must stay in one column.
    """
    if not 1 < len(request.boxes) <= MOST_BOXES or min(width, height) < 50:
        return layout
    best = _columns(request, layout, [])
    zoom = _zoom(best, width, height, largest)
    if zoom >= GOOD_ZOOM:
        return layout
    cuts = _possible_cuts(layout, whole)
    for count in range(2, MOST_COLUMNS + 1):
        columns = _columns(request, layout, _chosen(cuts, best[0].top, best[-1].bottom, count))
        larger = _zoom(columns, width, height, largest)
        if larger > zoom * WORTH ** (len(columns) - 1) ** 0.5:
            best, zoom = columns, larger
    return layout if len(best) == 1 or zoom < LEAST_ZOOM else _moved(layout, best)


def _possible_cuts(layout: Layout, whole: Collection[ClusterPath]) -> list[float]:
    """Heights where no card, title or turn is, and few edges pass."""
    busy = [(box.y, box.bottom) for box in layout.boxes]
    busy += [(frame.y - TURN_ROOM, frame.y + 30.0) for frame in layout.frames.values()]
    busy += [(frame.bottom - TURN_ROOM, frame.bottom + 4.0) for frame in layout.frames.values()]
    busy += [(layout.frames[path].y, layout.frames[path].bottom) for path in whole if path in layout.frames]
    busy += [(y - 3.0, y + 3.0) for route in layout.routes for _, y in route[1:-1]]
    starts = sorted(min(y for _, y in route) for route in layout.routes if route)
    ends = sorted(max(y for _, y in route) for route in layout.routes if route)
    cuts: list[float] = []
    free_from = float("inf")
    for top, bottom in sorted(busy):
        if top - free_from > 6.0:
            cut = free_from + 0.35 * (top - free_from)
            if bisect_right(starts, cut) - bisect_right(ends, cut) <= MOST_CROSSING:
                cuts.append(cut)
        free_from = bottom if free_from == float("inf") else max(free_from, bottom)
    return cuts


def _chosen(cuts: Sequence[float], top: float, bottom: float, count: int) -> list[float]:
    """The cuts nearest to even ones."""
    if not cuts:
        return []
    places = np.asarray(cuts)
    even = (top + (bottom - top) * number / count for number in range(1, count))
    return sorted({cuts[int(np.abs(places - wanted).argmin())] for wanted in even})


def _columns(request: LayoutRequest, layout: Layout, cuts: Sequence[float]) -> list[_Column]:
    """The columns side by side, their tops level."""
    low = min(min(box.y for box in layout.boxes), min((f.y for f in layout.frames.values()), default=float("inf")))
    high = max(max(box.bottom for box in layout.boxes), max((f.bottom for f in layout.frames.values()), default=low))
    made: list[_Column] = []
    at = 0.0
    for top, bottom in pairwise([low, *cuts, high]):
        xs = [
            x for box in layout.boxes if top <= box.y < bottom for x in (visible_left(box), box.right)
        ]  # fmt: skip
        xs += [x for f in layout.frames.values() if f.y < bottom and f.bottom > top for x in (f.x, f.right)]
        xs += [x for route in layout.routes for x, y in route if top < y < bottom]
        left, right = min(xs, default=0.0), max(xs, default=0.0)
        made.append(_Column(top, bottom, left, right, at - left, low - top))
        at += right - left + GUTTER + LANE * MOST_CROSSING
    return made


def _zoom(columns: Sequence[_Column], width: float, height: float, largest: float) -> float:
    across = columns[-1].right + columns[-1].dx - columns[0].left - columns[0].dx
    lanes = 2 * LANE * MOST_CROSSING + TITLE_STEP if len(columns) > 1 else 0.0
    down = max(column.bottom - column.top for column in columns) + lanes
    return min(width / (across + 40.0), height / (down + 40.0), largest)


def _moved(layout: Layout, columns: Sequence[_Column]) -> Layout:
    cuts = [column.bottom for column in columns[:-1]]
    deepest = [max((len(p) for p, f in layout.frames.items() if f.y < cut < f.bottom), default=0) for cut in cuts]
    boxes = tuple(
        box.moved(columns[at].dx, columns[at].dy) for box in layout.boxes for at in (bisect_right(cuts, box.y),)
    )
    frames: dict[ClusterPath, Rect] = {}
    continued: list[tuple[ClusterPath, Rect]] = []
    for path, frame in layout.frames.items():
        for number, column in enumerate(columns):
            if frame.bottom <= column.top or frame.y >= column.bottom:
                continue
            top, bottom = frame.y, frame.bottom
            if top < column.top:
                top = column.top - TITLE_STEP * (deepest[number - 1] - len(path) + 1)
            if bottom > column.bottom:
                bottom = column.bottom + FRAME_STEP * (deepest[number] - len(path))
            part = Rect(frame.x + column.dx, top + column.dy, frame.width, bottom - top)
            if path in frames:
                continued.append((path, part))
            else:
                frames[path] = part
    return Layout(boxes, frames, _routes(layout, columns, cuts, deepest), tuple(continued))


def _routes(
    layout: Layout, columns: Sequence[_Column], cuts: Sequence[float], deepest: Sequence[int]
) -> tuple[Route, ...]:
    """Edges over a cut run below their column, up the gutter and into the next one from above."""
    lowest = max(column.bottom + column.dy for column in columns) + FRAME_STEP * max(deepest, default=0)
    highest = columns[0].top + columns[0].dy - TITLE_STEP * max(deepest, default=0)
    used = [0] * len(cuts)
    routes: list[Route] = []
    for route in layout.routes:
        points: list[Point] = []
        for number, (x, y) in enumerate(route):
            here = bisect_right(cuts, y)
            if number:
                before_x, before_y = route[number - 1]
                before = bisect_right(cuts, before_y)
                step = 1 if here > before else -1
                for at in range(before, here, step):
                    cut = at if step > 0 else at - 1
                    lane = LANE * (used[cut] % MOST_CROSSING + 1)
                    used[cut] += 1
                    one, other = columns[cut], columns[cut + 1]
                    gutter = other.left + other.dx - LANE * MOST_CROSSING - GUTTER / 2 + lane
                    over: list[Point] = [
                        (before_x + one.dx, lowest + lane), (gutter, lowest + lane),
                        (gutter, highest - lane), (before_x + other.dx, highest - lane),
                    ]  # fmt: skip
                    points += over if step > 0 else reversed(over)
            points.append((x + columns[here].dx, y + columns[here].dy))
        routes.append(tuple(points))
    return tuple(routes)
