"""Symbols, numbers or both."""

from __future__ import annotations

from app.models.equation_lines import equation_lines
from app.models.equation_sides import shown_sides
from app.settings import Sides, Wishes
from engine.analysis.notation.expression import Equals, EquationLine, Number
from engine.analysis.notation.printing import to_text
from engine.session.moment import moment_at
from engine.session.place import Level, Place
from engine.trace.reader import Trace


def texts(trace: Trace, sides: Sides, digits: int = 7) -> list[str]:
    place = Place(trace.iterations()[-1].begin, 9, 0)
    moment = moment_at(trace, place, Level.QUANTITY, is_live=False)
    lines = equation_lines(trace, moment, None, Wishes(sides, digits))
    return [to_text(line.expression) for line in lines]


def test_symbols_alone(hello: Trace) -> None:
    assert texts(hello, Sides.SYMBOLS)[0] == "∂C/∂b⁽²⁾ = ∂C/∂z⁽²⁾"


def test_numbers_alone(hello: Trace) -> None:
    newest, coming = texts(hello, Sides.NUMBERS)[0], texts(hello, Sides.NUMBERS)[-1]
    assert newest == "∂C/∂b⁽²⁾ = -0.03798474"
    assert coming == "∂C/∂w⁽²⁾ = -0.03798474·0.7547299 = ?"


def test_both_with_the_digits_that_are_wished_for(hello: Trace) -> None:
    assert texts(hello, Sides.BOTH, 4)[-1] == "∂C/∂w⁽²⁾ = ∂C/∂z⁽²⁾·a⁽¹⁾ = -0.03798·0.7547 = ?"


def test_an_equation_of_one_kind_stays_as_it_is() -> None:
    line = EquationLine(Equals((Number(1.0), Number(2.0), Number(3.0))))
    assert shown_sides([line], Sides.SYMBOLS) == [line]
