"""The timeline: what is revealed looks so, clicks and keys ask for places, any number of steps fits."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.models.timeline_steps import StepPhase, TimelineStep
from app.theme import THEMES
from app.views.iteration_strip import CURVE_PX
from app.views.timeline import Timeline

COUNTS: dict[StepPhase, int] = {"forward": 5, "backward": 10, "update": 4}
PHASES = [phase for phase, count in COUNTS.items() for _ in range(count)]
THEME = THEMES["dark"]


@pytest.fixture
def view(qtbot: QtBot) -> Timeline:
    load_fonts()
    made = Timeline(THEME)
    qtbot.addWidget(made)
    made.resize(760, made.sizeHint().height())
    made.show()
    made.set_steps([TimelineStep(f"s{i}", phase) for i, phase in enumerate(PHASES)])
    return made


def _y(view: Timeline) -> int:
    return view.height() - THEME.small_px - 25


def _image(view: Timeline) -> QImage:
    return view.grab().toImage()


def _is_like(one: QColor, other: QColor) -> bool:
    """Up to smoothing at the line's edge."""
    return abs(one.red() - other.red()) + abs(one.green() - other.green()) + abs(one.blue() - other.blue()) < 240


def _click(view: Timeline, qtbot: QtBot, x: float) -> None:
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), _y(view)))


def test_revealed_steps_are_filled_and_others_hollow(view: Timeline) -> None:
    view.set_revealed(7)
    image, y = _image(view), _y(view)
    for count, colour in ((1, THEME.forward), (5, THEME.forward), (6, THEME.backward), (7, THEME.backward)):
        assert image.pixelColor(round(view.line.x_of(count)), y) == QColor(colour), count
    for count in (8, 15, 16, 19):
        assert image.pixelColor(round(view.line.x_of(count)), y) == QColor(THEME.background), count


def test_the_handle_stands_at_the_step_revealed_last(view: Timeline) -> None:
    for count in (0, 1, 12, 19):
        view.set_revealed(count)
        image = _image(view)
        assert image.pixelColor(round(view.line.x_of(count)), _y(view) - 12) == QColor(THEME.current), count
    xs = [view.line.x_of(count) for count in range(20)]
    assert xs == sorted(set(xs))
    assert xs[0] > 0
    assert xs[-1] < view.width()


@pytest.mark.parametrize("count", [0, 1, 9, 19])
def test_a_click_asks_for_its_step(view: Timeline, qtbot: QtBot, count: int) -> None:
    view.set_revealed(4)
    with qtbot.waitSignal(view.place_requested) as asked:
        _click(view, qtbot, view.line.x_of(count))
    assert asked.args == [count]
    assert view.revealed == 4  # it only asks


def test_a_drag_asks_at_once_and_then_for_the_latest_step_of_a_frame(view: Timeline, qtbot: QtBot) -> None:
    asked: list[int] = []
    view.place_requested.connect(asked.append)
    y = _y(view)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(round(view.line.x_of(3)), y))
    for x in range(round(view.line.x_of(3)), round(view.line.x_of(6)) + 1, 4):
        QTest.mouseMove(view, QPoint(x, y))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(round(view.line.x_of(6)), y))
    assert asked[0] == 3
    view.set_revealed(3)  # the answer to the first wish takes nothing away from the latest one
    qtbot.waitUntil(lambda: asked[-1] == 6, timeout=30_000)
    assert asked == sorted(set(asked))
    view.set_revealed(6)
    assert view.revealed == 6


def test_arrow_keys_step(view: Timeline, qtbot: QtBot) -> None:
    asked: list[int] = []
    view.place_requested.connect(asked.append)
    view.set_revealed(4)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
        QTest.keyClick(view, key)
    assert asked == [3, 5, 0, 19]
    view.set_revealed(0)
    with qtbot.assertNotEmitted(view.place_requested):
        QTest.keyClick(view, Qt.Key.Key_Left)


def test_ten_thousand_steps_fit(view: Timeline) -> None:
    steps = [TimelineStep(f"s{i}", phase) for phase in COUNTS for i in range(3334)]
    view.set_steps(steps)
    view.set_revealed(5000)
    view.grab()
    assert view.line.x_of(len(steps)) < view.width()
    for count in (1, 3334, 3335, 7000, len(steps)):
        assert abs(view.line.count_at(view.line.x_of(count)) - count) <= len(steps) / 80


def test_nothing_to_show_is_said(qtbot: QtBot) -> None:
    view = Timeline(THEME)
    qtbot.addWidget(view)
    view.resize(400, 80)
    with qtbot.assertNotEmitted(view.place_requested):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(50, 40))
    assert view.grab().toImage().pixelColor(5, 75) == QColor(THEME.background)


def test_a_strip_of_iterations_goes_to_one(view: Timeline, qtbot: QtBot) -> None:
    low = view.sizeHint().height()
    view.set_iterations(0, 1, 0)
    assert not view.strip.isVisible()
    view.set_iterations(0, 10, 2)
    assert view.strip.isVisible()
    assert view.sizeHint().height() > low
    numbers = {view.strip.iteration_at(x) for x in range(view.width())}
    assert numbers == set(range(10))
    with qtbot.waitSignal(view.iteration_requested) as asked:
        x = next(x for x in range(view.width()) if view.strip.iteration_at(x) == 7)
        QTest.mouseClick(view.strip, Qt.MouseButton.LeftButton, pos=QPoint(x + 2, 8))
    assert asked.args == [7]
    view.set_iterations(0, 100_000, 99_999)
    assert view.strip.iteration_at(0) == 0
    assert view.strip.iteration_at(view.width()) == 99_999
    assert "iteration 100000 of 100000" in view.strip.accessibleDescription()


