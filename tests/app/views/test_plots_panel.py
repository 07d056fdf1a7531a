"""The panel of plots: choosing one, waiting for it, clicking it, other runs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.docks.plotting import Plotting
from app.models.other_runs import names_of
from app.models.plotted import LOSS, SURFACE, PlotPlace
from app.models.run_curves import Sort
from app.plots.series import Series
from app.theme import THEMES
from engine.trace.reader import Trace


@pytest.fixture
def plotting(qtbot: QtBot) -> Iterator[Plotting]:
    load_fonts()
    made = Plotting(THEMES["dark"])
    qtbot.addWidget(made.panel)
    made.panel.resize(360, 320)
    made.panel.show()
    yield made
    made.close()


def _wait(plotting: Plotting, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not plotting.is_working, timeout=30_000)


def test_curves_are_worked_out_when_they_are_looked_at(plotting: Plotting, qtbot: QtBot, hello: Trace) -> None:
    plotting.set_trace(hello)
    plotting.show_place(PlotPlace(1, 4))
    _wait(plotting, qtbot)
    assert plotting.panel.key == LOSS
    assert plotting.curves.series == ()
    QTest.keyClick(plotting.panel.choice, Qt.Key.Key_Down)
    assert plotting.panel.key == Sort.GRADIENTS
    _wait(plotting, qtbot)
    assert [one.name for one in plotting.curves.series] == ["∂C/∂w⁽¹⁾", "∂C/∂w⁽²⁾"]
    assert plotting.curves.readout.startswith("iteration 2   ∂C/∂w⁽¹⁾ = ")
    assert not plotting.panel.progress.isVisible()
    plotting.set_trace(None)
    assert plotting.curves.series == ()


def test_the_update_ratio_has_its_guide_and_a_logarithmic_axis(plotting: Plotting, qtbot: QtBot, hello: Trace) -> None:
    plotting.set_trace(hello)
    plotting.show_place(PlotPlace(0, 4))
    plotting.panel.show_plot(Sort.UPDATES)
    _wait(plotting, qtbot)
    assert plotting.curves.plot.getAxis("left").logMode
    assert plotting.curves.plot.guide_heights == [pytest.approx(-3.0)]
    plotting.panel.show_plot(Sort.WEIGHTS)
    _wait(plotting, qtbot)
    assert plotting.curves.plot.guide_heights == []
    plotting.set_trace(None)


def test_more_iterations_are_another_question(plotting: Plotting, qtbot: QtBot, hello: Trace) -> None:
    plotting.set_trace(hello)
    plotting.show_place(PlotPlace(0, 2))
    plotting.panel.show_plot(Sort.RATE)
    _wait(plotting, qtbot)
    before = plotting.curves.series
    plotting.show_place(PlotPlace(0, 2))
    assert not plotting.is_working
    plotting.show_place(PlotPlace(0, 4))
    _wait(plotting, qtbot)
    after = plotting.curves.series
    assert after is not before
    # The last iteration may have been looked at before it was complete.
    plotting.show_place(PlotPlace(0, 4), recorded=80)
    _wait(plotting, qtbot)
    assert plotting.curves.series is not after
    plotting.set_trace(None)


def test_a_click_on_any_plot_asks_for_the_iteration(plotting: Plotting, qtbot: QtBot, hello: Trace) -> None:
    plotting.set_trace(hello)
    plotting.show_place(PlotPlace(0, 4))
    plotting.panel.show_plot(Sort.WEIGHTS)
    _wait(plotting, qtbot)
    with qtbot.waitSignal(plotting.iteration_requested) as asked:
        plotting.curves.plot.clicked_at.emit(QPointF(2.9, 0.0))
    assert asked.args == [2]
    plotting.set_trace(None)


def test_what_cannot_be_plotted_says_what_could(plotting: Plotting, qtbot: QtBot, hello: Trace) -> None:
    plotting.set_trace(hello)
    plotting.show_place(PlotPlace(0, 4))
    plotting.panel.show_plot(Sort.ACCURACY)
    _wait(plotting, qtbot)
    assert "cross_entropy" in plotting.curves._nothing.text()
    assert plotting.curves._nothing.isVisible()
    plotting.set_trace(None)


def test_the_loss_surface_is_drawn_with_its_path(plotting: Plotting, qtbot: QtBot, hello: Trace) -> None:
    plotting.set_trace(hello)
    plotting.show_place(PlotPlace(1, 4))
    plotting.panel.show_plot(SURFACE)
    _wait(plotting, qtbot)
    pane = plotting.surveying.pane
    found = pane.plot.surface
    assert found is not None
    assert (pane.first.currentText(), pane.second.currentText()) == ("w⁽¹⁾", "b⁽¹⁾")
    assert found.iteration == 1
    # The loss of the second iteration, as recorded.
    assert found.loss_here == pytest.approx(0.022055, abs=1e-6)
    assert pane.plot.loss_at(*found.path[1]) == pytest.approx(found.loss_here)
    with qtbot.waitSignal(plotting.iteration_requested) as asked:
        pane.plot.plot.clicked_at.emit(QPointF(float(found.path[2, 0]), float(found.path[2, 1])))
    assert asked.args == [2]
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Right):
        QTest.keyClick(pane.plot.plot, key)
    assert pane.plot.readout.text().startswith("iteration 2   w⁽¹⁾ = ")
    with qtbot.waitSignal(plotting.iteration_requested) as asked:
        QTest.keyClick(pane.plot.plot, Qt.Key.Key_Return)
    assert asked.args == [1]
    width = found.firsts[-1] - found.firsts[0]
    pane.closer.click()
    _wait(plotting, qtbot)
    closer = pane.plot.surface
    assert closer is not None
    assert closer.firsts[-1] - closer.firsts[0] == pytest.approx(width / 2)
    plotting.set_trace(None)
    assert pane.plot.surface is None


def test_a_run_without_a_loss_says_so(plotting: Plotting, qtbot: QtBot, recorded: Callable[[str], Trace]) -> None:
    trace = recorded("import torch\ntorch.ones(3).sum()\n")
    plotting.set_trace(trace)
    plotting.show_place(PlotPlace(0, 1))
    plotting.panel.show_plot(SURFACE)
    _wait(plotting, qtbot)
    assert plotting.surveying.pane.plot.surface is None
    assert "no two trained numbers" in plotting.surveying.pane.plot._nothing.text()
    plotting.set_trace(None)


def test_other_traces_are_laid_over_the_loss(
    plotting: Plotting, qtbot: QtBot, hello: Trace, hello_path: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "hello.gradstep"
    shutil.copy(hello_path, copy)
    plotting.set_trace(hello)
    plotting.loss.set_points(np.arange(3), np.array([3.0, 2.0, 1.0]))
    plotting.loss.set_overlays([Series("branch 1", np.arange(2), np.array([2.5, 2.0]))], "SGD")
    plotting.lay_over([hello_path, copy])
    _wait(plotting, qtbot)
    names = [one.name for one in plotting.loss.series]
    assert names[:2] == ["SGD", "branch 1"]
    assert len(set(names)) == 4
    assert all(name.endswith("/hello") for name in names[2:])
    # Its own losses, as the golden numbers have them.
    assert plotting.loss.series[2].numbers[:2] == pytest.approx([0.022329, 0.022055], abs=1e-6)
    assert plotting.drop_runs.isVisible()
    plotting.drop_runs.click()
    assert [one.name for one in plotting.loss.series] == ["SGD", "branch 1"]
    with qtbot.waitSignal(plotting.failed, timeout=30_000) as told:
        plotting.lay_over([tmp_path / "missing.gradstep"])
    assert told.args is not None
    assert "missing.gradstep" in told.args[0].message.english
    plotting.set_trace(None)


def test_runs_of_one_name_are_told_apart() -> None:
    assert names_of([Path("a/adam.gradstep"), Path("a/sgd.gradstep")]) == ["adam", "sgd"]
    assert names_of([Path("a/x.gradstep"), Path("b/x.gradstep")]) == ["a/x", "b/x"]
    assert names_of([Path("a/x.gradstep"), Path("a/x.gradstep")]) == ["a/x", "a/x (2)"]
