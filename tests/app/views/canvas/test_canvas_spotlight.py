"""The spotlight on the present place, and cards large enough for the back of a room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRectF
from pytestqt.qtbot import QtBot

from app.models.scene import Card, Edge, Pill, Scene
from app.theme import THEMES, sized
from app.views.canvas import geometry as g
from app.views.canvas.neuron_focus import lit_places
from app.views.canvas.neuron_places import neuron_places
from app.views.canvas.neuron_scene import NeuronScene
from app.views.canvas.view import GraphCanvas
from tests.app.views.canvas.test_canvas_neurons import net, state

CHAIN = Scene(
    tuple(Card(f"c{n}", f"op{n}", f"a{n}", pills=(Pill(f"w{n}", f"w{n}"),)) for n in range(30)),
    tuple(Edge(f"c{n}", f"c{n + 1}") for n in range(29)),
)


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[GraphCanvas]:
    made = GraphCanvas(THEMES["projector"])
    qtbot.addWidget(made)
    made.set_reduce_motion(True)
    made.resize(700, 500)
    made.show()
    made.set_scene(CHAIN)
    yield made
    made.stop()


def room(canvas: GraphCanvas, card: str) -> QRectF:
    """A card on screen, without its pills, in px of the view."""
    item = canvas.picture.item_of(card) if canvas.picture is not None else None
    assert item is not None
    box = QRectF(-g.CARD_WIDTH / 2, -g.CARD_HEIGHT / 2, g.CARD_WIDTH, g.CARD_HEIGHT)
    return canvas.viewportTransform().mapRect(box.translated(item.pos()))


def test_the_light_follows_the_present_card_and_leaves_the_others_in_the_shade(canvas: GraphCanvas) -> None:
    canvas.set_current("c3")
    canvas.toggle_spotlight()
    assert canvas.spotlight.isVisible()
    for card, other in (("c3", "c5"), ("c20", "c21"), ("c19", "c20")):
        canvas.set_current(card)
        (lit,) = canvas.spotlight.lit
        assert lit.contains(room(canvas, card))
        assert not lit.intersects(room(canvas, other))
    canvas.zoom_to(canvas.zoom * 1.3)
    canvas.pan(QPoint(25, -40))
    assert canvas.spotlight.lit[0].contains(room(canvas, "c19"))


def test_the_shade_darkens_what_is_around_and_not_what_is_lit(canvas: GraphCanvas) -> None:
    canvas.set_current("c3")
    inside = room(canvas, "c3").topLeft().toPoint() + QPoint(12, 12)
    outside = QPoint(8, canvas.height() // 2)
    before = canvas.grab().toImage()
    canvas.toggle_spotlight()
    after = canvas.grab().toImage()
    assert after.pixelColor(inside) == before.pixelColor(inside)
    assert after.pixelColor(outside).lightness() < before.pixelColor(outside).lightness() - 40
    canvas.toggle_spotlight()
    assert not canvas.spotlight.isVisible()


def test_where_nothing_is_current_nothing_is_shaded(canvas: GraphCanvas) -> None:
    canvas.toggle_spotlight()
    assert not canvas.spotlight.isVisible()
    canvas.set_current("c1")
    assert canvas.spotlight.isVisible()
    canvas.set_current(None)
    assert not canvas.spotlight.isVisible()


def test_a_presentation_begins_at_the_present_card_in_letters_as_large_as_the_rest(canvas: GraphCanvas) -> None:
    canvas.set_current("c25")
    before = canvas.zoom
    for theme in (THEMES["projector"], sized(THEMES["projector"], 160)):
        canvas.set_theme(theme)
        canvas.set_presenting(True)
        title_px = 13 * canvas.zoom * 1.12  # as large as a title is drawn on a projector
        assert title_px >= theme.base_px * 0.99
        assert QRectF(canvas.rect()).contains(room(canvas, "c25"))
        assert canvas.spotlight.lit
    canvas.set_presenting(False)
    assert not canvas.spotlight.isVisible()
    assert canvas.zoom == pytest.approx(before)
    assert QRectF(canvas.rect()).contains(room(canvas, "c25"))


def test_the_light_glides_to_another_card_unless_motion_is_reduced(canvas: GraphCanvas, qtbot: QtBot) -> None:
    canvas.fit()
    canvas.set_current("c3")
    canvas.toggle_spotlight()
    (start,) = canvas.spotlight.lit
    canvas.set_current("c9")
    assert not canvas.spotlight.is_gliding
    canvas.set_current("c3")
    canvas.set_reduce_motion(False)
    canvas.set_current("c9")
    (end,) = canvas.spotlight.lit
    assert canvas.spotlight.is_gliding
    assert canvas.spotlight.shown == [start]
    qtbot.waitUntil(lambda: start.top() < canvas.spotlight.shown[0].top() < end.top())
    qtbot.waitUntil(lambda: not canvas.spotlight.is_gliding)
    assert canvas.spotlight.shown == [end]


@pytest.mark.parametrize(
    ("symbol", "columns"),
    [("x", {0}), ("z1", {1}), ("dC/da2", {2}), ("dC/dw2", {1, 2}), ("new b1", {1}), ("C", set())],
)
def test_among_neurons_the_light_is_on_what_the_number_is_of(symbol: str, columns: set[int]) -> None:
    of = net(2, 3, 1)
    places = neuron_places(of, 900, 500)
    lit = lit_places(NeuronScene(of, state(of), places, symbol, "forward"))
    middles = [[QRectF(unit.x, unit.y, unit.width, unit.height) for unit in units] for units in places.units]
    shown = {column for column, units in enumerate(middles) if all(any(one.contains(u) for one in lit) for u in units)}
    assert shown == columns
    loss = places.loss
    assert loss is not None
    box = QRectF(loss.x, loss.y, loss.width, loss.height)
    assert any(one.contains(box) for one in lit) is (symbol == "C")
    footers = [QRectF(one.x, one.y + one.height / 3, one.width, one.height / 3) for one in places.footers]
    has_parameters = "w" in symbol or "b" in symbol
    assert any(one.contains(footer) for one in lit for footer in footers) is has_parameters
