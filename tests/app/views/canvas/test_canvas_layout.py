"""Both layout engines on the same graphs: no overlap, clusters hold their own, edges run downward and meet cards."""

from __future__ import annotations

import random
from itertools import combinations, pairwise

import pytest

from app.models.scene import Card, Edge, Pill, Scene
from app.views.canvas.component_order import in_order
from app.views.canvas.geometry import CARD_HEIGHT, CARD_WIDTH
from app.views.canvas.layered import LayeredEngine
from app.views.canvas.layout import GraphlayEngine, LayoutEngine, LayoutFailedError, lay_out, request_of
from app.views.canvas.placement import Box, Layout, LayoutRequest, Rect

ENGINES: list[LayoutEngine] = [GraphlayEngine(), LayeredEngine()]


def chain() -> Scene:
    cards = [Card("x", "x", kind="input"), Card("t", "t", kind="input")]
    cards += [Card(f"l{i}", "linear", pills=(Pill(f"W{i}", "W"), Pill(f"b{i}", "b"))) for i in range(3)]
    cards += [Card("C", "mse_loss", kind="loss")]
    pairs = [("x", "l0"), ("l0", "l1"), ("l1", "l2"), ("l2", "C"), ("t", "C")]
    return Scene(tuple(cards), tuple(Edge(*pair) for pair in pairs))


def residual() -> Scene:
    net = ("Net",)
    cards = [Card("x", "x"), Card("a", "linear", cluster=(*net, "fc1"), pills=(Pill("W1", "W1"), Pill("b1", "b1")))]
    cards += [Card("h", "tanh", cluster=net), Card("b", "linear", cluster=(*net, "fc2"), pills=(Pill("W2", "W2"),))]
    cards += [Card("r", "relu", cluster=net), Card("s", "add", cluster=net), Card("y", "y"), Card("C", "mse_loss")]
    pairs = [("x", "a"), ("a", "h"), ("h", "b"), ("b", "r"), ("r", "s"), ("h", "s"), ("s", "C"), ("y", "C")]
    return Scene(tuple(cards), tuple(Edge(*pair) for pair in pairs))


def looped() -> Scene:
    """A cluster that is left and entered again, so that the graph of clusters has a cycle though the cards do not."""
    cards = (Card("a", "a", cluster=("M",)), Card("b", "b"), Card("c", "c", cluster=("M",)))
    return Scene(cards, (Edge("a", "b"), Edge("b", "c")))


