"""Hovering and choosing by keyboard: a value and its twin, what it is made of, where it goes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.models.scene import Card, CardState, Edge, Pill, PillState, Scene
from app.theme import THEMES
from app.views.canvas.neuron_places import PARAMETERS
from app.views.canvas.trace_words import Traced, html_of, text_of_traced
from app.views.canvas.view import GraphCanvas
from tests.app.views.canvas.test_canvas_neurons import net, state

NET = Scene(
    (
        Card("x", "x", "x", kind="input"),
        Card("z1", "linear", "z1", pills=(Pill("w1", "w1"), Pill("b1", "b1"))),
        Card("a1", "sigmoid", "a1"),
        Card("C", "mse_loss", "C", kind="loss"),
    ),
    (Edge("x", "z1"), Edge("z1", "a1"), Edge("a1", "C")),
)
ONE = np.ones((1, 1))
KNOWN = CardState(ONE, "1.124", ONE, "-0.02", status="done", phase="backward")


@pytest.fixture
def canvas(qtbot: QtBot) -> Iterator[GraphCanvas]:
    made = GraphCanvas(THEMES["light"])
    qtbot.addWidget(made)
    made.set_reduce_motion(True)
    made.resize(900, 700)
    made.show()
    made.set_scene(NET)
    made.set_states({"z1": KNOWN, "x": CardState(ONE, "0.8", status="done")}, {"w1": PillState()})
    made.zoom_to(1.0)
    yield made
    made.stop()


def hover(over: QWidget, spot: QPointF) -> None:
    """Moves the mouse there, no button held."""
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, spot, over.mapToGlobal(spot), none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(over, event)


def on_card(canvas: GraphCanvas, card: str, dx: float) -> QPointF:
    """A point in the lower half of a card, so far right of its middle."""
    item = canvas.picture.item_of(card) if canvas.picture is not None else None
    assert item is not None
    return QPointF(canvas.mapFromScene(item.pos() + QPointF(dx, 12.0)))


def test_over_the_value_it_is_traced_forward_and_named_beside_its_gradient(canvas: GraphCanvas) -> None:
    hover(canvas.viewport(), on_card(canvas, "z1", -40.0))
    (traced,) = canvas.caption.traced
    assert traced == Traced("z1", "1.124", "-0.02", True, ["x"], ["w1", "b1"], ["a1"], backward=False)
    words = canvas.caption.accessibleName()
    assert words == "z⁽¹⁾ = 1.124 ↔ ∂C/∂z⁽¹⁾ = -0.02. made of x, w⁽¹⁾, b⁽¹⁾. goes into a⁽¹⁾"
    assert canvas.caption.isVisible()


def test_over_the_gradient_its_way_is_traced_backward(canvas: GraphCanvas) -> None:
    hover(canvas.viewport(), on_card(canvas, "z1", 40.0))
    assert canvas.caption.traced[0].backward
    words = canvas.caption.accessibleName()
    assert words.startswith("∂C/∂z⁽¹⁾ = -0.02 ↔ z⁽¹⁾ = 1.124")
    assert words.endswith("comes from ∂C/∂a⁽¹⁾. goes on to ∂C/∂w⁽¹⁾, ∂C/∂b⁽¹⁾, ∂C/∂x")
    assert canvas.picture is not None
    shown = canvas.picture.trace_mark.shown
    assert shown is not None
    assert shown.backward
    assert not shown.value.intersects(shown.gradient)


def test_where_there_is_no_gradient_yet_the_card_is_its_value(canvas: GraphCanvas) -> None:
    hover(canvas.viewport(), on_card(canvas, "x", 40.0))
    assert not canvas.caption.traced[0].backward
    assert "?" in html_of(canvas.caption.traced[0], THEMES["light"])


def test_the_words_stand_in_the_canvas_and_not_over_their_card(canvas: GraphCanvas) -> None:
    for card in ("x", "z1", "a1", "C"):
        spot = on_card(canvas, card, -40.0)
        hover(canvas.viewport(), spot)
        assert canvas.rect().contains(canvas.caption.geometry())
        assert not canvas.caption.geometry().contains(spot.toPoint())


def test_words_go_with_the_mouse_and_with_a_step(canvas: GraphCanvas) -> None:
    hover(canvas.viewport(), on_card(canvas, "z1", -40.0))
    hover(canvas.viewport(), QPointF(3.0, 3.0))
    assert not canvas.caption.isVisible()
    hover(canvas.viewport(), on_card(canvas, "z1", -40.0))
    canvas.set_current("a1")
    assert not canvas.caption.isVisible()


def test_another_layout_takes_the_words_away(canvas: GraphCanvas) -> None:
    hover(canvas.viewport(), on_card(canvas, "z1", -40.0))
    canvas.set_scene(Scene((*NET.cards, Card("t", "t")), NET.edges))
    assert canvas.caption.traced == ()
    canvas.zoom_to(0.9)


def test_alt_and_arrows_point_out_the_same_until_the_keyboard_is_elsewhere(canvas: GraphCanvas) -> None:
    canvas.select("x")
    QTest.keyClick(canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert canvas.caption.traced[0].name == "z1"
    assert canvas.accessibleDescription() == canvas.caption.accessibleName()
    QApplication.sendEvent(canvas, QFocusEvent(QEvent.Type.FocusOut))
    assert not canvas.caption.isVisible()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            PillState("1.58"),
            "w⁽¹⁾ = 1.58, before its update. w⁽¹⁾.grad is None: no backward pass has put anything into it",
        ),
        (PillState("1.58", "0", "zero"), "w⁽¹⁾ = 1.58, before its update. w⁽¹⁾.grad = 0 holds zeros"),
        (
            PillState("1.6", "0.2", "holding", True, 1),
            "w⁽¹⁾ = 1.6, after its update. w⁽¹⁾.grad = 0.2 holds the gradient of one backward pass",
        ),
        (
            PillState("", "", "added", False, 3),
            "w⁽¹⁾, before its update. w⁽¹⁾.grad was just added to by backward pass 3: the sum of 3 passes",
        ),
        (
            PillState("", "", "holding", False, 2),
            "w⁽¹⁾, before its update. w⁽¹⁾.grad holds the sum of 2 backward passes",
        ),
    ],
)
def test_over_a_parameter_it_is_told_whether_it_is_new_and_who_filled_its_grad(
    canvas: GraphCanvas, told: PillState, words: str
) -> None:
    canvas.set_states({}, {"w1": told})
    item = canvas.picture.item_of("z1") if canvas.picture is not None else None
    assert item is not None
    for across in (150.0, 230.0):  # the pill, its box
        hover(canvas.viewport(), QPointF(canvas.mapFromScene(item.pos() + QPointF(across, -14.0))))
        assert canvas.caption.isVisible()
        assert canvas.caption.accessibleName() == words
    hover(canvas.viewport(), on_card(canvas, "z1", -40.0))
    assert canvas.caption.traced[0].name == "z1"
    hover(canvas.viewport(), QPointF(3.0, 3.0))
    assert not canvas.caption.isVisible()


def test_over_a_parameter_below_neurons_the_same_is_told(canvas: GraphCanvas) -> None:
    of = net(2, 3, 1)
    canvas.set_has_neurons(True)
    canvas.neurons.show_state(of, state(of), "z1", "forward", 0)
    shown = canvas.neurons.shown
    assert shown is not None
    footer = shown.places.footers[1]
    hover(canvas.neurons, QPointF(footer.x + 10.0, footer.y + 50.0 * footer.width / PARAMETERS))
    told = canvas.neurons.caption
    assert told.accessibleName().startswith("b⁽²⁾, before its update. b⁽²⁾.grad is None")
    hover(canvas.neurons, QPointF(1.0, 1.0))
    assert not told.isVisible()


def test_a_unit_of_a_repeat_is_named_like_the_others() -> None:
    assert text_of_traced(Traced("h⁽⁶⁾", backward=True)).startswith("∂C/∂h⁽⁶⁾ ↔ h⁽⁶⁾")


def test_a_unit_is_named_with_its_number(canvas: GraphCanvas) -> None:
    of = net(2, 3, 1)
    canvas.set_has_neurons(True)
    canvas.neurons.show_state(of, state(of), "z1", "forward", 0)
    places = canvas.neurons.shown
    assert places is not None
    unit = places.places.units[1][2]
    hover(canvas.neurons, QPointF(unit.centre_x, unit.centre_y))
    z, a = canvas.neurons.caption.traced
    assert (z.name, z.at, z.number, z.gradient, z.reads, z.parameters, z.readers) == (
        "z1", "[2]", "1", "−0.1", ("x",), ("w1", "b1"), ("a1",),
    )  # fmt: skip
    assert (a.name, a.number, a.has_gradient, a.reads, a.readers) == ("a1", "0.5", False, ("z1",), ("z2",))
    hover(canvas.neurons, QPointF(1.0, 1.0))
    assert not canvas.neurons.caption.isVisible()
    canvas.neurons.point_out("a2")
    assert [one.name for one in canvas.neurons.caption.traced] == ["z2", "a2"]
    canvas.neurons.point_out(None)
    assert canvas.neurons.caption.traced == ()


def test_names_are_text_and_no_markup(canvas: GraphCanvas) -> None:
    traced = Traced("<b>", reads=["a & b"] * 2 + [f"v{n}" for n in range(9)])
    assert "<b>" not in html_of(traced, THEMES["dark"])
    assert text_of_traced(traced).count("a & b") == 1
    assert text_of_traced(traced).endswith("…")
