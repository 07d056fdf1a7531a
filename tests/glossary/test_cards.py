"""Every card is whole in both languages, leads somewhere, and says the shapes that torch has."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import torch

from engine.glossary.card import Card, Group
from engine.glossary.shelf import CARDS, all_cards
from engine.lessons.beliefs import BELIEFS

CHINESE = re.compile(r"[\u4e00-\u9fff]")
FIXED = {
    "autograd": "自动微分", "graph": "计算图", "leaf": "叶子节点", "accumulation": "梯度累加", "backprop": "反向传播",
    "optimizer": "优化器",
}  # fmt: skip
TUTORIAL_001 = [
    "Linear", "Bilinear", "Conv1d", "Conv2d", "Conv3d", "ConvTranspose2d", "Sigmoid", "Tanh", "ReLU", "LeakyReLU",
    "MaxPool1d", "AvgPool2d", "LSTM", "GRU", "BatchNorm2d", "Dropout", "Dropout2d", "Embedding", "MSELoss",
    "CrossEntropyLoss", "NLLLoss",
]  # fmt: skip
"""The layers that the tutorial lists."""


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_each_is_whole_in_both_languages(card: Card) -> None:
    for text in (card.sentence, card.more):
        assert text.english.endswith("."), text.english
        assert text.chinese.endswith("。"), text.chinese
        assert len(CHINESE.findall(text.chinese)) >= 3
        assert not CHINESE.search(text.english)
    assert card.name.english
    assert card.name.chinese
    assert card.sentence.english.count(". ") == 0, "a meaning is one sentence"
    assert card.related, "a card leads to others"
    assert not set(card.related) - CARDS.keys()
    assert card.key not in card.related
    assert card.belief == "" or card.belief in BELIEFS
    assert len(card.formula_lines) == len(card.formula), "all of it can be read"
    assert len(card.derivative_lines) == len(card.derivative)


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_functions_and_layers_have_formula_shapes_derivative_and_picture(card: Card) -> None:
    if card.group in (Group.ACTIVATIONS, Group.LOSSES, Group.LAYERS, Group.IMAGES, Group.SEQUENCES):
        assert card.formula
        assert card.derivative
        assert card.picture
        assert card.ops
        assert card.shapes or card.key == "sequential"


def test_the_fixed_glossary_of_the_interface() -> None:
    assert {key: CARDS[key].name.chinese for key in FIXED} == FIXED


def test_every_layer_that_the_tutorial_lists_has_a_card() -> None:
    known = {name for card in CARDS.values() for name in card.ops}
    assert [name for name in TUTORIAL_001 if name not in known] == []


def test_no_word_and_no_operation_means_two_cards() -> None:
    for names in (
        [said for card in CARDS.values() for said in card.said.english.casefold().split("|") if said],
        [name for card in CARDS.values() for name in card.ops],
    ):
        assert sorted(names) == sorted(set(names))


def test_every_belief_is_on_a_card() -> None:
    """Of the misconceptions only those about keeping a loss and a replaced tensor's dtype share a card with another."""
    told = {card.belief for card in CARDS.values()}
    assert sorted(BELIEFS.keys() - told) == ["M25", "M5", "M7"]


def test_operations_without_a_card_have_the_words_of_the_table() -> None:
    einsum = all_cards()["op.einsum"]
    assert einsum.group is Group.OPERATIONS
    assert "letters" in einsum.sentence.english
    assert "op.relu" not in all_cards()


# Shapes, as torch has them

SIZES = {
    "N": 3, "in": 4, "out": 5, "C": 4, "H": 8, "W": 6, "K": 3, "S": 2, "P": 1, "M": 2, "D": 4, "classes": 5, "words": 7,
    "dim": 5, "hid": 5, "L": 3, "d": 4,
}  # fmt: skip
_TENSOR = re.compile(r"(\S+) \[([^\]]*)\]")


