"""Where boxes, frames and edges go: the request, the answer, and the engines that turn one into the other.

graphlay is the engine; `layered.LayeredEngine` is our own, used when graphlay is missing or gives up. No Qt in here:
both Rust and Python layouts hold the interpreter's lock, so big ones run in another process (see `layout_jobs`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from app.models.scene import ClusterPath, Scene
from app.views.canvas.compaction import compacted
from app.views.canvas.component_order import in_order
from app.views.canvas.geometry import CARD_HEIGHT, CARD_WIDTH, PORT_MARGIN, box_size
from app.views.canvas.layered import LayeredEngine
from app.views.canvas.placement import Box, Layout, LayoutRequest, Point, Rect, Route

if TYPE_CHECKING:
    import graphlay

MAX_DUMMIES = 200_000
"""graphlay's way points; beyond it, it gives up in 0.05 s instead of running for minutes."""
MAX_LEVEL = 4000
"""Boxes side by side in one cluster: graphlay takes 0.6 s for 3,000 of them and 8 s for 10,000."""
HEADER = 22.0
PADDING = 16.0
LAYER_GAP = 40.0
NODE_GAP = 60.0
"""The arrow beside the current card fits in."""


class LayoutEngine(Protocol):
    """Turns a request into a layout: no boxes overlap, each lies inside its cluster's frame, edges run downward."""

    def lay_out(self, request: LayoutRequest) -> Layout:
        """The layout; raises LayoutFailedError when this engine cannot do this graph."""
        ...


class LayoutFailedError(Exception):
    """An engine gave up; another one should try."""


@dataclass(frozen=True, slots=True)
class GraphlayEngine:
    """The layered layout of the graphlay package, with module calls as nested clusters."""

    def lay_out(self, request: LayoutRequest) -> Layout:
        """See `LayoutEngine`; fails when graphlay is not installed, or the graph is beyond its limits."""
        if _largest_level(request) > MAX_LEVEL:
            raise LayoutFailedError("so many boxes in one cluster would take graphlay many seconds")
        try:
            import graphlay
        except ImportError as error:
            raise LayoutFailedError("graphlay is not installed") from error
        graph = graphlay.Graph()
        frames: dict[ClusterPath, int] = {}
        parents = [_frame_node(graph, frames, box.cluster) for box in request.boxes]
        nodes = [
            graph.node(("box", number), width=box.width, height=box.height, **_parent(parent))
            for number, (box, parent) in enumerate(zip(request.boxes, parents, strict=True))
        ]
        for source, target in request.edges:
            graph.edge(("box", source), ("box", target))
        try:
            answer = graphlay.layout(graph, options=_options())
        except graphlay.GraphlayError as error:
            raise LayoutFailedError(str(error)) from error
        boxes = tuple(_rect(answer.nodes[node]) for node in nodes)
        routes = tuple(_squared([(float(p["x"]), float(p["y"])) for p in edge["points"]]) for edge in answer.edges)
        return Layout(boxes, {path: _rect(answer.nodes[node]) for path, node in frames.items()}, routes)


ENGINES: tuple[LayoutEngine, ...] = (GraphlayEngine(), LayeredEngine())


def request_of(scene: Scene) -> LayoutRequest:
    """The boxes and edges of a scene, by number; an edge from a card to itself is left out."""
    numbers = {card.id: number for number, card in enumerate(scene.cards)}
    boxes = tuple(Box(*box_size(card), card.cluster) for card in scene.cards)
    return LayoutRequest(boxes, tuple((numbers[edge.source], numbers[edge.target]) for edge in scene.edges))


def lay_out(request: LayoutRequest, engines: tuple[LayoutEngine, ...] = ENGINES) -> Layout:
    """The layout of the first engine that succeeds, its routes moved onto the cards; the last engine never fails."""
    for engine in engines[:-1]:
        try:
            return _finished(request, engine.lay_out(request))
        except LayoutFailedError:
            continue
    return _finished(request, engines[-1].lay_out(request))


def _finished(request: LayoutRequest, layout: Layout) -> Layout:
    low = compacted(request, _onto_cards(request, layout), header=HEADER, padding=PADDING)
    return in_order(request, low)


def _onto_cards(request: LayoutRequest, layout: Layout) -> Layout:
    """Engines know the whole box with room for pills; edges must meet the card in its middle."""
    routes = [
        _meet(_meet(route, layout.boxes[source], first=True), layout.boxes[target], first=False)
        for (source, target), route in zip(request.edges, layout.routes, strict=True)
    ]
    return Layout(layout.boxes, layout.frames, tuple(routes))


def _meet(route: Route, box: Rect, *, first: bool) -> Route:
    points = list(route) if first else list(reversed(route))
    reach = CARD_WIDTH / 2 - PORT_MARGIN
    x, y = points[0]
    wanted = box.centre_x + max(-reach, min(reach, x - box.centre_x))
    below = y > box.centre_y
    end = box.centre_y + (CARD_HEIGHT / 2 if below else -CARD_HEIGHT / 2)
    if wanted == x:
        points[0] = (x, end)
    elif len(points) > 2 and points[1][0] == x:
        points[:2] = [(wanted, end), (wanted, points[1][1])]
    else:
        turn = y + (8.0 if below else -8.0)
        points[:1] = [(wanted, end), (wanted, turn), (x, turn)]
    return tuple(points if first else reversed(points))


def _squared(points: list[Point]) -> Route:
    """Where clusters meet, graphlay joins two lanes that are half a pixel apart; this makes them one."""
    for number in range(1, len(points) - 1):
        (x, y), (before_x, before_y) = points[number], points[number - 1]
        if abs(x - before_x) > 1.0 > abs(y - before_y):
            points[number] = (x, before_y)
    return tuple(points)


def _frame_node(graph: graphlay.Graph, frames: dict[ClusterPath, int], path: ClusterPath) -> int | None:
    parent: int | None = None
    for depth in range(1, len(path) + 1):
        part = path[:depth]
        if part not in frames:
            frames[part] = graph.node(("frame", part), width=1.0, height=1.0, **_parent(parent))
        parent = frames[part]
    return parent


def _largest_level(request: LayoutRequest) -> int:
    return max(Counter(box.cluster for box in request.boxes).values(), default=0)


def _parent(parent: int | None) -> dict[str, Any]:
    return {} if parent is None else {"parent": parent}


def _rect(node: dict[str, dict[str, float]]) -> Rect:
    width, height = node["size"]["width"], node["size"]["height"]
    return Rect(node["center"]["x"] - width / 2, node["center"]["y"] - height / 2, width, height)


def _options() -> dict[str, object]:
    spacing = {
        "compound_header": HEADER, "compound_padding": PADDING, "layer_gap": LAYER_GAP, "node_gap": NODE_GAP,
        "reroute_node_gap": NODE_GAP, "isolated_gap": NODE_GAP,
    }  # fmt: skip
    return {
        "direction": "topbottom",
        "spacing": spacing,
        "routing": {"port_sides": "facing_only"},  # the sides of a box belong to its pills
        "limits": {"max_dummies": MAX_DUMMIES},
    }
