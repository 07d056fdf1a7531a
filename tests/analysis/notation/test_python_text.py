"""Equations as Python: what is printed comes to the number that the equation names."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from engine.analysis.explain.chain import chain
from engine.analysis.explain.explainer import explain
from engine.analysis.notation.expression import (
    Add,
    Call,
    Equals,
    EquationLine,
    Expression,
    Fraction,
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
    layered,
)
from engine.analysis.notation.python_text import NoPythonError, python_of, to_python, variable_name
from engine.analysis.quantities import quantities
from engine.trace.reader import Trace

Record = Callable[..., Trace]


def result_of(expression: Expression) -> object:
    """Tests may run what they themselves wrote; the window never does."""
    return eval(to_python(expression), {"math": math, "np": np})


@pytest.mark.parametrize(
    ("expression", "number"),
    [
        (Sub(Number(1.0), Sub(Number(2.0), Number(5.0))), 4.0),
        (Product((Number(-2.0), Add((Number(1.0), Number(3.0))))), -8.0),
        (Fraction(Number(1.0), Add((Number(1.0), Power(Symbol("e"), Neg(Number(0.0)))))), 0.5),
        (Power(Number(-3.0), Number(2)), 9.0),
        (Neg(Product((Number(0.5), Call("ln", (Number(1.0),))))), 0.0),
        (Root(Number(2.25)), 1.5),
        (Call("max", (Number(0), Number(-1.5))), 0),
        (Number(np.float32(0.1)), 0.1),
        (Product((Number(2.0), Call("σ", (Add((Number(-1.0), Number(1.0))),)))), 1.0),
        (Call("σ", (Number(-2.0),)), 0.11920292202211755),
        (Call("Φ", (Number(-1.96),)), 0.024997895148220435),
        (Product((Number(-3.0), Call("φ", (Number(-1.5),)))), -0.38855278699767526),
    ],
)
def test_numbers_come_to_what_they_say(expression: Expression, number: float) -> None:
    assert result_of(expression) == pytest.approx(number)


def test_matrices_are_arrays() -> None:
    matrix = Matrix(((Number(1.0), Number(2.0)), (Number(3.0), Number(4.0))))
    found = result_of(Product((matrix, Transpose(matrix)), ""))
    assert np.array_equal(np.asarray(found), [[5.0, 11.0], [11.0, 25.0]])


@pytest.mark.parametrize("expression", [layered("z", 1), Sum(Number(1.0)), Text("⋯"), Call("softmax", (Number(1.0),))])
def test_what_is_not_all_written_out_has_no_python(expression: Expression) -> None:
    with pytest.raises(NoPythonError):
        to_python(expression)


def test_names_are_names() -> None:
    assert variable_name(layered("z", 2, subscript="0,3")) == "z_0_3_2"
    assert variable_name(Partial(Symbol("C"), layered("w", 1))) == "dC_dw1"
    assert variable_name(Symbol("∇")).isidentifier()
    assert variable_name(Symbol("m", accent="hat")) == "m_hat"
    assert variable_name(Symbol("c′")) == "c_next"
    assert variable_name(Symbol("μ")) == "mu"
    assert variable_name(Call("tanh′", (Symbol("z"),))) == "dtanh_z"


def test_the_whole_page_of_a_trained_network_runs_and_agrees(recorded: Record) -> None:
    trace = recorded("hello")
    for quantity in quantities(trace, 0):
        lines = list(explain(trace, quantity).lines)
        if quantity.symbol.startswith("dC/dw"):
            lines += chain(trace, quantity).lines
        names: dict[str, object] = {}
        exec(python_of(lines), names)
        last = lines[-1].expression
        assert isinstance(last, Equals)
        result = last.parts[-1]
        assert isinstance(result, Number)
        assert names[variable_name(last.parts[0])] == pytest.approx(float(result.value), rel=1e-5)


def test_a_long_sum_says_that_it_is_not_all_there() -> None:
    line = EquationLine(Equals((layered("z", 1), Add((Number(1.0), Text("⋯"), Number(2.0))), Number(9.0))))
    assert "z1 = 9.0  # not all terms are written here" in python_of([line])
    assert "z1 = 9.0  # 这里没有写出所有的项" in python_of([line], chinese=True)


def test_a_line_of_symbols_gives_its_number_and_leaves_nothing_out() -> None:
    gradient = EquationLine(Equals((Symbol("b"), layered("z", 1), Number(9.0))))
    assert python_of([gradient]).splitlines()[-1] == "b = 9.0"


def test_what_is_new_has_a_name_of_its_own_in_chinese_too() -> None:
    line = EquationLine(Equals((Row((Text("新"), Symbol("w"))), Sub(Number(3.0), Number(1.0)), Number(2.0))))
    names: dict[str, object] = {"w": 3.0}
    exec(python_of([line], chinese=True), names)
    assert (names["w"], names["新_w"]) == (3.0, 2.0)
