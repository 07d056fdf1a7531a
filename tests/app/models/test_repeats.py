"""What repeats in a scene is found whole, and rolled up into one unit that can stand for any."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.models.repeats import find_repeats, tandem_runs
from app.models.rolled_scene import MARK, roll
from app.models.scene import Card, Cluster, Edge, Pill, Scene
from app.models.scene_builder import build_scene
from engine.trace.reader import Trace

RNN = """
import torch
torch.manual_seed(0)
Wx = torch.randn(4, 8, requires_grad=True)
Wh = torch.randn(8, 8).requires_grad_()
b = torch.zeros(8, requires_grad=True)
xs, h = torch.randn(6, 3, 4), torch.zeros(3, 8)
for t in range(6):
    h = torch.tanh(xs[t] @ Wx + h @ Wh + b)
h.mean().backward()
"""


def stack(blocks: int, *, layers: int = 4) -> Scene:
    """x -> a stack of equal blocks, each with parameters of its own and a residual -> C."""
    cards = [Card("x", "x", kind="input")]
    edges, clusters, last = [], [Cluster(("net",), "net", "Net")], "x"
    for block in range(blocks):
        clusters.append(Cluster(("net", str(block)), str(block), "Block"))
        first = last
        for layer in range(layers):
            name = f"{block}.{layer}"
            pill = Pill(f"w{name}@{name}", f"w{block}", "(8, 8)")
            cards.append(Card(name, f"op{layer}", shape_text="(8)", cluster=("net", str(block)), pills=(pill,)))
            edges.append(Edge(last, name))
            last = name
        edges.append(Edge(first, last, 1))
    cards.append(Card("C", "mse_loss", "C", kind="loss"))
    edges.append(Edge(last, "C"))
    return Scene(tuple(cards), tuple(edges), tuple(clusters))


@given(st.lists(st.integers(0, 2), max_size=24))
def test_runs_are_equal_pieces_that_do_not_overlap(signs: list[int]) -> None:
    end = 0
    for start, period, count in tandem_runs(signs):
        assert start >= end
        assert count >= 2
        pieces = {tuple(signs[start + period * k : start + period * (k + 1)]) for k in range(count)}
        assert len(pieces) == 1
        end = start + period * count
    assert end <= len(signs)


def test_the_run_that_leaves_out_most_is_found() -> None:
    assert tandem_runs([9, 1, 2, 1, 2, 1, 2, 8]) == [(1, 2, 3)]
    assert tandem_runs([1, 1, 1, 1]) == [(0, 1, 4)]
    assert tandem_runs([1, 2, 3]) == []


def test_blocks_of_a_deep_network_are_one_repeat() -> None:
    (found,) = find_repeats(stack(5))
    assert (found.parent, found.count, found.kind) == (("net",), 5, "block")
    assert found.members[2] == ("2.0", "2.1", "2.2", "2.3")


def test_few_cards_stand_side_by_side() -> None:
    assert find_repeats(stack(2)) == ()
    assert len(find_repeats(stack(3))) == 1


def test_time_steps_are_one_thing_sooner_than_blocks_are() -> None:
    def loop(steps: int, *, shares: bool) -> Scene:
        cells = [Card(f"h{n}", "cell", pills=(Pill(f"w{0 if shares else n}@h{n}", "w"),)) for n in range(steps)]
        inputs = [Card(f"x{n}", "x", kind="input") for n in range(steps)]
        edges = [Edge(f"x{n}", f"h{n}") for n in range(steps)]
        edges += [Edge(f"h{n}", f"h{n + 1}", 1) for n in range(steps - 1)]
        return Scene(tuple(card for pair in zip(inputs, cells, strict=True) for card in pair), tuple(edges))

    (repeat,) = find_repeats(loop(5, shares=True))
    assert (repeat.kind, repeat.count, len(repeat.members[0])) == ("time", 5, 2)
    assert find_repeats(loop(4, shares=True)) == ()
    assert find_repeats(loop(5, shares=False)) == ()
    assert [one.kind for one in find_repeats(loop(6, shares=False))] == ["block"]


def test_rolled_up_the_first_block_stands_for_all_and_hands_on_to_itself() -> None:
    rolled = roll(stack(5))
    (frame,) = rolled.repeats
    assert frame == ("net", MARK + "0.3")
    assert [card.id for card in rolled.scene.cards] == ["x", "0.0", "0.1", "0.2", "0.3", "C"]
    assert {card.cluster for card in rolled.scene.cards[1:5]} == {frame}
    assert rolled.shown_as["3.2"] == "0.2"
    assert rolled.unit_of["3.2"] == ((frame, 3),)
    assert rolled.card_in("0.2", {frame: 3}) == "3.2"
    assert {(loop.source, loop.target) for loop in rolled.loops} == {("0.3", "0.0"), ("0.3", "0.3")}
    assert ("0.3", "C") in {(edge.source, edge.target) for edge in rolled.scene.edges}
    cluster = next(one for one in rolled.scene.clusters if one.path == frame)
    assert (cluster.class_name, cluster.times) == ("Block", 5)


def test_unrolled_it_is_the_whole_scene_again() -> None:
    scene = stack(5)
    (frame,) = roll(scene).repeats
    whole = roll(scene, {frame})
    assert whole.scene == scene
    assert whole.found == (frame,)
    assert whole.repeats == {}


def test_repeats_inside_a_repeat_are_rolled_up_too() -> None:
    cards, edges, clusters = [], [], []
    for outer in range(3):
        clusters.append(Cluster((f"net{outer}",), f"net{outer}", "Net"))
        for inner in range(6):
            for op in "ab":
                cards.append(Card(f"{outer}{inner}{op}", op, cluster=(f"net{outer}",)))
    edges = [Edge(one.id, other.id) for one, other in pairwise(cards)]
    rolled = roll(Scene(tuple(cards), tuple(edges), tuple(clusters)))
    assert [card.id for card in rolled.scene.cards] == ["00a", "00b"]
    outer, inner = rolled.repeats
    assert rolled.unit_of["24b"] == ((outer, 2), (inner, 4))
    assert rolled.card_in("00b", {outer: 2, inner: 4}) == "24b"


@given(st.integers(3, 9), st.integers(4, 6))
def test_every_card_stands_somewhere_and_every_edge_is_kept(blocks: int, layers: int) -> None:
    scene = stack(blocks, layers=layers)
    rolled = roll(scene)
    shown = {card.id for card in rolled.scene.cards}
    assert set(rolled.shown_as.values()) == shown
    kept = {(edge.source, edge.target) for edge in (*rolled.scene.edges, *rolled.loops)}
    assert kept == {(rolled.shown_as[edge.source], rolled.shown_as[edge.target]) for edge in scene.edges}
    for card in scene.cards:
        chosen = dict(rolled.unit_of.get(card.id, ()))
        assert rolled.card_in(rolled.shown_as[card.id], chosen) == card.id


def test_time_steps_of_a_loop_with_their_own_inputs(recorded: Callable[[str], Trace]) -> None:
    scene = build_scene(recorded(RNN), 0).scene
    (repeat,) = find_repeats(scene)
    assert (repeat.kind, repeat.count) == ("time", 6)
    titles = {card.id: card.title for card in scene.cards}
    kinds = {card.id: card.kind for card in scene.cards}
    assert [titles[card] for card in repeat.members[0]][1:] == ["matmul", "matmul", "add", "add", "tanh"]
    assert [kinds[unit[0]] for unit in repeat.members] == ["input"] * 6


def test_two_passes_of_one_network(recorded: Callable[[str], Trace]) -> None:
    script = """
import torch
net = torch.nn.Sequential(*(m for _ in range(6) for m in (torch.nn.Linear(3, 3), torch.nn.Tanh())))
(net(torch.ones(2, 3)) * net(torch.zeros(2, 3))).sum().backward()
"""
    rolled = roll(build_scene(recorded(script), 0).scene)
    assert next((one.kind, one.count, one.has_loops) for one in rolled.repeats.values()) == ("pass", 2, False)
