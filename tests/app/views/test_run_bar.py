"""The toolbar's own parts: level, device and seed, phase."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.theme import THEMES
from app.views.run_bar import LevelBox, PhaseLabel, RunBox
from engine.events import Phase
from engine.session.devices import Device
from engine.session.place import Level


def test_levels_go_from_coarse_to_fine_and_a_choice_is_told(qtbot: QtBot) -> None:
    box = LevelBox()
    qtbot.addWidget(box)
    assert box.levels() == list(Level)
    box.set_level(Level.QUANTITY)
    assert box.currentText() == "quantity"
    with qtbot.waitSignal(box.level_chosen) as chosen:
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert chosen.args == [Level.OPERATION]


def test_devices_found_later_keep_the_choice_and_turning_to_them_asks_for_them(qtbot: QtBot) -> None:
    box = RunBox()
    qtbot.addWidget(box)
    box.show()
    with qtbot.waitSignal(box.device.devices_wanted):
        box.device.setFocus()
    box.set_devices([Device("cpu", "CPU"), Device("cuda:0", "NVIDIA H200")])
    assert box.device.currentText() == "CPU"
    with qtbot.waitSignal(box.device_chosen) as chosen:
        qtbot.keyClick(box.device, Qt.Key.Key_Down)
    assert chosen.args == ["cuda:0"]
    assert box.device.currentText() == "NVIDIA H200 (cuda:0)"


def test_a_seed_is_a_whole_number_or_nothing(qtbot: QtBot) -> None:
    box = RunBox()
    qtbot.addWidget(box)
    with qtbot.waitSignal(box.seed_chosen) as chosen:
        qtbot.keyClicks(box.seed, "4x2")
        qtbot.keyClick(box.seed, Qt.Key.Key_Return)
    assert chosen.args == [42]
    box.seed.clear()
    with qtbot.waitSignal(box.seed_chosen) as chosen:
        qtbot.keyClick(box.seed, Qt.Key.Key_Return)
    assert chosen.args == [None]


def test_the_phase_has_colour_and_shape(qtbot: QtBot) -> None:
    theme = THEMES["light"]
    label = PhaseLabel(theme)
    qtbot.addWidget(label)
    shown = {}
    for phase in (Phase.FORWARD, Phase.BACKWARD, Phase.UPDATE):
        label.set_phase(phase, "step 12 of 46")
        shown[phase] = (label.text()[0], label.phase.styleSheet())
    assert len({shape for shape, _ in shown.values()}) == 3
    assert theme.backward in shown[Phase.BACKWARD][1]
    assert label.text() == "● UPDATE step 12 of 46"
    label.set_phase(None, "")
    assert label.text() == ""
