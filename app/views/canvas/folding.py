"""Collapsing module calls: a scene and a set of collapsed clusters in, a smaller scene out. Plain data, no Qt."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from app.models.scene import Card, Cluster, ClusterPath, Edge, Pill, Scene

COLLAPSE_FROM = 300
"""From so many visible boxes on, clusters start collapsed."""


@dataclass(frozen=True, slots=True)
class FoldedScene:
    """The scene that is shown.

    shown_as: for each card of the whole scene the id of the box that stands for it (itself, or a collapsed cluster).
    stands_for: for each collapsed cluster's box its last card, whose value and gradient the box shows.
    collapsed_paths: for each such box the cluster. captions: for a card that is alone in its module call that call's
    words; it gets no frame of its own, the words stand above the card. loops: edges back up, which take no part in the
    layout.
    """

    scene: Scene
    shown_as: dict[str, str]
    stands_for: dict[str, str]
    collapsed_paths: dict[str, ClusterPath]
    captions: dict[str, Cluster]
    loops: tuple[Edge, ...] = ()


def cluster_id(path: ClusterPath) -> str:
    """The id of the box that stands for a collapsed cluster; cards cannot have it as it starts with a tab."""
    return "\t" + "\t".join(path)


def fold(scene: Scene, collapsed: Set[ClusterPath], loops: Iterable[Edge] = ()) -> FoldedScene:
    """Replaces each cluster in `collapsed` by one box; the outermost wins. Parallel edges become one.

    loops: further edges between cards, which go back up; inside a collapsed cluster they are not seen.
    """
    shown_as: dict[str, str] = {}
    members: defaultdict[ClusterPath, list[Card]] = defaultdict(list)
    slots: dict[str, Card | ClusterPath] = {}
    for card in scene.cards:
        path = _outermost(card.cluster, collapsed)
        if path is None:
            shown_as[card.id] = card.id
            slots[card.id] = card
        else:
            box = cluster_id(path)
            shown_as[card.id] = box
            slots[box] = path
            members[path].append(card)
    words = {cluster.path: cluster for cluster in scene.clusters}
    cards = tuple(
        _box(words.get(slot, Cluster(slot, slot[-1])), members[slot]) if isinstance(slot, tuple) else slot
        for slot in slots.values()
    )
    cards, captions = _unframed(cards, words)
    ends = ((shown_as[edge.source], shown_as[edge.target], edge.slot) for edge in scene.edges)
    edges = {(source, target): Edge(source, target, slot) for source, target, slot in ends if source != target}
    return FoldedScene(
        Scene(cards, tuple(edges.values()), scene.clusters),
        shown_as,
        {cluster_id(path): cards[-1].id for path, cards in members.items()},
        {cluster_id(path): path for path in members},
        captions,
        tuple(Edge(shown_as[one.source], shown_as[one.target], one.slot) for one in loops if _is_seen(one, shown_as)),
    )


def default_collapsed(scene: Scene, limit: int = COLLAPSE_FROM) -> frozenset[ClusterPath]:
    """The clusters to collapse at first: none below `limit` boxes, else as many as keeps the picture under it.

    Opens from the outside in, in the order of the calls, and leaves closed what would bring the count over the limit.
    """
    if len(scene.cards) < limit:
        return frozenset()
    inside: defaultdict[ClusterPath, dict[object, ClusterPath | None]] = defaultdict(dict)
    for card in scene.cards:
        for depth in range(len(card.cluster)):
            inside[card.cluster[:depth]][card.cluster[: depth + 1]] = card.cluster[: depth + 1]
        inside[card.cluster][card.id] = None
    visible = len(inside[()])
    closed: set[ClusterPath] = set()
    waiting = [path for path in inside[()].values() if path is not None]
    for path in waiting:  # grows while it is walked: breadth first
        if visible - 1 + len(inside[path]) < limit:
            visible += len(inside[path]) - 1
            waiting.extend(child for child in inside[path].values() if child is not None)
        else:
            closed.add(path)
    return frozenset(closed)


def _is_seen(loop: Edge, shown_as: Mapping[str, str]) -> bool:
    """Not inside one box; a card's own loop is."""
    return shown_as[loop.source] != shown_as[loop.target] or shown_as[loop.source] == loop.source


def _unframed(
    cards: tuple[Card, ...], words: Mapping[ClusterPath, Cluster]
) -> tuple[tuple[Card, ...], dict[str, Cluster]]:
    """Takes cards out of the clusters in which they are alone: a frame around one card only costs room."""
    sizes = Counter(card.cluster[:depth] for card in cards for depth in range(1, len(card.cluster) + 1))
    captions: dict[str, Cluster] = {}
    freed: list[Card] = []
    for card in cards:
        path = card.cluster
        while path and sizes[path] == 1 and words.get(path, Cluster(path, "")).times == 1:
            captions.setdefault(card.id, words.get(path, Cluster(path, path[-1])))  # the innermost call's
            path = path[:-1]
        freed.append(replace(card, cluster=path))
    return tuple(freed), captions


def _outermost(cluster: ClusterPath, collapsed: Set[ClusterPath]) -> ClusterPath | None:
    for depth in range(1, len(cluster) + 1):
        if cluster[:depth] in collapsed:
            return cluster[:depth]
    return None


def summary_id(path: ClusterPath) -> str:
    """The id of the pill that stands for all parameters of a collapsed cluster."""
    return cluster_id(path) + "\tparameters"


def _box(cluster: Cluster, cards: Sequence[Card]) -> Card:
    """A collapsed cluster with one pill for all its parameters, so that their `.grad` boxes stay in sight."""
    title, text, count = cluster.label, cluster.class_name, len(cards)
    parameters = sum(not pill.is_constant for card in cards for pill in card.pills)
    pills = (Pill(summary_id(cluster.path), "w, b", f"×{parameters}"),) if parameters else ()
    if cluster.times > 1:
        title, text, count = cluster.class_name or cluster.label, "", cluster.times
    times = f"×{count}" if count > 1 else ""
    return Card(cluster_id(cluster.path), title, text, times, "cluster", cluster.path[:-1], pills)
