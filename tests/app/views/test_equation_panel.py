"""The equation panel's head: choices, the badge, what lies beside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.dialogs.verdict import VerdictDialog, verdict_sentence
from app.models.equation_check import Checks, Question
from app.settings import Sides, Wishes
from app.theme import THEMES
from app.views.equation.badge import VerdictBadge
from app.views.equation.panel import EquationPanel
from engine.analysis.notation.printing import to_text
from engine.analysis.verdict.answer import Answer, Verdict
from engine.bilingual import Bilingual, same
from engine.trace.reader import Trace

WRONG_BACKWARD = """
import torch

class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return 2 * x

    @staticmethod
    def backward(ctx, grad):
        return 3 * grad

x = torch.tensor([1.0, 2.0], requires_grad=True)
C = Twice.apply(x).sum()
C.backward()
"""


@pytest.fixture
def panel(qtbot: QtBot) -> EquationPanel:
    load_fonts()
    made = EquationPanel(THEMES["dark"], Wishes(Sides.NUMBERS, 5, chain=False))
    qtbot.addWidget(made)
    made.resize(700, 300)
    made.show()
    return made


def test_the_head_shows_what_was_wished_for(panel: EquationPanel) -> None:
    assert panel.sides.currentText() == "numbers only"
    assert panel.digits.value() == 5
    assert (panel.chain.isChecked(), panel.matrices.isChecked()) == (False, True)


def test_each_choice_is_told_once(panel: EquationPanel) -> None:
    heard: list[Wishes] = []
    panel.wishes_changed.connect(heard.append)
    QTest.keyClick(panel.sides, Qt.Key.Key_Up)
    panel.digits.setValue(17)
    panel.chain.trigger()
    panel.matrices.trigger()
    assert heard == [
        Wishes(Sides.SYMBOLS, 5, chain=False),
        Wishes(Sides.SYMBOLS, 17, chain=False),
        Wishes(Sides.SYMBOLS, 17),
        Wishes(Sides.SYMBOLS, 17, matrices=False),
    ]
    panel.digits.setValue(99)
    assert panel.wishes.digits == 17


def test_the_badge_has_a_sign_for_each_answer(qtbot: QtBot, hello_path: Path) -> None:
    badge = VerdictBadge(THEMES["light"])
    qtbot.addWidget(badge)
    assert badge.isHidden()
    badge.set_verdict(Checks().answer(Question(hello_path, 0, 0)).verdict)
    assert badge.text().startswith("✓ agrees")
    why = Bilingual("no formula of it is known", "没有已知的公式")
    badge.set_verdict(Verdict(3, "mystery", same("mystery"), Answer.CANNOT_CHECK, why))
    assert badge.text() == "? cannot check"
    assert "no formula of it is known" in badge.toolTip()
    with qtbot.waitSignal(badge.details_requested):
        QTest.keyClick(badge, Qt.Key.Key_Space)
    badge.set_verdict(None)
    assert badge.isHidden()


def test_a_gradient_is_checked_by_formula_and_by_differences_and_has_its_chain(hello_path: Path) -> None:
    found = Checks().answer(Question(hello_path, 0, 9))
    assert found.symbol == "dC/dw2"
    assert found.verdict is not None
    # The weight's gradient leaves torch through a transpose; it is compared where the layer's node is.
    assert {one.symbol for one in found.verdict.comparisons} == {"dC/dw2"}
    (line,) = found.chain
    assert to_text(line.expression).startswith("∂C/∂w⁽²⁾ = ∂C/∂a⁽²⁾·∂a⁽²⁾/∂z⁽²⁾·∂z⁽²⁾/∂w⁽²⁾ = ")


def test_a_number_of_the_forward_pass_has_no_chain_and_one_past_the_end_no_answer(hello_path: Path) -> None:
    assert Checks().answer(Question(hello_path, 0, 0)).chain == ()
    assert Checks().answer(Question(hello_path, 0, 10_000)).verdict is None


def test_what_differs_says_so_with_both_numbers(recorded: Callable[[str], Trace], qtbot: QtBot) -> None:
    trace = recorded(WRONG_BACKWARD)
    found = next(
        answer
        for answer in (Checks().answer(Question(trace.path, 0, i)) for i in range(6))
        if answer.verdict is not None and answer.verdict.answer is Answer.DIFFERS
    )
    assert found.verdict is not None
    badge = VerdictBadge(THEMES["dark"])
    qtbot.addWidget(badge)
    badge.set_verdict(found.verdict)
    assert badge.text() == "✗ differs"
    worst = found.verdict.worst
    assert worst is not None
    assert (worst.recorded, worst.computed) == (pytest.approx(3.0), pytest.approx(2.0, rel=1e-4))
    dialog = VerdictDialog(found.verdict, THEMES["dark"])
    qtbot.addWidget(dialog)
    labels = [label.text() for label in dialog.findChildren(QLabel)]
    assert "3" in labels
    assert any("✗" in text for text in labels)
    assert verdict_sentence(found.verdict) in labels
