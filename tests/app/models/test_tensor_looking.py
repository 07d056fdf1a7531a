"""Looking through tensors: extremes, histograms, pictures, other axes, courses, differences, files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models import tensor_search
from app.models.tensor_choice import difference, shown_quantity, shown_value
from app.models.tensor_history import MOST_POINTS, Asked, course
from app.models.tensor_images import MOST_A_PAGE, pictures_of
from app.models.tensor_plane import TensorPlane, leading_axes
from app.models.tensor_saving import as_tsv, save_csv, save_npy
from app.models.tensor_search import find_element, histogram_of
from app.models.tensor_shown import TensorMissing, TensorShown
from engine.analysis.quantities import quantities
from engine.analysis.roles import roles
from engine.errors import GradstepError
from engine.recorder.recorder import Recorder
from engine.trace.reader import Trace
from engine.trace.writer import TraceWriter


@given(st.lists(st.integers(1, 4), min_size=2, max_size=5), st.data())
def test_any_two_axes_make_a_plane_whose_cells_are_the_elements(shape: list[int], data: st.DataObject) -> None:
    array = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    rows = data.draw(st.integers(0, len(shape) - 1))
    columns = data.draw(st.integers(0, len(shape) - 1).filter(lambda axis: axis != rows))
    leading = tuple(data.draw(st.integers(0, size - 1)) for size in leading_axes(array, (rows, columns)))
    plane = TensorPlane(array, leading, (rows, columns))
    assert plane.cells.shape == (shape[rows], shape[columns])
    assert np.shares_memory(plane.cells, array)
    for row in range(shape[rows]):
        for column in range(shape[columns]):
            index = plane.index_of(row, column)
            assert array[index] == plane.cells[row, column]
            assert plane.cell_of(index) == (row, column)


def test_extremes_pass_over_what_is_not_finite() -> None:
    array = np.array([[np.nan, 5.0, -2.0], [np.inf, -7.0, 5.0]])
    assert find_element(array, "max") == (0, 1)
    assert find_element(array, "min") == (1, 1)
    assert find_element(array, "not finite") == (0, 0)
    assert find_element(np.zeros((2, 2)), "not finite") is None
    assert find_element(np.full(3, np.nan), "max") is None
    assert find_element(np.array([2, 9, 1]), "max") == (1,)
    assert find_element(np.float64(3.0).reshape(()), "min") == ()


def test_a_large_tensor_is_looked_through_in_parts(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tensor_search, "CHUNK", 1000)
    array = np.memmap(tmp_path / "large", np.float32, "w+", shape=(101, 100))
    array[57, 3], array[88, 99], array[99, 1] = 4.0, -4.0, np.nan
    steps: list[tuple[int, int]] = []
    assert find_element(array, "max", lambda done, count: steps.append((done, count))) == (57, 3)
    assert steps == [(part, 11) for part in range(11)]
    assert find_element(array, "min") == (88, 99)
    assert find_element(array, "not finite") == (99, 1)


def test_a_histogram_counts_every_finite_number_once() -> None:
    numbers = np.concatenate([np.arange(601.0), [np.nan, np.inf, -np.inf]])
    found = histogram_of(numbers, 0.0, 600.0)
    assert (found.nans, found.infs, found.is_sample) == (1, 2, False)
    assert found.counts.sum() == 601
    # 60 bins of 10, ten numbers in each, and the last edge belongs to the last bin.
    assert found.counts.tolist() == [10] * 59 + [11]
    assert histogram_of(np.full(4, 2.0), 2.0, 2.0).counts.sum() == 4


def test_a_huge_tensor_is_counted_by_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tensor_search, "_SAMPLED_FROM", 6400)
    found = histogram_of(np.tile(np.arange(10.0), 10_000), 0.0, 9.0)
    assert found.is_sample
    assert (found.counted, found.size) == (6400, 100_000)
    assert np.array_equal(found.counts[found.counts > 0], [640] * 10)


def test_feature_maps_kernels_and_flat_samples_are_pictures() -> None:
    maps = np.arange(2 * 3 * 4 * 5.0).reshape(2, 3, 4, 5)
    found = pictures_of(maps)
    assert found is not None
    assert (found.count, found.columns, found.is_folded) == (6, 3, False)
    page = found.page(0)
    assert [one.label for one in page] == ["0, 0", "0, 1", "0, 2", "1, 0", "1, 1", "1, 2"]
    assert page[4].cells[2, 3] == maps[page[4].index_of(2, 3)] == maps[1, 1, 2, 3]
    digits = np.arange(100 * 784.0).reshape(100, 784)
    flat = pictures_of(digits)
    assert flat is not None
    assert (flat.count, flat.height, flat.width, flat.is_folded) == (100, 28, 28, True)
    assert len(flat.page(0)) == MOST_A_PAGE
    last = flat.page(98)[1]
    assert last.index_of(27, 27) == (99, 783)
    assert last.cells[27, 27] == digits[99, 783]


@pytest.mark.parametrize("shape", [(), (4,), (3, 7), (0, 9), (2, 0, 3)])
def test_other_tensors_have_no_pictures(shape: tuple[int, ...]) -> None:
    assert pictures_of(np.zeros(shape)) is None


def test_a_course_is_the_norm_of_each_iteration(hello: Trace) -> None:
    found = course(Asked(hello.path, "dC/dw1"))
    lines = {line.name: line.numbers for line in found.lines}
    assert list(lines) == ["max", "mean", "min", "norm"]
    recorded = [hello.array(roles(hello, number).by_role["dC/dw1"]) for number in range(3)]
    assert lines["norm"] == pytest.approx([abs(float(np.asarray(array).item())) for array in recorded])
    assert lines["min"] == pytest.approx(-lines["norm"])
    (element,) = course(Asked(hello.path, "dC/dw1", (0, 0))).lines
    assert element.numbers == pytest.approx(lines["mean"])


def test_a_course_of_something_unknown_says_why(hello: Trace) -> None:
    found = course(Asked(hello.path, "z9"))
    assert (found.lines, found.every) == ((), 1)
    assert "z9" in found.reason.english
    assert course(Asked(hello.path, "odd ` name")).lines == ()


def test_long_runs_are_followed_at_evenly_spaced_iterations(
    recorded: Callable[[str], Trace], monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = recorded(
        """
