"""The graph: cards for ops, pills for parameters, edges where values flow, the same names in every iteration."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from engine.analysis.graph import Graph, NodeKind, graph
from engine.trace.reader import Trace

Record = Callable[..., Trace]


def is_without_circles(found: Graph) -> bool:
    """Whether its nodes can be taken away one after the other, each when none is left that leads to it."""
    left = set(found)
    while free := {key for key in left if left.isdisjoint(found.predecessors(key))}:
        left -= free
    return not left


def test_hello_is_a_chain_with_parameters(recorded: Record) -> None:
    found = graph(recorded("hello", "--double"), 0)
    by_symbol = {found.node(key).symbol: key for key in found}
    chain = ["x", "z1", "a1", "z2", "a2", "C"]
    for source, target in pairwise(chain):
        assert found.edge(by_symbol[source], by_symbol[target]) is not None
    assert set(found.predecessors(by_symbol["z2"])) == {by_symbol[symbol] for symbol in ("a1", "w2", "b2")}
    kinds = {symbol: found.node(key).kind for symbol, key in by_symbol.items()}
    assert kinds["w1"] == NodeKind.PARAMETER
    assert kinds["x"] == NodeKind.INPUT
    assert kinds["C"] == NodeKind.LOSS
    weight = found.edge(by_symbol["w1"], by_symbol["z1"])
    assert weight is not None
    assert weight.slots == (1,)
    assert found.edge(by_symbol["z1"], by_symbol["w1"]) is None
    assert is_without_circles(found)


def test_twins_are_the_nodes_of_the_same_op(recorded: Record) -> None:
    trace = recorded("hello", "--double")
    found = graph(trace, 0)
    z1 = next(found.node(key) for key in found if found.node(key).symbol == "z1")
    names = [event.name for position in z1.backward if (event := trace.event(position)) is not None]
    assert names == ["ViewBackward0", "AddmmBackward0", "TBackward0", "ViewBackward0"]
    assert z1.path == ("net", "hidden_layer")


def test_nodes_keep_their_names_across_iterations(recorded: Record) -> None:
    trace = recorded("linear_regression", "--epochs", "3")
    numbers = [i.number for i in trace.iterations() if i.number >= 0]
    assert len({frozenset(graph(trace, number)) for number in numbers}) == 1


def test_views_pass_values_through(recorded: Record) -> None:
    trace = recorded("lenet")
    last = [i.number for i in trace.iterations() if len(graph(trace, i.number)) > 15][-1]
    found = graph(trace, last)
    view = next(key for key in found if found.node(key).kind == NodeKind.VIEW)
    before, after = list(found.predecessors(view)), list(found.successors(view))
    assert [found.node(key).symbol for key in (*before, *after)] == ["p2", "z3"]


def test_a_value_used_twice_is_one_edge_with_two_slots(recorded: Record) -> None:
    source = """
        import torch
        x = torch.tensor([2.0], requires_grad=True)
        y = x * 2
        (y * y).backward()
    """
    found = graph(recorded(source=source), 0)
    edges = [found.edge(source, target) for target in found for source in found.predecessors(target)]
    assert sorted(edge.slots for edge in edges if edge is not None) == [(0,), (0, 1)]
