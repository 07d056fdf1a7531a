"""Stories about the graph in the window: neurons and cards, an update's four numbers, finding, a graph that changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.views.canvas.view import GraphCanvas
from engine.session.launch import Launch
from engine.session.record import record
from tests.helpers.window_user import EXAMPLES, Modifier, User

LOOP = """
import torch
torch.manual_seed(0)
net = torch.nn.Sequential(torch.nn.Linear(2, 20), torch.nn.Tanh(), torch.nn.Linear(20, 1))
x, y = torch.randn(4, 2), torch.randn(4, 1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
for i in range(3):
    optimizer.zero_grad()
    out = net(x)
    if i == 1:
        out = torch.tanh(out)
    loss = torch.nn.functional.mse_loss(out, y)
    loss.backward()
    optimizer.step()
"""


def recorded(user: User, script: Path, folder: Path, *arguments: str) -> GraphCanvas:
    """Records a script, opens the recording, and gives the canvas that shows it."""
    trace = folder / "trace.gradstep"
    with (folder / "output.txt").open("wb") as output:
        record(Launch(script, arguments, stdout=output), trace)
    user.window.open_path(trace)
    user.wait_until_still()
    return user.window.panels.canvas


def test_hello_is_neurons_first_and_cards_on_request(user: User, tmp_path: Path) -> None:
    canvas = recorded(user, EXAMPLES / "hello.py", tmp_path, "--iterations", "2")
    assert canvas.shows_neurons
    for _ in range(5):
        user.step(Qt.Key.Key_F10)
    shown = canvas.neurons.shown
    assert shown is not None
    assert shown.symbol == "C"
    assert shown.state.loss == pytest.approx(0.0223289583, rel=2e-5)
    canvas.setFocus()
    user.press(Qt.Key.Key_N)
    assert not canvas.shows_neurons
    for _ in range(11):
        user.step(Qt.Key.Key_F10)
    assert canvas.picture is not None
    row = canvas.picture.ledger.row
    assert row is not None
    assert (row.symbol, row.old.text, row.new.text) == ("w1", "1.58", "1.58138")
    user.step(Qt.Key.Key_F10, Modifier.ControlModifier)
    assert not canvas.picture.ledger.isVisible()


def test_find_by_the_menu_key_and_select_everywhere(user: User, tmp_path: Path) -> None:
    canvas = recorded(user, EXAMPLES / "hello.py", tmp_path, "--iterations", "1")
    user.press(Qt.Key.Key_F, Modifier.ControlModifier)
    assert canvas.search.isVisible()
    QTest.keyClicks(canvas.search.field, "a2")
    QTest.keyClick(canvas.search.field, Qt.Key.Key_Return)
    user.wait_until_still()
    assert user.window.state.selection.symbol == "a2"
    QTest.keyClick(canvas.search.field, Qt.Key.Key_Escape)
    assert not canvas.search.isVisible()


def test_a_branch_taken_once_is_marked_and_missed_afterwards(user: User, tmp_path: Path) -> None:
    script = tmp_path / "loop.py"
    script.write_text(LOOP, encoding="utf-8")
    canvas = recorded(user, script, tmp_path)
    assert not canvas.shows_neurons  # 20 units are too many
    assert not canvas.changed.isVisible()
    user.step(Qt.Key.Key_PageDown, Modifier.ControlModifier)
    assert canvas.changed.isVisible()
    assert canvas.picture is not None
    marked = {item.card.title: item.change for item in canvas.picture.cards.values() if item.change}
    assert set(marked.values()) == {"added"}
    assert "tanh" in marked
    user.step(Qt.Key.Key_PageDown, Modifier.ControlModifier)
    assert canvas.changed.isVisible()
    assert "tanh" in canvas.changed.toolTip()
