"""The glossary's window: found by typing, walked by keyboard, one card leads to the next; every picture is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.models.glossary_list import GlossaryList
from app.theme import THEMES
from app.views.glossary.pictures.drawn import draw
from app.views.glossary.pictures.sketch import HEIGHT, PICTURES, WIDTH
from app.views.glossary.window import GlossaryWindow
from engine.glossary.shelf import CARDS, all_cards

DRAWN = sorted({card.picture for card in CARDS.values() if card.picture})


@pytest.fixture
def window(qtbot: QtBot) -> GlossaryWindow:
    made = GlossaryWindow(THEMES["dark"], chinese=False)
    qtbot.addWidget(made)
    made.show()
    made.search.setFocus()
    return made


def picture_of(name: str, theme: str) -> QImage:
    image = QImage(int(WIDTH), int(HEIGHT), QImage.Format.Format_RGB32)
    image.fill(QColor(THEMES[theme].surface))
    painter = QPainter(image)
    draw(name, painter, THEMES[theme])
    painter.end()
    return image


@pytest.mark.parametrize("name", DRAWN)
def test_every_picture_is_drawn_on_its_sheet(qtbot: QtBot, name: str) -> None:
    """It fills a good part of the sheet, and ends before the sheet does."""
    image = picture_of(name, "light")
    pixels = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), image.width())
    down, across = np.nonzero(pixels != QColor(THEMES["light"].surface).rgb())
    assert across.max() - across.min() > WIDTH / 2
    assert down.max() - down.min() > HEIGHT / 3
    assert across.min() > 0
    assert across.max() < WIDTH - 1
    assert down.min() > 0
    assert down.max() < HEIGHT - 1


def test_every_drawing_is_on_a_card_and_has_the_colours_of_its_theme(qtbot: QtBot) -> None:
    assert {name.partition(":")[0] for name in DRAWN} == set(PICTURES)
    assert picture_of("unit", "dark") != picture_of("unit", "light")


def test_the_list_has_groups_and_cards(qtbot: QtBot, qtmodeltester: ModelTester) -> None:
    model = GlossaryList(chinese=True)
    qtmodeltester.check(model)
    titles = [model.index(row, 0).data() for row in range(model.rowCount()) if model.card(row) is None]
    assert titles[:3] == ["网络里的数", "梯度", "自动微分"]
    assert model.rowCount() == len(all_cards()) + len(titles)
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsSelectable
    assert "学习率   η" in [model.index(row, 0).data() for row in range(model.rowCount())]


def test_typing_finds_and_arrows_walk(window: GlossaryWindow) -> None:
    QTest.keyClicks(window.search, "soft")
    assert window.card is all_cards()["softplus"]
    QTest.keyClick(window.search, Qt.Key.Key_Down)
    assert window.card is all_cards()["softmax"]
    QTest.keyClick(window.search, Qt.Key.Key_Up)
    assert window.card is all_cards()["softplus"]
    window.search.clear()
    assert window.card is all_cards()["softplus"], "the card stays where the search ends"
    QTest.keyClicks(window.search, "qwertz")
    assert window.nothing.isVisible()
    assert not window.list.isVisible()


def test_arrows_skip_titles(window: GlossaryWindow) -> None:
    window.show_key("logits")
    QTest.keyClick(window.search, Qt.Key.Key_Down)
    assert window.card is all_cards()["gradient"], "the first card of the next group"


def test_links_lead_on_and_back(window: GlossaryWindow) -> None:
    window.show_key("leaf")
    window.card_view.related.linkActivated.emit("term:grad_box")
    assert window.card is all_cards()["grad_box"]
    assert window.list.currentIndex().data().startswith("gradient box")
    QTest.keyClick(window, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert window.card is all_cards()["leaf"]
    assert not window.back.isEnabled()


def test_links_are_followed_by_keyboard(window: GlossaryWindow, qtbot: QtBot) -> None:
    """Tab goes from the list to the card, which the arrows scroll, to its text and that text's first link."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    window.show_key("accumulation")
    window.list.setFocus()
    QTest.keyClick(window.list, Qt.Key.Key_Tab)
    qtbot.waitUntil(window.card_view.hasFocus)
    QTest.keyClick(window.card_view, Qt.Key.Key_Tab)
    qtbot.waitUntil(window.card_view.meaning.hasFocus)
    QTest.keyClick(window.card_view.meaning, Qt.Key.Key_Tab)
    QTest.keyClick(window.card_view.meaning, Qt.Key.Key_Return)
    assert window.card is all_cards()["backprop"]


def test_a_link_out_of_a_search_ends_the_search(window: GlossaryWindow) -> None:
    QTest.keyClicks(window.search, "embedding")
    window.card_view.card_requested.emit("leaf")
    assert window.search.text() == ""
    assert window.card is all_cards()["leaf"]
    window.show_key("no such card")
    assert window.card is all_cards()["leaf"]


def test_a_card_says_all_that_it_has_and_nothing_that_it_has_not(window: GlossaryWindow) -> None:
    view = window.card_view
    window.show_key("linear")
    assert view.formula.accessibleDescription().startswith("y_(n,j) = Σ[k]")
    assert "b [out]" in view.shapes.text()
    assert "AddmmBackward" in view.names.text()
    assert "Shapes sort themselves out." in view.belief.text()
    assert view.picture.accessibleName() == "Picture: linear layer"
    assert 'href="term:b"' in view.meaning.text(), "a bias is spoken of"
    window.show_key("op.einsum")
    assert view.meaning.isVisible()
    for part in (view.formula, view.derivative, view.shapes, view.belief, view.picture, view.related):
        assert not part.isVisible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("chinese", [False, True])
def test_every_card_can_be_shown(qtbot: QtBot, theme: str, chinese: bool) -> None:
    """Its equations fit the card's width, in the largest letters too."""
    made = GlossaryWindow(THEMES[theme], chinese=chinese)
    qtbot.addWidget(made)
    made.show()
    too_wide = []
    for key in CARDS:
        made.show_key(key)
        view = made.card_view
        room = view.viewport().width()
        too_wide += [key for strip in (view.formula, view.derivative) if strip.isVisible() and strip.page_width > room]
    assert too_wide == []
    made.set_theme(THEMES["light"])
    assert made.card is not None
