"""The matrices behind a number: which are multiplied, how they stand, and which of their cells are pointed out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.analysis.explain.chain import chain
from engine.analysis.explain.explainer import explain
from engine.analysis.explain.matrices import matrix_lines, pattern_of
from engine.analysis.notation.expression import Equals, Matrix
from engine.analysis.notation.printing import to_text
from engine.analysis.notation.walking import any_part
from engine.analysis.quantities import Quantity, quantities
from engine.trace.reader import Trace

Record = Callable[..., Trace]

LAYER = """
    import torch
    x = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    w = torch.tensor([[1.0, 10.0], [2.0, 20.0]], requires_grad=True)
    b = torch.tensor([0.5, 0.25], requires_grad=True)
    z = torch.nn.functional.linear(x, w, b)
    a = torch.relu(z)
    loss = (a * torch.tensor([[1.0, 0.0], [0.0, 2.0], [3.0, 1.0]])).sum()
    loss.backward()
"""


def named(trace: Trace, symbol: str) -> Quantity:
    return next(quantity for quantity in quantities(trace, 0) if quantity.symbol == symbol)


def matrices(trace: Trace, symbol: str, element: tuple[int, ...]) -> str:
    (line,) = matrix_lines(trace, explain(trace, named(trace, symbol), element).lines)
    return to_text(line.expression)


def test_a_layer_is_a_product_of_matrices_and_a_vector(recorded: Record) -> None:
    # x wᵀ + b, by hand: 1·1 + 2·10 + 0.5 = 21.5, 1·2 + 2·20 + 0.25 = 42.25, ...
    trace = recorded(source=LAYER)
    assert matrices(trace, "z1", (1, 0)) == (
        "z⁽¹⁾ = x (w⁽¹⁾)ᵀ + b⁽¹⁾ = [1 2; 3 4; 5 6] [1 10; 2 20]ᵀ + [0.5 0.25] = [21.5 42.25; 43.5 86.25; 65.5 130.2]"
    )


def test_the_row_and_the_column_that_were_multiplied_are_lit(recorded: Record) -> None:
    trace = recorded(source=LAYER)
    (line,) = matrix_lines(trace, explain(trace, named(trace, "z1"), (1, 0)).lines)
    found: list[Matrix] = []
    any_part(line.expression, lambda part: isinstance(part, Matrix) and found.append(part) is not None)
    x, w, b, z = found
    assert x.lit == {(1, 0), (1, 1)}
    assert w.lit == {(0, 0), (0, 1)}
    assert b.lit == {(0, 0)}
    assert (z.highlight, z.lit) == ((1, 0), frozenset())
    value = named(trace, "z1").value
    assert [getattr(cell, "ref", "") for cell in z.rows[2]] == [f"value:{value}[2,0]", f"value:{value}[2,1]"]
    assert getattr(b.rows[0][1], "ref", "").endswith("[1]")


def test_gradients_of_weights_and_inputs_stand_the_right_way_round(recorded: Record) -> None:
    # dC/dz is the factor of each element; dC/dw = (dC/dz)ᵀ x: 1·1 + 0·3 + 3·5 = 16, 1·2 + 0·4 + 3·6 = 20, ...
    trace = recorded(source=LAYER)
    assert matrices(trace, "dC/dw1", (0, 1)) == (
        "∂C/∂w⁽¹⁾ = (∂C/∂z⁽¹⁾)ᵀ x = [1 0; 0 2; 3 1]ᵀ [1 2; 3 4; 5 6] = [16 20; 11 14]"
    )


def test_what_works_place_by_place_shows_its_values_side_by_side(recorded: Record) -> None:
    trace = recorded(source=LAYER)
    assert matrices(trace, "a1", (2, 1)).endswith("a⁽¹⁾ = [21.5 42.25; 43.5 86.25; 65.5 130.2]")


def test_large_matrices_are_cut_to_the_rows_and_columns_that_matter(recorded: Record) -> None:
    trace = recorded(
        source="""
        import torch
        x = torch.arange(80.0).reshape(8, 10)
        w = torch.eye(10)[:7].clone().requires_grad_()
        z = torch.nn.functional.linear(x, w)
        z.sum().backward()
        """
    )
    text = matrices(trace, "z1", (4, 3))
    # z is the first seven columns of x; its rows 0, 1, 4 and 7 and columns 0, 1, 3 and 6 are shown.
    assert text.endswith("= [0 1 ⋯ 3 ⋯ 6; 10 11 ⋯ 13 ⋯ 16; ⋮ ⋮ ⋱ ⋮ ⋱ ⋮; 40 41 ⋯ 43 ⋯ 46; ⋮ ⋮ ⋱ ⋮ ⋱ ⋮; 70 71 ⋯ 73 ⋯ 76]")


def test_a_slope_is_no_recorded_value_and_has_none(recorded: Record) -> None:
    trace = recorded(source=LAYER)
    assert matrix_lines(trace, explain(trace, named(trace, "relu'(z1)"), (0, 0)).lines) == ()


def test_a_number_alone_has_no_matrices(recorded: Record) -> None:
    trace = recorded("hello")
    for quantity in quantities(trace, 0):
        assert matrix_lines(trace, explain(trace, quantity).lines) == ()


@pytest.mark.parametrize(
    ("subscript", "pattern"), [("", ()), ("3,k", (3, "k")), ("12", (12,)), ("2·i+k", None), ("n,0,4", ("n", 0, 4))]
)
def test_places_below_a_symbol_are_read(subscript: str, pattern: tuple[int | str, ...] | None) -> None:
    assert pattern_of(subscript) == pattern


def test_a_chain_of_a_batch_goes_up_to_c_along_each_path_that_is_written_out(recorded: Record) -> None:
    # C = Σ (w xₙ)³: each of the ten paths is 3 zₙ² · xₙ, and begins at C although there are too many to follow all.
    trace = recorded(
        source="""
        import torch
        x = torch.arange(1.0, 11.0, dtype=torch.float64).reshape(10, 1)
        w = torch.tensor([[2.0]], dtype=torch.float64, requires_grad=True)
        z = torch.nn.functional.linear(x, w)
        a = z ** 3
        loss = a.sum()
        loss.backward()
        """
    )
    found = chain(trace, named(trace, "dC/dw1"))
    assert len(found.paths) == 10
    assert found.computed == pytest.approx(sum(3 * (2 * n) ** 2 * n for n in range(1, 11)))
    first = found.paths[0]
    assert first.is_whole
    assert [factor.number for factor in first.factors][-2:] == pytest.approx([12.0, 1.0])
    (line,) = found.lines
    assert isinstance(line.expression, Equals)
