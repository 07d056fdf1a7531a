"""The memory that recorder and writer share: nothing is filled again before it was emptied."""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.limits import ARENA_BYTES, KIB, MIB
from engine.trace.arena import Arena, shared_memory

Sides = tuple[Arena, Arena]


def both() -> Sides:
    """The side that fills and the side that empties, each with a mapping of its own."""
    file = shared_memory()
    if file is None:
        pytest.skip("this system has no memory without a name")
    sides = Arena(file), Arena(file)
    os.close(file)
    return sides


@pytest.fixture
def sides() -> Sides:
    return both()


def test_what_one_side_writes_the_other_reads(sides: Sides) -> None:
    writing, reading = sides
    numbers = np.arange(1000, dtype="<f8")
    at = writing.take(numbers.nbytes)
    assert at is not None
    writing.memory[at : at + numbers.nbytes] = numbers.tobytes()
    assert reading.array(at, np.dtype("<f8"), 1000).tolist() == numbers.tolist()


def test_without_a_reader_all_of_it_is_filled_once_and_no_more(sides: Sides) -> None:
    writing, _ = sides
    places = []
    while (at := writing.take(MIB)) is not None:
        places.append(at)
    assert len(places) == len(set(places)) == ARENA_BYTES // MIB
    assert writing.filled == ARENA_BYTES
    assert writing.take(1) is None


def test_what_is_larger_than_all_of_it_finds_no_room(sides: Sides) -> None:
    writing, _ = sides
    assert writing.take(ARENA_BYTES + 1) is None
    assert writing.take(16) is not None


def test_while_the_reader_keeps_up_the_same_pages_are_used(sides: Sides) -> None:
    writing, reading = sides
    furthest = 0
    for _ in range(1000):
        at = writing.take(100 * KIB)
        assert at is not None
        furthest = max(furthest, at)
        reading.emptied(writing.filled)
    assert furthest < 5 * MIB


def test_arrays_begin_where_every_element_may_lie(sides: Sides) -> None:
    writing, _ = sides
    for size in (1, 3, 17, 4, 0, 5):
        at = writing.take(size)
        assert at is not None
        assert at % 16 == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9 * MIB), st.booleans()), max_size=120))
def test_nothing_is_filled_again_before_it_was_emptied(steps: list[tuple[int, bool]]) -> None:
    writing, reading = both()
    held: list[tuple[int, int]] = []
    batches: list[tuple[int, int]] = []
    for size, is_emptied in steps:
        at = writing.take(size)
        if at is not None:
            assert at + size <= 64 + ARENA_BYTES
            assert all(at + size <= begin or end <= at for begin, end in held)
            held.append((at, at + size))
            batches.append((writing.filled, len(held)))
        if is_emptied and batches:
            # The oldest half is in the file now.
            filled, count = batches[len(batches) // 2]
            reading.emptied(filled)
            held = held[count:]
            batches = [(later, number - count) for later, number in batches if number > count]
