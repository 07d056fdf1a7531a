"""Rows in memory: the last ones are there, and there are never more than allowed."""

from __future__ import annotations

from engine.trace.kept import Kept


def held(kept: Kept[str], upto: int) -> list[int]:
    return [key for key in range(upto) if key in kept]


def test_the_last_rows_are_there_and_never_more_than_allowed() -> None:
    kept: Kept[str] = Kept(10)
    for key in range(100):
        kept.put(key, str(key))
        assert set(range(max(0, key - 4), key + 1)) <= set(held(kept, 100))
        assert len(held(kept, 100)) <= 10
    assert kept.get(99) == "99"
    assert kept.get(0) is None
    kept.clear()
    assert held(kept, 100) == []


def test_reading_again_what_fits_finds_all_of_it() -> None:
    kept: Kept[str] = Kept(10)
    for key in range(7):
        kept.put(key, str(key))
    assert held(kept, 7) == list(range(7))


def test_what_another_one_keeps_is_taken_over() -> None:
    one: Kept[str] = Kept(10)
    other: Kept[str] = Kept(10)
    one.put(1, "mine")
    for key in range(4):
        other.put(key, "theirs")
    one.take(other)
    assert [one.get(key) for key in range(4)] == ["theirs", "mine", "theirs", "theirs"]
