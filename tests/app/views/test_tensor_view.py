"""The tensor panel: header, slices, table, heatmap, figures, huge tensors."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from app.assets import load_fonts
from app.models.tensor_shown import TensorKind, TensorShown
from app.theme import THEMES
from app.views.tensor import TensorView
from app.views.tensor.colours import ColourRange, colour_table
from engine.values import Statistics


@pytest.fixture
def view(qtbot: QtBot) -> TensorView:
    load_fonts()
    made = TensorView(THEMES["dark"])
    qtbot.addWidget(made)
    made.resize(360, 460)
    made.show()
    return made


def _shown(array: np.ndarray, kind: TensorKind = "value", title: str = "fc.weight") -> TensorShown:
    return TensorShown(title, "w⁽¹⁾", array, str(array.dtype), "cpu", kind)


def _labels(view: TensorView) -> str:
    return " ".join(label.text() for label in view.findChildren(QLabel) if label.isVisible())


def test_header_and_figures_tell_what_is_shown(view: TensorView) -> None:
    view.set_tensor(_shown(np.array([[3.0, 0.0], [-4.0, 0.0]], np.float32), title="a<b"))
    text = _labels(view)
    for wanted in ("a&lt;b", "w⁽¹⁾", "2×2 · float32 · cpu", "−4", "3", "−0.25", "2.487", "5", "50 %"):
        assert wanted in text


def test_nothing_selected_says_so(view: TensorView) -> None:
    view.set_tensor(_shown(np.eye(2)))
    view.set_tensor(None)
    assert _labels(view) == "Select a value to see its numbers."


def test_a_scalar_is_shown_large_and_without_noise(view: TensorView) -> None:
    view.set_tensor(TensorShown("z", "z⁽¹⁾", np.array(1.1240000725, np.float32), "float32", "cpu"))
    assert view.scalar.isVisible()
    assert view.scalar.accessibleName() == "z⁽¹⁾ = 1.124"
    assert not view.table_pane.isVisible()
    assert not view.figures.isVisible()


def test_leading_axes_are_chosen_by_spin_boxes_and_stay_while_stepping(view: TensorView) -> None:
    array = np.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)
    view.set_tensor(_shown(array))
    boxes = view.slices.findChildren(QSpinBox)
    assert [box.maximum() for box in boxes] == [1, 2]
    boxes[0].setValue(1)
    boxes[1].setValue(2)
    model = view.table_pane.table.model()
    assert model.index(3, 4).data() == "119"
    view.set_tensor(_shown(array + 1))
    assert model.index(3, 4).data() == "120"
    view.set_tensor(_shown(np.eye(3)))
    assert not view.slices.isVisible()
    assert model.index(2, 2).data() == "1"


def test_selecting_an_element_goes_to_its_slice_and_cell(view: TensorView) -> None:
    view.set_tensor(_shown(np.arange(24.0).reshape(2, 3, 4)))
    view.select_element((1, 2, 3))
    table = view.table_pane.table
    assert view.slices.leading == (1,)
    assert (table.currentIndex().row(), table.currentIndex().column()) == (2, 3)
    assert table.currentIndex().data() == "23"


def test_a_click_on_a_cell_tells_the_element(view: TensorView, qtbot: QtBot) -> None:
    view.set_tensor(_shown(np.arange(24.0).reshape(2, 3, 4)))
    view.select_element((1, 0, 0))
    table = view.table_pane.table
    with qtbot.waitSignal(view.element_activated) as caught:
        point = table.visualRect(table.model().index(2, 1)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert caught.args == [(1, 2, 1)]
    view.tabs.setCurrentIndex(1)
    heatmap = view.heatmap_pane.heatmap
    with qtbot.waitSignal(view.element_activated) as caught:
        QTest.mouseClick(heatmap, Qt.MouseButton.LeftButton, pos=heatmap.cell_area(0, 3).center().toPoint())
    assert caught.args == [(1, 0, 3)]


def test_ctrl_c_copies_the_selection_exactly_with_tabs(view: TensorView) -> None:
    view.set_tensor(_shown(np.array([[0.1, 1.5, 2.0], [0.30000001, np.nan, -1e-20]], np.float32)))
    table = view.table_pane.table
    table.setCurrentIndex(table.model().index(0, 1))
    QTest.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "0.1\t1.5\t2.0\n0.3\tnan\t-1e-20"


def test_digits_are_chosen_below_the_table(view: TensorView) -> None:
    view.set_tensor(_shown(np.array([[1 / 3]])))
    cell = view.table_pane.table.model().index(0, 0)
    assert cell.data() == "0.3333"
    view.table_pane.digits.setValue(9)
    assert cell.data() == "0.333333333"


def test_heatmap_paints_each_cell_in_its_colour(view: TensorView) -> None:
    view.set_tensor(_shown(np.array([[-2.0, 0.0, 2.0]]), "gradient"))
    view.tabs.setCurrentIndex(1)
    heatmap = view.heatmap_pane.heatmap
    image = heatmap.grab().toImage()
    for column, code in ((0, 0), (1, 126), (2, 252)):
        corner = heatmap.cell_area(0, column).topLeft().toPoint() + QPoint(4, 4)
        assert image.pixelColor(corner) == QColor(*map(int, colour_table("CET-D1A")[code]))


def test_negative_cells_of_a_gradient_carry_a_minus(view: TensorView) -> None:
    numbers = np.tile(np.array([[-2.0, 2.0, 0.0, -0.5]]), (1, 8))
    view.set_tensor(_shown(numbers, "gradient"))
    view.tabs.setCurrentIndex(1)
    heatmap = view.heatmap_pane.heatmap
    grey = heatmap.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    assert heatmap.cell_area(0, 0).width() < 30, "no room for the numbers themselves"
    marked = []
    for column in range(4):
        area = heatmap.cell_area(0, column)
        middle, corner = area.center().toPoint(), area.topLeft().toPoint() + QPoint(2, 2)
        shades = [grey.pixelColor(middle.x(), middle.y() + dy).value() for dy in (-1, 0, 1)]
        marked.append(max(abs(shade - grey.pixelColor(corner).value()) for shade in shades) > 60)
    assert marked == [True, False, False, True]


def test_negative_pixels_of_a_kernel_s_picture_carry_a_minus(view: TensorView) -> None:
    kernels = np.array([[[[-2.0, 2.0, 0.0], [-0.5, 0.5, 1.0], [1.5, -1.0, 0.0]]]])
    view.set_tensor(_shown(kernels, "parameter"))
    view.tabs.setCurrentWidget(view.images_pane)
    images = view.images_pane.images
    grey = images.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    area = images.picture_area(0)
    side = area.width() / 3
    for row, column in np.ndindex(3, 3):
        corner = area.topLeft() + QPointF(column * side, row * side)
        middle, plain = (corner + QPointF(side * share, side * share) for share in (0.5, 0.1))
        shades = [grey.pixelColor(middle.toPoint() + QPoint(0, dy)).value() for dy in (-1, 0, 1)]
        is_marked = max(abs(shade - grey.pixelColor(plain.toPoint()).value()) for shade in shades) > 60
        assert is_marked == (kernels[0, 0, row, column] < 0)


def test_not_finite_cells_carry_a_second_mark(view: TensorView) -> None:
    view.set_tensor(_shown(np.array([[np.nan, np.inf], [-np.inf, 1.0]])))
    view.tabs.setCurrentIndex(1)
    heatmap = view.heatmap_pane.heatmap
    image = heatmap.grab().toImage()
    colours = []
    for row, column in ((0, 0), (0, 1), (1, 0), (1, 1)):
        area = heatmap.cell_area(row, column).toRect().adjusted(3, 3, -3, -3)
        points = [(x, y) for x in range(area.left(), area.right()) for y in range(area.top(), area.bottom())]
        colours.append({image.pixelColor(x, y).name() for x, y in points})
    assert "#ff00ff" in colours[0]
    assert all(len(seen) > 1 for seen in colours)


def test_bars_show_a_vector_up_and_down_from_zero(view: TensorView, qtbot: QtBot) -> None:
    view.tabs.setCurrentWidget(view.bars)
    view.set_tensor(_shown(np.array([2.0, -1.0, 0.0, np.nan])))
    bars = view.bars
    up, down, zero, nothing = (bars.bar_area(number) for number in range(4))
    assert up.height() == pytest.approx(2 * down.height())
    assert up.bottom() == pytest.approx(down.top())
    assert zero.height() == nothing.height() == 0.0
    assert not bars.grab().isNull()
    assert bars.readout(QPointF(down.center().x(), up.center().y())) == "1: −1"
    with qtbot.waitSignal(view.element_activated) as told:
        QTest.mouseClick(bars, Qt.MouseButton.LeftButton, pos=up.center().toPoint())
    assert told.args == [(0,)]


def test_bars_of_a_matrix_are_those_of_the_chosen_row(view: TensorView) -> None:
    view.tabs.setCurrentWidget(view.bars)
    view.set_tensor(_shown(np.array([[1.0, 2.0], [3.0, 5.0]])))
    assert view.bars.accessibleDescription() == "1, 2"
    view.select_element((1, 0))
    assert view.bars.accessibleDescription() == "3, 5"


def test_hovering_reads_out_index_and_value(view: TensorView) -> None:
    view.set_tensor(_shown(np.array([[0.5, -1.25], [7.0, 1 / 3]])))
    view.tabs.setCurrentIndex(1)
    heatmap = view.heatmap_pane.heatmap
    assert heatmap.readout(heatmap.cell_area(0, 1).center()) == "[0, 1] = −1.25"
    assert heatmap.readout(heatmap.cell_area(1, 1).center()) == "[1, 1] = 0.333333333"
    assert heatmap.readout(QPointF(1, 1)) == ""
    heard: list[str] = []
    heatmap.cell_hovered.connect(heard.append)
    QTest.mouseMove(heatmap, heatmap.cell_area(1, 0).center().toPoint())
    assert heard[-1] == "[1, 0] = 7"


def test_a_locked_range_stays_until_it_is_unlocked(view: TensorView) -> None:
    view.set_tensor(_shown(np.array([[0.0, 1.0]])))
    view.heatmap_pane.lock.setChecked(True)
    view.set_tensor(_shown(np.array([[0.0, 50.0]])))
    assert view.scale() == ColourRange(0.0, 1.0, diverging=False)
    view.heatmap_pane.lock.setChecked(False)
    assert view.scale() == ColourRange(0.0, 50.0, diverging=False)


@pytest.mark.parametrize("array", [np.zeros((0, 3)), np.zeros((2, 0)), np.zeros((0,)), np.zeros((3, 0, 2))])
def test_a_tensor_without_elements_is_no_error(view: TensorView, array: np.ndarray) -> None:
    view.set_tensor(_shown(array))
    view.tabs.setCurrentIndex(1)
    view.grab()
    assert view.heatmap_pane.heatmap.readout(QPointF(100, 100)) == ""


@pytest.mark.parametrize("shape", [(100_000_000,), (10_000, 10_000), (4, 5_000, 5_000)])
def test_a_hundred_million_elements_open_at_once(view: TensorView, tmp_path: Path, shape: tuple[int, ...]) -> None:
    array = np.memmap(tmp_path / "huge", np.float32, "w+", shape=shape)  # a sparse file
    known = Statistics(min=-1.0, max=1.0, mean=0.0, std=1.0, norm=1.0, zeros=0.5, nans=0, infs=0)
    tracemalloc.start()
    for statistics in (known, None):
        view.set_tensor(TensorShown("huge", "", array, "float32", "cpu", "value", statistics))
        for tab in (0, 1):
            view.tabs.setCurrentIndex(tab)
            view.grab()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < array.nbytes / 8, "only what is shown is read"


@pytest.mark.parametrize("name", sorted(THEMES))
def test_every_theme_can_be_taken(view: TensorView, name: str) -> None:
    view.set_tensor(_shown(np.eye(3)))
    view.set_theme(THEMES[name])
    assert THEMES[name].muted in _labels(view)


def test_an_axis_with_one_place_has_no_slider(view: TensorView) -> None:
    array = np.arange(16 * 9.0).reshape(1, 16, 3, 3)
    view.set_tensor(_shown(array))
    boxes = [box for box in view.slices.findChildren(QSpinBox) if box.isVisible()]
    assert [box.accessibleName() for box in boxes] == ["axis 1"]
    view.select_element((0, 7, 2, 1))
    assert view.slices.leading == (0, 7)
    assert view.plane is not None
    np.testing.assert_array_equal(view.plane.cells, array[0, 7])
    view.set_tensor(_shown(np.zeros((1, 1, 3, 3))))
    assert view.slices.leading == (0, 0)
    assert not view.slices.isVisible()


def test_a_low_panel_keeps_room_for_rows(view: TensorView) -> None:
    """As in a window of 1280x800: the figures give way, several rows are seen."""
    view.resize(320, 360)
    view.set_tensor(_shown(np.zeros((1, 16, 13, 13), np.float32)))
    QTest.qWait(20)
    table = view.table_pane.table
    assert not view.figures.isVisible()
    assert table.viewport().height() >= 4 * table.rowHeight(0)


def test_figures_that_no_number_has_are_a_dash(view: TensorView) -> None:
    view.set_tensor(_shown(np.full((2, 2), np.nan, np.float32)))
    assert "nan" not in _labels(view)


def test_bars_show_what_is_not_finite_and_how_large_complex_numbers_are(view: TensorView) -> None:
    view.tabs.setCurrentWidget(view.bars)
    view.set_tensor(_shown(np.array([3.0 + 4.0j, 0.0, 1.0j])))
    heights = [view.bars.bar_area(i).height() for i in range(3)]
    np.testing.assert_allclose(heights, [5 * heights[2], 0.0, heights[2]])
    view.set_tensor(_shown(np.array([1.0, np.nan, np.inf, -np.inf])))
    image = view.bars.grab().toImage()
    colour = QColor(THEMES["dark"].not_finite)

    def marks(number: int) -> int:
        area = view.bars.bar_area(number)
        columns = range(int(area.left()), int(area.right()))
        return sum(image.pixelColor(x, y) == colour for x in columns for y in range(image.height()))

    assert marks(0) == 0
    assert all(marks(number) > 0 for number in (1, 2, 3))
