"""Symbols as text and as expressions."""

from __future__ import annotations

import pytest

from engine.analysis.notation.expression import Partial, Symbol
from engine.analysis.symbols import expression_of, gradient_of, slope_of, text_of, words_of
from engine.bilingual import Bilingual


@pytest.mark.parametrize(
    ("symbol", "text"),
    [
        ("z1", "z⁽¹⁾"),
        ("z1[2]", "z⁽¹⁾⁽²⁾"),
        ("C", "C"),
        ("dC/dw12", "∂C/∂w⁽¹²⁾"),
        ("new b2", "new b⁽²⁾"),
        ("s'(z2)", "σ′(z⁽²⁾)"),
        ("relu'(z1)", "relu′(z⁽¹⁾)"),
        ("(z1 - t)^2", "(z⁽¹⁾ - t)²"),
        ("dC/dbn1.weight", "∂C/∂bn1.weight"),
        ("dC/d(z1 - t)", "∂C/∂(z⁽¹⁾ - t)"),
    ],
)
def test_text(symbol: str, text: str) -> None:
    assert text_of(symbol) == text


def test_words_of_a_symbol_are_in_both_languages() -> None:
    assert words_of("new b2") == Bilingual("new b⁽²⁾", "新 b⁽²⁾")
    assert words_of("clipped dC/dw1") == Bilingual("clipped ∂C/∂w⁽¹⁾", "裁剪后的 ∂C/∂w⁽¹⁾")
    assert words_of("z1") == Bilingual("z⁽¹⁾", "z⁽¹⁾")


def test_a_gradient_is_a_derivative_of_the_loss() -> None:
    assert gradient_of("z1[2]") == "dC/dz1[2]"
    assert gradient_of("a + b") == "dC/d(a + b)"
    assert slope_of("relu_", "z1") == "relu'(z1)"
    found = expression_of("dC/dw1", ref="value:3")
    assert isinstance(found, Partial)
    assert (found.of, found.ref) == (Symbol("C"), "value:3")


def test_parameters_have_their_own_colour() -> None:
    assert expression_of("w1") == Symbol("w", "", "(1)", "parameter")
    assert expression_of("z1") == Symbol("z", "", "(1)", "value")
    assert expression_of("C") == Symbol("C", kind="loss")
