"""Stories about what-ifs: a value is changed where the script is held, and a branch is tried and compared."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt

from engine.session.what_if import Plan
from tests.helpers.window_user import User


def test_a_value_is_changed_and_a_branch_is_compared(hello: User) -> None:
    window = hello.window
    hello.step(Qt.Key.Key_F10)
    hello.step(Qt.Key.Key_F10)
    trying = window._trying
    assert trying.suggested(window.panels.moment)[0] == "a1"
    assert "not finite" in trying.change("a1", "0 / 0", True)
    assert trying.change("a1", "0.25", True) == ""
    hello.wait(lambda: window.state.recorded == window.run.session.frontier and window.run.can_edit_here)
    hello.wait_until_still()
    assert hello.number == "0.25"
    assert hello.card("a1") == "0.25"
    hello.step(Qt.Key.Key_F10)
    # z2 = w2 a1 + b2 with what was put in the place of a1
    assert float(hello.number.replace("−", "-")) == round(2.45 * 0.25 - 0.11, 4)
    hello.press(Qt.Key.Key_F5)
    hello.wait(lambda: str(window.state.status) == "ended")
    hello.wait_until_still()
    branching = window.panels.debugging.branching
    window._try(Plan(changes=("lr=2",)))
    hello.wait(lambda: not branching.is_busy)
    hello.wait(lambda: branching.model.rowCount() == 2)
    hello.wait(lambda: "First difference:" in branching.view.detail.toPlainText())
    assert [one.name for one in window.panels.loss.overlays] == ["lr=2"]
    a2 = 1 / (1 + math.exp(-(2.45 / (1 + math.exp(-(1.58 * 0.8 - 0.14))) - 0.11)))
    (loss,) = window.panels.loss.overlays[0].numbers
    assert math.isclose(loss, (a2 - 1) ** 2, rel_tol=1e-5)
    branching.view.open_requested.emit(1)
    hello.wait(lambda: window.state.trace is not None and window.state.trace.path.name.endswith("what-if-1.gradstep"))
    hello.wait(lambda: not branching.is_busy)
    assert branching.model.row_of(window.state.trace.path.resolve()) == 1
