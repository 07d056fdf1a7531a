"""Story: open hello from the start page, step to the end of the update and back to the start, by keyboard only."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.helpers.window_user import Modifier, User

GOLDEN = json.loads((Path(__file__).resolve().parents[2] / "goldens" / "seeds.json").read_text())["seed000_hello_world"]
FORWARD, BACKWARD, UPDATED = GOLDEN["forward"], GOLDEN["backward"], GOLDEN["updated"]

STEPS = [
    ("z⁽¹⁾", FORWARD["z1"]), ("a⁽¹⁾", FORWARD["a1"]), ("z⁽²⁾", FORWARD["z2"]), ("a⁽²⁾", FORWARD["a2"]),
    ("C", FORWARD["C"]),
    ("∂C/∂a⁽²⁾", BACKWARD["dC_da2"]), ("σ′(z⁽²⁾)", BACKWARD["da2_dz2"]), ("∂C/∂z⁽²⁾", BACKWARD["dC_dz2"]),
    ("∂C/∂b⁽²⁾", BACKWARD["dC_db2"]), ("∂C/∂w⁽²⁾", BACKWARD["dC_dw2"]), ("∂C/∂a⁽¹⁾", BACKWARD["dC_da1"]),
    ("σ′(z⁽¹⁾)", BACKWARD["da1_dz1"]), ("∂C/∂z⁽¹⁾", BACKWARD["dC_dz1"]), ("∂C/∂b⁽¹⁾", BACKWARD["dC_db1"]),
    ("∂C/∂w⁽¹⁾", BACKWARD["dC_dw1"]),
    ("new w⁽¹⁾", UPDATED["w1"]), ("new b⁽¹⁾", UPDATED["b1"]), ("new w⁽²⁾", UPDATED["w2"]),
    ("new b⁽²⁾", UPDATED["b2"]),
]  # fmt: skip
"""The textbook's order: 5 forward, 10 backward, 4 in the update, with the numbers of a derivation by hand."""

CARDS_AT_THE_END = {
    "z1": ("z1", "dC_dz1"), "a1": ("a1", "dC_da1"), "z2": ("z2", "dC_dz2"), "a2": ("a2", "dC_da2"),
}  # fmt: skip


def test_step_through_hello_and_back(user: User) -> None:
    choose_hello_on_the_start_page(user)
    assert user.phase.startswith("▸ FORWARD")
    assert user.equations[0] == ""
    assert user.equations[1].endswith("?")
    for symbol, number in STEPS:
        user.step(Qt.Key.Key_F10)
        check_numbers(user, symbol, number)
    for card, (value, gradient) in CARDS_AT_THE_END.items():
        shown = [float(text.replace("−", "-")) for text in user.card(card).split()]
        assert shown == pytest.approx([FORWARD[value], BACKWARD[gradient]], rel=1e-4)
    for symbol, number in reversed(STEPS[:-1]):
        user.step(Qt.Key.Key_F10, Modifier.ControlModifier)
        check_numbers(user, symbol, number)
        assert hidden_result(user.equations[1])
    user.step(Qt.Key.Key_F10, Modifier.ControlModifier)
    assert user.window.state.place.quantity == 0
    assert user.equations[0] == ""
    assert user.card("z1") == ""
    assert user.phase == "▸ FORWARD step 1 of 19 so far"


def choose_hello_on_the_start_page(user: User) -> None:
    for _ in range(40):
        focused = QApplication.focusWidget()
        if focused is not None and focused.accessibleName().startswith("hello"):
            break
        user.press(Qt.Key.Key_Tab)
    user.press(Qt.Key.Key_Space)
    user.wait_for_first_step()


def check_numbers(user: User, symbol: str, number: float) -> None:
    """The equation's left side and result, and the tensor panel, say this number."""
    last = user.equations[0].splitlines()[-1]
    assert symbol in last
    assert float(re.findall(r"-?\d[\d.e-]*", last)[-1]) == pytest.approx(number, rel=2e-6)
    assert symbol in user.tensor_title
    assert float(user.number.replace("−", "-")) == pytest.approx(number, rel=1e-3)


def hidden_result(equation: str) -> bool:
    return equation.endswith("= ?")
