"""Repeats on the canvas: one unit stands for all, the current card chooses which, arrows and keys change it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.scene import Card, CardState, Cluster, Edge, Pill, PillState, Scene
from app.theme import THEMES
from app.views.canvas.loops import loop_routes
from app.views.canvas.picture import Picture
from app.views.canvas.placement import Rect
from app.views.canvas.view import GraphCanvas


def unrolled(steps: int) -> Scene:
    """A loop that reads the same weight at each time step and hands its result on."""
    cards, edges = [], []
    for step in range(steps):
        pill = Pill(f"w@mul{step}", "w")
        cards += [
            Card(f"x{step}", f"x{step}", kind="input"),
            Card(f"mul{step}", "mul", f"z{step}", cluster=(f"cell ({step})",), pills=(pill,)),
            Card(f"tanh{step}", "tanh", f"h{step}", cluster=(f"cell ({step})",)),
        ]
        edges += [Edge(f"x{step}", f"mul{step}"), Edge(f"mul{step}", f"tanh{step}")]
        edges += [Edge(f"tanh{step - 1}", f"mul{step}", 1)] if step else []
    cards.append(Card("C", "mean", "C", kind="loss"))
    edges.append(Edge(f"tanh{steps - 1}", "C"))
    clusters = tuple(Cluster((f"cell ({step})",), f"cell ({step})", "Cell") for step in range(steps))
    return Scene(tuple(cards), tuple(edges), clusters)


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[GraphCanvas]:
    made = GraphCanvas(THEMES["dark"])
    qtbot.addWidget(made)
    made.set_reduce_motion(True)
    made.resize(900, 700)
    made.show()
    made.set_scene(unrolled(50))
    yield made
    made.stop()


def picture(canvas: GraphCanvas) -> Picture:
    assert canvas.picture is not None
    return canvas.picture


def test_fifty_time_steps_are_four_cards_and_a_loop(canvas: GraphCanvas) -> None:
    shown = picture(canvas)
    assert set(shown.cards) == {"x0", "mul0", "tanh0", "C"}
    assert [(loop.source, loop.target) for loop in shown.folded.loops] == [("tanh0", "mul0")]


def test_the_step_at_which_one_is_stands_in_the_place_of_all(canvas: GraphCanvas) -> None:
    before = {card: item.pos() for card, item in picture(canvas).cards.items()}
    canvas.set_states(
        {"mul6": CardState(value_text="6.5"), "mul0": CardState(value_text="0.5")},
        {"w@mul6": PillState(value_text="2")},
    )
    canvas.set_current("mul6")
    item = picture(canvas).cards["mul0"]
    assert (item.card.symbol, item.card_state.value_text, item.pill_states["w@mul6"].value_text) == ("z6", "6.5", "2")
    assert picture(canvas).current_mark.pos() == item.pos()
    assert {card: item.pos() for card, item in picture(canvas).cards.items()} == before
    canvas.set_current("mul0")
    assert item.card_state.value_text == "0.5"


def test_keys_walk_through_the_steps_and_stop_at_the_ends(canvas: GraphCanvas) -> None:
    item = picture(canvas).cards["tanh0"]
    QTest.keyClick(canvas, Qt.Key.Key_Comma)
    assert item.card.symbol == "h0"
    for _ in range(60):
        QTest.keyClick(canvas, Qt.Key.Key_Period)
    assert item.card.symbol == "h49"


def test_arrows_and_track_are_clicked(canvas: GraphCanvas) -> None:
    (frame,) = picture(canvas).frames
    places = frame.places()
    assert places is not None
    item = picture(canvas).cards["tanh0"]
    for spot, symbol in ((places.on, "h1"), (places.on, "h2"), (places.back, "h1")):
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas.mapFromScene(spot.center()))
        assert item.card.symbol == symbol
    end = places.track.center()
    end.setX(places.track.right() - 1)
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=canvas.mapFromScene(end))
    assert item.card.symbol == "h49"


def test_clicked_card_is_that_of_the_step_shown(canvas: GraphCanvas, qtbot: QtBot) -> None:
    canvas.set_current("mul7")
    with qtbot.waitSignal(canvas.card_selected) as signal:
        at = canvas.mapFromScene(picture(canvas).cards["tanh0"].pos())
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert signal.args == ["tanh7"]
    assert picture(canvas).cards["tanh0"].card.symbol == "h7"


def test_unfolded_all_steps_are_there_and_fold_again(canvas: GraphCanvas) -> None:
    (frame,) = picture(canvas).frames
    places = frame.places()
    assert places is not None
    at = canvas.mapFromScene(places.unfold.center())
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert len(picture(canvas).cards) == 151
    QTest.keyClick(canvas, Qt.Key.Key_M)
    assert set(picture(canvas).cards) == {"x0", "mul0", "tanh0", "C"}


def test_collapsed_it_says_how_many_there_are(canvas: GraphCanvas) -> None:
    (path,) = canvas.units.paths
    canvas.collapse(path)
    box = next(item.card for item in picture(canvas).cards.values() if item.card.kind == "cluster")
    assert (box.title, box.shape_text) == ("Cell", "×50")


def test_a_graph_that_grows_keeps_what_is_open_and_where_one_is(canvas: GraphCanvas) -> None:
    canvas.set_scene(unrolled(20))
    canvas.toggle_repeats()
    canvas.set_current("mul3")
    canvas.zoom_to(1.3)
    canvas.set_scene(unrolled(21))
    assert len(picture(canvas).cards) == 64
    assert canvas.zoom == pytest.approx(1.3)
    assert canvas.seen().contains(picture(canvas).cards["mul3"].pos())
    canvas.set_scene(unrolled(5))  # another graph
    assert set(picture(canvas).cards) == {"x0", "mul0", "tanh0", "C"}


def test_loops_run_beside_their_cards_or_over_a_neighbour() -> None:
    frame = Rect(0, 0, 400, 300)
    low, high = Rect(100, 200, 168, 58), Rect(100, 50, 168, 58)
    (beside,) = loop_routes([(low, high, frame)], [low, high])
    assert beside == ((100, 247), (10, 247), (10, 61), (100, 61))
    low, high, neighbour = Rect(210, 200, 168, 58), Rect(210, 50, 168, 58), Rect(20, 200, 168, 58)
    (over,) = loop_routes([(low, high, frame)], [low, high, neighbour])
    assert over[0] == (228, 258)
    assert over[-1] == (228, 50)


def test_the_knob_of_the_time_steps_is_dragged_and_the_picture_stays(canvas: GraphCanvas) -> None:
    frame = next(one for one in picture(canvas).frames if one.places() is not None)
    path, places = frame.cluster.path, frame.places()
    assert places is not None
    before = canvas.seen()
    left, right, middle = places.track.left(), places.track.right(), places.track.center().y()

    def at(x: float, y: float = middle) -> QPoint:
        return canvas.mapFromScene(QPointF(x, y))

    button = Qt.MouseButton.LeftButton
    QTest.mousePress(canvas.viewport(), button, pos=at(left + 5.0))
    assert canvas.units.chosen(path) == 0
    for x, y, wanted in (
        ((left + right) / 2, middle, 24.5),
        (right + 90.0, middle + 60.0, 49),
        (left - 90.0, middle, 0),
    ):
        QTest.mouseMove(canvas.viewport(), at(x, y))
        assert abs(canvas.units.chosen(path) - wanted) <= 1
    QTest.mouseMove(canvas.viewport(), at(right))
    QTest.mouseRelease(canvas.viewport(), button, pos=at(right))
    QTest.mouseMove(canvas.viewport(), at(left))
    assert canvas.units.chosen(path) == 49
    assert canvas.seen() == before
    QTest.mouseMove(canvas.viewport(), at(right - 20.0))
    assert canvas.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    QTest.mouseMove(canvas.viewport(), at(right, middle + 300.0))
    assert canvas.viewport().cursor().shape() is Qt.CursorShape.ArrowCursor
