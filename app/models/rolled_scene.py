"""A scene with its repeats rolled up: one unit stands for all, and any of them can be looked at in its place.

The picture stays the same whichever unit is shown, so nothing moves while a loop or a stack of blocks is stepped
through. Values that one unit hands to the next become loops. Plain data, no Qt.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace

from app.models.repeats import Repeat, RepeatKind, find_repeats
from app.models.scene import Card, Cluster, ClusterPath, Edge, Scene

MARK = "\N{MULTIPLICATION SIGN}"
"""Begins the last name of a repeat's path; no module can be called so."""


@dataclass(frozen=True, slots=True)
class RolledRepeat:
    """A repeat as it is shown: `path` of its frame, and the name of each unit ("blocks.3", or "" without one).

    has_loops: a unit hands something to the next one.
    """

    path: ClusterPath
    kind: RepeatKind
    count: int
    names: tuple[str, ...]
    has_loops: bool


@dataclass(frozen=True, slots=True)
class RolledScene:
    """What is left when each repeat is one unit.

    scene: cards of first units, each under its own id, and all that repeats not. shown_as: for every card of the whole
    scene the card that stands for it. unit_of: for a card in repeats, which unit of which, outermost repeat first.
    places: for a card that stands for others, all of them by their units. loops: edges from a unit to a later one.
    found: all repeats, also those that are not rolled up.
    """

    scene: Scene
    shown_as: Mapping[str, str] = field(default_factory=dict)
    unit_of: Mapping[str, tuple[tuple[ClusterPath, int], ...]] = field(default_factory=dict)
    places: Mapping[str, Mapping[tuple[int, ...], str]] = field(default_factory=dict)
    repeats: Mapping[ClusterPath, RolledRepeat] = field(default_factory=dict)
    loops: tuple[Edge, ...] = ()
    found: tuple[ClusterPath, ...] = ()

    def card_in(self, card: str, chosen: Mapping[ClusterPath, int]) -> str:
        """The card that is shown at the place of `card` when these units are chosen (the first ones by default)."""
        units = self.unit_of.get(card)
        if not units:
            return card
        return self.places[card].get(tuple(chosen.get(path, 0) for path, _ in units), card)


def roll(scene: Scene, unrolled: Set[ClusterPath] = frozenset()) -> RolledScene:
    """Rolls up all repeats of a scene but those in `unrolled` (paths of their frames), then those inside the rest."""
    whole = RolledScene(scene, {card.id: card.id for card in scene.cards})
    while True:
        paths = {path_of(repeat): repeat for repeat in find_repeats(whole.scene)}
        whole = replace(whole, found=tuple(dict.fromkeys((*whole.found, *paths))))
        outermost = _outermost({path: repeat for path, repeat in paths.items() if path not in unrolled})
        if not outermost:
            return whole
        whole = _after(whole, _Roller(whole.scene, outermost).rolled())


def path_of(repeat: Repeat) -> ClusterPath:
    """The path of a repeat's frame: the same in each iteration and whichever unit is shown."""
    return (*repeat.parent, MARK + repeat.members[0][-1])


def _outermost(repeats: Mapping[ClusterPath, Repeat]) -> dict[ClusterPath, Repeat]:
    """Those that lie in no other one; they come in the order of their depth."""
    taken: set[str] = set()
    found: dict[ClusterPath, Repeat] = {}
    for path, repeat in repeats.items():
        cards = {card for unit in repeat.members for card in unit}
        if taken.isdisjoint(cards):
            found[path] = repeat
            taken |= cards
    return found