import torch
w = torch.tensor([1.0], requires_grad=True)
optimizer = torch.optim.SGD([w], lr=0.1)
for step in range(11):
    optimizer.zero_grad()
    (w * w).sum().backward()
    optimizer.step()
"""
    )
    assert MOST_POINTS >= 100
    monkeypatch.setattr("app.models.tensor_history.MOST_POINTS", 4)
    found = course(Asked(trace.path, "w"))
    assert found.every == 3
    (line, *_) = found.lines
    assert line.iterations.tolist() == [0, 3, 6, 9, 10]


def test_the_change_since_the_iteration_before(hello: Trace) -> None:
    steps = {one.symbol: one for one in quantities(hello, 1)}
    shown = shown_quantity(hello, 1, steps["z1"])
    assert isinstance(shown, TensorShown)
    apart = difference(shown, hello, 0, "iteration 1")
    assert isinstance(apart, TensorShown)
    before = hello.array(roles(hello, 0).by_role["z1"])
    assert before is not None
    assert apart.array == pytest.approx(shown.array.astype(np.float64) - before.astype(np.float64))
    assert apart.kind == "gradient"
    missing = difference(shown, hello, -5, "iteration -4")
    assert isinstance(missing, TensorMissing)
    assert "iteration -4" in missing.reason


def test_what_a_budget_dropped_says_so_and_keeps_its_figures(tmp_path: Path) -> None:
    import torch

    writer = TraceWriter(tmp_path / "small.gradstep", {"script": "x.py"}, budget_bytes=40_000)
    with Recorder(writer):
        w = torch.ones(50, 50, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        for _ in range(12):
            optimizer.zero_grad()
            (w * w).sum().backward()
            optimizer.step()
    writer.close()
    with Trace(tmp_path / "small.gradstep") as trace:
        thinned = next(one.number for one in trace.iterations() if one.number >= 0 and not one.whole)
        value = roles(trace, thinned).by_role["dC/dw"]
        found = shown_value(trace, thinned, value)
    assert isinstance(found, TensorMissing)
    assert "budget" in found.reason
    assert found.shape == (50, 50)
    assert found.statistics is not None


def test_files_hold_exactly_what_is_shown(tmp_path: Path) -> None:
    array = np.array([[[0.1, 2.0], [np.nan, -1e-20]], [[5.0, 6.0], [7.0, 8.0]]], np.float32)
    save_npy(array, tmp_path / "a.npy")
    assert np.array_equal(np.load(tmp_path / "a.npy"), array, equal_nan=True)
    plane = TensorPlane(array, (0,))
    save_csv(plane, tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_bytes() == b"0.1,2.0\r\nnan,-1e-20\r\n"
    assert as_tsv(plane) == "0.1\t2.0\nnan\t-1e-20"
    with pytest.raises(GradstepError, match="cannot be written"):
        save_npy(array, tmp_path / "missing" / "a.npy")
    with pytest.raises(GradstepError, match="too many"):
        save_csv(TensorPlane(np.broadcast_to(np.float32(0), (10_000, 10_000))), tmp_path / "b.csv")
