"""Looking around in a graph: search, minimap, levels, breadcrumb, buttons, and what the mouse traces."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.scene import Card, CardState, Edge, Scene
from app.theme import THEMES
from app.views.canvas.folding import cluster_id
from app.views.canvas.picture import Picture
from app.views.canvas.view import GraphCanvas

BLOCKS, CARDS = 8, 60


def deep() -> Scene:
    """480 different ops in eight modules of one network: too many to be open at first."""
    names = [f"{block}.{card}" for block in range(BLOCKS) for card in range(CARDS)]
    cards = tuple(Card(name, f"op{name}", cluster=("net", f"b{name.partition('.')[0]}", "core")) for name in names)
    edges = tuple(Edge(one, other) for one, other in pairwise(names))
    return Scene(cards, edges)


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[GraphCanvas]:
    made = GraphCanvas(THEMES["dark"])
    qtbot.addWidget(made)
    made.set_reduce_motion(True)
    made.resize(900, 600)
    made.show()
    made.set_scene(deep())
    yield made
    made.stop()


def picture(canvas: GraphCanvas) -> Picture:
    assert canvas.picture is not None
    return canvas.picture


def test_slash_opens_the_search_and_what_is_typed_is_found_inside_closed_modules(
    canvas: GraphCanvas, qtbot: QtBot
) -> None:
    assert "7.31" not in picture(canvas).cards
    QTest.keyClick(canvas, Qt.Key.Key_Slash)
    assert canvas.search.isVisible()
    with qtbot.waitSignal(canvas.card_selected) as signal:
        QTest.keyClicks(canvas.search.field, "op7.31")
    assert signal.args == ["7.31"]
    assert canvas.selected == "7.31"
    assert canvas.seen().contains(picture(canvas).cards["7.31"].pos())


def test_return_goes_round_and_escape_ends(canvas: GraphCanvas) -> None:
    canvas.open_search()
    QTest.keyClicks(canvas.search.field, "op0.5")
    assert canvas.search.count.text() == "1 of 11"  # 0.5 itself, and 0.50 to 0.59
    QTest.keyClick(canvas.search.field, Qt.Key.Key_Return)
    seen = [canvas.selected]
    for _ in range(10):
        QTest.keyClick(canvas.search.field, Qt.Key.Key_Return)
        seen.append(canvas.selected)
    assert len(set(seen)) == 11
    QTest.keyClick(canvas.search.field, Qt.Key.Key_Return)
    assert canvas.selected == seen[0]
    QTest.keyClick(canvas.search.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.selected == seen[-1]
    QTest.keyClick(canvas.search.field, Qt.Key.Key_Escape)
    assert not canvas.search.isVisible()


def test_what_is_not_there_is_said(canvas: GraphCanvas) -> None:
    canvas.open_search()
    QTest.keyClicks(canvas.search.field, "softmax")
    assert canvas.search.count.text() == "nothing"
    assert canvas.selected is None


def test_brackets_open_and_close_one_level_everywhere(canvas: GraphCanvas) -> None:
    canvas.set_open_levels(0)
    assert set(picture(canvas).cards) == {cluster_id(("net",))}
    QTest.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert set(picture(canvas).cards) == {cluster_id(("net", f"b{block}")) for block in range(BLOCKS)}
    QTest.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert set(picture(canvas).cards) == {cluster_id(("net",))}
    QTest.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert set(picture(canvas).cards) == {cluster_id(("net",))}


def test_minimap_is_there_when_there_is_more_than_is_in_view(canvas: GraphCanvas) -> None:
    canvas.fit()
    assert not canvas.minimap.isVisible()
    canvas.zoom_to(2.0)
    assert canvas.minimap.isVisible()
    right = canvas.width() - canvas.minimap.geometry().right()
    assert 0 < right < 20


def test_a_click_on_the_minimap_goes_there(canvas: GraphCanvas) -> None:
    canvas.zoom_to(2.0)
    at = QPoint(canvas.minimap.width() // 2, 12)
    QTest.mouseClick(canvas.minimap, Qt.MouseButton.LeftButton, pos=at)
    top = canvas.seen().center().y()
    QTest.mouseClick(canvas.minimap, Qt.MouseButton.LeftButton, pos=QPoint(at.x(), canvas.minimap.height() - 12))
    assert canvas.seen().center().y() > top
    assert canvas.world.contains(canvas.seen().center())


def test_minimap_shows_new_colours_a_little_later(canvas: GraphCanvas, qtbot: QtBot) -> None:
    canvas.set_open_levels(1)
    canvas.zoom_to(3.0)

    def shows() -> bool:
        image = canvas.minimap.grab().toImage()
        wanted = THEMES["dark"].forward
        return any(image.pixelColor(x, y).name() == wanted for x in range(image.width()) for y in range(image.height()))

    assert not shows()
    last = f"0.{CARDS - 1}"
    canvas.set_states({last: CardState(value_text="1", status="done")}, {})
    qtbot.waitUntil(shows, timeout=20_000)


def test_breadcrumb_brings_a_whole_module_into_view(canvas: GraphCanvas) -> None:
    canvas.show_card("3.10")
    canvas.zoom_to(1.5)
    canvas.show_module(2)
    module = [item for name, item in picture(canvas).cards.items() if name.startswith("3.")]
    assert len(module) == CARDS
    assert all(canvas.seen().contains(item.pos()) for item in module)
    canvas.show_module(9)  # there is none so deep


def test_buttons_do_what_the_keys_do(canvas: GraphCanvas) -> None:
    assert not canvas.tools.buttons["neurons"].isVisible()
    assert canvas.tools.buttons["less"].isVisible()
    canvas.set_open_levels(1)
    QTest.mouseClick(canvas.tools.buttons["less"], Qt.MouseButton.LeftButton)
    assert len(picture(canvas).cards) == 1
    QTest.mouseClick(canvas.tools.buttons["search"], Qt.MouseButton.LeftButton)
    assert canvas.search.isVisible()


def test_mouse_over_a_card_traces_what_it_reads_and_hands_on(canvas: GraphCanvas) -> None:
    cards = tuple(Card(name, name) for name in "abcd")
    canvas.set_scene(Scene(cards, (Edge("a", "c"), Edge("b", "c"), Edge("c", "d"))))
    shown = picture(canvas)
    at = canvas.mapFromScene(shown.cards["c"].pos())
    QTest.mouseMove(canvas.viewport(), at + QPoint(1, 1))
    QTest.mouseMove(canvas.viewport(), at)
    traced = shown.trace_mark.shown
    assert traced is not None
    assert {(p.x(), p.y()) for p in traced.sources} == {_xy(shown.cards[name].pos()) for name in "ab"}
    assert {(p.x(), p.y()) for p in traced.targets} == {_xy(shown.cards["d"].pos())}
    half = traced.gradient
    twin = canvas.mapFromScene(shown.cards["c"].pos() + QPointF(half.right() + 1.5, half.center().y()))
    image = canvas.viewport().grab().toImage()
    along = {image.pixelColor(twin.x() + dx, twin.y() + dy).name() for dx in (-1, 0, 1) for dy in range(-8, 9)}
    assert THEMES["dark"].backward in along
    QTest.mouseMove(canvas.viewport(), QPoint(2, canvas.height() - 3))
    assert shown.trace_mark.shown is None


def _xy(place: QPointF) -> tuple[float, float]:
    return place.x(), place.y()


def test_minimap_goes_to_the_corner_where_it_covers_less_and_stays_where_both_are_alike(canvas: GraphCanvas) -> None:
    canvas.zoom_to(2.0)
    shown, size = canvas.minimap, canvas.size()
    half = size.width() // 2
    for covered, is_left in (
        (lambda area: 0.0 if area.center().x() < half else 900.0, True),
        (lambda area: 900.0, True),
        (lambda area: 0.0 if area.center().x() > half else 900.0, False),
        (lambda area: 0.0, False),
    ):
        shown.place(size, 8, covered)
        assert (shown.geometry().center().x() < half) == is_left
