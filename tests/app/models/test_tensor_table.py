"""The lazy table model over planes of tensors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from pytestqt.modeltest import ModelTester

from app.models.tensor_plane import TensorPlane
from app.models.tensor_table import MOST_COLUMNS, MOST_ROWS, TensorTableModel


@pytest.mark.parametrize(
    "array",
    [
        np.float32(0.5).reshape(()),
        np.arange(5.0),
        np.arange(12).reshape(3, 4),
        np.zeros((0, 3), np.float32),
        np.array([[True, False]]),
        np.array([[1 + 2j], [np.nan]]),
    ],
)
def test_model_keeps_qts_contract(array: np.ndarray, qtmodeltester: ModelTester) -> None:
    model = TensorTableModel()
    model.set_plane(TensorPlane(array))
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # pytest-qt types no fixture


def test_model_keeps_qts_contract_while_planes_change(qtmodeltester: ModelTester) -> None:
    model = TensorTableModel()
    qtmodeltester.check(model)  # type: ignore[no-untyped-call] # pytest-qt types no fixture
    model.set_plane(TensorPlane(np.eye(3)))
    model.set_plane(TensorPlane(np.eye(3) * 2))
    model.set_plane(TensorPlane(np.eye(5)))
    model.set_plane(None)
    assert model.rowCount() == 0


def _text(model: TensorTableModel, row: int, column: int) -> object:
    return model.data(model.index(row, column), Qt.ItemDataRole.DisplayRole)


def test_cells_and_headers() -> None:
    model = TensorTableModel()
    model.set_plane(TensorPlane(np.array([[[1.0, -2.5]], [[0.25, 1 / 3]]], np.float32), (1,)))
    assert (model.rowCount(), model.columnCount()) == (1, 2)
    assert [_text(model, 0, 0), _text(model, 0, 1)] == ["0.25", "0.3333"]
    model.set_digits(7)
    assert _text(model, 0, 1) == "0.3333333"
    assert model.headerData(1, Qt.Orientation.Horizontal) == 1
    assert model.element_at(0, 1) == (1, 0, 1)
    assert model.data(model.index(0, 1), Qt.ItemDataRole.ToolTipRole) == "[1, 0, 1] = 0.33333334"
    assert model.data(QModelIndex()) is None


def test_a_plane_of_the_same_size_changes_cells_without_a_reset() -> None:
    model = TensorTableModel()
    model.set_plane(TensorPlane(np.zeros((2, 2))))
    resets, changes = [], []
    model.modelReset.connect(lambda: resets.append(1))
    model.dataChanged.connect(lambda first, last: changes.append((first.row(), last.row(), last.column())))
    model.set_plane(TensorPlane(np.ones((2, 2))))
    assert (resets, changes) == ([], [(0, 1, 1)])
    assert _text(model, 1, 1) == "1"
    model.set_plane(TensorPlane(np.ones((2, 3))))
    assert resets == [1]


def test_a_huge_memory_map_is_windowed_and_only_read_where_asked(tmp_path: Path) -> None:
    array = np.memmap(tmp_path / "huge", np.float32, "w+", shape=(100_000_000,))  # a sparse file
    array[99_999_999] = 7.5
    model = TensorTableModel()
    model.set_plane(TensorPlane(array))
    assert (model.rowCount(), model.columnCount()) == (MOST_ROWS, 1)
    origin = 100_000_000 - MOST_ROWS
    model.set_plane(TensorPlane(array), (origin, 0))
    assert _text(model, MOST_ROWS - 1, 0) == "7.5"
    assert model.headerData(0, Qt.Orientation.Vertical) == origin
    assert model.element_at(MOST_ROWS - 1, 0) == (99_999_999,)
    wide = TensorPlane(np.broadcast_to(np.float32(0), (2, MOST_COLUMNS + 5)))
    model.set_plane(wide, (0, MOST_COLUMNS))
    assert model.columnCount() == 5
