"""Expression trees as LaTeX and as text; parentheses are checked by evaluating what was printed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.analysis.notation.expression import (
    Add,
    Call,
    Cases,
    Equals,
    Expression,
    Fraction,
    Group,
    Matrix,
    Neg,
    Number,
    Partial,
    Power,
    Product,
    Root,
    Row,
    Sub,
    Sum,
    Symbol,
    Text,
    Transpose,
    Underbrace,
    layered,
)
from engine.analysis.notation.printing import to_latex, to_text

a, b, c, x, z = (Symbol(letter) for letter in "abcxz")
HELLO = Equals(
    (
        layered("z", 1),
        Add((Product((layered("w", 1, "parameter"), x)), layered("b", 1, "parameter"))),
        Add((Product((Number(1.58), Number(0.8))), Number(-0.14))),
        Number(1.1240000724792480469, 7),
    )
)


@pytest.mark.parametrize(
    ("expression", "text", "latex"),
    [
        (
            HELLO,
            "z⁽¹⁾ = w⁽¹⁾·x + b⁽¹⁾ = 1.58·0.8 + (-0.14) = 1.124",
            r"z^{(1)} = w^{(1)} \cdot x + b^{(1)} = 1.58 \cdot 0.8 + \left(-0.14\right) = 1.124",
        ),
        (
            Partial(Symbol("C"), Symbol("w", "ij", "(2)")),
            "∂C/∂wᵢⱼ⁽²⁾",
            r"\frac{\partial C}{\partial w_{ij}^{(2)}}",
        ),
        (Product((Add((a, b)), c)), "(a + b)·c", r"\left(a + b\right) \cdot c"),
        (Sub(a, Sub(b, c)), "a - (b - c)", r"a - \left(b - c\right)"),
        (Sub(Sub(a, b), c), "a - b - c", "a - b - c"),
        (Sub(a, Number(-2.0)), "a - (-2)", r"a - \left(-2\right)"),
        (Neg(Number(-2.0)), "-(-2)", r"-\left(-2\right)"),
        (Product((Number(2.0), Number(-0.149))), "2·(-0.149)", r"2 \cdot \left(-0.149\right)"),
        (Product((Number(-0.149), Number(2.0))), "-0.149·2", r"-0.149 \cdot 2"),
        (Power(Sub(a, Symbol("t")), Number(2)), "(a - t)²", r"{\left(a - t\right)}^{2}"),
        (Power(layered("a", 2), Number(2)), "(a⁽²⁾)²", r"{\left(a^{(2)}\right)}^{2}"),
        (Power(Number(1e-6), Number(2)), "(1×10⁻⁶)²", r"{\left(1 \times 10^{-6}\right)}^{2}"),
        (Power(Symbol("e"), Neg(z)), "e^(-z)", r"{e}^{-z}"),
        (Fraction(Number(1), Add((Number(1), x))), "1/(1 + x)", r"\frac{1}{1 + x}"),
        (Fraction(a, Product((b, c))), "a/(b·c)", r"\frac{a}{b \cdot c}"),
        (Fraction(Fraction(a, b), c), "a/b/c", r"\frac{\frac{a}{b}}{c}"),
        (
            Sum(Add((a, b)), Equals((Symbol("k"), Number(1))), Symbol("n")),
            "Σ[k=1..n] (a + b)",
            r"\sum_{k = 1}^{n} \left(a + b\right)",
        ),
        (Product((Sum(a), b)), "(Σ a)·b", r"\left(\sum a\right) \cdot b"),
        (Product((b, Sum(a))), "b·Σ a", r"b \cdot \sum a"),
        (
            Product((Product((Transpose(layered("W", 2)), Symbol("δ"))), Call("σ′", (z,))), "⊙"),
            "((W⁽²⁾)ᵀ·δ) ⊙ σ′(z)",
            r"\left({\left(W^{(2)}\right)}^{\top} \cdot \delta\right) \odot \sigma'\left(z\right)",
        ),
        (Product((Number(2), x), ""), "2 x", r"2 \, x"),
        (
            Matrix(((Number(1.0), Number(-2.5)), (Text("⋮"), Text("⋮")))),
            "[1 -2.5; ⋮ ⋮]",
            r"\begin{bmatrix} 1 & -2.5 \\ \vdots & \vdots \end{bmatrix}",
        ),
        (Underbrace(a, "50% saved"), "a", r"\underbrace{a}_{\text{50\% saved}}"),
        (Call("max", (Number(0), z)), "max(0, z)", r"\max\left(0, z\right)"),
        (Call("softmax", (z,)), "softmax(z)", r"\operatorname{softmax}\left(z\right)"),
        (Root(Add((Symbol("v", accent="hat"), Symbol("ε")))), "√(v̂ + ε)", r"\sqrt{\hat{v} + \epsilon}"),
        (Equals((Symbol("w"), Sub(Symbol("w"), Symbol("η"))), "←"), "w ← w - η", r"w \leftarrow w - \eta"),
        (Symbol("loss_fn", "hidden"), "loss_fn_hidden", r"\mathrm{loss\_fn}_{\mathrm{hidden}}"),
        (Symbol("w", superscript="′"), "w′", "w^{'}"),
        (Group(Row((a, Text("if b")))), "(a if b)", r"\left(a \; \text{if b}\right)"),
        (
            Cases(((z, Text("if z > 0")), (Number(0), Text("otherwise")))),
            "{ z if z > 0; 0 otherwise }",
            r"\begin{cases} z & \text{if z > 0} \\ 0 & \text{otherwise} \end{cases}",
        ),
        (Text("f(z⁽²⁾ · t)₀,₁"), "f(z⁽²⁾ · t)₀,₁", r"\text{f(z}^{(2)}\text{ }\cdot \text{ t)}_{0,1}"),
        (Text("f(z⁽²⁾ · t)", subscript="0,1"), "f(z⁽²⁾ · t)₀,₁", r"\text{f(z}^{(2)}\text{ }\cdot \text{ t)}_{0,1}"),
        (Text("h", subscript="0,c"), "h_(0,c)", r"\text{h}_{0,c}"),
        (Text("[2×3]:"), "[2×3]:", r"\text{[2}\times \text{3]:}"),
        (Sum(z, Text("i,j")), "Σ[i,j] z", r"\sum_{i,j} z"),
        (Number(-math.inf), "-inf", r"-\infty"),
        (Number(1.2e-5), "1.2×10⁻⁵", r"1.2 \times 10^{-5}"),
    ],
)
def test_text_and_latex(expression: Expression, text: str, latex: str) -> None:
    assert to_text(expression) == text
    assert to_latex(expression) == latex


def _evaluated(expression: Expression) -> float:
    """The value of an arithmetic tree, straight from the tree."""
    match expression:
        case Number(value=value):
            return value
        case Add(terms=terms):
            return sum(map(_evaluated, terms))
        case Sub(left=left, right=right):
            return _evaluated(left) - _evaluated(right)
        case Neg(operand=operand):
            return -_evaluated(operand)
        case Product(factors=factors):
            return math.prod(map(_evaluated, factors))
        case Fraction(numerator=numerator, denominator=denominator):
            return _evaluated(numerator) / _evaluated(denominator)
        case Power(base=base):
            return _evaluated(base) ** 2
        case _:
            raise AssertionError(expression)


_numbers = st.sampled_from([-3.0, -0.5, 0.25, 2.0, 7.0]).map(Number)
_trees: st.SearchStrategy[Expression] = st.recursive(
    _numbers,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda terms: Add(tuple(terms))),
        st.lists(inner, min_size=1, max_size=3).map(lambda factors: Product(tuple(factors))),
        st.builds(Sub, inner, inner),
        st.builds(Neg, inner),
        st.builds(Fraction, inner, inner),
        inner.map(lambda base: Power(base, Number(2))),
    ),
    max_leaves=8,
)


@given(_trees)
def test_text_means_what_the_tree_means(tree: Expression) -> None:
    try:
        expected = _evaluated(tree)
    except ZeroDivisionError:
        return
    text = to_text(tree)
    source = text.replace("·", "*").replace("²", "**2")
    assert "--" not in text
    assert "+ -" not in text
    assert eval(source) == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_a_symbol_that_is_a_piece_of_the_script_is_grouped_as_what_it_is() -> None:
    piece = Symbol("(w · 2) - 3")
    assert to_text(Power(piece, Number(2))) == "((w · 2) - 3)²"
    assert to_text(Product((Number(2.0), piece))) == "2·((w · 2) - 3)"
    assert to_text(Add((piece, Number(1.0)))) == "(w · 2) - 3 + 1"
    assert to_text(Power(Text("a + b"), Number(2))) == "(a + b)²"
    assert to_text(Power(Symbol("f(w - 3)"), Number(2))) == "f(w - 3)²"
