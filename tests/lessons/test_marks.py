"""Answers are read as people write them."""

from __future__ import annotations

import pytest

from engine.lessons.languages import Words
from engine.lessons.marks import Option, agrees, chosen_option, number_in, shape_in


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.5", 1.5), ("1,5", 1.5), (" −0.25 ", -0.25), ("+3", 3.0), (".5", 0.5), ("1e-3", 0.001), ("3/4", 0.75),
        ("-1.4×10⁻²", -0.014), ("2*10^3", 2000.0), ("1.4 x 10-2", 0.014), ("－２", -2.0), ("1/0", None), ("", None),
        ("three", None), ("1.2.3", None), ("1e999", float("inf")), ("nan", None), ("1x10^9999", None),
    ],
)  # fmt: skip
def test_numbers(text: str, number: float | None) -> None:
    found = number_in(text)
    assert found is None if number is None else found == pytest.approx(number)


@pytest.mark.parametrize(
    ("text", "shape"),
    [("(3, 4)", (3, 4)), ("[3,4]", (3, 4)), ("3x4", (3, 4)), ("3×4", (3, 4)), ("torch.Size([2])", (2,)), ("()", ()),
     ("3 4", (3, 4)), ("", None), ("a", None), ("-3", None)],
)  # fmt: skip
def test_shapes(text: str, shape: tuple[int, ...] | None) -> None:
    assert shape_in(text) == shape


def test_right_within_the_tolerance_or_rightly_rounded() -> None:
    assert agrees(1.12, 1.124, 0.01)
    assert not agrees(1.1, 1.124, 0.01)
    assert agrees(-0.014, -0.01378, 0.01, "-0.014"), "two figures, rounded as they should be"
    assert not agrees(-0.013, -0.01378, 0.01, "-0.013"), "cut off, not rounded"
    assert not agrees(1.0, 1.124, 0.01, "1"), "one figure is a guess"
    assert not agrees(1.58, 1.58138, 0.0001, "1.58"), "where small steps are asked for, no rounding"
    assert not agrees(2e-6, 0.0, 0.01, "2.0e-6"), "the power counts too"
    assert agrees(0.0, 0.0, 0.01)
    assert not agrees(0.001, 0.0, 0.01)


def test_options_by_key_words_and_number() -> None:
    options = (Option("bigger", Words("bigger", "更大")), Option("same", Words("the same", "一样")))
    assert [chosen_option(text, options) for text in ("Bigger", "更大", "1")] == [options[0]] * 3
    assert chosen_option("the same", options) == options[1]
    assert chosen_option("3", options) is None
    assert chosen_option("0", options) is None
    signs = (Option("+"), Option("-"), Option("0"))
    assert chosen_option("−", signs) == signs[1]
    assert chosen_option("0", signs) == signs[2]
