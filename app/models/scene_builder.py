"""Builds the canvas's scene of one iteration from its graph: cards, pills, edges, module calls; views folded away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from app.models.built_scene import BuiltScene, Direction, PillFacts, Step
from app.models.cluster_paths import ClusterPaths
from app.models.scene import Card, CardKind, Edge, Pill, Scene
from app.models.scene_facts import SceneFacts
from engine.analysis.flow import Flow, flow_of, once_a_flow
from engine.analysis.graph import Graph, GraphNode, NodeKind, graph
from engine.analysis.names import ValueNames
from engine.analysis.quantities import Quantity, quantities
from engine.analysis.symbols import text_of
from engine.events import Phase
from engine.trace.reader import Trace

_KINDS: dict[NodeKind, CardKind] = {
    NodeKind.OP: "op", NodeKind.VIEW: "view", NodeKind.LOSS: "loss", NodeKind.INPUT: "input",
}  # fmt: skip
_LONGEST_SYMBOL = 5
"""What is longer than "z1" or "loss" has no room beside the op's name on a card, nor has "E^2" a place there."""
_DIRECTIONS: dict[Phase, Direction] = {Phase.BACKWARD: "backward", Phase.UPDATE: "update"}
_KEPT = {"batch_norm": {1: "mean", 2: "var"}}
"""Arguments of ops, by number, that a module keeps beside its parameters."""
_USED_AGAIN = "["
"""Symbols like "z1[2]" are of the second time step."""


def build_scene(trace: Trace, iteration: int, before: BuiltScene | None = None) -> BuiltScene:
    """The scene of an iteration, as far as it is recorded.

    before: the scene shown until now. If it has every card that this iteration has so far, its picture stays, so that
    nothing moves while the next iteration of a loop is recorded; cards that are still to come are empty.
    """
    built = scene_of(flow_of(trace, iteration))
    if before is None or not _covers(before.scene, built.scene):
        return built
    known = {pill: PillFacts(_last_value(facts), facts.is_scalar) for pill, facts in before.pills.items()}
    return replace(
        built,
        scene=before.scene,
        pills={**known, **built.pills},
        tensor_of_pill={**before.tensor_of_pill, **built.tensor_of_pill},
        pills_of_tensor={**before.pills_of_tensor, **built.pills_of_tensor},
        card_of_tensor={**before.card_of_tensor, **built.card_of_tensor},
    )


@once_a_flow
def scene_of(flow: Flow) -> BuiltScene:
    """The scene of a flow's iteration."""
    return _Builder(flow.trace, flow.iteration).built()


def _covers(before: Scene, now: Scene) -> bool:
    """Whether the picture from before has all that there is now, and more or just the same.

    Of as many cards the new picture is the better informed one: what the loss is, is known when it is differentiated.
    """
    if len(before.cards) <= len(now.cards):
        return before == now
    known = {card.id: card for card in before.cards}
    return all(
        card.id in known and known[card.id].pills == card.pills and known[card.id].shape_text == card.shape_text
        for card in now.cards
    )


def _last_value(facts: PillFacts) -> int | None:
    return facts.updates[-1].value if facts.updates else facts.value


