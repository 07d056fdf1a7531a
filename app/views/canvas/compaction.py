"""Takes air out of a layout: bands with nothing in them become narrow, frames close around what is visible.

Both changes keep order and nesting: heights are mapped by one monotone function, and frames only shrink.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import inf

import numpy as np
from numpy.typing import NDArray

from app.models.scene import ClusterPath
from app.views.canvas.geometry import CARD_WIDTH
from app.views.canvas.placement import Layout, LayoutRequest, Rect

MAX_GAP = 30.0
"""Height that an empty band keeps; a module's name beside a card and an arrow head fit in."""
TURN_ROOM = 8.0
MARK_ROOM = 48.0
"""Kept free on the left of a card, for the arrow beside the current one."""


def compacted(request: LayoutRequest, layout: Layout, *, header: float, padding: float) -> Layout:
    """The same layout with less air. header, padding: px between a frame and what is inside it."""
    low = _flattened(layout, header)
    lefts = _visible_lefts(request, low)
    corners = np.array([corner for route in low.routes for corner in route]).reshape(-1, 2)
    frames = dict(low.frames)
    for path in sorted(frames, key=len, reverse=True):
        frame = frames[path]
        left = max(frame.x, min(lefts[path], _leftmost(corners, frame)) - padding)
        frames[path] = Rect(left, frame.y, frame.right - left, frame.height)
        lefts[path[:-1]] = min(lefts[path[:-1]], left)
    return Layout(low.boxes, frames, low.routes)


def _flattened(layout: Layout, header: float) -> Layout:
    bands = _mapping(sorted(_occupied(layout, header)))
    if not bands[0]:
        return layout
    old, new = np.array(bands[0]), np.array(bands[1])
    boxes = _moved(layout.boxes, old, new)
    frames = dict(zip(layout.frames, _moved(tuple(layout.frames.values()), old, new), strict=True))
    heights = iter(np.interp([y for route in layout.routes for _, y in route], old, new).tolist())
    return Layout(boxes, frames, tuple(tuple((x, next(heights)) for x, _ in route) for route in layout.routes))


def _moved(rects: tuple[Rect, ...], old: NDArray[np.float64], new: NDArray[np.float64]) -> tuple[Rect, ...]:
    tops = np.interp([rect.y for rect in rects], old, new).tolist()
    bottoms = np.interp([rect.bottom for rect in rects], old, new).tolist()
    return tuple(
        Rect(rect.x, top, rect.width, bottom - top) for rect, top, bottom in zip(rects, tops, bottoms, strict=True)
    )


def _occupied(layout: Layout, header: float) -> Iterator[tuple[float, float]]:
    """The bands of y in which something is drawn, lines straight down aside."""
    for box in layout.boxes:
        yield box.y, box.bottom
    for frame in layout.frames.values():
        yield frame.y, frame.y + header
        yield frame.bottom - TURN_ROOM, frame.bottom
    for route in layout.routes:
        for _, y in route[1:-1]:
            yield y - TURN_ROOM, y + TURN_ROOM


def _mapping(bands: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Old and new heights at the ends of the merged bands."""
    old: list[float] = []
    new: list[float] = []
    for top, bottom in bands:
        if not old:
            old, new = [top, bottom], [top, bottom]
        elif top > old[-1]:
            start = new[-1] + min(top - old[-1], MAX_GAP)
            old += [top, bottom]
            new += [start, start + bottom - top]
        elif bottom > old[-1]:
            new[-1] += bottom - old[-1]
            old[-1] = bottom
    return old, new


def _visible_lefts(request: LayoutRequest, layout: Layout) -> defaultdict[ClusterPath, float]:
    """For each cluster the left end of what is visible of its cards; pills are on the right, so that side stays."""
    lefts: defaultdict[ClusterPath, float] = defaultdict(lambda: inf)
    for box, rect in zip(request.boxes, layout.boxes, strict=True):
        lefts[box.cluster] = min(lefts[box.cluster], visible_left(rect))
    return lefts


def visible_left(box: Rect) -> float:
    """Where a card begins, with the mark beside it: on its left a box keeps room for pills only for balance."""
    return max(box.x, box.centre_x - CARD_WIDTH / 2 - MARK_ROOM)


def _leftmost(corners: NDArray[np.float64], frame: Rect) -> float:
    """The smallest x of the corners of routes strictly inside a frame."""
    x, y = corners[:, 0], corners[:, 1]
    inside = x[(frame.x < x) & (x < frame.right) & (frame.y < y) & (y < frame.bottom)]
    return float(inside.min(initial=inf))
