"""Puts parts of a graph that no edge joins, as two passes of one network, side by side in the script's order."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from app.models.scene import ClusterPath
from app.views.canvas.compaction import visible_left
from app.views.canvas.placement import Layout, LayoutRequest, Rect


def in_order(request: LayoutRequest, layout: Layout) -> Layout:
    """The same layout with its parts from left to right; parts that are not side by side stay where they are."""
    part_of, frame_part = _parts(request)
    spans: dict[int, tuple[float, float]] = {}
    for number, rect in enumerate(layout.boxes):
        _widen(spans, part_of[number], visible_left(rect), rect.right)
    for path, rect in layout.frames.items():
        _widen(spans, frame_part[path[:1]], rect.x, rect.right)
    for (source, _), route in zip(request.edges, layout.routes, strict=True):
        for x, _ in route:
            _widen(spans, part_of[source], x, x)
    places = sorted(spans.items(), key=lambda one: one[1])
    wanted = sorted(spans)  # a part is called by its first box
    aside = all(before[1] < after[0] for (_, before), (_, after) in pairwise(places))
    if not aside or [part for part, _ in places] == wanted:
        return layout
    gaps = [after[0] - before[1] for (_, before), (_, after) in pairwise(places)]
    moves: dict[int, float] = {}
    x = places[0][1][0]
    for part, gap in zip(wanted, [*gaps, 0.0], strict=True):
        left, right = spans[part]
        moves[part] = x - left
        x += right - left + gap
    return Layout(
        tuple(_moved(rect, moves[part_of[number]]) for number, rect in enumerate(layout.boxes)),
        {path: _moved(rect, moves[frame_part[path[:1]]]) for path, rect in layout.frames.items()},
        tuple(
            tuple((x + moves[part_of[source]], y) for x, y in route)
            for (source, _), route in zip(request.edges, layout.routes, strict=True)
        ),
    )


def _parts(request: LayoutRequest) -> tuple[list[int], dict[ClusterPath, int]]:
    """For each box, and each outermost module call, the first box of its part; a module call is never parted."""
    first = list(range(len(request.boxes)))

    def root(number: int) -> int:
        while first[number] != number:
            first[number] = first[first[number]]
            number = first[number]
        return number

    members: defaultdict[ClusterPath, list[int]] = defaultdict(list)
    for number, box in enumerate(request.boxes):
        if box.cluster:
            members[box.cluster[:1]].append(number)
    together = [pair for inside in members.values() for pair in pairwise(inside)]
    for one, other in (*request.edges, *together):
        low, high = sorted((root(one), root(other)))
        first[high] = low
    return [root(number) for number in range(len(first))], {path: root(inside[0]) for path, inside in members.items()}


def _widen(spans: dict[int, tuple[float, float]], part: int, left: float, right: float) -> None:
    known = spans.get(part, (left, right))
    spans[part] = (min(known[0], left), max(known[1], right))


def _moved(rect: Rect, by: float) -> Rect:
    return Rect(rect.x + by, rect.y, rect.width, rect.height)
