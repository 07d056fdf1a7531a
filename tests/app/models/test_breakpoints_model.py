"""The list of breakpoints: rows, ticks, hits, reasons, and what the gutter makes of them."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester

from app.models.breakpoint_lines import at_line, dots, toggled
from app.models.breakpoint_names import names_by_kind
from app.models.breakpoint_words import detail_of, kind_words, title_of
from app.models.breakpoints import BreakpointsModel, Hits
from app.models.row_roles import ASIDE_ROLE, DETAIL_ROLE, IS_HERE_ROLE
from engine.bilingual import Bilingual
from engine.trace.reader import Trace
from engine.wire.breakpoints import Breakpoint, What

LINE = Breakpoint(What.LINE, "/tmp/a.py", 3)
NAN = Breakpoint(What.NOT_FINITE)
TOLD = Breakpoint(What.OP, "linear", condition="loss > 1", first=3, every=2, log="loss {loss}")


@pytest.fixture
def model(qtmodeltester: ModelTester) -> BreakpointsModel:
    made = BreakpointsModel()
    made.set_breakpoints((LINE, NAN, TOLD))
    qtmodeltester.check(made)
    return made


def texts(model: BreakpointsModel, role: int) -> list[str]:
    return [model.index(row).data(role) for row in range(model.rowCount())]


def test_rows_say_what_is_waited_for_and_on_what_condition(model: BreakpointsModel) -> None:
    assert texts(model, Qt.ItemDataRole.DisplayRole) == ["Line 3 · a.py", "NaN or infinity is made", "Operation linear"]
    detail = "if loss > 1 · from hit 3 on · 1 hit in 2 · tells “loss {loss}”, does not stop"
    assert texts(model, DETAIL_ROLE) == ["", "", detail]


@pytest.mark.parametrize("what", list(What))
def test_every_kind_has_words(what: What) -> None:
    words = kind_words()[what]
    assert words.title
    named = Breakpoint(what, "abc", 1, 2.5, "loss > 1" if what == What.CONDITION else "")
    assert "%" not in title_of(named)
    assert title_of(named)
    assert detail_of(named) == ""


def test_a_tick_switches_and_says_so(model: BreakpointsModel) -> None:
    told: list[tuple[Breakpoint, ...]] = []
    model.breakpoints_changed.connect(told.append)
    assert model.setData(model.index(1), Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    assert told[-1] == (LINE, Breakpoint(What.NOT_FINITE, enabled=False), TOLD)
    model.remove(0)
    assert model.add(LINE) == 2
    model.edit(2, NAN)
    assert model.breakpoints == (Breakpoint(What.NOT_FINITE, enabled=False), TOLD, NAN)
    assert len(told) == 4


def test_hits_are_counted_up_to_here_and_in_all(model: BreakpointsModel) -> None:
    model.set_hits({LINE: Hits((4, 9, 14), True), NAN: Hits((), False)}, 9)
    assert texts(model, ASIDE_ROLE) == ["2 / 3", "0 / 0…", ""]
    assert (model.next_hit(0), model.next_hit(1), model.next_hit(2), model.next_hit(-1)) == (14, None, None, None)
    model.set_hits({LINE: Hits((4, 9, 14), True)}, 20)
    assert model.next_hit(0) == 4


def test_the_one_that_stops_here_says_why(model: BreakpointsModel) -> None:
    model.set_reasons(((NAN, Bilingual("sqrt made NaN.", "sqrt 产生了 NaN。")),))
    assert texts(model, IS_HERE_ROLE) == [False, True, False]
    assert texts(model, DETAIL_ROLE)[1] == "sqrt made NaN."
    assert "sqrt made NaN" in model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)


def test_the_gutter_tells_kinds_of_breakpoints_apart() -> None:
    on = [Breakpoint(What.LINE, "/a.py", line) for line in (1, 2)]
    given: Iterable[Breakpoint] = (
        *on,
        Breakpoint(What.LINE, "/a.py", 3, condition="loss > 1"),
        Breakpoint(What.LINE, "/a.py", 4, every=2),
        Breakpoint(What.LINE, "/a.py", 5, log="here"),
        Breakpoint(What.LINE, "/a.py", 6, log="here", enabled=False),
        Breakpoint(What.LINE, "/b.py", 7),
        Breakpoint(What.OP, "/a.py"),
    )
    shown = {1: "stop", 2: "stop", 3: "condition", 4: "condition", 5: "log", 6: "off"}
    assert dots(tuple(given), "/a.py") == shown
    assert toggled(tuple(on), "/a.py", 2) == (on[0],)
    assert toggled((on[0],), "/a.py", 2) == tuple(on)
    assert at_line(on, "/a.py", 2) == on[1]
    assert at_line(on, "/b.py", 2) is None


def test_names_to_choose_from_are_those_of_the_trace(hello: Trace) -> None:
    names = names_by_kind(hello)
    assert {"linear", "sigmoid", "mse_loss"} <= set(names[What.OP])
    assert "SigmoidBackward0" in names[What.NODE]
    assert {"hidden_layer", "Linear"} <= set(names[What.MODULE])
    assert "hidden_layer.weight.grad" in names[What.DATA]
    assert "hidden_layer.weight" in names[What.GRADIENT_ABOVE]
