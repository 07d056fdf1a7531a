"""Every stop of every shipped lesson in the window: what it points out is drawn where it can be seen, and is right.

The scripts are recorded once for all tests that play lessons; a stop then costs about as much as its picture.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget

from app.docks import learning as learning_module
from engine.lessons.lesson import Lesson, Run, Stop
from engine.lessons.marks import Truth
from engine.lessons.pointed import pointed_out
from engine.lessons.shelf import SHIPPED, find_lesson
from tests.helpers.recorded_lessons import RecordedLessons, recorded_lessons
from tests.helpers.window_user import User
from tests.lessons.test_shipped_lessons import right_text

__all__ = ["recorded_lessons"]

NAMES = sorted(folder.name for folder in SHIPPED.iterdir() if folder.is_dir())
LEAST_COLOURS = 12


@pytest.fixture
def learner(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recorded_lessons: RecordedLessons) -> User:
    """A user whose lessons' scripts have been run already."""

    def copied(run: Run, path: Path, on_tick: object = None) -> None:
        made = recorded_lessons.path(run)
        shutil.copy(made, path)
        arrays = made.with_name(f"{made.name}.arrays")
        if arrays.is_dir():
            shutil.copytree(arrays, path.with_name(f"{path.name}.arrays"))

    monkeypatch.setenv("GRADSTEP_DATA", str(tmp_path))
    monkeypatch.setattr(learning_module, "record_run", copied)
    user.window.resize(1280, 800)
    return user


def go_to(learner: User, number: int, answers: Mapping[str, str]) -> None:
    """To a stop, with these answers given."""
    learning = learner.window.panels.learning
    assert learning.walk is not None
    learning.walk.answers = dict(answers)
    learning.walk.go_to(number)
    learning._show()
    learner.wait_until_still()


def areas_in(learner: User, view: str) -> list[tuple[QWidget, QRectF]]:
    """Corners in a panel, each with the widget that they are drawn in."""
    panels = learner.window.panels
    if view == "tensor":
        head = panels.tensor.head
        return [(head, QRectF(head.label.geometry()))] if head.is_pointed else []
    if view == "canvas" and panels.canvas.shows_neurons:
        return [(panels.canvas.neurons, area) for area in panels.canvas.pointed_areas()]
    widget = {
        "canvas": panels.canvas, "equation": panels.equation, "source": panels.source, "console": panels.console,
    }[view]  # fmt: skip
    return [(widget.viewport(), area) for area in widget.pointed_areas()]


def is_seen(widget: QWidget, area: QRectF) -> bool:
    """Whether an area, or as much of it as the panel is wide, is inside what the panel shows now."""
    if not widget.isVisible():
        return False
    seen = QRectF(widget.rect())
    return seen.intersects(area) and seen.top() <= area.center().y() <= seen.bottom() and area.left() >= seen.left() - 1


def has_corner(learner: User, widget: QWidget, area: QRectF) -> bool:
    """Whether the picture has the colour of the corners at the upper or the lower left end of an area."""
    wanted = QColor(learner.window.looks.theme.current)
    image: QImage = widget.grab(area.adjusted(-4, -4, 4, 4).toAlignedRect() & widget.rect()).toImage()
    return any(
        all(abs(one - other) < 60 for one, other in zip(image.pixelColor(x, y).getRgb(), wanted.getRgb(), strict=True))
        for x in range(min(12, image.width()))
        for y in (*range(min(12, image.height())), *range(max(0, image.height() - 12), image.height()))
    )


def colours(image: QImage) -> int:
    """How many different colours a picture has, of one pixel in seven each way."""
    return len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)})


def wanted_views(learner: User, stop: Stop) -> list[str]:
    """Where what a stop names is pointed out: in its panel, else in the graph and the source, which always show."""
    walk = learner.window.panels.learning.walk
    assert walk is not None
    pointed = pointed_out(walk.moment, stop.view, stop.highlight, revealed=True)
    shows = {
        "source": any(one.span for one in pointed),
        "console": any(one.printed for one in pointed),
        "tensor": any(one.is_known for one in pointed),
        "equation": any(one.quantity is not None for one in pointed),
    }
    return [stop.view] if shows.get(stop.view) else ["canvas", "source"]


def check_pointed(learner: User, stop: Stop) -> None:
    """What the stop names is in its panel, inside what is seen of it, and in the picture."""
    found = [one for view in wanted_views(learner, stop) for one in areas_in(learner, view)]
    assert found, f"{stop.id}: {stop.highlight} is nowhere in {stop.view}"
    seen = [(widget, area) for widget, area in found if is_seen(widget, area)]
    assert seen, f"{stop.id}: {stop.highlight} is out of sight in {stop.view}"
    assert has_corner(learner, *seen[0]), f"{stop.id}: no corners are drawn"


def check_place(learner: User, stop: Stop) -> None:
    """The window stands right behind what the stop is about, in its iteration."""
    walk, place = learner.window.panels.learning.walk, learner.window.state.place
    assert walk is not None
    assert place.iteration == walk.moment.iteration, stop.id
    assert place.position >= walk.moment.known_at, stop.id


def check_number(learner: User, stop: Stop, truths: Mapping[str, Truth]) -> None:
    """The quantity of the stop is shown by the tensor panel as the number that was right."""
    shown = learner.window.panels.tensor.shown
    for question in stop.questions:
        wanted = truths[question.id].answer
        is_about_it = question.answer == stop.where.quantity and isinstance(wanted, float)
        if is_about_it and shown is not None and shown.role == stop.where.quantity and shown.array.size == 1:
            assert float(np.ravel(shown.array)[0]) == wanted, stop.id


@pytest.mark.parametrize("name", NAMES)
def test_each_stop_shows_what_it_names(name: str, learner: User) -> None:
    lesson: Lesson = find_lesson(name)
    learning = learner.window.panels.learning
    learning.start(lesson)
    learner.wait(lambda: learning.printable is not None)
    learner.wait_for_first_step()
    assert learning.walk is not None
    played = learning.walk.played
    for number, stop in enumerate(lesson.stops, 1):
        truths = {question.id: played.truth(stop, question) for question in stop.questions}
        go_to(learner, number, {question.id: right_text(truths[question.id]) for question in stop.questions})
        assert colours(learner.window.grab().toImage()) > LEAST_COLOURS
        check_place(learner, stop)
        if stop.highlight:
            check_pointed(learner, stop)
        check_number(learner, stop, truths)
    learning.end()
    assert not areas_in(learner, "canvas")
    assert not areas_in(learner, "source")
