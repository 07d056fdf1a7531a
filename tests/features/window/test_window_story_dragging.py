"""Dragging along the timeline: the graph goes along, lists and texts catch up when the mouse rests."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine.session.launch import Launch
from engine.session.record import record
from tests.helpers.window_user import EXAMPLES, User

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> User:
    """A user who looks at a recording of twelve iterations, and takes long for a pause."""
    monkeypatch.setattr("app.docks.panels._PAUSE_MS", 2000)
    path = tmp_path / "hello.gradstep"
    with (tmp_path / "output.txt").open("w", encoding="utf-8") as output:
        record(Launch(EXAMPLES / "hello.py", ("--iterations", "12"), stdout=output), path)
    user.window.resize(1280, 800)
    user.window.open_path(path)
    user.wait_for_first_step()
    return user


def test_lists_catch_up_when_a_drag_over_steps_pauses(opened: User) -> None:
    panels, state = opened.window.panels, opened.window.state
    timeline = panels.timeline
    y = round(timeline._line_y())
    shown: list[int | None] = []
    panels.shown.connect(lambda moment: shown.append(moment and moment.place.quantity))
    QTest.mousePress(timeline, LEFT, pos=QPoint(round(timeline.line.x_of(2)), y))
    opened.wait_until_still()
    del shown[:]
    for count in range(3, 10):
        QTest.mouseMove(timeline, QPoint(round(timeline.line.x_of(count)), y))
        opened.wait(lambda count=count: panels.moment is not None and panels.moment.place.quantity == count)
        # What is at hand follows at once: the handle, the ring and the words of the step.
        assert timeline.revealed == count
        assert panels.canvas.current == panels.built.steps[count - 1].card  # type: ignore[union-attr]
        assert f"{count + 1} of" in opened.phase
        assert shown == []
    opened.wait_until_still()
    assert state.place.quantity == 9
    assert shown == [9]
    assert panels.moment is not None
    assert panels.moment.last is not None
    assert panels.moment.last.text in opened.tensor_title
    QTest.mouseRelease(timeline, LEFT, pos=QPoint(round(timeline.line.x_of(9)), y))


def test_a_drag_over_iterations_shows_each_in_the_graph(opened: User) -> None:
    panels = opened.window.panels
    strip = panels.timeline.strip
    y = strip.height() - 8
    shown: list[int | None] = []
    panels.shown.connect(lambda moment: shown.append(moment and moment.place.iteration))
    x_of = {strip.iteration_at(x): x for x in range(strip.width())}
    QTest.mousePress(strip, LEFT, pos=QPoint(x_of[2], y))
    opened.wait_until_still()
    del shown[:]
    for number in range(3, 9):
        QTest.mouseMove(strip, QPoint(x_of[number], y))
        opened.wait(lambda number=number: panels.moment is not None and panels.moment.place.iteration == number)
        assert panels.built is not None
        assert panels.built.iteration == number
        assert shown == []
    opened.wait_until_still()
    assert shown == [8]
    QTest.mouseRelease(strip, LEFT, pos=QPoint(x_of[8], y))


def test_a_single_step_shows_the_graph_first_and_then_everything(opened: User) -> None:
    panels = opened.window.panels
    told: list[str] = []
    panels.moved.connect(lambda _: told.append("graph"))
    panels.shown.connect(lambda _: told.append("all"))
    opened.step(Qt.Key.Key_F10)
    assert told == ["graph", "all"]
    assert panels.moment is not None
    assert panels.moment.last is not None
    assert panels.moment.last.text in opened.tensor_title


def test_what_is_covered_is_not_painted(opened: User, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[str] = []

    def spied(where: str, name: str) -> None:
        real = getattr(importlib.import_module(where), name)
        monkeypatch.setattr(f"{where}.{name}", lambda *args, **rest: (painted.append(name), real(*args, **rest))[1])

    spied("app.views.canvas.card_item", "draw_ground")
    spied("app.views.canvas.neuron_view", "draw_neurons")
    canvas = opened.window.panels.canvas
    assert canvas.shows_neurons
    opened.step(Qt.Key.Key_F10)
    opened.wait(lambda: "draw_neurons" in painted)
    assert "draw_ground" not in painted
    canvas.toggle_neurons()
    opened.step(Qt.Key.Key_F10)
    opened.wait(lambda: "draw_ground" in painted)
