"""The graph: cards for ops, pills for parameters, edges where values flow, the same names in every iteration."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import networkx as nx

from engine.analysis.graph import NodeKind, edge_of, graph, node_of
from engine.trace.reader import Trace

Record = Callable[..., Trace]


def test_hello_is_a_chain_with_parameters(recorded: Record) -> None:
    found = graph(recorded("hello", "--double"), 0)
    by_symbol = {node_of(found, key).symbol: key for key in found}
    chain = ["x", "z1", "a1", "z2", "a2", "C"]
    for source, target in pairwise(chain):
        assert found.has_edge(by_symbol[source], by_symbol[target])
    assert set(found.predecessors(by_symbol["z2"])) == {by_symbol[symbol] for symbol in ("a1", "w2", "b2")}
    kinds = {symbol: node_of(found, key).kind for symbol, key in by_symbol.items()}
    assert kinds["w1"] == NodeKind.PARAMETER
    assert kinds["x"] == NodeKind.INPUT
    assert kinds["C"] == NodeKind.LOSS
    assert edge_of(found, by_symbol["w1"], by_symbol["z1"]).slots == (1,)
    assert nx.is_directed_acyclic_graph(found)


def test_twins_are_the_nodes_of_the_same_op(recorded: Record) -> None:
    trace = recorded("hello", "--double")
    found = graph(trace, 0)
    z1 = next(node_of(found, key) for key in found if node_of(found, key).symbol == "z1")
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
    view = next(key for key in found if node_of(found, key).kind == NodeKind.VIEW)
    before, after = list(found.predecessors(view)), list(found.successors(view))
    assert [node_of(found, key).symbol for key in (*before, *after)] == ["p2", "z3"]


def test_a_value_used_twice_is_one_edge_with_two_slots(recorded: Record) -> None:
    source = """
        import torch
        x = torch.tensor([2.0], requires_grad=True)
        y = x * 2
        (y * y).backward()
    """
    found = graph(recorded(source=source), 0)
    assert sorted(data["data"].slots for *_, data in found.edges(data=True)) == [(0,), (0, 1)]
