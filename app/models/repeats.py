"""Finds what repeats in a scene: the blocks of a deep network, the time steps of a loop, several passes of one network.

A repeat is a run of equal units side by side: the same ops with the same shapes in the same order. Plain data, no Qt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.models.scene import Card, ClusterPath, Scene

RepeatKind = Literal["time", "pass", "block"]
LONGEST_UNIT = 512
"""Items of one unit; what is longer is looked at one module further in."""
FEWEST_CARDS, FEWEST_CARDS_OF_TWO, FEWEST_CARDS_OF_TIME = 12, 20, 9
"""Fewer cards than these are shown one beside the other: there is room for them. Time steps are one thing sooner."""
Item = str | ClusterPath
Signature = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A run of equal units in one module call.

    parent: the module calls around it. members: for each unit the ids of its cards, in one order: `members[0][j]` and
    `members[3][j]` are the same step of the first and the fourth. clusters: the module call that each unit is, if it is
    exactly one. kind: "time" reads the same parameters again and its own result before, "pass" reads the same
    parameters again, "block" has parameters of its own.
    """

    parent: ClusterPath
    members: tuple[tuple[str, ...], ...]
    clusters: tuple[ClusterPath, ...]
    kind: RepeatKind

    @property
    def count(self) -> int:
        """How many units there are."""
        return len(self.members)


def find_repeats(scene: Scene) -> tuple[Repeat, ...]:
    """The repeats of a scene that are worth folding, outer ones first."""
    return tuple(_Finder(scene).found())


def tandem_runs(signs: Sequence[int], longest: int = LONGEST_UNIT) -> list[tuple[int, int, int]]:
    """Runs of equal neighbouring pieces as (start, period, count), each leaving out most, none overlapping."""
    found: list[tuple[int, int, int]] = []
    waiting = [(0, len(signs))]
    whole = np.asarray(signs)
    while waiting:
        begin, end = waiting.pop()
        best = _best_run(whole[begin:end], longest)
        if best is None:
            continue
        start, period, count = best
        found.append((begin + start, period, count))
        waiting += [(begin, begin + start), (begin + start + period * count, end)]
    return sorted(found)


def _best_run(signs: np.ndarray[tuple[int], np.dtype[np.int64]], longest: int) -> tuple[int, int, int] | None:
    """The run that leaves out most items; of equal ones that with the shortest period, then the first."""
    best: tuple[int, int, int] | None = None
    saved = 0
    for period in range(1, min(longest, len(signs) // 2) + 1):
        same = np.concatenate(([False], signs[:-period] == signs[period:], [False]))
        turns = np.flatnonzero(same[1:] != same[:-1])
        starts, lengths = turns[::2], turns[1::2] - turns[::2]
        counts = lengths // period + 1
        savings = (counts - 1) * period
        if savings.size and int(savings.max()) > saved:
            at = int(savings.argmax())
            saved = int(savings[at])
            best = (int(starts[at]), period, int(counts[at]))
    return best


class _Finder:
    """Walks over the module calls from the outside in."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._cards = {card.id: card for card in scene.cards}
        self._items: defaultdict[ClusterPath, dict[Item, None]] = defaultdict(dict)
        self._inside: defaultdict[ClusterPath, list[Card]] = defaultdict(list)
        self._classes = {cluster.path: cluster.class_name for cluster in scene.clusters}
        self._readers: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._signatures: dict[Item, Signature] = {}
        self._numbers: dict[Signature, int] = {}
        for edge in scene.edges:
            self._readers[edge.source].append((edge.target, edge.slot))
        for card in scene.cards:
            if card.kind == "input":
                continue
            for depth in range(len(card.cluster)):
                self._items[card.cluster[:depth]][card.cluster[: depth + 1]] = None
                self._inside[card.cluster[: depth + 1]].append(card)
            self._items[card.cluster][card.id] = None

    def found(self) -> Iterator[Repeat]:
        for path in sorted(self._items, key=len):
            items = list(self._items[path])
            if len(items) < 2:
                continue
            signs = [self._number(self._signature(item)) for item in items]
            for start, period, count in tandem_runs(signs):
                units = [items[start + period * k : start + period * (k + 1)] for k in range(count)]
                repeat = self._repeat(path, units)
                if is_worth_folding(repeat):
                    yield repeat

    def _repeat(self, parent: ClusterPath, units: list[list[Item]]) -> Repeat:
        members = [[card.id for item in unit for card in self._cards_of(item)] for unit in units]
        clusters = tuple(unit[0] for unit in units if len(unit) == 1 and isinstance(unit[0], tuple))
        kind = self._kind(members)
        for extra in self._own_inputs(members):
            for unit, card in zip(members, extra, strict=True):
                unit.insert(0, card)
        return Repeat(parent, tuple(map(tuple, members)), clusters, kind)

    def _own_inputs(self, members: list[list[str]]) -> Iterator[tuple[str, ...]]:
        """Inputs that each unit has one of, such as the x of each time step."""
        place = {card: (unit, at) for unit, cards in enumerate(members) for at, card in enumerate(cards)}
        found: defaultdict[tuple[int, int, Signature], dict[int, str]] = defaultdict(dict)
        for card in self._scene.cards:
            readers = self._readers[card.id] if card.kind == "input" else []
            units = {place[reader][0] if reader in place else -1 for reader, _ in readers}
            if len(units) != 1 or -1 in units:
                continue
            at, slot = min((place[reader][1], slot) for reader, slot in readers)
            found[at, slot, _signature_of(card)][units.pop()] = card.id
        for _, inputs in sorted(found.items(), key=lambda one: one[0][:2], reverse=True):
            if len(inputs) == len(members):
                yield tuple(inputs[unit] for unit in range(len(members)))

    def _kind(self, members: list[list[str]]) -> RepeatKind:
        first, second = (
            {_parameter(pill.id) for card in unit for pill in self._cards[card].pills} for unit in members[:2]
        )
        if first != second:
            return "block"
        place = {card: unit for unit, cards in enumerate(members) for card in cards}
        hands_on = any(place.get(edge.source, -1) + 1 == place.get(edge.target, -1) > 0 for edge in self._scene.edges)
        return "time" if hands_on else "pass" if first else "block"

    def _cards_of(self, item: Item) -> Sequence[Card]:
        return self._inside[item] if isinstance(item, tuple) else (self._cards[item],)

    def _signature(self, item: Item) -> Signature:
        if item not in self._signatures:
            if isinstance(item, tuple):
                inner = tuple(self._number(self._signature(one)) for one in self._items[item])
                self._signatures[item] = (self._classes.get(item, ""), inner)
            else:
                self._signatures[item] = _signature_of(self._cards[item])
        return self._signatures[item]

    def _number(self, signature: Signature) -> int:
        return self._numbers.setdefault(signature, len(self._numbers))


def is_worth_folding(repeat: Repeat) -> bool:
    """Whether so many cards would come together that one unit says more than all."""
    cards = sum(len(unit) for unit in repeat.members)
    if repeat.count == 2:
        return cards >= FEWEST_CARDS_OF_TWO
    return cards >= (FEWEST_CARDS_OF_TIME if repeat.kind == "time" else FEWEST_CARDS)


def _signature_of(card: Card) -> Signature:
    title = card.title if card.kind != "input" else ""
    return (title, card.kind, card.shape_text, tuple(pill.shape_text for pill in card.pills))


def _parameter(pill: str) -> str:
    """A pill's id is that of its parameter, "@", and that of the card that reads it."""
    return pill.partition("@")[0]
