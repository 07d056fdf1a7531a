"""The call tree's filter: events by name, module and error, in the trace's order, and how their rows look."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.docks.listing import Listing
from app.models.call_tree import FAILED_ROLE, POSITION_ROLE, CallTreeModel
from app.models.event_matches import EventMatchesModel, matches_in
from app.models.row_roles import ASIDE_ROLE, IS_HERE_ROLE, MARK_ROLE
from app.theme import THEMES
from app.views.call_tree import CallTreeView
from engine.trace.reader import Trace

FAILING = """import torch
w = torch.ones(3)
try:
    w @ torch.ones(2)
except RuntimeError:
    pass
w * 2.0
"""


def test_events_are_found_by_name_module_and_nothing_else_counts(hello: Trace) -> None:
    events = hello.events()
    sigmoids = [event.position for event in events if "sigmoid" in f"{event.name} {event.function}".lower()]
    assert hello.find_events("SIGMOID", 1000) == sigmoids
    assert hello.find_events("sigmoid", 2) == sigmoids[:2]
    in_hidden = []
    for event in events:
        call = None if event.call is None else hello.call(event.call)
        if call is not None and "hidden_layer" in call.path:
            in_hidden.append(event.position)
    assert in_hidden
    assert hello.find_events("hidden_layer", 1000) == in_hidden
    # What means something to SQL means only itself here.
    assert hello.find_events("%", 10) == []
    assert hello.find_events("linea_", 10) == []
    found = matches_in(hello.path, "sigmoid")
    assert (found.positions, found.is_all) == (tuple(sigmoids), True)


def test_rows_say_what_happened_where(hello: Trace, qtmodeltester: ModelTester) -> None:
    model = EventMatchesModel()
    positions = hello.find_events("linear", 1000)
    model.set_positions(hello, positions)
    first = model.index(0)
    assert first.data(Qt.ItemDataRole.DisplayRole) == "linear · hidden_layer"
    assert first.data(ASIDE_ROLE) == "iteration 1"
    assert first.data(POSITION_ROLE) == positions[0]
    model.set_position(positions[0] + 1)
    assert [model.index(row).data(IS_HERE_ROLE) for row in range(2)] == [True, False]
    qtmodeltester.check(model)


def test_what_raised_is_marked_in_list_and_tree(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(FAILING)
    (position,) = trace.find_events("RuntimeError", 10)
    model = EventMatchesModel()
    model.set_positions(trace, [position, position + 1])
    assert [model.index(row).data(MARK_ROLE) for row in range(2)] == ["certain", ""]
    heard = [model.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(2)]
    event = trace.event(position)
    assert event is not None
    assert event.error in heard[0]
    assert "Error" not in heard[1]
    assert "iteration" in heard[1]
    tree = CallTreeModel()
    tree.set_trace(trace)
    assert tree.index_at(position).data(FAILED_ROLE)
    assert not tree.index_at(position + 1).data(FAILED_ROLE)


def test_the_panel_lists_while_something_is_typed(qtbot: QtBot, hello: Trace) -> None:
    listing = Listing(CallTreeView(THEMES["dark"]), THEMES["dark"])
    panel = listing.panel
    qtbot.addWidget(panel)
    panel.show()
    listing.set_trace(hello)
    qtbot.keyClicks(panel.filter, "sigmoid")
    qtbot.waitUntil(lambda: listing.model.rowCount() > 0, timeout=30_000)
    count = len(hello.find_events("sigmoid", 1000))
    assert panel.count.text() == f"{count} events"
    assert panel.list.isVisible()
    qtbot.keyClick(panel.filter, Qt.Key.Key_Down)
    with qtbot.waitSignal(listing.event_activated) as asked:
        panel.list.setCurrentIndex(listing.model.index(1))
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert asked.args == [hello.find_events("sigmoid", 2)[1]]
    qtbot.keyClicks(panel.filter, "zzz")
    qtbot.waitUntil(lambda: panel.count.text() == "none", timeout=30_000)
    qtbot.keyClick(panel.filter, Qt.Key.Key_Escape)
    assert panel.filter.text() == ""
    assert panel.tree.isVisible()
    listing.close()


def test_iterations_are_read_again_only_where_they_changed(hello_path: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(hello_path, tmp_path / "copy.gradstep"))
    with Trace(copy) as trace, Trace(copy) as fresh:
        before = trace.iterations()
        asked: list[str] = []
        trace._db.set_trace_callback(asked.append)
        assert trace.iterations() == before
        assert not any("FROM iterations" in statement for statement in asked)
        last = before[-1]
        writer = sqlite3.connect(copy)
        for change in (
            f"INSERT INTO iterations VALUES ({last.number + 1}, {last.end}, {last.end + 5}, 1)",
            f"UPDATE iterations SET end = {last.end + 9} WHERE number = {last.number + 1}",
            f"UPDATE iterations SET whole = 0 WHERE number = {before[0].number}",
        ):
            writer.execute(change)
            writer.commit()
            rows = writer.execute("SELECT number, begin, end, whole FROM iterations ORDER BY number").fetchall()
            assert [(one.number, one.begin, one.end, int(one.whole)) for one in trace.iterations()] == rows
        writer.close()
        assert fresh.iterations() == trace.iterations()


@pytest.mark.parametrize("position", [0, 5, 20, 10_000])
def test_only_iterations_between_two_places_are_told_to_have_changed(hello: Trace, position: int) -> None:
    tree = CallTreeModel()
    tree.set_trace(hello)
    tree.set_position(0)
    told: list[tuple[int, int]] = []
    tree.dataChanged.connect(lambda first, last: told.append((first.row(), last.row())))
    tree.set_position(position)
    spans = hello.iterations()
    reached = next((row for row, one in enumerate(spans) if one.end >= position), len(spans) - 1)
    assert told == ([] if position == 0 else [(0, reached)])
