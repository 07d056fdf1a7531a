"""The canvas as its user meets it: clicks, keys, the current card, stepping in place, collapsing, the far picture."""

from __future__ import annotations

import ast
import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.scene import Card, CardState, Cluster, Edge, Pill, PillState, Scene
from app.models.scene_part import ScenePart
from app.theme import THEMES
from app.views.canvas import view as view_module
from app.views.canvas.edge_items import Flow
from app.views.canvas.folding import cluster_id
from app.views.canvas.picture import Picture
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


def long_chain(count: int, blocks: int) -> Scene:
    cards = [Card(f"n{i}", f"op{i}", cluster=("Net", f"b{i * blocks // count}")) for i in range(count)]
    return Scene(tuple(cards), tuple(Edge(f"n{i}", f"n{i + 1}") for i in range(count - 1)))


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[GraphCanvas]:
    made = GraphCanvas(THEMES["dark"])
    qtbot.addWidget(made)
    made.set_reduce_motion(True)
    made.resize(900, 700)
    made.show()
    made.set_scene(NET)
    yield made
    made.stop()


def picture(canvas: GraphCanvas) -> Picture:
    assert canvas.picture is not None
    return canvas.picture


def spot(canvas: GraphCanvas, card: str, dx: float = 0.0, dy: float = 0.0) -> QPoint:
    return canvas.mapFromScene(picture(canvas).cards[card].pos() + QPointF(dx, dy))


def pixels_near(canvas: GraphCanvas, at: QPoint, colour: str, reach: int = 4) -> bool:
    QApplication.processEvents()
    image = canvas.viewport().grab().toImage()
    wanted = QColor(colour)
    return any(
        image.pixelColor(at.x() + dx, at.y() + dy) == wanted
        for dx in range(-reach, reach + 1)
        for dy in range(-reach, reach + 1)
    )


def test_small_scene_is_shown_at_once_and_fitted(canvas: GraphCanvas) -> None:
    assert set(picture(canvas).cards) == {"x", "z1", "a1", "C"}
    assert canvas.seen().adjusted(-1, -1, 1, 1).contains(canvas.world)


def test_click_selects_a_card_and_a_click_beside_it_nothing(canvas: GraphCanvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.card_selected) as signal:
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=spot(canvas, "a1"))
    assert signal.args == ["a1"]
    assert canvas.selected == "a1"
    with qtbot.assertNotEmitted(canvas.card_selected):
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert canvas.selected == "a1"


def test_clicks_tell_a_parameter_its_grad_box_and_a_gradient_apart(canvas: GraphCanvas, qtbot: QtBot) -> None:
    canvas.set_states({"z1": CardState(value_text="1.1", grad_text="0.2")}, {})
    for across, down, wanted in (
        (150.0, 14.0, ScenePart(pill="b1")),
        (230.0, 14.0, ScenePart(pill="b1", is_gradient=True)),
        (230.0, -14.0, ScenePart(pill="w1", is_gradient=True)),
        (50.0, 12.0, ScenePart(card="z1", is_gradient=True)),
    ):
        with qtbot.waitSignal(canvas.part_selected) as signal, qtbot.assertNotEmitted(canvas.card_selected):
            QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=spot(canvas, "z1", across, down))
        assert signal.args == [wanted]
    with qtbot.waitSignal(canvas.card_selected) as signal:
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=spot(canvas, "z1", -50.0, 12.0))
    assert signal.args == ["z1"]


def test_double_click_and_return_activate(canvas: GraphCanvas, qtbot: QtBot) -> None:
    with qtbot.waitSignal(canvas.card_activated) as signal:
        QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=spot(canvas, "C"))
    assert signal.args == ["C"]
    canvas.select("x")
    with qtbot.waitSignal(canvas.card_activated) as signal:
        QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert signal.args == ["x"]


def test_select_from_outside_is_silent(canvas: GraphCanvas, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(canvas.card_selected):
        canvas.select("z1")
    assert canvas.selected == "z1"
    assert picture(canvas).selection_mark.isVisible()


def test_drag_pans_without_selecting(canvas: GraphCanvas, qtbot: QtBot) -> None:
    start, end = spot(canvas, "a1"), spot(canvas, "a1") + QPoint(60, 40)
    before = canvas.seen().center()
    with qtbot.assertNotEmitted(canvas.card_selected):
        QTest.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(canvas.viewport(), end)
        QTest.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=end)
    moved = (before - canvas.seen().center()) * canvas.zoom
    assert (moved.x(), moved.y()) == pytest.approx((60, 40), abs=1.5)


def test_wheel_zooms_around_the_cursor(canvas: GraphCanvas) -> None:
    at = QPointF(200.0, 150.0)
    before, zoom = canvas.mapToScene(at.toPoint()), canvas.zoom
    turn = QWheelEvent(
        at, canvas.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas.viewport(), turn)
    after = canvas.mapToScene(at.toPoint())
    assert canvas.zoom == pytest.approx(zoom * 1.18)
    assert (after.x(), after.y()) == pytest.approx((before.x(), before.y()), abs=1.5)


