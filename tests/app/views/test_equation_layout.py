"""Layout of any expression: nothing is lost, nothing sticks out, nothing stands on something else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication

from app.assets import load_fonts
from app.views.equation.boxes import Glyphs, Hit, Plate, Rule, Shape
from app.views.equation.fonts import EquationFonts
from app.views.equation.page import Page, Placed, lay_out
from engine.analysis.notation.expression import (
    Add,
    Call,
    Cases,
    Equals,
    EquationLine,
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
)
from engine.analysis.notation.numbers import MINUS, number_parts

# Marks may reach into each other by this much of an em: slanted letters lean over, ink has soft edges.
_TOUCH = 0.2
_EM = 20


@pytest.fixture(scope="module")
def fonts(qapp: QApplication) -> EquationFonts:
    load_fonts()
    return EquationFonts()


_leaves: st.SearchStrategy[Expression] = st.one_of(
    st.sampled_from([-0.14, 1.58, 1.2e-5, -3.0, 12.25]).map(lambda value: Number(value, 7, ref="n")),
    st.sampled_from(["z", "w", "f", "loss", "σ′"]).map(Symbol),
    st.builds(Symbol, st.sampled_from("wzbC"), st.sampled_from(["", "ij", "hidden"]), st.sampled_from(["", "(1)"])),
    st.just(Symbol("v", accent="hat")),
    st.just(Text("otherwise")),
)


def _tuples(inner: st.SearchStrategy[Expression], least: int = 1) -> st.SearchStrategy[tuple[Expression, ...]]:
    return st.lists(inner, min_size=least, max_size=3).map(tuple)


def _larger(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(Fraction, inner, inner),
        st.builds(Partial, inner, inner),
        st.builds(Sum, inner, st.none() | inner, st.none() | inner),
        st.builds(Product, _tuples(inner), st.sampled_from(["·", "⊙", ""])),
        st.builds(Add, _tuples(inner)),
        st.builds(Sub, inner, inner),
        st.builds(Neg, inner),
        st.builds(Power, inner, inner),
        st.builds(Root, inner),
        st.builds(Call, st.sampled_from(["σ", "max"]), _tuples(inner)),
        st.builds(Matrix, st.lists(_tuples(inner), min_size=1, max_size=3).map(tuple), st.none() | st.just((0, 0))),
        st.builds(Transpose, inner),
        st.builds(Underbrace, inner, st.sampled_from(["δ", "upstream gradient"])),
        st.builds(Row, _tuples(inner)),
        st.builds(Equals, _tuples(inner, 2)),
        st.builds(Group, inner),
        st.builds(Cases, st.lists(st.tuples(inner, inner), min_size=1, max_size=3).map(tuple)),
    )


_trees = st.recursive(_leaves, _larger, max_leaves=10)


def _ink(placed: Placed, fonts: EquationFonts) -> QRectF:
    """Where a mark's ink is, in px of the page."""
    mark = placed.mark
    match mark:
        case Glyphs():
            ink = fonts.ink(mark.text, mark.face, mark.px)
            return QRectF(placed.x, placed.y - ink.ascent, ink.advance, ink.ascent + ink.descent)
        case Rule() | Plate() | Hit():
            return QRectF(placed.x, placed.y, mark.width, mark.height)
        case Shape():
            return mark.path.boundingRect().translated(placed.x, placed.y)


def _numbers(expression: Expression | tuple[object, ...] | object) -> Iterator[str]:
    """The mantissas of all numbers in a tree, found by walking its fields without knowing its classes."""
    if isinstance(expression, Number):
        yield number_parts(expression.value, expression.digits)[0].replace("-", MINUS)
    elif isinstance(expression, tuple):
        for part in expression:
            yield from _numbers(part)
    else:
        for name in getattr(expression, "__slots__", ()):
            yield from _numbers(getattr(expression, name))


def _page(expression: Expression, fonts: EquationFonts, width: float) -> Page:
    return lay_out([EquationLine(expression)], fonts, _EM, width)


@settings(max_examples=60)
@given(tree=_trees, width=st.sampled_from([300.0, 100_000.0]))
def test_every_number_is_there_and_inside_the_page(tree: Expression, width: float, fonts: EquationFonts) -> None:
    page = _page(tree, fonts, width)
    wanted = Counter(_numbers(tree))
    painted = Counter(placed.mark.text for placed in page.marks if isinstance(placed.mark, Glyphs))
    assert wanted <= painted
    whole = QRectF(0, 0, page.width, page.height)
    for placed in page.marks:
        assert whole.contains(_ink(placed, fonts))
    for term in page.terms:
        assert whole.contains(term.area)


@settings(max_examples=60)
@given(tree=_trees)
def test_no_two_texts_stand_on_each_other(tree: Expression, fonts: EquationFonts) -> None:
    page = _page(tree, fonts, 100_000.0)
    texts = [placed for placed in page.marks if isinstance(placed.mark, Glyphs) and placed.mark.text != "ˆ"]
    for one, other in combinations(texts, 2):
        shared = _ink(one, fonts).intersected(_ink(other, fonts))
        assert min(shared.width(), shared.height()) <= _TOUCH * _EM, (one, other)


def test_an_index_below_and_a_layer_above_do_not_touch(fonts: EquationFonts) -> None:
    page = _page(Symbol("w", "ij", "(2)"), fonts, 1000.0)
    raised, _, lowered = sorted((_ink(placed, fonts) for placed in page.marks), key=QRectF.bottom)
    assert lowered.top() - raised.bottom() == pytest.approx(0.15 * _EM, abs=0.01)


@pytest.mark.parametrize("place", ["0,1", "0,c,u-1"])
def test_the_place_in_a_piece_of_the_script_stands_below_its_end(place: str, fonts: EquationFonts) -> None:
    page = _page(Text("silu(h + z⁽¹⁾)", subscript=place), fonts, 1000.0)
    words, index = sorted((_ink(placed, fonts) for placed in page.marks), key=QRectF.left)
    assert index.left() >= words.right() - 0.05 * _EM
    assert index.bottom() > words.bottom()
    assert index.height() < words.height()
