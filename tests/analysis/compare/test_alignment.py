"""Matching two lists of events: in order, longest, and fast."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.compare.alignment import Key, align, numbered


def longest(first: list[Key], second: list[Key]) -> int:
    """The length of the longest common subsequence, by the textbook's table."""
    row = [0] * (len(second) + 1)
    for one in first:
        before = row[:]
        for j, other in enumerate(second):
            row[j + 1] = before[j] + 1 if one == other else max(row[j], before[j + 1])
    return row[-1]


@given(st.lists(st.sampled_from("abc"), max_size=12), st.lists(st.sampled_from("abc"), max_size=12))
def test_a_match_goes_through_both_lists_in_order_and_is_longest(first: list[str], second: list[str]) -> None:
    one, other = ([(letter,) for letter in letters] for letters in (first, second))
    keys = numbered(one), numbered(other)
    blind = [(i,) for i in range(len(one))], [(-1 - i,) for i in range(len(other))]
    found = align(*keys, blind)
    assert [i for i, _ in found if i is not None] == list(range(len(first)))
    assert [j for _, j in found if j is not None] == list(range(len(second)))
    matched = [(i, j) for i, j in found if i is not None and j is not None]
    assert all(first[i] == second[j] for i, j in matched)
    assert len(matched) == longest(*keys)


def test_in_a_gap_loose_keys_match() -> None:
    keys = numbered([("linear",), ("relu",), ("sum",)]), numbered([("linear",), ("abs",), ("tanh",), ("sum",)])
    loose = [(1,), (2,), (3,)], [(1,), (9,), (2,), (3,)]
    assert align(*keys, loose) == [(0, 0), (None, 1), (1, 2), (2, 3)]


def test_a_hundred_thousand_events_that_all_look_alike_are_matched() -> None:
    one = numbered([("add", i % 7) for i in range(100_000)])
    other = numbered([("add", i % 7) for i in range(100_000) if i % 100 < 98])
    found = align(one, other, ([(0,)] * len(one), [(1,)] * len(other)))
    assert sum(i is not None for i, _ in found) == len(one)
    assert sum(j is not None for _, j in found) == len(other)
