"""The names of the module calls above the graph."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.docks.centre import Centre
from app.models.place_words import PlaceWords
from app.notices import NoticeBar, NoticeColours
from app.settings import Wishes
from app.theme import THEMES
from app.views.equation.panel import EquationPanel

TRAIL = ("model", "transformer", "encoder", "layers", "11", "attention", "output", "dense", "linear")


def test_a_deep_trail_keeps_its_end_and_does_not_widen_the_window(qtbot: QtBot) -> None:
    theme = THEMES["dark"]
    colours = NoticeColours(theme.error, theme.warning, theme.accent, theme.text, theme.muted, theme.raised)
    centre = Centre(theme, NoticeBar(colours), QWidget(), QWidget(), EquationPanel(theme, Wishes()), QWidget())
    qtbot.addWidget(centre)
    centre.show_opened()
    centre.resize(400, 500)
    centre.show()
    centre.set_words(PlaceWords(TRAIL, "z1"))
    assert centre.width() == 400
    text = centre.breadcrumb.text()
    assert text.startswith("…")
    assert text.endswith("linear")
    assert 'href="8"' in text  # each link is still to its own depth
    assert 'href="1"' not in text
    assert centre.breadcrumb.toolTip().split() == "   ›   ".join(TRAIL).split()
    centre.resize(1400, 500)
    assert 'href="1"' in centre.breadcrumb.text()
    assert centre.breadcrumb.toolTip() == ""
