"""Planes of tensors of any rank, evenly spaced samples of them, and their cells as text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.cell_text import cell_text, exact_text
from app.models.tensor_plane import TensorPlane, leading_axes, sampled
from app.models.tensor_shown import LARGEST_COUNTED_HERE, TensorShown, known_statistics


@given(st.lists(st.integers(1, 4), max_size=5), st.data())
def test_every_cell_is_the_element_that_its_index_names(shape: list[int], data: st.DataObject) -> None:
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    leading = tuple(data.draw(st.integers(0, size - 1)) for size in leading_axes(array))
    plane = TensorPlane(array, leading)
    rows, columns = plane.cells.shape
    for row in range(rows):
        for column in range(columns):
            index = plane.index_of(row, column)
            assert array[index] == plane.cells[row, column]
            assert plane.cell_of(index) == (row, column)


def test_a_vector_is_a_column_and_a_scalar_one_cell() -> None:
    assert TensorPlane(np.zeros(7)).cells.shape == (7, 1)
    assert TensorPlane(np.zeros(())).cells.shape == (1, 1)
    assert TensorPlane(np.zeros((2, 3, 4, 5)), (1, 2)).cells.shape == (4, 5)
    assert TensorPlane(np.zeros((3, 0))).cells.shape == (3, 0)


def test_a_memory_map_is_not_copied(tmp_path: Path) -> None:
    array = np.memmap(tmp_path / "a", np.float32, "w+", shape=(4, 5, 6))
    assert np.shares_memory(TensorPlane(array, (3,)).cells, array)


@given(st.integers(1, 3000), st.integers(1, 3000), st.integers(1, 1024))
def test_a_sample_is_bounded_evenly_spaced_and_starts_at_the_first_cell(rows: int, columns: int, most: int) -> None:
    cells = np.broadcast_to(np.arange(rows)[:, None] * 10_000 + np.arange(columns), (rows, columns))
    part = sampled(cells, most)
    assert part.cells.shape[0] <= most
    assert part.cells.shape[1] <= most
    assert part.cells[0, 0] == 0
    assert (
        part.cells[-1, -1]
        == cells[(part.cells.shape[0] - 1) * part.row_step, (part.cells.shape[1] - 1) * part.column_step]
    )
    assert part.is_whole == (rows <= most and columns <= most)


@pytest.mark.parametrize(
    ("element", "short", "exact"),
    [
        (np.float32(1.1240000725), "1.124", "1.1240001"),
        (np.float32(-0.2988575), "−0.2989", "-0.2988575"),
        (np.float64(0.1) + np.float64(0.2), "0.3", "0.30000000000000004"),
        (np.float32(1e-20), "1×10⁻²⁰", "1e-20"),
        (np.int64(-1234567890123), "−1234567890123", "-1234567890123"),
        (np.bool_(True), "True", "True"),
        (np.complex64(1.5 - 2j), "1.5 − 2j", "(1.5-2j)"),
        (np.float32(np.nan), "nan", "nan"),
        (np.float32(-np.inf), "−∞", "-inf"),
    ],
)
def test_cells_are_short_in_the_table_and_exact_on_the_clipboard(element: np.generic, short: str, exact: str) -> None:
    assert cell_text(element, 4) == short
    assert exact_text(element) == exact


def _shown(array: np.ndarray) -> TensorShown:
    return TensorShown("a", "", array, str(array.dtype), "cpu")


def test_statistics_of_small_tensors_are_counted_on_the_spot() -> None:
    found = known_statistics(_shown(np.array([3.0, 0.0, -4.0, 0.0, np.nan])))
    assert found is not None
    assert (found.min, found.max, found.norm, found.zeros, found.nans) == (-4.0, 3.0, 5.0, 0.4, 1)
    of_bool = known_statistics(_shown(np.array([True, False, True, True])))
    assert of_bool is not None
    assert (of_bool.mean, of_bool.zeros) == (0.75, 0.25)
    of_complex = known_statistics(_shown(np.array([3 + 4j, 0j])))
    assert of_complex is not None
    assert of_complex.max == 5.0


def test_statistics_of_large_tensors_are_never_counted_here() -> None:
    huge = np.broadcast_to(np.float32(1.0), (LARGEST_COUNTED_HERE + 1,))
    assert known_statistics(_shown(huge)) is None
