"""Curves over iterations: several with a legend, their styles, the logarithmic axis, guides, what is read off."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.plots.iteration_plot import IterationPlot
from app.plots.loss_curve import LossCurve
from app.plots.plain_plot import CountingAxis, HeightAxis
from app.plots.series import Series, line_style
from app.theme import THEMES


@pytest.fixture
def view(qtbot: QtBot) -> LossCurve:
    load_fonts()
    made = LossCurve(THEMES["light"])
    qtbot.addWidget(made)
    made.resize(420, 300)
    made.show()
    return made


def _series(name: str, *numbers: float) -> Series:
    return Series(name, np.arange(len(numbers)), np.array(numbers))


def test_other_runs_lie_over_this_one_with_a_legend(view: LossCurve) -> None:
    view.set_points(np.arange(3), np.array([3.0, 2.0, 1.0]))
    assert not view.legend.isVisible()
    view.set_overlays([_series("Adam", 2.5, 0.5), _series("lr = 0.5", 4.0)], own_name="SGD")
    assert [button.text() for button in view.legend.buttons] == ["SGD", "Adam", "lr = 0.5"]
    assert view.legend.isVisible()
    view.set_points(np.arange(4), np.array([3.0, 2.0, 1.0, 0.5]))
    assert [one.name for one in view.series] == ["SGD", "Adam", "lr = 0.5"]
    assert [len(one.iterations) for one in view.series] == [4, 2, 1]
    view.set_overlays(())
    assert [one.name for one in view.series] == ["C"]
    assert not view.legend.isVisible()


def test_a_curve_is_hidden_by_keyboard(view: LossCurve) -> None:
    view.set_points(np.arange(2), np.array([3.0, 2.0]))
    view.set_overlays([_series("Adam", 100.0, 90.0)], own_name="SGD")
    QTest.keyClick(view.legend.buttons[1], Qt.Key.Key_Space)
    assert [one.name for one in view.drawn] == ["SGD"]
    _, high = view.plot.getViewBox().viewRange()[1]
    assert 3.0 < high < 4.0
    QTest.keyClick(view.legend.buttons[1], Qt.Key.Key_Space)
    assert [one.name for one in view.drawn] == ["SGD", "Adam"]


def test_the_keyboard_looks_at_one_iteration_after_the_other_and_goes_there(view: LossCurve, qtbot: QtBot) -> None:
    view.set_points(np.array([0, 1, 5]), np.array([3.0, 2.0, 0.25]))
    view.set_current(1)
    plot = view.plot
    plot.setFocus()
    for key, told in (
        (Qt.Key.Key_Right, "iteration 6   C = 0.25"),
        (Qt.Key.Key_Right, "iteration 6   C = 0.25"),
        (Qt.Key.Key_Left, "iteration 2   C = 2"),
        (Qt.Key.Key_Home, "iteration 1   C = 3"),
        (Qt.Key.Key_PageDown, "iteration 6   C = 0.25"),
    ):
        QTest.keyClick(plot, key)
        assert (view.readout, plot.accessibleDescription()) == (told, told)
    with qtbot.waitSignal(view.iteration_requested, timeout=1000) as asked:
        QTest.keyClick(plot, Qt.Key.Key_Return)
    assert asked.args == [5]
    plot.clearFocus()
    assert view.readout == "iteration 2   C = 2", "of the run's own iteration again"


def test_enter_goes_nowhere_before_one_has_looked(view: LossCurve, qtbot: QtBot) -> None:
    view.set_points(np.arange(2), np.array([3.0, 2.0]))
    with qtbot.assertNotEmitted(view.iteration_requested):
        QTest.keyClick(view.plot, Qt.Key.Key_Return)


def test_what_is_read_off_names_every_curve_at_the_iteration(view: LossCurve) -> None:
    view.set_points(np.arange(2), np.array([3.0, 2.25]))
    view.set_overlays([_series("Adam", 2.5, 0.125)], own_name="SGD")
    view.set_current(1)
    assert view.readout == "iteration 2   SGD = 2.25   Adam = 0.125"
    view.plot.hovered_at.emit(QPointF(1.1, 0.0))
    assert view.readout == "iteration 1   SGD = 3   Adam = 2.5"
    view.plot.hovered_at.emit(None)
    assert view.readout == "iteration 2   SGD = 2.25   Adam = 0.125"


def test_neighbouring_curves_differ_in_more_than_colour() -> None:
    for theme in THEMES.values():
        styles = [line_style(place, theme) for place in range(24)]
        assert len({(one.colour, one.pen) for one in styles}) == 24
        for one, other in pairwise(styles):
            assert one.colour != other.colour
            assert one.pen != other.pen
            assert one.mark != other.mark


def test_the_axis_of_iterations_has_whole_numbers_only() -> None:
    axis = CountingAxis(orientation="bottom")
    for low, high in ((0.5, 1.5), (1.0, 3.0), (0.9, 30.1), (1.0, 1000.0)):
        ticks = [tick for _, level in axis.tickValues(low, high, 300.0) for tick in level]
        assert ticks
        assert all(tick == round(tick) and tick >= 1 for tick in ticks)
        assert len(ticks) <= 6
    assert axis.tickStrings([1.0, 20.0], 1.0, 19.0) == ["1", "20"]


def test_the_user_may_choose_the_logarithmic_axis(view: LossCurve) -> None:
    view.set_points(np.arange(3), np.array([100.0, 10.0, 0.0]))
    assert not view.plot.getAxis("left").logMode
    view.log.click()
    assert view.plot.getAxis("left").logMode
    # Zero has no logarithm: the axis reaches from 10 to 100.
    low, high = view.plot.getViewBox().viewRange()[1]
    assert (low, high) == (pytest.approx(0.94, abs=0.05), pytest.approx(2.06, abs=0.05))
    view.set_points(np.arange(3), np.array([100.0, 10.0, 5.0]))
    assert view.plot.getAxis("left").logMode
    view.log.click()
    assert not view.plot.getAxis("left").logMode


def test_a_single_iteration_stands_in_the_middle(view: LossCurve) -> None:
    view.set_points(np.array([0]), np.array([0.0223]))
    (left, right), (low, high) = view.plot.getViewBox().viewRange()
    assert (left + right) / 2 == pytest.approx(1.0)
    assert low <= 0.0 < 0.0223 < high


def test_guides_are_drawn_where_they_belong(qtbot: QtBot) -> None:
    plot = IterationPlot(THEMES["dark"])
    qtbot.addWidget(plot)
    plot.show()
    plot.set_guides([(1e-3, "1e-3")])
    plot.set_log(True)
    plot.set_series([_series("w1", 1e-2, 1e-4)])
    assert plot.plot.guide_heights == [pytest.approx(-3.0)]
    plot.set_log(False)
    assert plot.plot.guide_heights == [pytest.approx(1e-3)]


@pytest.mark.parametrize(
    ("low", "high", "size_px", "wanted"),
    [
        (-3.0, 0.0, 400.0, [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0]),
        (-3.0, 0.0, 90.0, [0.001, 0.01, 0.1, 1.0]),
        (-3.4, -2.5, 60.0, [0.0005, 0.001, 0.002]),
        (-12.0, 0.0, 70.0, [1e-10, 1e-05, 1.0]),
    ],
)
def test_a_logarithmic_axis_has_as_many_ticks_as_can_be_read(
    low: float, high: float, size_px: float, wanted: list[float]
) -> None:
    (_, ticks), = HeightAxis(orientation="left").logTickValues(low, high, size_px, [])  # fmt: skip
    assert 10.0 ** np.array(ticks) == pytest.approx(wanted)


def test_a_low_plot_names_no_axes(view: LossCurve) -> None:
    view.set_points(np.arange(2), np.array([3.0, 2.0]))
    label = view.plot.getAxis("bottom").label
    assert label.isVisible()
    view.resize(420, 150)
    QTest.qWait(20)
    assert not label.isVisible()


def test_of_a_long_run_the_nearest_iteration_that_was_looked_at_is_told(view: LossCurve) -> None:
    """Every third of 30: of iteration 12 that is 13, as axes count."""
    view.set_series([Series("norm", np.arange(0, 30, 3), np.arange(0.0, 30.0, 3.0))], 3)
    view.set_current(11)
    assert view.readout == "iteration 13   norm = 12"
    view.set_series([Series("norm", np.arange(0, 30, 3), np.arange(0.0, 30.0, 3.0))])
    assert view.readout == ""


def test_a_legend_of_many_curves_leaves_them_room(view: LossCurve) -> None:
    view.set_series([Series(f"layer {i}", np.arange(3), np.arange(3.0) + i) for i in range(24)])
    QTest.qWait(20)
    row = view.legend.buttons[0].height()
    assert len(view.legend.buttons) == 24
    assert view.legend.height() < 4 * row
    assert view.plot.height() > view.legend.height()


def test_numbers_without_logarithms_stay_on_a_linear_axis(view: LossCurve) -> None:
    view.set_log(True)
    view.set_series([Series("w", np.arange(3), np.zeros(3))])
    assert not view.log.isChecked()
    view.set_series([Series("w", np.arange(3), np.array([0.0, 0.1, 0.0]))])
    assert view.log.isChecked()
