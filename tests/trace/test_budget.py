"""A trace within its bytes: old iterations lose their arrays, and those that stay whole are complete in themselves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.trace.reader import Trace
from engine.trace.thinning import is_keeper, iterations_to_thin


def train(scribe: Any, iterations: int, numbers: int) -> None:
    """A loop with data and first weights made in the set-up, whose weights are made by the iteration before."""
    data = scribe.value(np.arange(numbers, dtype=np.float32))
    weights = scribe.value(np.zeros(numbers, np.float32), tensor=1)
    frozen = scribe.value(np.ones(numbers, np.float32), tensor=2)
    scribe.event([], [data])
    scribe.next_iteration()
    for number in range(iterations):
        batch = scribe.value(np.full(numbers, number, np.float32))
        scribe.event([data], [batch])
        z = scribe.value(np.full(numbers, number + 0.25, np.float32))
        scribe.event([weights, batch, frozen], [z])
        turned = scribe.value(None, dtype="float32", shape=(2, numbers // 2), strides=(1, 2), base=z)
        loss = scribe.value(np.array(number, np.float32))
        scribe.event([turned], [loss])
        old, weights = weights, scribe.value(np.full(numbers, number + 0.5, np.float32), tensor=1)
        scribe.event([old, turned], [weights], kind="update", phase="update")
        scribe.next_iteration()


def folder_bytes(trace: Path) -> int:
    """Bytes of the companion folder."""
    folder = trace.with_name(trace.name + ".arrays")
    return sum(path.stat().st_size for path in folder.iterdir()) if folder.is_dir() else 0


def check(trace: Trace) -> list[int]:
    """Every array that a whole iteration refers to is there, with its numbers; returns the whole iterations."""
    whole = [row.number for row in trace.iterations() if row.whole]
    for number in whole:
        for event in trace.events(number):
            for slot in (*event.inputs, *event.outputs):
                assert slot.value is not None
                array = trace.array(slot.value)
                assert array is not None, (number, event.position, slot)
                known = trace.value(slot.value)
                assert known.kept
                assert known.statistics is not None
                assert float(array.mean()) == pytest.approx(known.statistics.mean)
    return whole


@pytest.mark.parametrize("numbers", [500, 8000], ids=["in the file", "beside it"])
def test_first_latest_and_powers_of_two_stay_whole(begin: Callable[..., Any], tmp_path: Path, numbers: int) -> None:
    arrays = 3 * numbers * 4
    scribe = begin(40 * arrays)
    train(scribe, 150, numbers)
    scribe.finish()
    assert scribe.writer.failure == ""
    with Trace(tmp_path / "t.gradstep") as trace:
        whole = check(trace)
        assert {-1, 0, 1, 2, 4, 8, 16, 32, 64, 128, 145, 146, 147, 148, 149} <= set(whole)
        assert len(whole) < 60
        assert folder_bytes(trace.path) < 45 * arrays
        dropped = next(row.number for row in trace.iterations() if not row.whole)
        lost = [trace.value(event.outputs[0].value or 0) for event in trace.events(dropped)]
        assert [value.reason for value in lost[:2]] == ["thinned", "thinned"]
        assert all(value.statistics is not None for value in lost)
        assert lost[0].statistics is not None
        assert lost[0].statistics.mean == dropped
        assert trace.array(lost[2].id) is not None, "single numbers stay"
    later = {int(path.stem) for path in (tmp_path / "t.gradstep.arrays").glob("*.bin")}
    assert numbers < 8000 or len(later) < 2 * len(whole)


@pytest.mark.parametrize("numbers", [500, 8000], ids=["in the file", "beside it"])
def test_a_tiny_budget_is_kept_over_many_iterations(begin: Callable[..., Any], tmp_path: Path, numbers: int) -> None:
    """What outlasts its iteration (weights) goes too once the iterations that need it have gone."""
    arrays = 3 * numbers * 4
    scribe = begin(12 * arrays)
    train(scribe, 300, numbers)
    scribe.finish()
    assert scribe.writer.failure == ""
    with Trace(tmp_path / "t.gradstep") as trace:
        assert {-1, 299} <= set(check(trace))
        kept = [value for row in trace.iterations() for value in values_of(trace, row.number) if value.kept]
        assert sum(value.size_bytes for value in kept) <= 14 * arrays
    assert folder_bytes(tmp_path / "t.gradstep") <= 14 * arrays


def values_of(trace: Trace, iteration: int) -> list[Any]:
    """Values that events of an iteration made."""
    made = [slot.value for event in trace.events(iteration) for slot in event.outputs if slot.value is not None]
    return list(trace.values(made).values())


def test_a_budget_below_one_iteration_keeps_the_latest(begin: Callable[..., Any], tmp_path: Path) -> None:
    scribe = begin(1000)
    train(scribe, 10, 8000)
    scribe.finish()
    assert scribe.writer.failure == ""
    with Trace(tmp_path / "t.gradstep") as trace:
        assert 9 in check(trace)


def test_data_moved_into_the_next_iteration_stays_with_it(begin: Callable[..., Any], tmp_path: Path) -> None:
    """Indexing at the top of a loop is first taken for the end of the iteration before."""
    scribe = begin(60_000)
    scribe.next_iteration()
    positions = []
    for _ in range(40):
        scribe.event([], [scribe.value(np.ones(500, np.float32))])
        early = scribe.event([], [scribe.value(np.full(500, 2, np.float32))])
        positions.append(early)
        scribe.batch.iterations.append((scribe.iteration, scribe.begin, early))
        scribe.batch.moved.append((early, early + 1, scribe.iteration + 1, "forward"))
        scribe.iteration += 1
        scribe.begin = early
        scribe.hand_over()
    scribe.finish()
    with Trace(tmp_path / "t.gradstep") as trace:
        whole = check(trace)
        assert 8 in whole
        assert trace.events(8)[0].position == positions[7]
        assert len(whole) < 20


@given(st.sets(st.integers(-1, 300)))
def test_what_goes_first(whole: set[int]) -> None:
    victims = iterations_to_thin(whole)
    numbers = sorted(number for number in whole if number >= 0)
    assert set(victims) <= set(numbers)
    assert not victims or numbers[-1] not in victims
    if len(numbers) > 1:
        assert victims, "something can go"
    if any(not is_keeper(number) for number in numbers[:-5]):
        assert not any(is_keeper(number) for number in victims)
        assert not set(victims) & set(numbers[-5:])


def test_keepers() -> None:
    assert [number for number in range(200) if is_keeper(number)] == [0, 1, 2, 4, 8, 16, 32, 64, 128]


def test_the_room_of_dropped_arrays_is_used_again(begin: Callable[..., Any], tmp_path: Path) -> None:
    """Each iteration makes 3 arrays of 4 KB: 12 MB in all, of which the file may have a sixth."""
    budget, numbers, iterations = 2_000_000, 1000, 1000
    scribe = begin(budget)
    train(scribe, iterations, numbers)
    scribe.finish()
    with Trace(tmp_path / "t.gradstep") as trace:
        check(trace)
    rows_bytes = 600 * 5 * iterations
    assert (tmp_path / "t.gradstep").stat().st_size < 1.7 * budget + rows_bytes
