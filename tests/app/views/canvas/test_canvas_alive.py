"""What moves and what is marked: a travelling value, the ledger of an update, changed cards, summaries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsScene
from pytestqt.qtbot import QtBot

from app.models.rolled_scene import roll
from app.models.scene import Card, Cluster, Edge, Pill, PillState, Scene
from app.models.scene_changes import SceneChanges
from app.models.update_rows import UpdateCell, UpdateRow
from app.theme import THEMES
from app.views.canvas import geometry as g
from app.views.canvas.folding import cluster_id, fold, summary_id
from app.views.canvas.ink import ink_of
from app.views.canvas.layout import lay_out, request_of
from app.views.canvas.picture import Picture
from app.views.canvas.pill_painter import pill_rects
from app.views.canvas.placement import Layout
from app.views.canvas.shown_units import ShownUnits
from app.views.canvas.travel_item import FASTEST_MS
from app.views.canvas.view import GraphCanvas

NET = Scene(
    (
        Card("x", "x", kind="input"),
        Card("z1", "linear", "z1", cluster=("Net",), pills=(Pill("w1", "w1"), Pill("b1", "b1"))),
        Card("a1", "sigmoid", "a1", cluster=("Net",)),
        Card("C", "mse_loss", "C", kind="loss"),
    ),
    (Edge("x", "z1"), Edge("z1", "a1"), Edge("a1", "C")),
    (Cluster(("Net",), "Net", "Net"),),
)
ROW = UpdateRow("w1", "w1", UpdateCell("1.58"), UpdateCell("2"), UpdateCell("0.2"), UpdateCell("1.38"), 0.1)


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[GraphCanvas]:
    made = GraphCanvas(THEMES["dark"])
    qtbot.addWidget(made)
    made.resize(2000, 700)
    made.show()
    made.set_scene(NET)
    yield made
    made.stop()


def picture(canvas: GraphCanvas) -> Picture:
    assert canvas.picture is not None
    return canvas.picture


def test_a_step_sends_its_value_along_the_edges_and_then_rests(canvas: GraphCanvas, qtbot: QtBot) -> None:
    canvas.set_current("z1")
    assert canvas.is_travelling
    assert picture(canvas).travel.isVisible()
    qtbot.waitUntil(lambda: not canvas.is_travelling, timeout=20_000)
    assert not picture(canvas).travel.isVisible()


def test_a_gradient_comes_back_along_what_the_card_handed_on(canvas: GraphCanvas) -> None:
    shown = picture(canvas)
    assert shown.routes_to("a1", "forward") == shown.routes_to("z1", "backward")
    assert shown.routes_to("C", "backward") == []


def test_an_edge_that_the_layout_left_out_is_neither_traced_nor_travelled(canvas: GraphCanvas) -> None:
    folded = fold(NET, frozenset())
    layout = lay_out(request_of(folded.scene))
    rolled = roll(NET)
    bare = Layout(layout.boxes, layout.frames, ((), *layout.routes[1:]))
    made = Picture(ShownUnits(NET, rolled), folded, bare, ink_of(THEMES["dark"]), QGraphicsScene(canvas))
    assert made.routes_to("z1", "forward") == []
    made.trace("z1")
    assert made.trace_mark.shown is not None
    assert [len(route) > 1 for route in made.trace_mark.shown.going] == [True]
    assert list(made.trace_mark.shown.coming) == []


def test_nothing_travels_when_motion_is_reduced_or_steps_come_fast(canvas: GraphCanvas) -> None:
    canvas.set_current("z1")
    canvas.set_current("a1")  # at once
    assert not canvas.is_travelling
    canvas.set_reduce_motion(True)
    QTest.qWait(FASTEST_MS + 20)
    canvas.set_current("C")
    assert not canvas.is_travelling


def test_another_graph_while_something_travels_is_no_harm(canvas: GraphCanvas, qtbot: QtBot) -> None:
    canvas.set_current("z1")
    canvas.collapse(("Net",))
    assert not canvas.is_travelling
    QTest.qWait(50)


def test_the_ledger_stands_beside_the_pill_of_the_update(canvas: GraphCanvas) -> None:
    canvas.set_current("z1", "update")
    canvas.show_update(ROW)
    ledger, card = picture(canvas).ledger, picture(canvas).cards["z1"]
    assert ledger.isVisible()
    assert ledger.row is ROW
    assert ledger.pos().x() > card.pos().x()
    assert canvas.seen().contains(ledger.mapRectToScene(ledger.boundingRect()))
    canvas.show_update(None)
    assert not ledger.isVisible()


def test_in_a_narrow_view_the_ledger_hides_no_card_and_none_of_its_parameters(canvas: GraphCanvas) -> None:
    canvas.resize(560, 700)
    canvas.fit()
    canvas.set_current("z1", "update")
    canvas.show_update(ROW)
    ledger = picture(canvas).ledger
    place = ledger.mapRectToScene(ledger.boundingRect()).adjusted(3, 3, -3, -3)
    own = picture(canvas).cards["z1"]
    for pill, body, grad in pill_rects(own.card):
        assert not place.intersects(body.united(grad).translated(own.pos())), pill
    for card in picture(canvas).cards.values():
        middle = QRectF(-g.CARD_WIDTH / 2, -g.CARD_HEIGHT / 2, g.CARD_WIDTH, g.CARD_HEIGHT)
        assert not place.intersects(middle.translated(card.pos()))
    assert canvas.seen().adjusted(-3, -3, 3, 3).contains(place)


def test_while_the_view_glides_the_ledger_stands_where_it_will_be_seen(canvas: GraphCanvas, qtbot: QtBot) -> None:
    canvas.zoom_to(1.5)
    canvas.centerOn(0, 4000)
    canvas.set_current("z1", "update")
    canvas.show_update(ROW)
    assert canvas.seen_soon() != canvas.seen()
    qtbot.waitUntil(lambda: canvas.seen_soon() == canvas.seen(), timeout=20_000)
    ledger = picture(canvas).ledger
    assert canvas.seen().adjusted(-3, -3, 3, 3).contains(ledger.mapRectToScene(ledger.boundingRect()))


def test_an_update_inside_a_collapsed_module_is_shown_beside_its_box(canvas: GraphCanvas) -> None:
    canvas.collapse(("Net",))
    canvas.show_update(ROW)
    ledger, box = picture(canvas).ledger, picture(canvas).cards[cluster_id(("Net",))]
    assert ledger.isVisible()
    assert ledger.pos().y() == box.pos().y()
    canvas.show_update(replace(ROW, pill="of another network"))
    assert not ledger.isVisible()


def test_new_and_missing_cards_are_marked_and_told(canvas: GraphCanvas) -> None:
    canvas.show_changes(SceneChanges(frozenset({"a1"}), (("gone", "tanh"),)))
    assert picture(canvas).cards["a1"].change == "added"
    assert picture(canvas).cards["z1"].change == ""
    assert canvas.changed.isVisible()
    assert "1 new, 1 gone" in canvas.changed.text()
    assert "tanh" in canvas.changed.toolTip()
    canvas.show_changes(SceneChanges())
    assert picture(canvas).cards["a1"].change == ""
    assert not canvas.changed.isVisible()


def test_a_collapsed_module_sums_up_its_grad_boxes(canvas: GraphCanvas) -> None:
    canvas.collapse(("Net",))
    item = picture(canvas).cards[cluster_id(("Net",))]
    pill = summary_id(("Net",))
    assert [one.id for one in item.card.pills] == [pill]
    canvas.set_states({}, {"w1": PillState(grad_status="holding")})
    assert (item.pill_states[pill].grad_status, item.pill_states[pill].grad_text) == ("holding", "1/2")
    canvas.set_states({}, {"w1": PillState(grad_status="zero"), "b1": PillState(grad_status="zero")})
    assert item.pill_states[pill].grad_status == "zero"