class _Builder:
    """Goes through the graph once, in the order of the ops."""

    def __init__(self, trace: Trace, iteration: int) -> None:
        self._trace = trace
        self._iteration = iteration
        self._graph: Graph = graph(trace, iteration)
        self._names = ValueNames(trace)
        self._clusters = ClusterPaths(trace, iteration)
        self._cards: dict[str, Card] = {}
        self._nodes: dict[str, GraphNode] = {}
        self._edges: dict[tuple[str, str], Edge] = {}
        self._pills: dict[str, GraphNode] = {}
        self._shown_as: dict[str, str] = {}
        for identity in self._graph:
            self._visit(self._graph.node(identity))

    def built(self) -> BuiltScene:
        """Everything put together."""
        facts = SceneFacts(self._trace, self._iteration, quantities(self._trace, self._iteration))
        card_of_value = {node.value: card for card, node in self._nodes.items() if node.value is not None}
        card_of_op = dict(self._ops())
        pills_of_tensor: defaultdict[int, list[str]] = defaultdict(list)
        card_of_tensor: dict[int, str] = {}
        for card in self._cards.values():
            for pill in card.pills:
                tensor = self._pills[pill.id].tensor
                if tensor is not None:
                    pills_of_tensor[tensor].append(pill.id)
                    card_of_tensor.setdefault(tensor, card.id)
        scene = Scene(tuple(self._cards.values()), tuple(self._edges.values()), self._clusters.words())
        return BuiltScene(
            scene,
            self._iteration,
            {card: facts.of_card(node) for card, node in self._nodes.items()},
            {pill: facts.of_pill(node) for pill, node in self._pills.items()},
            card_of_op,
            {card: node.position for card, node in self._nodes.items() if node.position is not None},
            {card: node.value for card, node in self._nodes.items() if node.value is not None},
            card_of_value,
            dict(self._backward_nodes()),
            {pill: node.tensor for pill, node in self._pills.items() if node.tensor is not None},
            {tensor: tuple(pills) for tensor, pills in pills_of_tensor.items()},
            card_of_tensor,
            tuple(_step(one, card_of_op, card_of_value, card_of_tensor) for one in facts.quantities),
        )

    def _visit(self, node: GraphNode) -> None:
        """An op, after the inputs that it reads; views are passed by and parameters become pills."""
        if node.identity in self._shown_as or node.kind == NodeKind.PARAMETER:
            return
        if node.kind == NodeKind.INPUT:
            if not self._is_kept(node):
                self._add_card(node, ())
            return
        sources = list(self._sources(node))
        if node.kind == NodeKind.VIEW and sources:
            self._shown_as[node.identity] = self._through(sources[0][1].identity)
            return
        pills: dict[str, Pill] = {}
        for slot, source in sources:
            shown = self._through(source.identity)
            origin = self._graph.node(shown)
            kept = _KEPT.get(node.name, {}).get(slot, "") if origin.kind == NodeKind.INPUT else ""
            if origin.kind == NodeKind.PARAMETER or kept:
                pill = self._pill(node, origin, kept)
                pills[pill.id] = pill
                continue
            self._visit(origin)
            self._edges.setdefault((shown, node.identity), Edge(shown, node.identity, slot))
        self._add_card(node, tuple(pills.values()))

    def _is_kept(self, node: GraphNode) -> bool:
        """Whether an input is only read as what a module keeps; then it is a pill."""
        readers = [
            (self._graph.node(reader).name, slot)
            for reader in self._graph.successors(node.identity)
            for slot in self._slots(node.identity, reader)
        ]
        return bool(readers) and all(slot in _KEPT.get(name, {}) for name, slot in readers)

    def _sources(self, node: GraphNode) -> Iterator[tuple[int, GraphNode]]:
        """What an op reads, by the number of its argument."""
        found = (
            (slot, source)
            for source in self._graph.predecessors(node.identity)
            for slot in self._slots(source, node.identity)
        )
        return ((slot, self._graph.node(source)) for slot, source in sorted(found))

    def _slots(self, source: str, target: str) -> tuple[int, ...]:
        """The numbers of an op's arguments that an edge is."""
        edge = self._graph.edge(source, target)
        return () if edge is None else edge.slots

    def _through(self, identity: str) -> str:
        """What a folded view is a view of."""
        return self._shown_as.get(identity, identity)

    def _add_card(self, node: GraphNode, pills: tuple[Pill, ...]) -> None:
        title, symbol = self._words(node)
        cluster = self._clusters.path_of(node.position)
        self._cards[node.identity] = Card(
            node.identity, title, symbol, _shape_text(node.shape), _KINDS[node.kind], cluster, pills
        )
        self._nodes[node.identity] = node
        self._shown_as[node.identity] = node.identity

    def _words(self, node: GraphNode) -> tuple[str, str]:
        """Title and symbol; an input is called what the script calls it."""
        symbol = text_of(node.symbol) if _USED_AGAIN in node.symbol else node.symbol
        if node.kind != NodeKind.INPUT:
            title = node.name.strip("_")
            bare = node.symbol.partition(_USED_AGAIN)[0]
            is_name = bare.isidentifier() and len(bare) <= _LONGEST_SYMBOL
            return title, symbol if is_name and symbol != title else ""
        name = self._names.variable_of_value(node.value) if node.value is not None else ""
        return (name, symbol) if name and name != symbol else (symbol or node.name, "")

    def _pill(self, reader: GraphNode, parameter: GraphNode, kept: str) -> Pill:
        pill = Pill(
            f"{parameter.identity}@{reader.identity}",
            kept or (parameter.symbol or parameter.name).rpartition(".")[2],  # the modules around it are its card's
            _shape_text(parameter.shape),
            is_constant=bool(kept),
        )
        self._pills[pill.id] = parameter
        return pill

    def _ops(self) -> Iterable[tuple[int, str]]:
        """Position of each op and the card that shows it; a folded view is shown by what it is a view of."""
        for identity, shown in self._shown_as.items():
            position = self._graph.node(identity).position
            if position is not None and shown in self._cards:
                yield position, shown

    def _backward_nodes(self) -> Iterable[tuple[int, str]]:
        for identity, shown in self._shown_as.items():
            if shown in self._cards:
                yield from ((position, shown) for position in self._graph.node(identity).backward)


def _step(
    quantity: Quantity, card_of_op: dict[int, str], card_of_value: dict[int, str], card_of_tensor: dict[int, str]
) -> Step:
    """Where the learner looks: at the value that a gradient is for, else at the op, else at the parameter's reader."""
    card = None
    if quantity.target is not None and quantity.slope is None:
        card = card_of_value.get(quantity.target)
    if card is None and quantity.op is not None:
        card = card_of_op.get(quantity.op)
    if card is None and quantity.tensor is not None:
        card = card_of_tensor.get(quantity.tensor)
    direction = _DIRECTIONS.get(quantity.phase, "forward")
    return Step(card, direction, quantity.known_at, quantity.symbol, quantity.index, quantity.event, quantity.tensor)


def _shape_text(shape: tuple[int, ...]) -> str:
    """As torch prints it without the comma of a vector: "(32, 8)", "(8)"; "" for a single number."""
    if all(size == 1 for size in shape):
        return ""
    return f"({', '.join(map(str, shape))})"