def test_keys_fit_and_hundred_percent(canvas: GraphCanvas, qtbot: QtBot) -> None:
    fitted = canvas.zoom
    canvas.zoom_to(0.3)
    QTest.keyClick(canvas, Qt.Key.Key_1)
    assert canvas.zoom == 1.0
    QTest.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.zoom == pytest.approx(fitted)


def test_alt_arrows_walk_over_the_cards(canvas: GraphCanvas, qtbot: QtBot) -> None:
    chosen: list[str] = []
    canvas.card_selected.connect(chosen.append)
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        QTest.keyClick(canvas, key, Qt.KeyboardModifier.AltModifier)
    assert chosen == ["x", "z1", "a1", "z1"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Space, Qt.Key.Key_B, Qt.Key.Key_Home])
def test_stepping_keys_are_left_to_the_window(canvas: GraphCanvas, key: Qt.Key) -> None:
    event = QKeyEvent(QKeyEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier)
    canvas.keyPressEvent(event)
    assert not event.isAccepted()


def test_step_changes_items_in_place(canvas: GraphCanvas) -> None:
    shown = picture(canvas)
    items = dict(shown.cards)
    assert shown.edges.flow_of(1) is Flow.WAITING
    canvas.set_states({"z1": CardState(value_text="1.124", status="done")}, {})
    assert shown.edges.flow_of(1) is Flow.FORWARD
    canvas.set_states({"z1": CardState(value_text="1.124", grad_text="-0.0172", status="done")}, {})
    assert shown.edges.flow_of(1) is Flow.BACKWARD
    canvas.set_states({"z1": CardState()}, {"w1": PillState("1.58", "-0.0138", "added")})
    assert shown.edges.flow_of(1) is Flow.WAITING
    assert picture(canvas) is shown
    assert all(shown.cards[card] is item for card, item in items.items())
    assert shown.cards["z1"].pill_states["w1"].value_text == "1.58"


def test_states_given_before_a_theme_change_stay(canvas: GraphCanvas) -> None:
    canvas.set_states({"a1": CardState(value=np.eye(4), status="done")}, {})
    canvas.set_theme(THEMES["light"])
    assert picture(canvas).cards["a1"].card_state.has_value
    assert pixels_near(canvas, QPoint(5, 5), THEMES["light"].background, reach=0)


def test_thumbnail_is_painted_where_the_value_belongs(canvas: GraphCanvas) -> None:
    viridis_low, viridis_high = "#440154", "#fde725"
    canvas.zoom_to(1.0)
    canvas.set_states({"a1": CardState(value=np.array([[0.0, 1.0]]), status="done")}, {})
    assert pixels_near(canvas, spot(canvas, "a1", -60.0, 11.0), viridis_low, reach=1)
    assert pixels_near(canvas, spot(canvas, "a1", -15.0, 11.0), viridis_high, reach=1)


def test_current_card_has_a_ring_and_no_other(canvas: GraphCanvas) -> None:
    ring = THEMES["dark"].current
    canvas.set_current("a1", "backward")
    assert pixels_near(canvas, spot(canvas, "a1", 0.0, -30.5), ring)
    assert not pixels_near(canvas, spot(canvas, "z1", 0.0, -30.5), ring)
    canvas.set_current("z1", "backward")
    assert not pixels_near(canvas, spot(canvas, "a1", 0.0, -30.5), ring)
    assert pixels_near(canvas, spot(canvas, "z1", 0.0, -30.5), ring)
    canvas.set_current(None)
    assert not pixels_near(canvas, spot(canvas, "z1", 0.0, -30.5), ring)


def test_view_stays_while_the_current_card_is_in_the_middle_and_follows_when_not(canvas: GraphCanvas) -> None:
    before = canvas.seen().center()
    canvas.set_current("a1")
    assert canvas.seen().center() == before
    canvas.zoom_to(3.0)
    canvas.set_current("C")
    assert canvas.seen().contains(picture(canvas).cards["C"].pos())
    assert not canvas.seen().contains(picture(canvas).cards["x"].pos())


def test_minus_collapses_and_plus_expands(canvas: GraphCanvas, qtbot: QtBot) -> None:
    canvas.set_states({"a1": CardState(value_text="0.755", status="done")}, {})
    canvas.select("z1")
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    box = cluster_id(("Net",))
    assert set(picture(canvas).cards) == {"x", box, "C"}
    assert picture(canvas).cards[box].card_state.value_text == "0.755"
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert set(picture(canvas).cards) == {"x", "z1", "a1", "C"}
    assert picture(canvas).cards["a1"].card_state.value_text == "0.755"


def test_double_click_on_a_frame_header_collapses_and_on_the_box_expands(canvas: GraphCanvas, qtbot: QtBot) -> None:
    header = canvas.mapFromScene(picture(canvas).frames[0].header().topLeft() + QPointF(30, 12))
    QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=header)
    assert canvas.collapsed == {("Net",)}
    with qtbot.assertNotEmitted(canvas.card_activated):
        place = spot(canvas, cluster_id(("Net",)))
        QTest.mouseDClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert canvas.collapsed == frozenset()


