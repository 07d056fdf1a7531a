"""Numbers on cards and pills at every place of the 1-1-1 network, and how fast a step is in a large graph."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from app.models.card_states import CardStates, SceneStates, number_text
from app.models.scene import PillState
from app.models.scene_builder import build_scene
from engine.analysis.quantities import quantities
from engine.session.place import Place
from engine.trace.reader import Trace

Z1, A1, Z2, A2, C = "1.124", "0.75473", "1.73909", "0.850571", "0.022329"


class Shown:
    """What a scene shows, by symbols."""

    def __init__(self, trace: Trace, iteration: int) -> None:
        self.built = build_scene(trace, iteration)
        self.maker = CardStates(trace, self.built)
        self.steps = quantities(trace, iteration)
        self.iteration = iteration
        self.begin = next(one.begin for one in trace.iterations() if one.number == iteration)

    def place(self, count: int) -> Place:
        """The place at which so many quantities are revealed."""
        return Place(self.steps[count - 1].known_at if count else self.begin, count, self.iteration)

    def states(self, count: int) -> SceneStates:
        return self.maker.states(self.place(count))

    def numbers(self, count: int) -> dict[str, tuple[str, str]]:
        """Value and gradient of each card that shows one."""
        states = self.states(count).cards
        texts = {c.symbol or c.title: (states[c.id].value_text, states[c.id].grad_text) for c in self.built.scene.cards}
        return {symbol: both for symbol, both in texts.items() if any(both)}

    def current(self, count: int) -> tuple[str | None, str]:
        """Symbol of the current card, and the direction."""
        found = self.maker.current(self.place(count))
        return next((c.symbol for c in self.built.scene.cards if c.id == found.card), None), found.direction

    def pill(self, count: int, text: str) -> tuple[str, str, str, bool]:
        """What a pill shows: value, gradient, state of its box, whether updated."""
        state = self.pill_state(count, text)
        return state.value_text, state.grad_text, state.grad_status, state.updated

    def short_texts(self, count: int, text: str) -> tuple[str, ...]:
        """What a narrow pill may show as its value."""
        return self.pill_state(count, text).short_texts

    def pill_state(self, count: int, text: str) -> PillState:
        """Of the pill with this text."""
        pill = next(pill for card in self.built.scene.cards for pill in card.pills if pill.text == text)
        return self.states(count).pills[pill.id]


def test_forward_values_are_revealed_one_at_a_time(hello: Trace) -> None:
    shown = Shown(hello, 0)
    data = {"x": ("0.8", ""), "t": ("1", "")}
    assert shown.numbers(0) == data
    assert shown.numbers(1) == data | {"z1": (Z1, "")}
    assert shown.numbers(3) == data | {"z1": (Z1, ""), "a1": (A1, ""), "z2": (Z2, "")}
    assert shown.numbers(5)["C"] == (C, "")
    assert shown.numbers(5)["a2"] == (A2, "")


def test_gradients_are_revealed_in_the_textbooks_order(hello: Trace) -> None:
    shown = Shown(hello, 0)
    assert shown.numbers(6)["a2"] == (A2, "−0.298858")
    assert shown.numbers(7)["z2"] == (Z2, "")  # sigma'(z2) is a step, but no gradient of z2 yet
    assert shown.numbers(8)["z2"] == (Z2, "−0.0379847")
    assert shown.numbers(10)["a1"] == (A1, "")
    assert shown.numbers(11)["a1"] == (A1, "−0.0930626")
    assert shown.numbers(15)["z1"] == (Z1, "−0.0172271")


def test_the_ring_is_at_what_was_revealed_last(hello: Trace) -> None:
    shown = Shown(hello, 0)
    assert [shown.current(count)[0] for count in range(6)] == [None, "z1", "a1", "z2", "a2", "C"]
    backward = [shown.current(count) for count in range(6, 16)]
    symbols = ["a2", "a2", "z2", "z2", "z2", "a1", "a1", "z1", "z1", "z1"]
    assert backward == [(symbol, "backward") for symbol in symbols]
    assert [shown.current(count) for count in range(16, 20)] == [(s, "update") for s in ("z1", "z1", "z2", "z2")]


def test_the_grad_box_fills_and_the_parameter_changes(hello: Trace) -> None:
    shown = Shown(hello, 0)
    assert shown.pill(14, "w1") == ("1.58", "", "none", False)
    assert shown.pill(15, "w1") == ("1.58", "−0.01378", "holding", False)
    assert shown.pill(16, "w1") == ("1.58138", "−0.01378", "holding", True)
    assert shown.pill(16, "w2")[3] is False
    assert shown.short_texts(16, "w1") == ("1.581", "1.58")
    again = Shown(hello, 1)
    assert again.pill(0, "w1")[0] == "1.58138"


def test_the_box_is_empty_after_zero_grad_and_adds_up_without(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(
        "import torch\n"
        "w = torch.tensor([1.0], requires_grad=True)\n"
        "optimizer = torch.optim.SGD([w], lr=0.5)\n"
        "for k in range(3):\n"
        "    if k == 2:\n"
        "        optimizer.zero_grad(set_to_none=False)\n"
        "    loss = (w * 3.0).sum()\n"
        "    loss.backward()\n"
        "    optimizer.step()\n"
    )
    numbers = [one.number for one in trace.iterations() if one.number >= 0]
    found = []
    for number in numbers[:3]:
        built = build_scene(trace, number)
        maker = CardStates(trace, built)
        span = next(one for one in trace.iterations() if one.number == number)
        pill = next(iter(built.tensor_of_pill))
        seen = [maker.states(Place(p, None, number)).pills[pill] for p in range(span.begin, span.end + 1)]
        states = [(state.grad_status, state.grad_text, state.grad_passes) for state in seen]
        found += [state for i, state in enumerate(states) if i == 0 or state != states[i - 1]]
    without_repeats = [state for i, state in enumerate(found) if i == 0 or state != found[i - 1]]
    assert without_repeats == [
        ("none", "", 0),
        ("holding", "3", 1),
        ("added", "6", 2),
        ("holding", "6", 2),
        ("zero", "0", 0),
        ("holding", "3", 1),
    ]


def test_an_unchanged_card_gives_the_same_object(hello: Trace) -> None:
    shown = Shown(hello, 0)
    before, after = shown.states(7).cards, shown.states(8).cards
    changed = {card.symbol for card in shown.built.scene.cards if before[card.id] is not after[card.id]}
    assert changed == {"a2", "z2"}  # the ring leaves a2; z2 gets it and its gradient
    assert all(shown.states(7).cards[card] is state for card, state in before.items())


def test_without_counted_quantities_events_reveal(hello: Trace) -> None:
    shown = Shown(hello, 0)
    states = shown.maker.states(Place(shown.begin + 2, None, 0)).cards
    texts = {card.symbol: states[card.id].value_text for card in shown.built.scene.cards if card.kind == "op"}
    assert texts == {"z1": Z1, "a1": A1, "z2": "", "a2": ""}
    current = shown.maker.current(Place(shown.begin + 2, None, 0))
    assert current.card == shown.built.card_of_op[shown.begin + 1]


def test_larger_values_are_previews(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(
        "import torch\n"
        "w = torch.full((200, 300), 0.5, requires_grad=True)\n"
        "pair = torch.tensor([1.0, -2.5])\n"
        "big = w * 2.0\n"
        "(big.sum() * pair).sum().backward()\n"
    )
    number = trace.iterations()[-1].number
    built = build_scene(trace, number)
    states = CardStates(trace, built).states(Place(len(trace), None, number)).cards
    by_name = {card.symbol or card.title: states[card.id] for card in built.scene.cards}
    big = by_name["big"]
    assert big.value is not None
    assert big.grad is not None
    assert big.value.shape == big.grad.shape == (16, 32)
    np.testing.assert_array_equal(big.value, 1.0)
    np.testing.assert_array_equal(big.grad, -1.5)
    assert big.value_text == ""
    assert by_name["pair"].value_text == "[1 −2.5]"


def test_number_text_is_for_tiny_arrays_only() -> None:
    assert number_text(np.array([[0.75472987]], np.float32)) == "0.75473"
    assert number_text(np.array([1.0, 2.56789])) == "[1 2.568]"
    assert number_text(np.arange(3.0)) == ""
    assert number_text(np.zeros(0)) == ""


def test_each_step_in_a_graph_of_300_cards_gives_one_more_a_value(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(
        "import torch\n"
        "w = torch.full((64, 64), 0.1, requires_grad=True)\n"
        "h = w\n"
        "for k in range(300):\n"
        "    h = torch.sin(h)\n"
        "h.sum().backward()\n"
    )
    number = trace.iterations()[-1].number
    shown = Shown(trace, number)
    assert len(shown.built.scene.cards) >= 300
    known = [sum(state.has_value for state in shown.states(count).cards.values()) for count in (100, 101, 200, 300)]
    assert [later - known[0] for later in known] == [0, 1, 100, 200]


def everywhere(trace: Trace, number: int) -> list[Place]:
    """Places of an iteration, there and back and by jumps: with quantities counted, and without."""
    steps = quantities(trace, number)
    span = next(one for one in trace.iterations() if one.number == number)
    counted = [
        Place(steps[count - 1].known_at if count else span.begin, count, number) for count in range(len(steps) + 1)
    ]
    plain = [Place(position, None, number) for position in range(span.begin, span.end + 1)]
    return [*counted, *counted[::-3], *counted[::5], *plain, *plain[::-4], *counted[::-7], *plain[::6]]


def test_what_a_move_changes_makes_the_states_of_the_place_it_ends_at(hello: Trace) -> None:
    built = build_scene(hello, 1)
    maker = CardStates(hello, built)
    cards: dict[str, object] = {}
    pills: dict[str, object] = {}
    for place in everywhere(hello, 1):
        changes, whole = maker.changes(place), maker.states(place)
        cards.update(changes.cards)
        pills.update(changes.pills)
        assert cards == dict(whole.cards)
        assert pills == dict(whole.pills) == maker.pills


def test_a_step_concerns_as_few_cards_of_a_large_graph_as_of_a_small_one(recorded: Callable[[str], Trace]) -> None:
    trace = recorded(
        "import torch\n"
        "w = torch.full((64, 64), 0.1, requires_grad=True)\n"
        "h = w\n"
        "for k in range(300):\n"
        "    h = torch.sin(h)\n"
        "h.sum().backward()\n"
    )
    number = trace.iterations()[-1].number
    shown = Shown(trace, number)
    assert len(shown.maker.changes(shown.place(100)).cards) >= 300
    for count in (101, 102, 101):
        # The card that loses the ring, and the one that gets it with its value.
        assert len(shown.maker.changes(shown.place(count)).cards) == 2
    assert len(shown.maker.changes(shown.place(151)).cards) <= 51