def scattered(seed: int) -> Scene:
    chance = random.Random(seed)
    count = chance.randint(4, 40)
    paths = [(), ("A",), ("A", "B"), ("A", "C"), ("D",)]
    cards = tuple(
        Card(str(i), "op", cluster=paths[i * len(paths) // count], pills=(Pill(f"p{i}", "W"),) * chance.randint(0, 1))
        for i in range(count)
    )
    pairs = {(chance.randrange(i), i) for i in range(1, count) for _ in range(chance.randint(1, 2))}
    return Scene(cards, tuple(Edge(str(s), str(t)) for s, t in sorted(pairs)))


CASES = {"chain": chain(), "residual": residual(), **{f"random {seed}": scattered(seed) for seed in range(12)}}


def visible(placed: Rect) -> Rect:
    """The box without the free room on the left of a card with pills."""
    left = max(placed.x, placed.centre_x - CARD_WIDTH / 2)
    return Rect(left, placed.y, placed.right - left, placed.height)


def whole(engine: LayoutEngine, scene: Scene) -> tuple[LayoutRequest, Layout]:
    request = request_of(scene)
    return request, lay_out(request, (engine, LayeredEngine()))


@pytest.mark.parametrize("engine", ENGINES, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("case", CASES)
def test_no_overlap_nesting_and_direction(engine: LayoutEngine, case: str) -> None:
    request, layout = whole(engine, CASES[case])
    assert len(layout.boxes) == len(request.boxes)
    assert not [pair for pair in combinations(layout.boxes, 2) if pair[0].overlaps(pair[1])]
    for box, placed in zip(request.boxes, layout.boxes, strict=True):
        assert (round(placed.width, 3), round(placed.height, 3)) == (box.width, box.height)
        for path, frame in layout.frames.items():
            inside = box.cluster[: len(path)] == path
            assert frame.holds(visible(placed)) if inside else not frame.overlaps(visible(placed)), (box, path)
    for source, target in request.edges:
        assert layout.boxes[source].bottom < layout.boxes[target].y


@pytest.mark.parametrize("engine", ENGINES, ids=lambda e: type(e).__name__)
@pytest.mark.parametrize("case", CASES)
def test_routes_are_orthogonal_and_meet_their_cards(engine: LayoutEngine, case: str) -> None:
    request, layout = whole(engine, CASES[case])
    for (source, target), route in zip(request.edges, layout.routes, strict=True):
        start, end = layout.boxes[source], layout.boxes[target]
        assert abs(route[0][0] - start.centre_x) < CARD_WIDTH / 2
        assert route[0][1] == pytest.approx(start.centre_y + CARD_HEIGHT / 2, abs=0.01)
        assert abs(route[-1][0] - end.centre_x) < CARD_WIDTH / 2
        assert route[-1][1] == pytest.approx(end.centre_y - CARD_HEIGHT / 2, abs=0.01)
        for (x1, y1), (x2, y2) in pairwise(route):
            assert abs(x1 - x2) < 0.01 or abs(y1 - y2) < 0.01


@pytest.mark.parametrize("engine", ENGINES, ids=lambda e: type(e).__name__)
def test_cluster_entered_twice_still_gets_a_layout(engine: LayoutEngine) -> None:
    _, layout = whole(engine, looped())
    assert not [pair for pair in combinations(layout.boxes, 2) if pair[0].overlaps(pair[1])]
    assert layout.frames[("M",)].holds(layout.boxes[0])
    assert layout.frames[("M",)].holds(layout.boxes[2])


def test_header_leaves_room_for_the_cluster_title() -> None:
    for engine in ENGINES:
        request, layout = whole(engine, residual())
        tops = [b.y for box, b in zip(request.boxes, layout.boxes, strict=True) if box.cluster[:1] == ("Net",)]
        assert min(tops) - layout.frames[("Net",)].y >= 22


def test_target_stands_beside_the_end_not_at_the_top() -> None:
    _, layout = whole(LayeredEngine(), chain())
    x, t, loss = layout.boxes[0], layout.boxes[1], layout.boxes[5]
    assert t.y > x.bottom
    assert loss.y > t.bottom


def test_failing_engine_gives_way_to_the_own_one() -> None:
    class Failing:
        def lay_out(self, request: LayoutRequest) -> Layout:
            raise LayoutFailedError("too many routing waypoints")

    request = request_of(chain())
    assert lay_out(request, (Failing(), LayeredEngine())) == lay_out(request, (LayeredEngine(),))


def test_no_cards_is_an_empty_layout() -> None:
    for engine in ENGINES:
        _, layout = whole(engine, Scene())
        assert (layout.boxes, layout.routes) == ((), ())


def two_passes(first: float = 340.0) -> tuple[LayoutRequest, Layout]:
    """Two passes of a module without an edge between them, the second one on the left. first: x of the first one."""
    boxes = (Box(100, 50), Box(100, 50, ("net",)), Box(200, 50, ("net (2)",)), Box(100, 50, ("net (2)", "fc")))
    rects = (
        Rect(first, 0, 100, 50), Rect(first, 100, 100, 50),
        Rect(100, 100, 200, 50), Rect(150, 200, 100, 50),
    )  # fmt: skip
    frames = {
        ("net",): Rect(rects[1].x - 10, 90, 120, 70),
        ("net (2)",): Rect(90, 90, 220, 180),
        ("net (2)", "fc"): Rect(140, 190, 120, 70),
    }
    routes = (((rects[0].centre_x, 50.0), (rects[1].centre_x, 100.0)), ((200.0, 150.0), (200.0, 200.0)))
    return LayoutRequest(boxes, ((0, 1), (2, 3))), Layout(rects, frames, routes)


def test_parts_that_no_edge_joins_stand_in_the_script_s_order() -> None:
    request, layout = two_passes()
    placed = in_order(request, layout)
    # The first part (120 px wide with its frame) begins where the left one did, the gap of 20 px stays between them.
    assert [rect.x for rect in placed.boxes] == [100.0, 100.0, 240.0, 290.0]
    assert [rect.y for rect in placed.boxes] == [rect.y for rect in layout.boxes]
    assert [frame.x for frame in placed.frames.values()] == [90.0, 230.0, 280.0]
    assert placed.routes == (((150.0, 50.0), (150.0, 100.0)), ((340.0, 150.0), (340.0, 200.0)))
    assert in_order(request, placed) == placed


def test_parts_that_are_not_side_by_side_stay_where_they_are() -> None:
    request, layout = two_passes(first=200.0)
    assert in_order(request, layout) == layout


@pytest.mark.parametrize("engine", ENGINES, ids=lambda e: type(e).__name__)
def test_two_passes_are_laid_out_from_left_to_right(engine: LayoutEngine) -> None:
    cards, edges = [], []
    for step in range(4):
        cards += [Card(f"{name}{step}", name) for name in "txuy"]
        cards += [Card(f"m{step}", "net", kind="cluster", pills=(Pill(f"w{step}", "w"),)), Card(f"C{step}", "div")]
        edges += [Edge(f"{name}{step}", f"m{step}") for name in "txuy"] + [Edge(f"m{step}", f"C{step}")]
    request, layout = whole(engine, Scene(tuple(cards), tuple(edges)))
    assert len(request.boxes) == 24
    passes = [max(layout.boxes[6 * step + one].right for one in range(6)) for step in range(4)]
    starts = [min(visible(layout.boxes[6 * step + one]).x for one in range(6)) for step in range(4)]
    assert all(before < after for before, after in pairwise(passes)), (passes, starts)
