"""The call tree's model: rows and numbers, laziness, what is later, growth while a run is recorded, huge iterations."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest
import torch
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from app.models.call_tree import CURRENT_ROLE, LATER_ROLE, MARK_ROLE, NAME, NORM, TIME, VALUE, CallTreeModel
from app.models.call_tree_items import LARGEST_TREE
from engine.events import Event, Iteration
from engine.recorder.recorder import Recorder
from engine.trace.batch import Batch
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter


class GrowingTrace(Trace):
    """A trace of which only the first `length` events are recorded yet."""

    length = 0

    @property
    def extent(self) -> tuple[int, bool]:
        completed, is_pending = super().extent
        return min(self.length, completed), is_pending and self.length > completed

    def event(self, position: int) -> Event | None:
        return super().event(position) if position < self.length else None

    def events(self, iteration: int | None = None, begin: int = 0, end: int | None = None) -> list[Event]:
        return [event for event in super().events(iteration, begin, end) if event.position < self.length]

    def iterations(self) -> list[Iteration]:
        found = [one for one in super().iterations() if one.begin < self.length]
        return [Iteration(one.number, one.begin, min(one.end, self.length), one.whole) for one in found]


def _model(trace: Trace) -> CallTreeModel:
    made = CallTreeModel()
    made.set_trace(trace)
    return made


def _open(model: CallTreeModel, parent: QModelIndex) -> list[QModelIndex]:
    """The rows under one, loaded."""
    if model.canFetchMore(parent):
        model.fetchMore(parent)
    return [model.index(row, 0, parent) for row in range(model.rowCount(parent))]


def _outline(model: CallTreeModel, parent: QModelIndex, depth: int = 0) -> list[str]:
    lines = []
    for index in _open(model, parent):
        lines += ["  " * depth + str(index.data()), *_outline(model, index, depth + 1)]
    return lines


def _cell(model: CallTreeModel, position: int, column: int) -> Any:
    return model.index_at(position).siblingAtColumn(column).data()


def _begin(trace: Trace, iteration: int) -> int:
    return next(one.begin for one in trace.iterations() if one.number == iteration)


def test_rows_nest_as_the_program_ran(hello: Trace) -> None:
    model = _model(hello)
    tops = [model.index(row, 0) for row in range(model.rowCount())]
    assert [top.data() for top in tops] == ["set-up", "iteration 1", "iteration 2", "iteration 3"]
    outline = _outline(model, tops[1])
    assert outline[:9] == [
        "forward",
        "  net",
        "    hidden_layer",
        "      linear",
        "    sigmoid",
        "    output_layer",
        "      linear",
        "    sigmoid",
        "  criterion",
    ]
    assert "backward" in outline
    assert outline[outline.index("update") + 1 :][:4] == ["  SGD"] * 4


def test_the_model_keeps_qts_rules(hello: Trace, qtmodeltester: Any) -> None:
    model = _model(hello)
    for row in range(model.rowCount()):
        _outline(model, model.index(row, 0))
    qtmodeltester.check(model)


def test_nothing_is_read_before_it_is_opened(hello_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Trace(hello_path) as trace:
        asked: list[int | None] = []
        real = trace.events

        def events(iteration: int | None = None, begin: int = 0, end: int | None = None) -> list[Event]:
            asked.append(iteration)
            return real(iteration, begin, end)

        monkeypatch.setattr(trace, "events", events)
        model = _model(trace)
        assert model.rowCount() == 4
        assert model.hasChildren(model.index(2, 0))
        assert asked == []
        _open(model, model.index(2, 0))
        assert set(asked) == {1}


def test_values_carry_symbols_and_gradients_their_norm(hello: Trace) -> None:
    model, begin = _model(hello), _begin(hello, 0)
    assert _cell(model, begin, NAME) == "linear"
    assert _cell(model, begin, VALUE) == "z⁽¹⁾ = 1.124"
    assert _cell(model, begin + 1, VALUE) == "a⁽¹⁾ = 0.7547"
    assert _cell(model, begin, NORM) == "0.0172"  # dC/dz1 is -0.0172271
    assert _cell(model, begin + 5, NAME) == "MseLossBackward0"
    assert _cell(model, begin + 5, NORM) == "1"
    assert float(_cell(model, begin, TIME)) > 0


def test_what_is_later_is_faint_and_tells_nothing(hello: Trace) -> None:
    model, begin = _model(hello), _begin(hello, 0)
    model.set_position(begin + 2)
    assert _cell(model, begin + 1, VALUE) == "a⁽¹⁾ = 0.7547"
    assert _cell(model, begin + 1, NORM) == ""  # the backward pass is still to come
    assert _cell(model, begin + 2, VALUE) == ""
    arrival = begin + 13  # of dC/da1, at the backward node of the first sigmoid
    model.set_position(arrival)
    assert _cell(model, begin + 1, NORM) == ""
    model.set_position(arrival + 1)
    assert _cell(model, begin + 1, NORM) == "0.0931"
    model.set_position(begin + 2)
    later = [bool(model.index_at(begin + i).data(LATER_ROLE)) for i in range(4)]
    assert later == [False, False, True, True]
    assert [bool(model.index_at(begin + i).data(CURRENT_ROLE)) for i in range(4)] == [False, True, False, False]
    heard = [model.index_at(begin + i).data(Qt.ItemDataRole.AccessibleTextRole) for i in range(3)]
    assert heard == ["linear", "sigmoid, the current step", "linear, still to come"]


def test_phases_have_marks(hello: Trace) -> None:
    model = _model(hello)
    phases = _open(model, model.index(1, 0))
    assert [phase.data(MARK_ROLE) for phase in phases][:3] == ["forward", "backward", "update"]
    assert model.index_at(_begin(hello, 0)).data(MARK_ROLE) == ""


def test_rows_are_appended_while_a_run_is_recorded(hello_path: Path, qtbot: QtBot) -> None:
    with contextlib.closing(GrowingTrace(hello_path)) as trace, Trace(hello_path) as whole:
        begin = _begin(whole, 0)
        trace.length = begin + 1
        model = _model(trace)
        model.index_at(begin)  # opens iteration 1
        # Checks each signal that follows; its warnings fail the test. It would open rows in the middle of insertions.
        tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
        tester.setUseFetchMore(False)
        removed: list[object] = []
        model.rowsRemoved.connect(lambda *a: removed.append(a))
        for length in range(begin + 2, 80):
            trace.length = length
            model.refresh()
        other = _model(whole)
        assert _outline(model, model.index(1, 0)) == _outline(other, other.index(1, 0))
        assert removed == []
        assert model.rowCount() == 4


def test_a_huge_iteration_is_opened_in_parts(tmp_path: Path, qtbot: QtBot) -> None:
    count = 3 * LARGEST_TREE + 7
    writer = TraceWriter(tmp_path / "huge.gradstep", {"script": "huge.py"})
    rows: list[tuple[Any, ...]] = [
        (i, "op", f"sin{i}", "torch.sin", 0, "forward", None, None, [], [], None, None, None, i, 1000, 0, "")
        for i in range(count)
    ]
    writer.put(Batch(events=rows, iterations=[(0, 0, count)]))
    writer.close()
    with Trace(tmp_path / "huge.gradstep") as trace:
        model = _model(trace)
        index = model.index_at(count - 2)
        assert index.data() == f"sin{count - 2}"
        parts = _open(model, model.index(0, 0))
        assert [part.data() for part in parts][-1] == f"events {3 * LARGEST_TREE} to {count - 1}"
        assert len(parts) == 4
        assert model.canFetchMore(parts[0])
        assert not model.canFetchMore(parts[3])


def test_an_events_tip_has_what_torch_called_inside(tmp_path: Path) -> None:
    writer = TraceWriter(tmp_path / "t.gradstep", {"level": "aten"})
    with Recorder(writer, with_aten=True):
        torch.nn.functional.linear(torch.ones(1, 2), torch.ones(3, 2))
    writer.close()
    with Trace(tmp_path / "t.gradstep") as trace:
        model = CallTreeModel()
        model.set_trace(trace)
        linear = next(event.position for event in trace.events() if event.name == "linear")
        tip = model.data(model.index_at(linear), Qt.ItemDataRole.ToolTipRole)
        assert str(tip).splitlines()[1:] == ["    aten::t", "    aten::mm"]


def test_the_newest_number_is_marked_though_its_event_was_not_the_last(hello: Trace) -> None:
    model, begin = _model(hello), _begin(hello, 0)
    model.set_position(begin + 4, newest=begin + 1)
    assert [bool(model.index_at(begin + i).data(CURRENT_ROLE)) for i in range(4)] == [False, True, False, False]
    assert [bool(model.index_at(begin + i).data(LATER_ROLE)) for i in range(5)] == [False] * 4 + [True]
    model.set_position(begin + 4)
    assert [bool(model.index_at(begin + i).data(CURRENT_ROLE)) for i in range(4)] == [False, False, False, True]


def test_a_long_iteration_that_was_closed_is_read_again_when_it_is_opened(
    hello_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Trace(hello_path) as trace:
        model = _model(trace)
        tops = [model.index(row, 0) for row in range(model.rowCount())]
        outlines = [_outline(model, top) for top in tops]
        model.let_go(tops[1])
        assert model.rowCount(tops[1]) == len(_open(model, tops[1])) > 0
        monkeypatch.setattr("app.models.call_tree.LONG_TREE", 5)
        kept = len(model._items)
        model.let_go(tops[1])
        assert [model.rowCount(top) > 0 for top in tops] == [True, False, True, True]
        assert model.hasChildren(tops[1])
        assert kept - len(model._items) == len(outlines[1])
        assert [_outline(model, top) for top in tops] == outlines
        QAbstractItemModelTester(model)
