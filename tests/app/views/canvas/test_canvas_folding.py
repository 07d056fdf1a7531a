"""Collapsing module calls: what stands for what, which edges are left, what starts collapsed."""

from __future__ import annotations

from app.models.scene import Card, Cluster, Edge, Scene
from app.views.canvas.folding import cluster_id, default_collapsed, fold

NET = Scene(
    (Card("x", "x"), Card("z", "linear", cluster=("Net", "fc")), Card("a", "relu", cluster=("Net",)), Card("C", "mse")),
    (Edge("x", "z"), Edge("z", "a"), Edge("x", "a"), Edge("a", "C")),
    (Cluster(("Net",), "Net", "Net"), Cluster(("Net", "fc"), "fc", "Linear")),
)


def deep(blocks: int, cards: int) -> Scene:
    made = [Card(f"{b}.{c}", "op", cluster=("Net", f"block{b}")) for b in range(blocks) for c in range(cards)]
    return Scene(tuple(made))


def test_nothing_collapsed_is_the_same_graph() -> None:
    folded = fold(NET, frozenset())
    assert folded.scene.edges == NET.edges
    assert [card.title for card in folded.scene.cards] == ["x", "linear", "relu", "mse"]
    assert folded.shown_as == {"x": "x", "z": "z", "a": "a", "C": "C"}
    assert folded.collapsed_paths == {}


def test_card_alone_in_its_call_has_a_caption_instead_of_a_frame() -> None:
    folded = fold(NET, frozenset())
    assert [card.cluster for card in folded.scene.cards] == [(), ("Net",), ("Net",), ()]
    assert folded.captions == {"z": Cluster(("Net", "fc"), "fc", "Linear")}


def test_collapsed_cluster_is_one_card_with_class_and_count() -> None:
    folded = fold(NET, {("Net",)})
    box = cluster_id(("Net",))
    assert [card.id for card in folded.scene.cards] == ["x", box, "C"]
    card = folded.scene.cards[1]
    assert (card.title, card.symbol, card.shape_text, card.kind) == ("Net", "Net", "×2", "cluster")
    assert {(edge.source, edge.target) for edge in folded.scene.edges} == {("x", box), (box, "C")}
    assert folded.stands_for == {box: "a"}


def test_outermost_collapsed_cluster_wins() -> None:
    assert fold(NET, {("Net",), ("Net", "fc")}).scene == fold(NET, {("Net",)}).scene


def test_inner_cluster_stays_in_its_parent() -> None:
    folded = fold(NET, {("Net", "fc")})
    assert folded.scene.cards[1].cluster == ("Net",)
    assert folded.collapsed_paths == {cluster_id(("Net", "fc")): ("Net", "fc")}


def test_small_graph_starts_open() -> None:
    assert default_collapsed(deep(10, 29)) == frozenset()


def test_large_graph_opens_the_outside_and_keeps_the_blocks_closed() -> None:
    scene = deep(10, 1000)
    closed = default_collapsed(scene)
    assert closed == {("Net", f"block{b}") for b in range(10)}
    assert len(fold(scene, closed).scene.cards) == 10


def test_as_many_blocks_are_open_as_fit_the_limit() -> None:
    scene = deep(4, 100)
    closed = default_collapsed(scene, limit=300)
    assert closed == {("Net", "block2"), ("Net", "block3")}
    assert len(fold(scene, closed).scene.cards) == 202
