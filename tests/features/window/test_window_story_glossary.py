"""A story about words: who meets one asks what it is, at a node, a term of an equation, in a lesson, or by typing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from app.docks.choosing import VALUE_REF
from engine.lessons.shelf import find_lesson
from tests.helpers.window_user import User

SHIFT = Qt.KeyboardModifier.ShiftModifier


def shown(user: User) -> str:
    """Key of the card that the glossary shows."""
    glossary = user.window.looking_up.window
    assert glossary is not None
    assert glossary.isVisible()
    assert glossary.card is not None
    return glossary.card.key


def asking(face: QWidget, place: QPoint) -> QContextMenuEvent:
    """A right click."""
    return QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, face.mapToGlobal(place))


def test_the_glossary_opens_at_once_with_nothing_open(user: User) -> None:
    user.press(Qt.Key.Key_F1, SHIFT)
    assert shown(user) == "gradient"
    glossary = user.window.looking_up.window
    assert glossary is not None
    user.wait(lambda: glossary.search.hasFocus())
    QTest.keyClicks(glossary.search, "learning rate")
    assert shown(user) == "lr"
    QTest.keyClick(glossary.search, Qt.Key.Key_Escape)
    assert not glossary.isVisible()
    user.window.activateWindow()
    user.window.show_glossary()
    assert shown(user) == "lr", "it is where it was"


def test_a_node_of_the_graph_is_asked_what_it_is(hello: User) -> None:
    window = hello.window
    canvas = window.panels.canvas
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right):
        hello.step(key)
    picture = canvas.picture
    assert picture is not None
    card = next(key for key, item in picture.cards.items() if item.card.symbol == "z1")
    canvas.card_selected.emit(card)
    entries = [action.text() for action in window.node_menu.menu().actions() if action.text()]
    assert entries[:2] == ["What is this? linear layer", "What is this? weighted input"]
    assert "Run to here" in entries
    QTest.keyClicks(canvas, "?")
    assert shown(hello) == "linear"


def test_a_right_click_chooses_the_node_under_it(hello: User, monkeypatch: pytest.MonkeyPatch) -> None:
    window = hello.window
    canvas = window.panels.canvas
    for _ in range(3):
        hello.step(Qt.Key.Key_Right)
    shown_menus: list[QMenu] = []
    monkeypatch.setattr(window.node_menu, "open_at", lambda place: shown_menus.append(window.node_menu.menu()))
    assert canvas.shows_neurons
    units = canvas.neurons
    place = next(QPoint(x, y) for x in range(0, units.width(), 8) for y in range(0, units.height(), 8)
                 if units._scene is not None and units._scene.places.unit_at(x, y) == (1, 0))  # fmt: skip
    QApplication.sendEvent(units, asking(units, place))
    assert window.state.selection.symbol in ("z1", "a1")
    canvas.toggle_neurons()
    hello.wait(lambda: not canvas.is_fading)
    canvas.fit()
    picture = canvas.picture
    assert picture is not None
    item = next(item for item in picture.cards.values() if item.card.symbol == "a1")
    QApplication.sendEvent(canvas.viewport(), asking(canvas.viewport(), canvas.mapFromScene(item.scenePos())))
    assert window.state.selection.symbol == "a1"
    assert shown_menus[-1].actions()[0].text() == "What is this? sigmoid"


def test_a_term_of_an_equation_is_asked_what_it_is(hello: User) -> None:
    window, equation = hello.window, hello.window.panels.equation
    hello.step(Qt.Key.Key_Right)
    terms = [term for term in equation.page().terms if term.ref.startswith(VALUE_REF)]
    under = next(term for term in terms if window.panels.selecting.of_ref(term.ref).symbol == "b1")
    menu = equation.context_menu(under)
    menu.actions()[0].trigger()
    assert shown(hello) == "b"
    assert equation.context_menu(None).actions()[0].text() == "Copy as LaTeX"


def test_a_lessons_words_lead_to_their_cards(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADSTEP_DATA", str(tmp_path))
    window = user.window
    window.panels.learning.start(find_lesson("hello"))
    view = window.panels.learning.view
    user.wait(lambda: view.has_page)
    for _ in range(20):
        links = view.text.toHtml().split('href="term:')[1:]
        if links:
            break
        view.next_requested.emit()
    assert links, "the lesson speaks of a word of the glossary"
    key = links[0].partition('"')[0]
    view.text.anchorClicked.emit(QUrl(f"term:{key}"))
    assert shown(user) == key
