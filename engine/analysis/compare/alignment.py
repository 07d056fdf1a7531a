"""Which event of one run is which event of the other.

NOTE [Alignment]
An event's identity is its kind, name, module path, source line, parameter, and how many events like it came before it
in its iteration. So every identity stands once in an iteration, and the longest common subsequence of two iterations
is the longest increasing one of the places at which the first's identities stand in the second: n log n, where a
general one takes n² (Hunt and Szymanski 1977). Between two matches, events that differ in their name only (relu,
tanh; SGD, Adam) are the same event, computed otherwise.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, deque
from collections.abc import Hashable, Iterator, Sequence

Key = tuple[Hashable, ...]
Match = tuple[int | None, int | None]
"""Places in the two lists; None where one has no such event."""


def numbered(keys: Sequence[Key]) -> list[Key]:
    """Each key with the number of equal ones before it."""
    seen: Counter[Key] = Counter()
    found = []
    for key in keys:
        found.append((*key, seen[key]))
        seen[key] += 1
    return found


def align(first: Sequence[Key], second: Sequence[Key], loose: tuple[Sequence[Key], Sequence[Key]]) -> list[Match]:
    """Matches two lists of keys, each of them without repetitions, and lists what only one of them has.

    loose: for the same events keys that may repeat; where a gap is left in both, events of equal loose keys are
    matched. The result goes through both lists in order.
    """
    anchors = [*_common(first, second), (len(first), len(second))]
    found: list[Match] = []
    here, there = 0, 0
    for one, other in anchors:
        found += _gap(range(here, one), range(there, other), *loose)
        if one < len(first):
            found.append((one, other))
        here, there = one + 1, other + 1
    return found


def _common(first: Sequence[Key], second: Sequence[Key]) -> list[tuple[int, int]]:
    """The longest common subsequence."""
    if first == second:
        return [(i, i) for i in range(len(first))]
    place = {key: i for i, key in enumerate(second)}
    there = [(i, place[key]) for i, key in enumerate(first) if key in place]
    ends: list[int] = []  # the smallest last place of an increasing run of each length
    last: list[int] = []
    before: list[int] = []
    for index, (_, at) in enumerate(there):
        length = bisect_left(ends, at)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [at]
        last[length : length + 1] = [index]
    found = []
    index = last[-1] if last else -1
    while index >= 0:
        found.append(there[index])
        index = before[index]
    return found[::-1]


def _gap(here: range, there: range, first: Sequence[Key], second: Sequence[Key]) -> Iterator[Match]:
    """What lies between two matches."""
    waiting: dict[Key, deque[int]] = {}
    for other in there:
        waiting.setdefault(second[other], deque()).append(other)
    done = there.start
    for one in here:
        found = waiting.get(first[one], deque())
        while found and found[0] < done:
            found.popleft()
        if not found:
            yield one, None
            continue
        other = found.popleft()
        yield from ((None, skipped) for skipped in range(done, other))
        yield one, other
        done = other + 1
    yield from ((None, other) for other in range(done, there.stop))
