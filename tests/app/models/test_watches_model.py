"""The list of watches: rows, results at a place, adding, editing and removing; and the curve of one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from app.models.watch_curve import WatchCurve
from app.models.watches import EXPRESSION, MOST_WATCHES, VALUE, WatchesModel
from app.theme import THEMES
from engine.analysis.roles import roles
from engine.analysis.watches.watch import parse
from engine.session.place import Place
from engine.trace.reader import Trace


@pytest.fixture
def model(hello: Trace, qtmodeltester: ModelTester) -> WatchesModel:
    made = WatchesModel(THEMES["dark"])
    made.set_expressions(("iteration", "z1", "nowhere", "1 +"))
    made.set_place(hello, Place(hello.iteration(1).begin, 0, 1))
    qtmodeltester.check(made)
    return made


def texts(model: WatchesModel, column: int) -> list[str | None]:
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_each_expression_is_shown_with_its_value_here(model: WatchesModel, hello: Trace) -> None:
    assert texts(model, EXPRESSION)[:4] == ["iteration", "z1", "nowhere", "1 +"]
    first, second, third, fourth, new = texts(model, VALUE)
    assert first == "2"
    assert second is not None
    assert second.startswith("z1 is not known yet")
    assert third == "There is no nowhere here."
    assert fourth == "The expression is not complete. Something is missing at its end."
    assert new is None
    model.set_place(hello, Place(hello.iteration(1).end, None, 1))
    assert texts(model, VALUE)[1] == "[1.127]"
    assert model.reason(1) == ""
    assert model.reason(2) == third


def test_what_cannot_be_read_is_red_and_what_is_not_known_is_faint(model: WatchesModel) -> None:
    colours = [model.index(row, VALUE).data(Qt.ItemDataRole.ForegroundRole) for row in range(4)]
    names = [None if colour is None else colour.name() for colour in colours]
    assert names == [None, THEMES["dark"].muted, THEMES["dark"].muted, THEMES["dark"].error]


def test_the_last_row_adds_and_emptying_removes(model: WatchesModel) -> None:
    told: list[tuple[str, ...]] = []
    model.expressions_changed.connect(told.append)
    assert model.setData(model.index(4, EXPRESSION), "  2 *  iteration ")
    assert texts(model, VALUE)[4] == "4"
    assert model.setData(model.index(0, EXPRESSION), "-iteration")
    assert texts(model, VALUE)[0] == "−2"
    assert model.setData(model.index(1, EXPRESSION), " ")
    model.remove(2)
    assert not model.setData(model.index(model.rowCount() - 1, EXPRESSION), "")
    assert told[-1] == ("-iteration", "nowhere", "2 * iteration")
    assert len(told) == 4
    assert model.expressions == told[-1]


def test_the_list_ends_somewhere(hello: Trace) -> None:
    model = WatchesModel(THEMES["dark"])
    model.set_expressions(tuple(str(n) for n in range(MOST_WATCHES - 1)))
    assert model.rowCount() == MOST_WATCHES
    model.setData(model.index(MOST_WATCHES - 1, EXPRESSION), "7")
    assert model.rowCount() == MOST_WATCHES
    assert len(model.expressions) == MOST_WATCHES


def test_without_a_trace_expressions_are_kept_and_have_no_value() -> None:
    model = WatchesModel(THEMES["dark"])
    model.set_expressions(("z1", "1 +"))
    assert texts(model, VALUE)[0] == ""
    assert model.watch(0) == parse("z1")
    assert model.watch(1) is None
    assert model.watch(2) is None


def test_a_curve_has_the_number_of_each_iteration(hello: Trace) -> None:
    curve = WatchCurve(parse("C"), hello)
    while curve.work(1.0):
        pass
    iterations, numbers = curve.points()
    wanted = [float(hello.array(roles(hello, k).by_role["C"])) for k in range(3)]
    assert iterations.tolist() == [0, 1, 2]
    assert np.allclose(numbers, wanted)


def test_a_curve_of_no_numbers_says_why(hello: Trace) -> None:
    curve = WatchCurve(parse("nowhere"), hello)
    curve.work(1.0)
    assert len(curve.points()[0]) == 0
    assert curve.reason.english == "There is no nowhere here."


def test_a_curve_is_worked_out_in_pieces(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(
        "import torch\n"
        "w = torch.ones(1, requires_grad=True)\n"
        "for i in range(40):\n"
        "    (w * w).sum().backward()\n"
        "    with torch.no_grad():\n"
        "        w -= 0.01 * w.grad\n"
        "    w.grad = None\n"
    )
    curve = WatchCurve(parse("w[0]"), trace)
    pieces = 0
    while curve.work(1e-9):
        pieces += 1
    assert pieces > 2
    assert np.allclose(curve.points()[1], 0.98 ** np.arange(1, 41))
    curve.look_again()
    curve.work(1.0)
    assert len(curve.points()[0]) == 40