def test_the_loss_and_what_stands_out_are_drawn_in_the_strip(view: Timeline) -> None:
    view.set_iterations(0, 50, 10)
    low = view.sizeHint().height()
    numbers = np.arange(50)
    view.set_losses(numbers, np.exp(-numbers / 10.0))
    assert view.sizeHint().height() == low + CURVE_PX
    strip = view.strip
    before = strip.grab().toImage()
    bar = strip._bar()
    loss = QColor(THEME.loss)
    rows = [
        [y for y in range(int(bar.top()) - 2) if _is_like(before.pixelColor(x, y), loss)]
        for x in (round(bar.left()) + 12, round(bar.right()) - 12)
    ]
    assert rows[0]
    assert rows[1]
    assert max(rows[0]) < min(rows[1])  # the loss falls
    strip.set_marks({"breakpoint": (5,), "edit": (20,), "error": (49,)})
    after = strip.grab().toImage()
    changed = {
        x for x in range(strip.width()) for y in range(strip.height()) if before.pixel(x, y) != after.pixel(x, y)
    }
    for iteration in (5, 20, 49):
        middle = bar.left() + (iteration + 0.5) / 50 * bar.width()
        assert any(abs(x - middle) < 4 for x in changed)
        changed = {x for x in changed if abs(x - middle) >= 5}
    assert not changed


def test_many_losses_become_few_points(view: Timeline) -> None:
    view.set_iterations(0, 100_000, 0)
    losses = np.ones(100_000)
    losses[77_777] = 9.0
    view.set_losses(np.arange(100_000), losses)
    area = QRectF(0.0, 0.0, 500.0, 10.0)
    points = view.strip._polygon(area)
    assert len(points) <= 2 * 500 + 2
    highest = min(points, key=lambda point: point.y())
    assert highest.y() == 0.0
    assert abs(highest.x() - 77_777 / 100_000 * 500) <= 1.0


@pytest.mark.parametrize("name", ["light", "projector"])
def test_other_themes(view: Timeline, name: str) -> None:
    view.set_revealed(3)
    view.set_theme(THEMES[name])
    view.resize(view.width(), view.sizeHint().height())
    y = view.height() - THEMES[name].small_px - 25
    assert view.grab().toImage().pixelColor(round(view.line.x_of(1)), y) == QColor(THEMES[name].forward)


def test_one_zooms_into_the_steps_and_the_line_goes_along(view: Timeline, qtbot: QtBot) -> None:
    view.set_steps([TimelineStep(f"s{i}", "forward") for i in range(1000)])
    view.set_revealed(500)
    assert view.line.window == (0, 1000)
    for _ in range(8):
        QTest.keyClick(view, Qt.Key.Key_Plus)
    begin, end = view.line.window
    assert end - begin == pytest.approx(1000 / 1.5**8, abs=4)
    assert begin < 500 <= end
    # Now each step has a place of its own.
    assert len({view.line.count_at(x) for x in range(view.width())}) >= end - begin
    with qtbot.waitSignal(view.place_requested) as asked:
        _click(view, qtbot, view.line.x_of(begin + 3))
    assert asked.args == [begin + 3]
    view.set_revealed(900)
    moved = view.line.window
    assert moved[0] < 900 <= moved[1]
    assert moved[1] - moved[0] == end - begin
    for _ in range(30):
        QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.line.window[1] - view.line.window[0] >= 6
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.line.window == (0, 1000)


def test_the_wheel_zooms_around_the_pointer(view: Timeline) -> None:
    view.set_steps([TimelineStep(f"s{i}", "forward") for i in range(1000)])
    x = view.line.x_of(250)
    place, up = QPointF(x, _y(view)), QPoint(0, 120)
    for _ in range(5):
        wheel = QWheelEvent(
            place, view.mapToGlobal(place), QPoint(), up, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(view, wheel)
    begin, end = view.line.window
    assert end - begin == pytest.approx(1000 / 1.5**5, abs=4)
    assert abs(view.line.count_at(x) - 250) < 12
    view.set_steps([TimelineStep("s", "forward")] * 10)
    assert view.line.window == (0, 10)


def test_another_iteration_paints_the_strip_only_and_keeps_its_curve(
    view: Timeline, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.set_iterations(0, 10, 2)
    view.set_losses(np.arange(10), np.linspace(1.0, 0.1, 10))
    qtbot.waitExposed(view)
    QApplication.processEvents()
    painted: list[str] = []
    monkeypatch.setattr(view, "_paint_line", lambda painter: painted.append("steps"))
    monkeypatch.setattr(view.strip, "_paint_cells", lambda painter: painted.append("strip"))
    curve = view.strip._polygon(view.strip._curve[0]) if view.strip._curve is not None else None
    view.set_iterations(0, 10, 3)
    qtbot.waitUntil(lambda: bool(painted))
    assert painted == ["strip"]
    assert curve is not None
    assert view.strip._curve is not None
    assert view.strip._curve[1] is curve


def test_what_a_lesson_points_out_has_corners(view: Timeline) -> None:
    before = _image(view)
    view.set_pointed(frozenset({7}))
    now = _image(view)
    changed = [x for x in range(now.width()) if any(before.pixel(x, y) != now.pixel(x, y) for y in range(now.height()))]
    middle = view.line.x_of(8)
    assert changed
    assert max(abs(x - middle) for x in changed) < 16, "around the eighth mark, and nowhere else"
    assert before.pixel(round(middle), _y(view)) == now.pixel(round(middle), _y(view)), "what is inside stays"
    view.set_pointed(frozenset())
    assert _image(view) == before
