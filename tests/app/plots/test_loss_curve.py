"""The loss curve: its points, the ring at the current iteration, clicks."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.plots.loss_curve import LossCurve
from app.theme import THEMES


@pytest.fixture
def view(qtbot: QtBot) -> LossCurve:
    load_fonts()
    made = LossCurve(THEMES["dark"])
    qtbot.addWidget(made)
    made.resize(400, 260)
    made.show()
    return made


def _pixel(view: LossCurve, x: float, y: float) -> QPoint:
    found: QPoint = view.plot.mapFromScene(view.plot.getViewBox().mapViewToScene(QPointF(x, y)))
    return found


def test_without_points_it_says_when_they_come(view: LossCurve) -> None:
    assert not view.plot.isVisible()
    view.set_points(np.arange(3), np.array([3.0, 2.0, 1.0]))
    assert view.plot.isVisible()
    assert view.iteration_near(1.0) == 0


def test_iterations_count_from_one_on_the_axis(view: LossCurve) -> None:
    view.set_points(np.array([0, 1, 5]), np.array([3.0, 2.0, 1.0]))
    assert [view.iteration_near(x) for x in (-9.0, 1.4, 1.6, 3.9, 4.1, 99.0)] == [0, 0, 1, 1, 5, 5]


def test_a_click_asks_for_the_nearest_iteration(view: LossCurve, qtbot: QtBot) -> None:
    view.set_points(np.arange(10), np.linspace(2.0, 1.0, 10))
    view.grab()
    with qtbot.waitSignal(view.iteration_requested) as asked:
        QTest.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=_pixel(view, 7.0, 1.5))
    assert asked.args == [6]


def test_the_ring_is_at_the_current_iteration(view: LossCurve) -> None:
    view.set_points(np.arange(10), np.linspace(2.0, 1.0, 10))
    view.set_current(3)
    view.grab()
    image = view.plot.grab().toImage()
    spot = _pixel(view, 4.0, float(np.linspace(2.0, 1.0, 10)[3]))
    assert image.pixelColor(spot) == QColor(THEMES["dark"].current_halo)
    view.set_current(None)
    assert view.plot.grab().toImage().pixelColor(spot) != QColor(THEMES["dark"].current_halo)


def test_losses_over_many_decades_have_a_logarithmic_axis(view: LossCurve) -> None:
    view.set_points(np.arange(5), np.array([2.0, 1.5, 1.2, 1.1, 1.0]))
    assert not view.plot.getAxis("left").logMode
    view.set_points(np.arange(5), np.array([1e3, 1.0, 1e-1, 1e-2, 1e-3]))
    assert view.plot.getAxis("left").logMode
    view.set_points(np.arange(5), np.array([1e3, 1.0, 0.0, 1e-2, 1e-3]))
    assert not view.plot.getAxis("left").logMode


def test_a_single_point_stands_over_zero_and_more_points_fill_the_plot(view: LossCurve) -> None:
    view.set_points(np.arange(1), np.array([0.022]))
    view.grab()
    low, high = view.plot.getViewBox().viewRange()[1]
    assert low == pytest.approx(0.0, abs=0.002)
    assert 0.022 < high < 0.05
    view.set_points(np.arange(3), np.array([5.0, 4.5, 4.0]))
    view.grab()
    low, high = view.plot.getViewBox().viewRange()[1]
    assert 3.5 < low < 4.0
    assert 5.0 < high < 5.5


def test_a_loss_that_is_not_finite_leaves_a_gap(view: LossCurve) -> None:
    view.set_points(np.arange(4), np.array([1.0, np.nan, np.inf, 2.0]))
    view.set_current(1)
    view.grab()
    assert view.iteration_near(2.0) == 1


def test_what_a_lesson_points_out_has_corners_around_the_ring(view: LossCurve) -> None:
    view.set_points(np.arange(5), np.array([5.0, 3.0, 2.0, 1.5, 1.0]))
    view.set_current(2)
    before = view.plot.grab().toImage()
    view.set_pointed(True)
    now = view.plot.grab().toImage()
    places = [QPoint(x, y) for x in range(now.width()) for y in range(now.height())]
    changed = [place for place in places if before.pixel(place) != now.pixel(place)]
    ring = _pixel(view, 3.0, 2.0)
    assert changed
    reach = max(max(abs(place.x() - ring.x()), abs(place.y() - ring.y())) for place in changed)
    assert 8 < reach < 18
    assert before.pixel(ring) == now.pixel(ring)
    view.set_pointed(False)
    assert view.plot.grab().toImage() == before


def test_losses_of_two_lines_are_two_curves(view: LossCurve) -> None:
    view.set_points(np.arange(4), np.array([3.0, 9.0, 2.0, 8.0]), np.array([5, 8, 5, 8]))
    assert [(one.name, one.iterations.tolist(), one.numbers.tolist()) for one in view.series] == [
        ("C, line 5", [0, 2], [3.0, 2.0]),
        ("C, line 8", [1, 3], [9.0, 8.0]),
    ]
    view.set_points(np.arange(2), np.array([3.0, 2.0]), np.array([5, 5]))
    assert [one.name for one in view.series] == ["C"]
