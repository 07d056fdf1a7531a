"""Takes air out of a layout: bands with nothing in them become narrow, frames close around what is visible.

Both changes keep order and nesting: heights are mapped by one monotone function, and frames only shrink.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from app.models.scene import ClusterPath
from app.views.canvas.geometry import CARD_WIDTH
from app.views.canvas.placement import Layout, LayoutRequest, Rect, Route

MAX_GAP = 30.0
"""Height that an empty band keeps; a module's name beside a card and an arrow head fit in."""
TURN_ROOM = 8.0
MARK_ROOM = 48.0
"""Kept free on the left of a card, for the arrow beside the current one."""


def compacted(request: LayoutRequest, layout: Layout, *, header: float, padding: float) -> Layout:
    """The same layout with less air. header, padding: px between a frame and what is inside it."""
    low = _flattened(layout, header)
    frames = dict(low.frames)
    for path in sorted(frames, key=len, reverse=True):
        frames[path] = _closed(path, frames, request, low, padding)
    return Layout(low.boxes, frames, low.routes)


def _flattened(layout: Layout, header: float) -> Layout:
    old, new = _mapping(sorted(_occupied(layout, header)))
    if not old:
        return layout

    def mapped(rect: Rect) -> Rect:
        top, bottom = np.interp((rect.y, rect.bottom), old, new)
        return Rect(rect.x, float(top), rect.width, float(bottom - top))

    flat = np.interp([y for route in layout.routes for _, y in route], old, new)
    heights = iter(flat.tolist())
    routes = tuple(tuple((x, next(heights)) for x, _ in route) for route in layout.routes)
    frames = {path: mapped(rect) for path, rect in layout.frames.items()}
    return Layout(tuple(mapped(rect) for rect in layout.boxes), frames, routes)


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


def _closed(
    path: ClusterPath, frames: dict[ClusterPath, Rect], request: LayoutRequest, layout: Layout, padding: float
) -> Rect:
    """The frame with its left side moved in to what is visible; pills are on the right, so the right stays."""
    frame = frames[path]
    lefts = [
        max(rect.x, rect.centre_x - CARD_WIDTH / 2 - MARK_ROOM)
        for box, rect in zip(request.boxes, layout.boxes, strict=True)
        if box.cluster[: len(path)] == path
    ]
    lefts += [rect.x for inner, rect in frames.items() if inner[:-1] == path]
    lefts += [x for route in layout.routes for x in _crossing(route, frame)]
    left = max(frame.x, min(lefts, default=frame.x + padding) - padding)
    return Rect(left, frame.y, frame.right - left, frame.height)


def _crossing(route: Route, frame: Rect) -> Iterator[float]:
    """The x of each corner of a route strictly inside a frame."""
    return (x for x, y in route if frame.x < x < frame.right and frame.y < y < frame.bottom)
