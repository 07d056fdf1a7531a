"""The stops of a demo as rows."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from app.models.demo_stops import DemoStopsModel
from app.models.row_roles import DETAIL_ROLE, IS_HERE_ROLE
from engine.lessons.demo import Chosen, DemoStop
from engine.session.place import Level, Place

STOPS = (
    DemoStop(Place(0), Level.QUANTITY, note="Look at\nthe code"),
    DemoStop(Place(9, 3, 1), Level.QUANTITY, Chosen(symbol="z⁽¹⁾"), None, "", "How large?"),
)


def test_stops_are_numbered_rows_with_note_place_and_question(qtmodeltester: ModelTester) -> None:
    model = DemoStopsModel()
    model.set_stops(STOPS, 1)
    qtmodeltester.check(model)
    assert [model.index(row).data() for row in range(2)] == ["1. Look at the code", "2. without a note"]
    assert model.index(0).data(DETAIL_ROLE) == "before iteration 1"
    assert model.index(1).data(DETAIL_ROLE) == "iteration 2 · z⁽¹⁾ · How large?"
    assert [model.index(row).data(IS_HERE_ROLE) for row in range(2)] == [False, True]
    assert model.index(1).data(Qt.ItemDataRole.AccessibleTextRole).startswith("2. without a note, iteration 2")
    model.set_here(0)
    assert [model.index(row).data(IS_HERE_ROLE) for row in range(2)] == [True, False]
    model.set_stops((), -1)
    assert model.rowCount() == 0
