"""Our own layered layout, always there: one level of nesting at a time, from the inside out. Plain Python, no Qt.

A cluster is laid out on its own and then takes part one level up as a box. Routes avoid the boxes of their own level;
an edge that leaves a cluster may pass behind boxes inside it. graphlay does better, this one never gives up.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from app.models.scene import ClusterPath
from app.views.canvas.placement import Layout, LayoutRequest, Point, Rect, Route
from app.views.canvas.ranks import Pair, barycentre_order, centres, forward_edges, longest_path_ranks

GAP = 60.0
ROW_GAP = 46.0
PADDING = 16.0
HEADER = 22.0
WAY_POINT_WIDTH = 12.0
MAX_WAY_POINTS = 50_000
"""Beyond it long edges run straight, over what is in between."""
Item = int | ClusterPath


@dataclass(frozen=True, slots=True)
class _Level:
    """One cluster's inside, its left top at (0, 0): rectangles of its items, and the inner points of its edges."""

    width: float
    height: float
    rects: dict[Item, Rect]
    corners: dict[int, Route]


@dataclass(frozen=True, slots=True)
class LayeredEngine:
    """See `layout.LayoutEngine`. Works for every graph, cycles included."""

    def lay_out(self, request: LayoutRequest) -> Layout:
        """The layout; edges against the direction of the walk go around on the right."""
        items, edges = _by_level(request)
        levels: dict[ClusterPath, _Level] = {}
        for path in sorted(items, key=len, reverse=True):
            sizes: dict[Item, tuple[float, float]] = {}
            for item in items[path]:
                inner = levels[item] if isinstance(item, tuple) else request.boxes[item]
                sizes[item] = (inner.width, inner.height)
            levels[path] = _lay_out_level(sizes, edges.get(path, {}), nested=bool(path))
        boxes: dict[int, Rect] = {}
        frames: dict[ClusterPath, Rect] = {}
        corners: dict[int, Route] = {}
        places: dict[ClusterPath, Point] = {(): (0.0, 0.0)}
        for path in sorted(items, key=len):
            dx, dy = places[path]
            for item, rect in levels[path].rects.items():
                if isinstance(item, tuple):
                    frames[item] = rect.moved(dx, dy)
                    places[item] = (rect.x + dx, rect.y + dy)
                else:
                    boxes[item] = rect.moved(dx, dy)
            for edge, points in levels[path].corners.items():
                corners[edge] = tuple((x + dx, y + dy) for x, y in points)
        placed = tuple(boxes[number] for number in range(len(request.boxes)))
        routes = tuple(
            _route(placed[source], corners.get(edge, ()), placed[target])
            for edge, (source, target) in enumerate(request.edges)
        )
        return Layout(placed, frames, routes)


def _by_level(request: LayoutRequest) -> tuple[dict[ClusterPath, list[Item]], dict[ClusterPath, dict[int, Pair]]]:
    """The items of each cluster in order of appearance, and the edges of each level as numbers into them."""
    items: dict[ClusterPath, dict[Item, int]] = {(): {}}
    for number, box in enumerate(request.boxes):
        for depth in range(len(box.cluster)):
            level = items.setdefault(box.cluster[:depth], {})
            level.setdefault(box.cluster[: depth + 1], len(level))
        level = items.setdefault(box.cluster, {})
        level[number] = len(level)
    edges: dict[ClusterPath, dict[int, Pair]] = {}
    for number, (source, target) in enumerate(request.edges):
        one, other = request.boxes[source].cluster, request.boxes[target].cluster
        depth = 0
        while depth < min(len(one), len(other)) and one[depth] == other[depth]:
            depth += 1
        level = items[one[:depth]]
        ends = (
            level[one[: depth + 1] if len(one) > depth else source],
            level[other[: depth + 1] if len(other) > depth else target],
        )
        edges.setdefault(one[:depth], {})[number] = ends
    return {path: list(level) for path, level in items.items()}, edges


def _lay_out_level(sizes: dict[Item, tuple[float, float]], edges: dict[int, Pair], *, nested: bool) -> _Level:
    keys = list(sizes)
    count = len(keys)
    forward = forward_edges(count, list(edges.values()))
    downward = {edge: pair for (edge, pair), ahead in zip(edges.items(), forward, strict=True) if ahead}
    ranks = longest_path_ranks(count, list(downward.values()))
    widths = [sizes[key][0] for key in keys]
    chains, links, ranks = _way_points(downward, ranks, widths)
    rows: list[list[int]] = [[] for _ in range(max(ranks, default=0) + 1)]
    for item, rank in enumerate(ranks):
        rows[rank].append(item)
    barycentre_order(rows, links)
    x = centres(rows, links, widths, GAP)
    left = min((x[i] - widths[i] / 2 for i in range(len(x))), default=0.0)
    margin, top = (PADDING, PADDING + HEADER) if nested else (0.0, 0.0)
    rects: dict[Item, Rect] = {}
    tops: list[float] = []
    bottoms: list[float] = []
    for row in rows:
        tall = max((sizes[keys[item]][1] for item in row if item < count), default=0.0)
        tops.append(top)
        bottoms.append(top + tall)
        for item in (item for item in row if item < count):
            width, height = sizes[keys[item]]
            rects[keys[item]] = Rect(x[item] - width / 2 - left + margin, top + (tall - height) / 2, width, height)
        top += tall + ROW_GAP
    right = max((x[i] + widths[i] / 2 for i in range(len(x))), default=0.0) - left + 2 * margin
    corners = {
        edge: tuple((x[i] - left + margin, y) for i in chain for y in (tops[ranks[i]], bottoms[ranks[i]]))
        for edge, chain in chains.items()
    }
    return _Level(right, top - ROW_GAP + margin, rects, corners)


def _way_points(
    edges: dict[int, Pair], ranks: list[int], widths: list[float]
) -> tuple[dict[int, list[int]], list[Pair], list[int]]:
    """Cuts edges over several rows into links of one row; new items are added to `widths` and the returned ranks."""
    ranks = list(ranks)
    chains: dict[int, list[int]] = {}
    links: list[Pair] = []
    for edge, (source, target) in edges.items():
        span = ranks[target] - ranks[source]
        if len(widths) + span > MAX_WAY_POINTS and span > 1:
            continue
        chain = list(range(len(widths), len(widths) + span - 1))
        widths.extend([WAY_POINT_WIDTH] * len(chain))
        ranks.extend(ranks[source] + 1 + step for step in range(len(chain)))
        path = [source, *chain, target]
        links.extend(pairwise(path))
        chains[edge] = chain
    return chains, links, ranks


def _route(source: Rect, inner: Route, target: Rect) -> Route:
    if source.bottom > target.y:
        return _around(source, target)
    points = [(source.centre_x, source.bottom)]
    for wanted, y in (*inner, (target.centre_x, target.y)):
        x = wanted
        before_x, before_y = points[-1]
        if abs(before_x - x) > 0.5:
            middle = max(before_y + 6.0, y - ROW_GAP / 2) if not inner else (before_y + y) / 2
            points += [(before_x, middle), (x, middle)]
        else:
            x = before_x
        points.append((x, y))
    return tuple(points)


def _around(source: Rect, target: Rect) -> Route:
    lane = max(source.right, target.right) + GAP / 2
    low, high = source.bottom + ROW_GAP / 4, target.y - ROW_GAP / 4
    return (
        (source.centre_x, source.bottom), (source.centre_x, low), (lane, low),
        (lane, high), (target.centre_x, high), (target.centre_x, target.y),
    )  # fmt: skip