def test_ring_of_a_hidden_card_is_on_its_collapsed_module(canvas: GraphCanvas) -> None:
    canvas.set_scene(long_chain(400, 4))
    canvas.set_current("n399")
    assert picture(canvas).current_mark.pos() == picture(canvas).cards[cluster_id(("Net", "b3"))].pos()


def test_large_graph_starts_collapsed(canvas: GraphCanvas) -> None:
    canvas.set_scene(long_chain(1200, 4))
    assert {card.id for card in picture(canvas).folded.scene.cards} == {cluster_id(("Net", f"b{i}")) for i in range(4)}


def test_graph_too_long_to_read_starts_at_its_beginning(canvas: GraphCanvas) -> None:
    canvas.set_scene(long_chain(120, 1))
    assert canvas.zoom == 0.75
    assert canvas.seen().contains(picture(canvas).cards["n0"].pos())


def test_far_away_the_picture_shows_cards_and_the_current_one(canvas: GraphCanvas) -> None:
    canvas.set_scene(long_chain(120, 1))
    canvas.fit()
    assert canvas.is_far
    at = spot(canvas, "n60")
    assert not pixels_near(canvas, at, THEMES["dark"].forward, reach=1)
    canvas.set_states({"n60": CardState(value_text="1", status="done")}, {})
    assert pixels_near(canvas, at, THEMES["dark"].forward, reach=1)
    canvas.set_current("n60")
    assert pixels_near(canvas, at, THEMES["dark"].current, reach=12)


def test_fitted_view_stays_fitted_when_resized(canvas: GraphCanvas) -> None:
    canvas.resize(500, 400)
    QApplication.processEvents()
    assert canvas.seen().adjusted(-1, -1, 1, 1).contains(canvas.world)  # the place is rounded to pixels
    canvas.zoom_to(2.0)
    canvas.resize(900, 700)
    QApplication.processEvents()
    assert canvas.zoom == 2.0


def test_same_scene_again_keeps_place_and_items_and_forgets_states(canvas: GraphCanvas) -> None:
    canvas.set_states({"a1": CardState(value_text="0.755", status="done")}, {"w1": PillState("1.58")})
    canvas.set_current("a1")
    canvas.zoom_to(1.7)
    shown, place = picture(canvas), canvas.seen()
    canvas.set_scene(Scene(NET.cards, NET.edges, NET.clusters))
    assert picture(canvas) is shown
    assert canvas.seen() == place
    assert canvas.current is None
    assert not shown.cards["a1"].card_state.has_value
    assert shown.cards["z1"].pill_states["w1"].value_text == ""


def test_ten_thousand_cards_arrive_and_are_stepped_through(canvas: GraphCanvas, qtbot: QtBot) -> None:
    cards = tuple(Card(f"n{i}", f"op{i}") for i in range(10_000))
    chain = [Edge(f"n{i}", f"n{i + 1}") for i in range(9_999)]
    skips = [Edge(f"n{i}", f"n{i + 4}") for i in range(0, 9_990, 5)]
    with qtbot.waitSignal(canvas.layout_shown, timeout=60_000):
        canvas.set_scene(Scene(cards, (*chain, *skips)))
        assert canvas.picture is None  # the window goes on while another process works
    for zoom in (0.1, 1.0):
        canvas.set_current("n5000")
        canvas.zoom_to(zoom)
        qtbot.wait(120)
        for number in range(5000, 5003):
            canvas.set_states({f"n{number}": CardState(value=np.eye(16), status="done")}, {})
            canvas.set_current(f"n{number + 1}")
            QApplication.processEvents()
            assert canvas.current == f"n{number + 1}"


def test_empty_scene_is_an_empty_canvas(canvas: GraphCanvas, qtbot: QtBot) -> None:
    canvas.set_scene(Scene())
    canvas.set_current(None)
    canvas.set_states({"gone": CardState(value_text="1")}, {"gone": PillState()})
    for key in (Qt.Key.Key_F, Qt.Key.Key_1, Qt.Key.Key_Minus, Qt.Key.Key_Plus, Qt.Key.Key_Return):
        QTest.keyClick(canvas, key)
    assert picture(canvas).cards == {}


def test_no_attribute_hides_a_method_of_qt() -> None:
    """`self.shape = ...` on a graphics item ends the process at the first click."""
    folder = Path(view_module.__file__).parent
    seen = 0
    for path in sorted(folder.glob("*.py")):
        module = importlib.import_module(f"app.views.canvas.{path.stem}".removesuffix(".__init__"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.ClassDef):
                continue
            made = getattr(module, node.name)
            qt = [base for base in inspect.getmro(made) if base.__module__.startswith("PySide6")]
            taken = {name for base in qt for name in dir(base)} - set(dir(object))
            for part in ast.walk(node):
                if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store) and qt:
                    seen += 1
                    assert part.attr not in taken, f"{path.name}: self.{part.attr}"
    assert seen > 30
