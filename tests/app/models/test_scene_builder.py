"""A scene from a recording: cards, pills, edges, module calls; the same picture in every iteration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.models.scene_builder import build_scene
from engine.trace.reader import Trace

Record = Callable[[str], Trace]


def test_hello_is_a_chain_of_five_ops_with_two_inputs(hello: Trace) -> None:
    scene = build_scene(hello, 0).scene
    assert [(card.title, card.symbol, card.kind) for card in scene.cards] == [
        ("x", "", "input"),
        ("linear", "z1", "op"),
        ("sigmoid", "a1", "op"),
        ("linear", "z2", "op"),
        ("sigmoid", "a2", "op"),
        ("target", "t", "input"),
        ("mse_loss", "C", "loss"),
    ]
    titles = {card.id: card.symbol or card.title for card in scene.cards}
    edges = {(titles[edge.source], titles[edge.target], edge.slot) for edge in scene.edges}
    assert edges == {("x", "z1", 0), ("z1", "a1", 0), ("a1", "z2", 0), ("z2", "a2", 0), ("a2", "C", 0), ("t", "C", 1)}


def test_parameters_are_pills_beside_the_card_that_reads_them(hello: Trace) -> None:
    scene = build_scene(hello, 0).scene
    pills = {card.symbol: [(pill.text, pill.shape_text) for pill in card.pills] for card in scene.cards if card.pills}
    assert pills == {"z1": [("w1", ""), ("b1", "")], "z2": [("w2", ""), ("b2", "")]}


def test_clusters_are_the_module_calls(hello: Trace) -> None:
    scene = build_scene(hello, 0).scene
    around = {card.symbol or card.title: card.cluster for card in scene.cards}
    assert around["z1"] == ("net", "hidden_layer")
    assert around["a1"] == ("net",)
    assert around["C"] == ("criterion",)
    assert around["x"] == ()
    assert {(one.path, one.class_name) for one in scene.clusters} == {
        (("net",), "Tiny"),
        (("net", "hidden_layer"), "Linear"),
        (("net", "output_layer"), "Linear"),
        (("criterion",), "MSELoss"),
    }


def test_iterations_have_equal_scenes(hello: Trace) -> None:
    assert build_scene(hello, 1).scene == build_scene(hello, 0).scene


def test_lookups_go_both_ways(hello: Trace) -> None:
    built = build_scene(hello, 1)
    for card, position in built.op_of_card.items():
        assert built.card_of_op[position] == card
    for card, value in built.value_of_card.items():
        assert built.card_of_value[value] == card
    for pill, tensor in built.tensor_of_pill.items():
        assert pill in built.pills_of_tensor[tensor]
    named = {tensor.id: tensor.name for tensor in hello.tensors()}
    readers = {named[tensor]: card for tensor, card in built.card_of_tensor.items()}
    assert readers["hidden_layer.weight"] == next(card.id for card in built.scene.cards if card.symbol == "z1")


def test_views_are_folded_away(recorded: Record) -> None:
    trace = recorded(
        "import torch\n"
        "from torch import nn\n"
        "torch.manual_seed(0)\n"
        "fc = nn.Linear(4, 1)\n"
        "images = torch.ones(3, 4)\n"
        "loss = fc(images).relu().view(-1).sum()\n"
        "loss.backward()\n"
    )
    built = build_scene(trace, trace.iterations()[-1].number)
    assert [card.title for card in built.scene.cards if card.kind != "input"] == ["linear", "relu", "sum"]
    names = {card.id: card.title for card in built.scene.cards}
    assert {(names[edge.source], names[edge.target]) for edge in built.scene.edges} == {
        ("images", "linear"),
        ("linear", "relu"),
        ("relu", "sum"),
    }
    view = next(event for event in trace.events() if event.name == "view" and event.phase == "forward")
    assert names[built.card_of_op[view.position]] == "relu"


def test_a_shared_weight_has_a_pill_at_each_reader(recorded: Record) -> None:
    trace = recorded(
        "import torch\n"
        "w = torch.tensor([[0.5]], requires_grad=True)\n"
        "x = torch.tensor([[2.0]])\n"
        "h = torch.tanh(x @ w)\n"
        "h = torch.tanh(h @ w)\n"
        "h.sum().backward()\n"
    )
    built = build_scene(trace, trace.iterations()[-1].number)
    pills = [pill for card in built.scene.cards for pill in card.pills]
    assert len(pills) == 2
    assert pills[0].id != pills[1].id
    assert len({built.tensor_of_pill[pill.id] for pill in pills}) == 1
    symbols = [card.symbol for card in built.scene.cards if card.pills]
    assert symbols[0] == "z1"
    assert symbols[1].startswith("z⁽¹⁾")


def test_only_names_stand_beside_an_ops_name(recorded: Record) -> None:
    trace = recorded(
        "import torch\n"
        "w = torch.tensor([2.0], requires_grad=True)\n"
        "E = w - 1.0\n"
        "C = 0.5 * (E ** 2).sum()\n"
        "C.backward()\n"
    )
    scene = build_scene(trace, trace.iterations()[-1].number).scene
    assert [(card.title, card.symbol) for card in scene.cards] == [("sub", "E"), ("pow", ""), ("sum", ""), ("mul", "C")]


def test_the_picture_stays_while_the_next_iteration_is_recorded(hello: Trace) -> None:
    whole = build_scene(hello, 0)
    begun = build_scene(hello, 5, whole)  # nothing of it is recorded
    assert begun.scene is whole.scene
    assert not begun.cards
    weight = next(pill for pill, tensor in whole.tensor_of_pill.items() if "weight" in pill and tensor)
    assert begun.pills[weight].value == whole.pills[weight].updates[-1].value


def test_what_the_loss_is_shows_when_it_is_known(recorded: Record) -> None:
    trace = recorded(
        "import torch\nw = torch.tensor([2.0], requires_grad=True)\ndistance = (w * 3.0).exp()\ndistance.backward()\n"
    )
    number = trace.iterations()[-1].number
    whole = build_scene(trace, number)
    before = replace(whole, scene=replace(whole.scene, cards=tuple(replace(c, kind="op") for c in whole.scene.cards)))
    assert build_scene(trace, number, before).scene.cards[-1].kind == "loss"
    assert build_scene(trace, number, whole).scene is whole.scene


def test_another_graph_gets_another_picture(hello: Trace, recorded: Record) -> None:
    other = recorded("import torch\nw = torch.ones(2, requires_grad=True)\n(w * 3).exp().sum().backward()\n")
    before = build_scene(hello, 0)
    built = build_scene(other, other.iterations()[-1].number, before)
    assert "exp" in {card.title for card in built.scene.cards}
