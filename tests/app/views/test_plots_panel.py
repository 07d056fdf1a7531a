"""The panel of plots: choosing one, waiting for it, clicking it, other runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.docks.plotting import LOSS, SURFACE, Plotting
from app.models.run_curves import Sort
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
    plotting.show_place(1, 4)
    _wait(plotting, qtbot)
    assert plotting.panel.key == LOSS
    assert plotting.curves.series == ()
    QTest.keyClick(plotting.panel.choice, Qt.Key.Key_Down)
    assert plotting.panel.key == Sort.GRADIENTS
    _wait(plotting, qtbot)
    assert [one.name for one in plotting.curves.series] == ["∂C/∂w⁽¹⁾", "∂C/∂w⁽²⁾"]
    assert plotting.curves.readout.startswith("2:  ∂C/∂w⁽¹⁾ = ")
    assert not plotting.panel.progress.isVisible()
    plotting.set_trace(None)
    assert plotting.curves.series == ()


def test_the_update_ratio_has_its_guide_and_a_logarithmic_axis(plotting: Plotting, qtbot: QtBot, hello: Trace) -> None:
    plotting.set_trace(hello)
    plotting.show_place(0, 4)
    plotting.panel.show_plot(Sort.UPDATES)
    _wait(plotting, qtbot)
    assert plotting.curves.plot.getAxis("left").logMode
    assert [item.value() for item in plotting.curves._guide_items] == [pytest.approx(-3.0)]
    plotting.panel.show_plot(Sort.WEIGHTS)
    _wait(plotting, qtbot)
    assert plotting.curves._guide_items == []
    plotting.set_trace(None)


def test_more_iterations_are_another_question(plotting: Plotting, qtbot: QtBot, hello: Trace) -> None:
    plotting.set_trace(hello)
    plotting.show_place(0, 2)
    plotting.panel.show_plot(Sort.RATE)
    _wait(plotting, qtbot)
    before = plotting.curves.series
    plotting.show_place(0, 2)
    assert not plotting.is_working
    plotting.show_place(0, 4)
    _wait(plotting, qtbot)
    assert plotting.curves.series is not before
    plotting.set_trace(None)


def test_a_click_on_any_plot_asks_for_the_iteration(plotting: Plotting, qtbot: QtBot, hello: Trace) -> None:
    plotting.set_trace(hello)
    plotting.show_place(0, 4)
    plotting.panel.show_plot(Sort.WEIGHTS)
    _wait(plotting, qtbot)
    with qtbot.waitSignal(plotting.iteration_requested) as asked:
        plotting.curves.plot.clicked_at.emit(QPointF(2.9, 0.0))
    assert asked.args == [2]
    plotting.set_trace(None)


def test_what_cannot_be_plotted_says_what_could(plotting: Plotting, qtbot: QtBot, hello: Trace) -> None:
    plotting.set_trace(hello)
    plotting.show_place(0, 4)
    plotting.panel.show_plot(Sort.ACCURACY)
    _wait(plotting, qtbot)
    assert "cross_entropy" in plotting.curves._nothing.text()
    assert plotting.curves._nothing.isVisible()
    plotting.set_trace(None)


def test_the_loss_surface_is_drawn_with_its_path(plotting: Plotting, qtbot: QtBot, hello: Trace) -> None:
    plotting.set_trace(hello)
    plotting.show_place(1, 4)
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
    plotting.show_place(0, 1)
    plotting.panel.show_plot(SURFACE)
    _wait(plotting, qtbot)
    assert plotting.surveying.pane.plot.surface is None
    assert "no two trained numbers" in plotting.surveying.pane.plot._nothing.text()
    plotting.set_trace(None)
