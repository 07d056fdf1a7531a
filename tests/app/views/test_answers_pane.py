"""Probabilities and regions in the panel of plots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.docks.plotting import Plotting
from app.models.plotted import PROBABILITIES, REGIONS, PlotPlace
from app.plots.series import line_style
from app.theme import THEMES
from engine.trace.reader import Trace

TWO_INPUTS = """
import torch
x = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [1.0, 2.0]])
t = torch.tensor([[0.0], [1.0], [0.0], [1.0]])
w = torch.tensor([[2.0, -1.0]], requires_grad=True)
b = torch.tensor([0.5], requires_grad=True)
optimizer = torch.optim.SGD([w, b], lr=1.0)
for _ in range(5):
    optimizer.zero_grad()
    a = torch.sigmoid(torch.nn.functional.linear(x, w, b))
    loss = torch.nn.functional.binary_cross_entropy(a, t)
    loss.backward()
    optimizer.step()
"""


@pytest.fixture
def plotting(qtbot: QtBot, recorded: Callable[[str], Trace]) -> Iterator[Plotting]:
    load_fonts()
    made = Plotting(THEMES["light"])
    qtbot.addWidget(made.panel)
    made.panel.resize(400, 400)
    made.panel.show()
    made.set_trace(recorded(TWO_INPUTS))
    made.show_place(PlotPlace(0, 5))
    yield made
    made.close()


def _wait(plotting: Plotting, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not plotting.is_working, timeout=30_000)


def test_bars_say_what_the_right_class_got(plotting: Plotting, qtbot: QtBot) -> None:
    plotting.panel.show_plot(PROBABILITIES)
    _wait(plotting, qtbot)
    # sigmoid of 0.5, 2.5, -1.5 and 0.5; class 0 got 1 - 0.622 and 1 - 0.182, class 1 got 0.924 and 0.622.
    assert plotting.answering.pane.bars.lines() == [
        "class 0: 0.598 on average, 50 % of 2 right",
        "class 1: 0.773 on average, 100 % of 2 right",
    ]
    plotting.answering.pane.sample.setValue(3)
    assert not plotting.answering.pane.bars.grab().isNull()


def test_one_wrong_answer_after_the_other(plotting: Plotting, qtbot: QtBot) -> None:
    plotting.panel.show_plot(PROBABILITIES)
    _wait(plotting, qtbot)
    pane = plotting.answering.pane
    # Of the sigmoids of 0.5, 2.5, -1.5 and 0.5 the first alone, above one half, belongs to class 0.
    assert pane.wrong.text() == "1 wrong ›"
    pane.sample.setValue(2)
    pane.wrong.click()
    assert pane.sample.value() == 0


def test_a_plot_is_kept_as_a_picture(
    plotting: Plotting, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plotting.panel.show_plot(PROBABILITIES)
    _wait(plotting, qtbot)
    offered: list[str] = []

    def ask(_: object, __: str, name: str, ___: str) -> tuple[str, str]:
        offered.append(Path(name).name)
        return str(tmp_path / "kept.png"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    plotting.panel.save.click()
    assert offered[0].endswith("-probabilities-0.png")
    assert QImage(str(tmp_path / "kept.png")).size() == plotting.panel.picture().size()


def test_the_slider_looks_at_other_iterations_and_leads_there(plotting: Plotting, qtbot: QtBot) -> None:
    plotting.panel.show_plot(PROBABILITIES)
    _wait(plotting, qtbot)
    before = plotting.answering.pane.bars.lines()
    plotting.answering.pane.slider.setValue(4)
    _wait(plotting, qtbot)
    assert plotting.answering.pane.bars.lines() != before
    with qtbot.waitSignal(plotting.iteration_requested) as asked:
        plotting.answering.pane.go.click()
    assert asked.args == [4]
    # The window moves, and the slider goes along.
    plotting.show_place(PlotPlace(2, 5))
    assert plotting.answering.pane.iteration == 2


def test_regions_are_read_off_at_a_point(plotting: Plotting, qtbot: QtBot) -> None:
    plotting.panel.show_plot(REGIONS)
    _wait(plotting, qtbot)
    plot = plotting.answering.pane.regions
    assert plot.readout.text() == "3 of 4 samples on the right side"
    assert plot.told_at(QPointF(1.15, -0.3)).startswith("p(0) = 0.04")
    # Right and below class 1 is the likelier one.
    ink = QColor(line_style(1, THEMES["light"]).colour)
    assert tuple(plot._image.image[-1, 0][:3]) == (ink.red(), ink.green(), ink.blue())
    assert plot._image.image[-1, 0][3] > plot._image.image[40, 40][3]


def test_a_run_without_classes_says_so(plotting: Plotting, qtbot: QtBot, hello: Trace) -> None:
    plotting.set_trace(hello)
    plotting.show_place(PlotPlace(0, 3))
    for key in (PROBABILITIES, REGIONS):
        plotting.panel.show_plot(key)
        _wait(plotting, qtbot)
        assert "does not say what the answers are" in plotting.answering.pane.nothing
    plotting.set_trace(None)
