"""Ranks and orders of a small layered layout: which row an item stands in, and where in the row. Numbers only.

Items are 0..count-1, edges are pairs of them. After Sugiyama, Tagawa and Toda (1981): break cycles, longest-path
ranks, way points on long edges, barycentre sweeps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

Pair = tuple[int, int]
SWEEPS = 6


def forward_edges(count: int, edges: Sequence[Pair]) -> list[bool]:
    """For each edge whether it points forward; the others close a cycle when the items are walked in order."""
    following: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for number, (source, target) in enumerate(edges):
        following[source].append((target, number))
    forward = [True] * len(edges)
    state = [0] * count  # 0 not seen, 1 on the current walk, 2 finished
    for start in range(count):
        if state[start]:
            continue
        state[start] = 1
        walk = [(start, iter(following[start]))]
        while walk:
            item, rest = walk[-1]
            step = next(rest, None)
            if step is None:
                state[item] = 2
                walk.pop()
            elif state[step[0]] == 1:
                forward[step[1]] = False
            elif state[step[0]] == 0:
                state[step[0]] = 1
                walk.append((step[0], iter(following[step[0]])))
    return forward


def longest_path_ranks(count: int, edges: Sequence[Pair]) -> list[int]:
    """The row of each item, from 0, so that every edge runs to a later row; an item that only feeds others stands
    just above the first of them (a target beside the loss, not at the top)."""
    following: list[list[int]] = [[] for _ in range(count)]
    missing = [0] * count
    for source, target in edges:
        following[source].append(target)
        missing[target] += 1
    sources = [item for item in range(count) if not missing[item]]
    ranks = [0] * count
    ready = list(sources)
    for item in ready:  # grows while it is walked: topological order
        for target in following[item]:
            ranks[target] = max(ranks[target], ranks[item] + 1)
            missing[target] -= 1
            if not missing[target]:
                ready.append(target)
    for item in sources:
        if following[item]:
            ranks[item] = min(ranks[target] for target in following[item]) - 1
    return ranks


def barycentre_order(rows: list[list[int]], links: Sequence[Pair]) -> None:
    """Reorders each row in place to reduce crossings of `links`, which join neighbouring rows (upper, lower)."""
    above: defaultdict[int, list[int]] = defaultdict(list)
    below: defaultdict[int, list[int]] = defaultdict(list)
    for upper, lower in links:
        above[lower].append(upper)
        below[upper].append(lower)
    place = {item: float(at) for row in rows for at, item in enumerate(row)}
    for sweep in range(SWEEPS):
        near = above if sweep % 2 == 0 else below
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wish = {i: sum(place[n] for n in near[i]) / len(near[i]) if near[i] else place[i] for i in row}
            row.sort(key=wish.__getitem__)
            place.update((item, float(at)) for at, item in enumerate(row))


def centres(rows: Sequence[Sequence[int]], links: Sequence[Pair], widths: Sequence[float], gap: float) -> list[float]:
    """The x of each item's middle: rows keep their order and `gap`, items move toward the mean of their neighbours."""
    near: list[list[int]] = [[] for _ in widths]
    for upper, lower in links:
        near[upper].append(lower)
        near[lower].append(upper)
    x = [0.0] * len(widths)
    for row in rows:
        _spread(row, [0.0] * len(row), widths, gap, x)
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            wish = [sum(x[n] for n in near[item]) / len(near[item]) if near[item] else x[item] for item in row]
            _spread(row, wish, widths, gap, x)
    return x


def _spread(row: Sequence[int], wish: Sequence[float], widths: Sequence[float], gap: float, x: list[float]) -> None:
    """Puts a row as near to its wishes as its order allows: blocks that would overlap share their mean wish."""
    blocks: list[tuple[float, list[int]]] = []  # (left end that its items wish for on average, items)
    for item, want in zip(row, wish, strict=True):
        left, items = want - widths[item] / 2, [item]
        while blocks and blocks[-1][0] + _length(blocks[-1][1], widths, gap) > left:
            before, earlier = blocks.pop()
            shifted = left - _length(earlier, widths, gap)
            left = (before * len(earlier) + shifted * len(items)) / (len(earlier) + len(items))
            items = earlier + items
        blocks.append((left, items))
    for left, items in blocks:
        for item in items:
            x[item] = left + widths[item] / 2
            left += widths[item] + gap


def _length(items: Sequence[int], widths: Sequence[float], gap: float) -> float:
    return sum(widths[item] for item in items) + gap * len(items)
