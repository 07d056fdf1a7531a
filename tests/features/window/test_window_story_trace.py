"""Stories about a recording: opened, stepped by other levels, shown in other themes, by keyboard."""

from __future__ import annotations

from math import exp
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from pytestqt.qtbot import QtBot

from app.models.scene_part import ScenePart
from app.state import Status
from app.window import MainWindow
from engine.session.launch import Launch
from engine.session.place import Level
from engine.session.record import record
from tests.helpers.window_user import EXAMPLES, Modifier, User

FAILING = """import torch

x = torch.tensor([2.0], requires_grad=True)
y = x.exp()
y += 1
y.sum().backward()
"""
MATRIX = """
import torch
x = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
w = torch.tensor([[10.0, 100.0]], requires_grad=True)
z = torch.nn.functional.linear(x, w)
z.sum().backward()
"""


@pytest.fixture(scope="session")
def recorded_hello(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of hello with three iterations."""
    trace = tmp_path_factory.mktemp("recorded") / "hello.gradstep"
    with (trace.parent / "output.txt").open("wb") as output:
        record(Launch(EXAMPLES / "hello.py", ("--iterations", "3"), stdout=output), trace)
    return trace


@pytest.fixture
def viewer(user: User, recorded_hello: Path) -> User:
    """A user who has opened it."""
    user.window.open_path(recorded_hello)
    user.wait_until_still()
    return user


def test_a_recording_opens_at_its_first_step_and_needs_no_process(viewer: User) -> None:
    assert viewer.window.state.status is Status.ENDED
    assert viewer.phase == "▸ FORWARD step 1 of 19"
    assert "iteration 3: output" in viewer.window.panels.console.toPlainText()
    assert not viewer.window.action_set.by_id["stop"].isEnabled()
    assert not viewer.window.action_set.by_id["restart"].isEnabled()
    printed = viewer.window.panels.console.toPlainText()
    assert "iteration 1: output 0.8506" in printed, "what the script printed is in the recording"
    assert printed.count("iteration 3: ") == 1
    viewer.step(Qt.Key.Key_F10)
    assert viewer.equations[0].endswith("= 1.124")
    assert viewer.card("z1") == "1.124"


def test_the_last_step_of_an_iteration_is_gone_to_without_leaving_it(viewer: User) -> None:
    viewer.window.run.to_quantity(19, 1)
    viewer.wait(lambda: viewer.window.state.place.iteration == 1)
    viewer.wait_until_still()
    assert viewer.phase == "● UPDATE all 19 steps done"
    viewer.step(Qt.Key.Key_F10)
    assert viewer.window.state.place.iteration == 2


def test_the_recording_of_a_failed_run_opens_where_it_failed(user: User, tmp_path: Path) -> None:
    script = tmp_path / "failing.py"
    script.write_text(FAILING, encoding="utf-8")
    with (tmp_path / "output.txt").open("wb") as output:
        record(Launch(script, (), stdout=output, stderr=output), tmp_path / "failing.gradstep")
    user.window.open_path(tmp_path / "failing.gradstep")
    user.wait_until_still()
    trace = user.window.state.trace
    assert trace is not None
    event = trace.event(user.window.state.place.position)
    assert event is not None
    assert (event.name, event.error[:12]) == ("ExpBackward0", "RuntimeError")
    notice = user.window.notices.notice
    assert notice is not None
    assert notice.what.english.startswith("The script failed: RuntimeError: one of the variables needed")
    assert "The gradient of exp in line 4 (y = x.exp())" in notice.why.english
    assert "y = y + 1" in notice.way_out.english
    assert "Traceback" in notice.detail
    assert user.window.panels.source.current_line == 6


def test_phases_and_iterations_have_keys(viewer: User) -> None:
    viewer.step(Qt.Key.Key_PageDown)
    assert viewer.phase == "◂ BACKWARD step 6 of 19"
    viewer.step(Qt.Key.Key_PageDown, Modifier.ControlModifier)
    assert viewer.window.state.place.iteration == 1
    assert viewer.phase == "▸ FORWARD step 1 of 19"
    viewer.step(Qt.Key.Key_F10)
    viewer.step(Qt.Key.Key_PageUp)
    assert viewer.phase == "▸ FORWARD step 1 of 19"
    viewer.step(Qt.Key.Key_PageUp, Modifier.ControlModifier)  # to where this iteration begins, with zero_grad
    viewer.step(Qt.Key.Key_PageUp, Modifier.ControlModifier)
    assert viewer.window.state.place.iteration == 0


def test_plain_keys_step_while_the_graph_has_the_focus(viewer: User) -> None:
    viewer.window.panels.canvas.setFocus()
    viewer.step(Qt.Key.Key_Right)
    viewer.step(Qt.Key.Key_Right)
    assert viewer.equations[0].endswith("= 0.7547299")
    viewer.step(Qt.Key.Key_Left)
    assert viewer.equations[0].endswith("= 1.124")
    viewer.step(Qt.Key.Key_F5)
    assert viewer.window.state.place.position == viewer.window.state.recorded
    viewer.step(Qt.Key.Key_Home)
    assert viewer.phase == "▸ FORWARD step 1 of 19"


def test_j_jumps_between_a_step_and_its_twin(viewer: User) -> None:
    viewer.window.panels.canvas.setFocus()
    trace = viewer.window.state.trace
    assert trace is not None
    # What comes next is linear; its gradient is computed by AddmmBackward0, whose first step is a view.
    viewer.step(Qt.Key.Key_J)
    twin = trace.event(viewer.window.state.place.position)
    assert twin is not None
    assert twin.node is not None
    node = trace.node(twin.node)
    assert node is not None
    assert node.op is not None
    viewer.step(Qt.Key.Key_J)
    assert viewer.window.state.place.position == node.op
    viewer.window.run.to_position(viewer.window.state.recorded)
    viewer.wait(lambda: viewer.window.state.place.position == viewer.window.state.recorded)
    viewer.press(Qt.Key.Key_J)
    assert viewer.window.statusBar().currentMessage() == "What comes next has no twin here, or none that has run yet."


def test_another_level_keeps_the_place(viewer: User) -> None:
    for _ in range(9):
        viewer.step(Qt.Key.Key_F10)
    place = viewer.window.state.place
    before = viewer.equations[0]
    viewer.press(Qt.Key.Key_Period, Modifier.ControlModifier | Modifier.ShiftModifier)
    viewer.wait(lambda: viewer.window.state.level is Level.OPERATION)
    viewer.wait_until_still()
    assert viewer.window.level_box.currentText() == "operation"
    assert viewer.window.state.place.position == place.position
    assert viewer.equations[0] == before
    assert viewer.phase == "◂ BACKWARD step 10 of 25"
    viewer.press(Qt.Key.Key_Comma, Modifier.ControlModifier | Modifier.ShiftModifier)
    viewer.wait_until_still()
    assert viewer.window.state.place == place


def test_themes_follow_each_other(viewer: User) -> None:
    window = viewer.window
    first = window.looks.theme.name
    seen = []
    for _ in range(3):
        viewer.press(Qt.Key.Key_T, Modifier.ControlModifier)
        seen.append(window.looks.theme.name)
        canvas = window.panels.canvas.viewport().grab().toImage()
        assert canvas.pixelColor(3, 3).name() == window.looks.theme.background
        assert window.palette().window().color().name() == window.looks.theme.background
    assert sorted(seen) == ["dark", "light", "projector"]
    assert seen[-1] == first


def test_presenting_leaves_graph_and_equation(viewer: User) -> None:
    window = viewer.window
    viewer.press(Qt.Key.Key_F12)
    assert not any(dock.isVisible() for dock in window.docks.by_key.values())
    assert window.panels.canvas.isVisible()
    assert window.panels.equation.isVisible()
    assert window.looks.theme.name == "projector"
    viewer.press(Qt.Key.Key_F12)
    assert window.docks.by_key["source"].isVisible()
    assert window.looks.theme.name != "projector"


def test_what_is_chosen_in_one_panel_is_chosen_in_all(viewer: User) -> None:
    for _ in range(10):
        viewer.step(Qt.Key.Key_F10)
    window = viewer.window
    window.panels.canvas.setFocus()
    a1 = next(card.id for card in window.panels.built.scene.cards if card.symbol == "a1")
    window.panels.canvas.card_selected.emit(a1)
    viewer.wait(lambda: "a⁽¹⁾" in viewer.tensor_title)
    assert viewer.number == "0.7547299"
    window.panels.equation.term_activated.emit(f"value:{window.panels.moment.steps[0].value}")
    viewer.wait(lambda: "z⁽¹⁾" in viewer.tensor_title)
    assert window.panels.canvas.selected is not None
    viewer.wait(lambda: viewer.equations[0].endswith("= 1.124"))
    viewer.step(Qt.Key.Key_F10)
    assert window.panels.canvas.selected is None


def test_the_graph_says_which_number_is_meant_and_its_equation_is_shown(viewer: User) -> None:
    for _ in range(18):
        viewer.step(Qt.Key.Key_F10)
    panels = viewer.window.panels
    w2 = next(pill.id for card in panels.built.scene.cards for pill in card.pills if pill.text == "w2")
    z2 = next(card.id for card in panels.built.scene.cards if card.symbol == "z2")
    # By hand: z2 = 2.45 a1 - 0.11, dC/dz2 = 2 (a2 - 1) a2 (1 - a2), new w2 = 2.45 - 0.1 dC/dw2.
    a1 = 1 / (1 + exp(-1.124))
    a2 = 1 / (1 + exp(-(2.45 * a1 - 0.11)))
    grad_z2 = 2 * (a2 - 1) * a2 * (1 - a2)
    for part, number, equation in (
        (ScenePart(card=z2), 2.45 * a1 - 0.11, "z⁽²⁾ = "),
        (ScenePart(card=z2, is_gradient=True), grad_z2, "∂C/∂z⁽²⁾ = "),
        (ScenePart(pill=w2, is_gradient=True), grad_z2 * a1, "∂C/∂w⁽²⁾ = "),
        (ScenePart(pill=w2), 2.45 - 0.1 * grad_z2 * a1, "new w⁽²⁾ = "),
    ):
        panels.canvas.part_selected.emit(part)
        viewer.wait(lambda equation=equation: equation in viewer.equations[0])
        viewer.wait(lambda number=number: abs(float(viewer.number.replace("−", "-")) - number) < 1e-6)
    for _ in range(14):
        viewer.step(Qt.Key.Key_F10, Qt.KeyboardModifier.ControlModifier)
    panels.canvas.part_selected.emit(ScenePart(pill=w2))
    viewer.wait(lambda: viewer.number == "2.45")


def test_the_chosen_element_is_the_one_that_is_explained(user: User, tmp_path: Path) -> None:
    script = tmp_path / "matrix.py"
    script.write_text(MATRIX)
    record(Launch(script), tmp_path / "matrix.gradstep")
    user.window.open_path(tmp_path / "matrix.gradstep")
    user.wait_until_still()
    user.step(Qt.Key.Key_F10)
    user.window.panels.showing.element_activated.emit((1, 0))
    user.wait(lambda: user.equations[0].endswith("= 10·3 + 100·4 = 430"))
    user.window.panels.showing.element_activated.emit((0, 0))
    user.wait(lambda: user.equations[0].endswith("= 10·1 + 100·2 = 210"))


def test_a_cell_of_a_matrix_is_chosen_in_the_equation(user: User, tmp_path: Path) -> None:
    script = tmp_path / "matrix.py"
    script.write_text(MATRIX)
    record(Launch(script), tmp_path / "matrix.gradstep")
    user.window.open_path(tmp_path / "matrix.gradstep")
    user.wait_until_still()
    user.step(Qt.Key.Key_F10)
    panels = user.window.panels
    assert panels.moment is not None
    assert panels.moment.last is not None
    panels.equation.term_activated.emit(f"value:{panels.moment.last.value}[1,0]")
    user.wait(lambda: user.equations[0].endswith("= 10·3 + 100·4 = 430"))
    assert panels.tensor.table_pane.table.currentIndex().row() == 1


def test_the_check_and_the_chain_rule_come_a_moment_after_the_step(viewer: User) -> None:
    for _ in range(10):
        viewer.step(Qt.Key.Key_F10)
    panels = viewer.window.panels
    viewer.wait(lambda: not panels.explaining.is_checking)
    assert panels.explaining.panel.badge.text().startswith("✓ agrees")
    assert "Chain rule" in panels.equation.as_text()
    # A factor leads to the op whose derivative it is.
    factor = next(term.ref for term in panels.equation.page().terms if term.ref.startswith("event:"))
    panels.equation.term_activated.emit(factor)
    viewer.wait(lambda: viewer.window.state.selection.position == int(factor.removeprefix("event:")))
    assert viewer.window.state.selection.card is not None
    panels.explaining.panel.digits.setValue(4)
    assert viewer.window._settings.now.digits == 4


def test_a_panel_that_was_closed_stays_closed_next_time(
    viewer: User, qtbot: QtBot, tmp_path: Path, recorded_hello: Path
) -> None:
    viewer.window.docks.by_key["loss"].toggleViewAction().trigger()
    viewer.press(Qt.Key.Key_F12)
    theme = viewer.window.looks.theme.name
    viewer.window.close()
    window = MainWindow(QSettings(str(tmp_path / "gradstep.ini"), QSettings.Format.IniFormat))
    window.show()
    assert window.looks.theme.name != theme
    window.open_path(recorded_hello)
    again = User(window, qtbot)
    again.wait_until_still()
    again.wait(lambda: not window.docks.by_key["loss"].isVisible())
    assert window.docks.by_key["source"].isVisible()
    window.close()
    window.deleteLater()


def test_closing_remembers_level_and_theme(viewer: User, tmp_path: Path) -> None:
    viewer.press(Qt.Key.Key_T, Modifier.ControlModifier)
    viewer.press(Qt.Key.Key_Comma, Modifier.ControlModifier | Modifier.ShiftModifier)
    theme = viewer.window.looks.theme.name
    viewer.window.close()
    saved = (tmp_path / "gradstep.ini").read_text()
    assert f"theme={theme}" in saved
    assert "level=module" in saved


def test_autograd_tells_what_it_keeps_and_how_python_gets_to_a_node(viewer: User) -> None:
    panel = viewer.window.panels.explaining.panel
    panel.autograd.trigger()
    viewer.step(Qt.Key.Key_F10)
    viewer.step(Qt.Key.Key_F10)
    # a1 was just made: sigmoid's derivative is a(1 - a), so it keeps its result.
    assert "Kept for the backward pass." in panel.view.as_text()
    assert "version 0, still there" in panel.view.as_text()
    for _ in range(6):
        viewer.step(Qt.Key.Key_F10)
    assert viewer.window.panels.moment is not None
    assert viewer.window.panels.moment.last is not None
    assert viewer.window.panels.moment.last.symbol == "dC/dz2"
    assert "loss.grad_fn.next_functions[0][0]" in panel.view.as_text()
    assert "[0]  ViewBackward0" in panel.view.as_text()
    assert viewer.window._settings.now.autograd
