"""The tensor panel's other ways to look: pictures, histogram, other axes, differences, searching, saving."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.docks import showing
from app.docks.showing import Showing
from app.models.tensor_choice import shown_quantity
from app.models.tensor_shown import TensorKind, TensorMissing, TensorShown
from app.theme import THEMES
from app.views.tensor.colours import colour_table
from engine.analysis.quantities import quantities
from engine.errors import GradstepError
from engine.trace.reader import Trace

TABLE, HEATMAP, PICTURES, HISTOGRAM, OVER_TIME = range(5)


@pytest.fixture
def shows(qtbot: QtBot) -> Iterator[Showing]:
    load_fonts()
    made = Showing(THEMES["dark"])
    qtbot.addWidget(made.view)
    made.view.resize(360, 480)
    made.view.show()
    yield made
    made.close()


def _shown(array: np.ndarray, kind: TensorKind = "value") -> TensorShown:
    return TensorShown("fc.weight", "w⁽¹⁾", array, str(array.dtype), "cpu", kind)


def _figure(shows: Showing, tip: str) -> QToolButton:
    return next(one for one in shows.view.figures.findChildren(QToolButton) if one.accessibleName() == tip)


def test_other_axes_are_chosen_by_keyboard(shows: Showing) -> None:
    array = np.arange(2 * 3 * 4.0).reshape(2, 3, 4)
    view = shows.view
    shows.show_tensor(_shown(array), 0, 0)
    assert view.slices.axes == (1, 2)
    QTest.keyClick(view.slices.row_axis, Qt.Key.Key_Up)
    assert view.slices.axes == (0, 2)
    view.slices.set_leading((2,))
    model = view.table_pane.table.model()
    assert (model.rowCount(), model.columnCount()) == (2, 4)
    assert model.index(1, 3).data() == str(int(array[1, 2, 3]))
    # The axis of the rows is chosen for the columns: they change places.
    view.slices.column_axis.setCurrentIndex(0)
    view.slices.column_axis.activated.emit(0)
    assert view.slices.axes == (2, 0)
    assert view.table_pane.table.model().index(3, 1).data() == str(int(array[1, 2, 3]))
    view.select_element((0, 1, 2))
    assert view.slices.leading == (1,)
    table = view.table_pane.table
    assert (table.currentIndex().row(), table.currentIndex().column()) == (2, 0)


def test_extremes_and_nan_are_one_key_away(shows: Showing, qtbot: QtBot) -> None:
    array = np.zeros((3, 4, 5), np.float32)
    array[2, 1, 3], array[0, 3, 3], array[1, 2, 2] = 9.0, -9.0, np.nan
    view = shows.view
    shows.show_tensor(_shown(array), 0, 0)
    for tip, place in (
        ("Go to the largest number", (2, 1, 3)),
        ("Go to the smallest number", (0, 3, 3)),
        ("Go to the first NaN or infinity", (1, 2, 2)),
    ):
        with qtbot.waitSignal(shows.element_activated) as told:
            QTest.keyClick(_figure(shows, tip), Qt.Key.Key_Space)
        assert told.args == [place]
        assert view.element == place
        assert view.slices.leading == place[:1]
    shows.show_tensor(_shown(np.ones((2, 2))), 0, 0)
    with qtbot.waitSignal(shows.told) as said:
        shows.find("not finite")
    assert said.args == ["All numbers are finite."]


def test_a_large_tensor_is_searched_beside_the_window(
    shows: Showing, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(showing, "LARGEST_COUNTED_HERE", 10)
    array = np.zeros((20, 30))
    array[11, 7] = 1.0
    shows.show_tensor(_shown(array), 0, 0)
    with qtbot.waitSignal(shows.element_activated, timeout=20_000) as told:
        shows.find("max")
    assert told.args == [(11, 7)]
    # A search whose tensor is shown no more is dropped.
    shows.find("max")
    shows.show_tensor(_shown(np.ones((2, 2))), 0, 0)
    qtbot.waitUntil(lambda: not shows.is_working, timeout=20_000)
    assert shows.view.element is None


def test_pictures_have_the_colours_of_their_numbers_and_lead_to_them(shows: Showing, qtbot: QtBot) -> None:
    array = np.zeros((2, 3, 4, 4))
    array[1, 2, 3, 0] = 1.0
    shows.show_tensor(_shown(array), 0, 0)
    shows.view.tabs.setCurrentIndex(PICTURES)
    images = shows.view.images_pane.images
    assert len(images.pictures) == 6
    area = images.picture_area(5)
    middle = area.topLeft()
    middle.setX(area.left() + area.width() / 8)
    middle.setY(area.bottom() - area.height() / 8)
    painted = images.grab().toImage()
    assert painted.pixelColor(middle.toPoint()) == QColor(*map(int, colour_table("viridis")[252]))
    assert painted.pixelColor(area.center().toPoint()) == QColor(*map(int, colour_table("viridis")[0]))
    assert images.readout(middle) == "[1, 2, 3, 0] = 1"
    with qtbot.waitSignal(shows.element_activated) as told:
        QTest.mouseClick(images, Qt.MouseButton.LeftButton, pos=middle.toPoint())
    assert told.args == [(1, 2, 3, 0)]
    assert not shows.view.slices.isVisible()


def test_what_has_no_pictures_says_what_would(shows: Showing) -> None:
    shows.show_tensor(_shown(np.zeros((3, 5))), 0, 0)
    shows.view.tabs.setCurrentIndex(PICTURES)
    assert shows.view.images_pane.nothing.isVisible()
    assert not shows.view.images_pane.images.isVisible()


def test_the_histogram_names_range_and_count_of_a_bar(shows: Showing) -> None:
    shows.show_tensor(_shown(np.concatenate([np.arange(600.0), [600.0, np.nan]])), 0, 0)
    shows.view.tabs.setCurrentIndex(HISTOGRAM)
    pane = shows.view.histogram_pane
    assert pane.note.text() == "without 1 NaN, 0 inf"
    first = pane.bars.bar_area(0)
    assert pane.bars.readout(first.center()) == "0 … 10:  10"
    tall, last = pane.bars.bar_area(59).height(), first.height()
    assert tall == pytest.approx(last * 1.1, rel=1e-6)


def test_the_course_comes_beside_the_window(shows: Showing, qtbot: QtBot, hello: Trace) -> None:
    shows.set_trace(hello)
    step = next(one for one in quantities(hello, 0) if one.symbol == "z1")
    shows.show_tensor(shown_quantity(hello, 0, step), len(hello), 0)
    shows.view.tabs.setCurrentIndex(OVER_TIME)
    plot = shows.view.over_time.plot
    qtbot.waitUntil(lambda: bool(plot.series), timeout=20_000)
    (line,) = plot.series
    assert line.numbers[0] == pytest.approx(1.124)
    assert len(line.numbers) == 3
    shows.set_trace(None)


def test_differences_to_the_iteration_before_and_to_another_trace(
    shows: Showing, hello: Trace, hello_path: Path
) -> None:
    shows.set_trace(hello)
    step = next(one for one in quantities(hello, 1) if one.symbol == "w1" or one.symbol == "z1")
    plain = shown_quantity(hello, 1, step)
    assert isinstance(plain, TensorShown)
    shows.show_tensor(plain, len(hello), 1)
    shows.view.head.delta.click()
    shown = shows.view.shown
    assert shown is not None
    assert shown.title.endswith("− iteration 1")
    assert 0.0 < abs(shown.array).max() < 0.1
    shows.compare_with(hello_path, "branch 2")
    shows.show_tensor(plain, len(hello), 1)
    shown = shows.view.shown
    assert shown is not None
    assert shown.title.endswith("− branch 2")
    assert not shown.array.any()
    shows.view.head.delta.click()
    assert shows.view.shown is plain
    with pytest.raises(GradstepError):
        shows.compare_with(hello_path.with_name("missing.gradstep"))


def test_numbers_that_are_not_there_say_why(shows: Showing) -> None:
    shows.show_tensor(TensorMissing("w", (50, 50), "float32", "They were dropped to stay within the budget."), 0, 0)
    assert shows.view._nothing.text() == "They were dropped to stay within the budget."
    assert shows.view._nothing.isVisible()
    assert "50×50" in shows.view.head.label.text()


def test_saving_and_copying(shows: Showing, qtbot: QtBot, tmp_path: Path) -> None:
    array = np.array([[0.0, 1.0], [0.5, 0.25]], np.float32)
    shows.show_tensor(_shown(array), 0, 0)
    shows.view.copy_plane()
    assert QGuiApplication.clipboard().text() == "0.0\t1.0\n0.5\t0.25"
    for form in ("npy", "csv", "png"):
        with qtbot.waitSignal(shows.told, timeout=20_000):
            shows.save(tmp_path / f"w.{form}", form)
    assert np.array_equal(np.load(tmp_path / "w.npy"), array)
    picture = QImage(str(tmp_path / "w.png"))
    assert (picture.width(), picture.height()) == (2, 2)
    assert picture.pixelColor(1, 0) == QColor(*map(int, colour_table("viridis")[252]))
    with qtbot.waitSignal(shows.failed, timeout=20_000) as told:
        shows.save(tmp_path / "missing" / "w.npy", "npy")
    assert told.args is not None
    assert "cannot be written" in told.args[0].message.english


def test_a_scalar_is_a_table_of_one_number_and_nothing_is_no_picture(
    shows: Showing, qtbot: QtBot, tmp_path: Path
) -> None:
    shows.show_tensor(_shown(np.array(0.1, np.float32)), 0, 0)
    shows.view.copy_plane()
    assert QGuiApplication.clipboard().text() == "0.1"
    with qtbot.waitSignal(shows.told, timeout=20_000):
        shows.save(tmp_path / "w.csv", "csv")
    assert (tmp_path / "w.csv").read_text() == "0.1\n"
    shows.show_tensor(_shown(np.zeros((0, 3))), 0, 0)
    with qtbot.waitSignal(shows.told, timeout=20_000) as told:
        shows.save(tmp_path / "w.png", "png")
    assert told.args == ["There are no elements to draw."]


def test_a_long_save_shows_how_far_it_is_and_can_be_stopped(shows: Showing, qtbot: QtBot, tmp_path: Path) -> None:
    """What was under that name before stays there, and no half of a file beside it."""
    path = tmp_path / "w.csv"
    path.write_text("mine")
    shows.show_tensor(_shown(np.zeros((2_000_000, 4), np.float32)), 0, 0)
    shows.save(path, "csv")
    qtbot.waitUntil(shows.view.saving.isVisible, timeout=20_000)
    with qtbot.waitSignal(shows.told, timeout=20_000) as told:
        shows.view.saving.stop.click()
    assert told.args == ["Nothing was saved."]
    assert not shows.view.saving.isVisible()
    shows.close()
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("w.csv", "mine")]


@pytest.mark.parametrize("form", ["npy", "csv"])
def test_a_full_disk_is_told_of(shows: Showing, qtbot: QtBot, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> object:
        raise OSError(errno.ENOSPC, "No space left on device")

    shows.show_tensor(_shown(np.zeros((3, 4), np.float32)), 0, 0)
    monkeypatch.setattr(Path, "open", refuse)
    with qtbot.waitSignal(shows.failed, timeout=20_000) as told:
        shows.save(Path("w." + form), form)
    assert told.args is not None
    assert told.args[0].message.english == f"w.{form} cannot be written: No space left on device."


@pytest.mark.parametrize("numbers", [np.full((2, 3), np.nan), np.array([1.7e308, -1.7e308, 0.0]), np.zeros((0, 2))])
def test_odd_numbers_have_a_histogram_too(shows: Showing, numbers: np.ndarray) -> None:
    shows.view.tabs.setCurrentWidget(shows.view.histogram_pane)
    shows.show_tensor(_shown(numbers), 0, 0)
    bars = shows.view.histogram_pane.bars
    finite = int(np.isfinite(numbers).sum())
    assert not bars.grab().isNull()
    assert sum(int(bars.readout(bars.bar_area(i).center()).rpartition(" ")[2]) for i in range(60)) == finite
