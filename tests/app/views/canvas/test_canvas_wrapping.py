"""A tall graph in columns: nothing overlaps, frames hold their own, routes meet their cards, and it gets larger."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.scene import Card, Edge, Pill, Scene
from app.views.canvas.geometry import CARD_HEIGHT, CARD_WIDTH
from app.views.canvas.layered import LayeredEngine
from app.views.canvas.layout import GraphlayEngine, lay_out, request_of
from app.views.canvas.placement import Layout, LayoutRequest, Rect
from app.views.canvas.wrapping import wrapped

ENGINES = {"graphlay": GraphlayEngine(), "own": LayeredEngine()}


def tower(count: int, split: tuple[int, int], skips: list[int]) -> Scene:
    """A chain whose middle is a module call, with residual edges over two cards."""
    cards = tuple(
        Card(str(i), "op", cluster=("Net",) if split[0] <= i < split[1] else (), pills=(Pill(f"p{i}", "W"),) * (i % 2))
        for i in range(count)
    )
    edges = [Edge(str(i), str(i + 1)) for i in range(count - 1)]
    edges += [Edge(str(i), str(i + 3), 1) for i in sorted(set(skips)) if i + 3 < count]
    return Scene(cards, tuple(edges))


def visible(placed: Rect) -> Rect:
    """The box without the free room on the left of a card with pills."""
    left = max(placed.x, placed.centre_x - CARD_WIDTH / 2)
    return Rect(left, placed.y, placed.right - left, placed.height)


def check(request: LayoutRequest, layout: Layout) -> None:
    seen = [visible(box) for box in layout.boxes]
    assert not [pair for pair in combinations(seen, 2) if pair[0].overlaps(pair[1])]
    parts = [*layout.frames.items(), *layout.continued]
    for box, placed in zip(request.boxes, seen, strict=True):
        inside = [part.holds(placed) for path, part in parts if box.cluster[: len(path)] == path]
        assert any(inside) or not box.cluster
        assert not any(part.overlaps(placed) for path, part in parts if box.cluster[: len(path)] != path)
    for (source, target), route in zip(request.edges, layout.routes, strict=True):
        start, end = layout.boxes[source], layout.boxes[target]
        assert abs(route[0][0] - start.centre_x) < CARD_WIDTH / 2
        assert route[0][1] == pytest.approx(start.centre_y + CARD_HEIGHT / 2, abs=0.01)
        assert abs(route[-1][0] - end.centre_x) < CARD_WIDTH / 2
        assert route[-1][1] == pytest.approx(end.centre_y - CARD_HEIGHT / 2, abs=0.01)
        assert all(abs(a[0] - b[0]) < 0.01 or abs(a[1] - b[1]) < 0.01 for a, b in pairwise(route))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(list(ENGINES)), st.integers(6, 24), st.tuples(st.integers(0, 5), st.integers(6, 24)),
    st.lists(st.integers(0, 20), max_size=5), st.integers(600, 3000),
)  # fmt: skip
def test_columns_keep_the_layout_sound(
    engine: str, count: int, split: tuple[int, int], skips: list[int], width: int
) -> None:
    request = request_of(tower(count, split, skips))
    layout = lay_out(request, (ENGINES[engine], LayeredEngine()))
    check(request, wrapped(request, layout, width, 600, 1.15))


def columns(layout: Layout) -> int:
    return len({round(box.centre_x) for box in layout.boxes})


def test_a_wide_view_has_more_columns_than_a_narrow_one() -> None:
    request = request_of(tower(14, (14, 14), []))
    layout = lay_out(request)
    assert columns(wrapped(request, layout, 500, 600, 1.15)) == 1
    assert columns(wrapped(request, layout, 1200, 600, 1.15)) > 1


def test_what_is_large_already_stays_in_one_column() -> None:
    request = request_of(tower(4, (4, 4), []))
    layout = lay_out(request)
    assert wrapped(request, layout, 2000, 500, 1.15) is layout


def test_a_module_that_must_stay_whole_is_not_cut() -> None:
    request = request_of(tower(14, (1, 13), []))
    layout = lay_out(request)
    assert wrapped(request, layout, 1600, 600, 1.15).continued
    assert not wrapped(request, layout, 1600, 600, 1.15, [("Net",)]).continued


def test_the_same_view_gives_the_same_columns() -> None:
    request = request_of(tower(20, (2, 18), [3, 9]))
    assert wrapped(request, lay_out(request), 1600, 600, 1.15) == wrapped(request, lay_out(request), 1600, 600, 1.15)