def _after(outer: RolledScene, inner: RolledScene) -> RolledScene:
    """Both steps as one, from the scene that `outer` was made of to that of `inner`."""
    shown_as = {card: inner.shown_as[shown] for card, shown in outer.shown_as.items()}
    unit_of = {
        card: (*outer.unit_of.get(card, ()), *inner.unit_of.get(shown, ())) for card, shown in outer.shown_as.items()
    }
    unit_of = {card: units for card, units in unit_of.items() if units}
    places: dict[str, dict[tuple[int, ...], str]] = {}
    for card, units in unit_of.items():
        places.setdefault(shown_as[card], {})[tuple(unit for _, unit in units)] = card
    kept = (Edge(shown_as[edge.source], shown_as[edge.target], edge.slot) for edge in outer.loops)
    loops = {(edge.source, edge.target): edge for edge in (*kept, *inner.loops)}
    repeats = {**outer.repeats, **inner.repeats}
    return RolledScene(inner.scene, shown_as, unit_of, places, repeats, tuple(loops.values()), outer.found)


class _Roller:
    """Puts the first unit of each repeat in the place of all; the repeats do not touch each other."""

    def __init__(self, scene: Scene, repeats: Mapping[ClusterPath, Repeat]) -> None:
        self._scene = scene
        self._shown = {card.id: card.id for card in scene.cards}
        self._unit: dict[str, tuple[ClusterPath, int]] = {}
        self._repeats = repeats
        for path, repeat in repeats.items():
            for number, unit in enumerate(repeat.members):
                self._shown.update(zip(unit, repeat.members[0], strict=True))
                self._unit.update((card, (path, number)) for card in unit)

    def rolled(self) -> RolledScene:
        """The smaller scene; `places` and `found` are left to the caller."""
        words = {cluster.path: cluster for cluster in self._scene.clusters}
        clusters: dict[ClusterPath, Cluster] = {}
        cards: list[Card] = []
        for card in self._scene.cards:
            if self._shown[card.id] == card.id:
                origins = self._frames_around(card)
                for path, origin in origins.items():
                    times = self._repeats[path].count if path in self._repeats else 1
                    words_of = words.get(origin, Cluster(path, ""))
                    clusters.setdefault(path, replace(words_of, path=path, times=max(times, words_of.times)))
                cards.append(replace(card, cluster=max(origins, key=len, default=())))
        edges: dict[tuple[str, str], Edge] = {}
        loops: dict[tuple[str, str], Edge] = {}
        for edge in self._scene.edges:
            ends = self._shown[edge.source], self._shown[edge.target]
            (loops if self._is_loop(edge) else edges).setdefault(ends, Edge(*ends, edge.slot))
        looped = {self._unit[loop.source][0] for loop in loops.values()}
        return RolledScene(
            Scene(tuple(cards), tuple(edges.values()), tuple(clusters.values())),
            self._shown,
            {card: (unit,) for card, unit in self._unit.items()},
            repeats={
                path: RolledRepeat(path, repeat.kind, repeat.count, _names(repeat), path in looped)
                for path, repeat in self._repeats.items()
            },
            loops=tuple(loops.values()),
        )

    def _is_loop(self, edge: Edge) -> bool:
        """Whether it goes from one unit of a repeat to another unit of the same."""
        (path, one), (there, other) = (self._unit.get(end, ((), -1)) for end in (edge.source, edge.target))
        return path == there and one != other

    def _frames_around(self, card: Card) -> dict[ClusterPath, ClusterPath]:
        """The frames around a card with the paths that they had: a repeat's frame comes before those of its unit.

        A unit that is one module call has the repeat's frame for its own.
        """
        old = card.cluster
        if card.id not in self._unit:
            return {old[:depth]: old[:depth] for depth in range(1, len(old) + 1)}
        path, _ = self._unit[card.id]
        repeat = self._repeats[path]
        above = len(repeat.parent)
        found = {old[:depth]: old[:depth] for depth in range(1, above + 1)}
        own = above + 1 if repeat.clusters else above
        found[path] = repeat.clusters[0] if repeat.clusters else path
        for depth in range(own + 1, len(old) + 1):
            found[(*path, *old[own:depth])] = old[:depth]
        return found


def _names(repeat: Repeat) -> tuple[str, ...]:
    return tuple(path[-1] for path in repeat.clusters) if repeat.clusters else ("",) * repeat.count
