"""The memory of an LSTM: its gradient comes back through tanh, and parts that add up keep their signs apart."""

from __future__ import annotations

from collections.abc import Callable
from math import tanh

import pytest

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_latex, to_text
from engine.analysis.quantities import Quantity, quantities
from engine.trace.reader import Trace

Record = Callable[..., Trace]

# All gates are sigmoid(0) = 0.5 and the proposal tanh(0) = 0, so c' = 0.5 c and h = 0.5 tanh(c').
CELL = """
    import torch
    cell = torch.nn.LSTMCell(1, 1).double()
    for parameter in cell.parameters():
        torch.nn.init.zeros_(parameter)
    h, c = torch.zeros(1, 1).double(), torch.ones(1, 1, dtype=torch.float64, requires_grad=True)
    h, c2 = cell(torch.zeros(1, 1).double(), (h, c))
    C = {loss}
    C.backward()
"""


def gradient_of(trace: Trace, symbol: str) -> Quantity:
    return next(quantity for quantity in quantities(trace, 0) if quantity.symbol == symbol)


def test_a_memory_s_gradient_comes_back_through_tanh(recorded: Record) -> None:
    trace = recorded(source=CELL.format(loss="3 * h.sum()"))
    explained = explain(trace, gradient_of(trace, "dC/dc2"))
    (line,) = explained.lines
    said = to_text(line.expression)
    assert said.startswith("∂C/∂c⁽²⁾ = ∂C/∂tanh(c⁽²⁾)·(1 - tanh(c⁽²⁾)²) = 1.5·(1 - tanh(0.5)²) = 1.17967")
    (check,) = explained.checks
    assert check.computed == pytest.approx(1.5 * (1 - tanh(0.5) ** 2))
    assert explained.worked
    hidden = explain(trace, gradient_of(trace, "dC/dc2"), reveal=False)
    assert to_text(hidden.lines[0].expression).endswith("= 1.5·(1 - tanh(0.5)²)")


def test_a_negative_part_of_a_sum_stands_in_parentheses(recorded: Record) -> None:
    trace = recorded(source=CELL.format(loss="3 * h.sum() - 2 * c2.sum()"))
    explained = explain(trace, gradient_of(trace, "dC/dc2"))
    (line,) = explained.lines
    terms = sorted(part.strip("()") for part in to_text(line.expression).split(" = ")[1].split(" + "))
    assert terms == ["-2", "1.179671599"]
    assert "+ -" not in to_text(line.expression)
    assert "+ \\underbrace{-" not in to_latex(line.expression)
