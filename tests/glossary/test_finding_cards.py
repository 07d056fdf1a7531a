"""A card is found by what one types, by what PyTorch calls it, by a symbol, and by being spoken of."""

from __future__ import annotations

import pytest

from engine.glossary.mentions import with_mentions
from engine.glossary.shelf import all_cards, card_of_op, card_of_symbol, find, named, near
from engine.lessons.markdown import to_html


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("relu_", "relu"), ("nn.Conv2d", "conv"), ("AddmmBackward0", "linear"), ("MSELoss", "mse"),
        ("AccumulateGrad", "accumulation"), ("AdamW", "adamw"), ("torch.Tensor.add", "op.add"),
        ("dropout2d", "dropout"), ("einsum", "op.einsum"),
    ],
)  # fmt: skip
def test_what_pytorch_calls_it(name: str, key: str) -> None:
    found = card_of_op(name)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    ("symbol", "key"),
    [
        ("x", "x"), ("z1", "z"), ("a2[3]", "a"), ("w", "W"), ("w1", "W"), ("b12", "b"), ("t", "t"), ("C", "loss"),
        ("dC/dw2[0]", "grad_W"), ("dC/dz1", "grad_z"), ("dC/da1", "grad_a"), ("dC/db2", "grad_b"),
        ("dC/dx", "gradient"), ("dC/d(x + y)", "gradient"), ("s'(z1)", "slope"), ("relu'(z1)", "slope"),
        ("new w1", "update"), ("clipped dC/dw1", "clipping"),
    ],
)  # fmt: skip
def test_symbols(symbol: str, key: str) -> None:
    found = card_of_symbol(symbol)
    assert found is not None
    assert found.key == key


def test_what_is_no_quantity_has_no_card() -> None:
    assert card_of_symbol("hidden.weight + 1") is None
    assert card_of_op("frobnicate") is None
    assert named("frobnicate") is None


def test_names_in_both_languages_and_by_key() -> None:
    for name in ("leaf", "Leaf", "leaves", "叶子节点"):
        assert named(name) is all_cards()["leaf"]
    assert named("learning rate") is named("η") is named("学习率") is all_cards()["lr"]
    assert "softmax" in near("softmx")


def test_search_puts_the_nearest_first_and_words_before_operations() -> None:
    assert next(card.key for card in find("soft")) == "softplus"
    assert [card.key for card in find("梯度")][:2] == ["gradient", "accumulation"]
    assert next(card.key for card in find("grad")) == "gradient"
    assert "sigmoid" in [card.key for card in find("0.25 slope")], "what a card says is searched too"
    assert len(find("")) == len(all_cards())
    assert find("qwertz") == []


def test_the_first_mention_is_marked_and_only_that() -> None:
    text = "The gradients of a leaf; a gradient is added. Gradient accumulation."
    assert with_mentions(text, False) == (
        "The [[gradient|gradients]] of a [[leaf|leaf]]; a gradient is added. [[accumulation|Gradient accumulation]]."
    )


def test_a_lone_name_in_code_is_a_mention_and_stays_code() -> None:
    text = "`optimizer.zero_grad()` empties `w.grad`; `nn.MSELoss()`, `x` and `relu(z)`."
    marked = (
        "[[zero_grad|`optimizer.zero_grad()`]] empties [[grad_box|`w.grad`]]; "
        "[[mse|`nn.MSELoss()`]], `x` and `relu(z)`."
    )
    assert with_mentions(text, False) == marked
    page = to_html(marked, lambda key, words: f"({key}, {words})")
    assert "(zero_grad, `optimizer.zero_grad()`) empties (grad_box, `w.grad`)" in page


def test_what_is_code_or_stands_out_is_left_alone() -> None:
    text = (
        "# The loss\n\n`loss` and **leaf** and [[leaf]]\n\n```\nloss = gradient\n```\nloss.backward() reads lossy loss"
    )
    assert with_mentions(text, False) == text.replace("loss.backward", "[[loss|loss]].backward")


def test_chinese_words_need_no_spaces() -> None:
    assert with_mentions("把梯度累加到叶子节点，用ReLU激活。", True) == (
        "把[[accumulation|梯度累加]]到[[leaf|叶子节点]]，用[[relu|ReLU]]激活。"
    )


def test_words_that_only_look_like_those_of_the_field_are_left_alone() -> None:
    text = "relu in place of tanh leaves nothing; leaves written to in place do not."
    assert with_mentions(text, False) == (
        "[[relu|relu]] in place of [[tanh|tanh]] leaves nothing; "
        "[[leaf|leaves]] written to [[in_place|in place]] do not."
    )