def shapes_of(key: str, **sizes: int) -> tuple[list[tuple[int, ...]], list[tuple[int, ...]], list[tuple[int, ...]]]:
    """What goes in, what comes out, and the parameters, as the card has them, with numbers for the letters."""
    whole, _, parameters = CARDS[key].shapes.partition("; ")
    before, _, after = whole.partition(" → ")
    known = {**SIZES, **sizes}

    def read(part: str) -> list[tuple[int, ...]]:
        return [tuple(size(one, known) for one in dims.split(", ") if one) for _, dims in _TENSOR.findall(part)]

    return read(before), read(after), read(parameters)


def size(text: str, known: dict[str, int]) -> int:
    names = re.sub(r"[A-Za-z]+", lambda name: str(known[name[0]]), text)
    return int(eval(names))


nn = torch.nn
MODULES: dict[str, Callable[[], torch.nn.Module]] = {
    "linear": lambda: nn.Linear(4, 5),
    "bilinear": lambda: nn.Bilinear(4, 2, 5),
    "conv": lambda: nn.Conv2d(4, 5, 3, stride=2, padding=1),
    "conv_transpose": lambda: nn.ConvTranspose2d(4, 5, 3, stride=2, padding=1),
    "max_pool": lambda: nn.MaxPool2d(3, stride=2),
    "avg_pool": lambda: nn.AvgPool2d(3, stride=2),
    "batch_norm": lambda: nn.BatchNorm2d(4),
    "layer_norm": lambda: nn.LayerNorm(4),
    "rnn": lambda: nn.RNNCell(4, 5),
    "gru": lambda: nn.GRUCell(4, 5),
    "softmax": lambda: nn.Softmax(1),
    "log_softmax": lambda: nn.LogSoftmax(1),
    "flatten": lambda: nn.Flatten(),
    "mse": lambda: nn.MSELoss(),
    "l1": lambda: nn.L1Loss(),
    "huber": lambda: nn.HuberLoss(),
    "bce_with_logits": lambda: nn.BCEWithLogitsLoss(),
}


@pytest.mark.parametrize("key", MODULES)
def test_shapes_of_modules(key: str) -> None:
    module = MODULES[key]()
    given, wanted, parameters = shapes_of(key, K=4) if key == "bilinear" else shapes_of(key)
    made = module(*(torch.rand(*shape) for shape in given))
    assert [tuple(made.shape)] == wanted
    assert sorted(tuple(one.shape) for one in module.parameters()) == sorted(parameters)


def test_shapes_of_an_lstm() -> None:
    cell = nn.LSTMCell(4, 5)
    (x, h, c), wanted, parameters = shapes_of("lstm")
    made = cell(torch.rand(*x), (torch.rand(*h), torch.rand(*c)))
    assert [tuple(one.shape) for one in made] == wanted
    assert sorted(tuple(one.shape) for one in cell.parameters()) == sorted(parameters)


def test_shapes_of_functions_of_numbers_and_classes() -> None:
    (x,), wanted, (table,) = shapes_of("embedding")
    assert [tuple(nn.Embedding(*table)(torch.zeros(*x, dtype=torch.int64)).shape)] == wanted
    for key, function in (("cross_entropy", nn.functional.cross_entropy), ("nll", nn.functional.nll_loss)):
        (z, t), wanted, _ = shapes_of(key)
        assert [tuple(function(torch.rand(*z), torch.zeros(*t, dtype=torch.int64)).shape)] == wanted
    (q, k, v), wanted, _ = shapes_of("attention")
    attended = nn.functional.scaled_dot_product_attention(torch.rand(*q), torch.rand(*k), torch.rand(*v))
    assert [tuple(attended.shape)] == wanted
    (a, b), wanted, _ = shapes_of("matmul")
    assert [tuple((torch.rand(*a) @ torch.rand(*b)).shape)] == wanted
    (a, b), wanted, _ = shapes_of("broadcasting")
    assert [tuple((torch.rand(*a) + torch.rand(*b)).shape)] == wanted
