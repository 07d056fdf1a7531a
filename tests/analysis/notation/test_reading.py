"""An equation that is written as text is read as the expression that prints as that text."""

from __future__ import annotations

import pytest

from engine.analysis.notation.expression import (
    Add,
    Call,
    Cases,
    Equals,
    Fraction,
    Neg,
    Number,
    Partial,
    Power,
    Product,
    Root,
    Sub,
    Sum,
    Symbol,
    Text,
    Transpose,
)
from engine.analysis.notation.printing import to_latex, to_text
from engine.analysis.notation.reading import UnreadableError, read

X, W, I = Symbol("x", kind="value"), Symbol("w", kind="parameter"), Symbol("i")  # noqa: E741


def test_operations_bind_as_in_a_textbook() -> None:
    assert read("w·x + 2 - i") == Sub(Add((Product((W, X)), Number(2))), I)
    assert read("-w·x") == Neg(Product((W, X)))
    assert read("w ⊙ x·i") == Product((Product((W, X), "⊙"), I))
    assert read("1/x^2") == Fraction(Number(1), Power(X, Number(2)))
    assert read("wᵀ·√(x)") == Product((Transpose(W), Root(X)))
    assert read("∂C/∂x·i") == Product((Partial(Symbol("C", kind="loss"), X), I))


def test_names_indices_layers_and_accents() -> None:
    assert read("x_{i+1,j}") == Symbol("x", "i+1,j", kind="value")
    assert read("w^{(l+1)}") == Symbol("w", "", "(l+1)", "parameter")
    assert read("x\u0302_n") == Symbol("x", "n", kind="value", accent="hat")
    assert read("f′(x)") == Call("f′", (X,))
    assert read("max(0, x)") == Call("max", (Number(0), X))


def test_sums_cases_and_words() -> None:
    k = Symbol("k")
    assert read("Σ_k x_k + i") == Add((Sum(Symbol("x", "k", kind="value"), Text("k")), I))
    assert read("Σ_{k=1}^n x_k") == Sum(Symbol("x", "k", kind="value"), Equals((k, Number(1))), Symbol("n"))
    assert read("{x | x > 0 ; 0 | x ≤ 0}") == Cases(((X, Text("x > 0")), (Number(0), Text("x ≤ 0"))))
    assert read('".grad" ← ".grad" + x') == Equals((Text(".grad"), Add((Text(".grad"), X))), "←")


def test_indices_of_indices_are_small_letters() -> None:
    assert read("w_{x_n,d}") == Symbol("w", "xₙ,d", kind="parameter")
    assert read("{i | x_i ≤ 1 ; 0 | x_i > 1}") == Cases(((I, Text("xᵢ ≤ 1")), (Number(0), Text("xᵢ > 1"))))


@pytest.mark.parametrize("text", ["z = w·x + b", "σ(z) = 1/(1 + e^(-z))", "∂C/∂z = ∂C/∂a·f′(z)", "w ← w - η·∂C/∂w"])
def test_both_printers_print_what_was_read(text: str) -> None:
    assert to_text(read(text)).replace("⁻ᶻ", "^(-z)") == text
    assert to_latex(read(text))


@pytest.mark.parametrize("text", ["", "x +", "(x", "x)", "x = y ← z", "∂x", "x ? y", "Σ_k"])
def test_what_is_no_equation_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError):
        read(text)
