"""The chain rule's paths multiply and add up to the recorded gradient, whatever lies between."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.analysis.explain.chain import Chain, chain
from engine.analysis.notation.printing import to_text
from engine.analysis.quantities import Quantity, quantities
from engine.trace.reader import Trace

Record = Callable[..., Trace]


def gradient(trace: Trace, symbol: str, iteration: int = 0) -> Quantity:
    return next(quantity for quantity in quantities(trace, iteration) if quantity.symbol == symbol)


def said(found: Chain) -> str:
    (line,) = found.lines
    return to_text(line.expression)


def test_hello_goes_down_one_path_with_the_tutorial_s_numbers(recorded: Record) -> None:
    trace = recorded("hello", "--double")
    found = chain(trace, gradient(trace, "dC/dw1"))
    (path,) = found.paths
    assert path.is_whole
    # Table A of the tutorial: dC/da2, s'(z2), w2, s'(z1), x.
    numbers = [factor.number for factor in path.factors]
    assert numbers == pytest.approx([-0.298857, 0.127099, 2.45, 0.185112, 0.8], rel=1e-5)
    assert path.product == pytest.approx(-0.0137816544, abs=1e-10)
    assert "∂C/∂a⁽²⁾·∂a⁽²⁾/∂z⁽²⁾·∂z⁽²⁾/∂a⁽¹⁾·∂a⁽¹⁾/∂z⁽¹⁾·∂z⁽¹⁾/∂w⁽¹⁾" in said(found)


def test_each_op_that_uses_a_number_is_a_path_of_its_own(recorded: Record) -> None:
    # C = x³ + 2x at x = 3: dC/dx = 3x² + 2 = 27 + 2
    trace = recorded(
        source="""
        import torch
        x = torch.tensor(3.0, requires_grad=True, dtype=torch.float64)
        cube = x ** 3
        double = 2 * x
        C = cube + double
        C.backward()
        """
    )
    found = chain(trace, gradient(trace, "dC/dx"))
    assert sorted(path.product for path in found.paths) == [2.0, 27.0]
    assert found.recorded == 29.0


def test_a_starting_vector_takes_the_place_of_c(recorded: Record) -> None:
    # y = w², backward(v): dC/dw = v · 2w
    trace = recorded(
        source="""
        import torch
        w = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
        y = w ** 2
        y.backward(torch.tensor([1.0, 0.5, -1.0]))
        """
    )
    for place, wanted in enumerate((2.0, 2.0, -6.0)):
        found = chain(trace, gradient(trace, "dC/dw"), (place,))
        (path,) = found.paths
        assert path.is_whole
        assert path.start.value_at(path.start_index) == (1.0, 0.5, -1.0)[place]
        assert path.product == wanted == found.recorded


@pytest.mark.parametrize(
    ("name", "argv"),
    [
        ("two_layer", ("--epochs", "1")),
        ("two_layer", ("--epochs", "1", "--mixed")),
        ("two_layer", ("--epochs", "1", "--quartic")),
        ("linear_regression", ("--epochs", "1")),
        ("autograd", ()),
    ],
)
def test_paths_add_up_in_every_gradient_of_the_examples(recorded: Record, name: str, argv: tuple[str, ...]) -> None:
    trace = recorded(name, *argv)
    followed = 0
    for quantity in quantities(trace, 0):
        if not quantity.symbol.startswith("dC/d") or quantity.value is None:
            continue
        shape = trace.value(quantity.value).shape
        for element in {(0,) * len(shape), tuple(size - 1 for size in shape)}:
            found = chain(trace, quantity, element)
            if found.rest:
                continue
            followed += 1
            assert found.computed == pytest.approx(found.recorded, rel=1e-4, abs=1e-7), quantity.symbol
    assert followed >= 2


def test_what_is_no_gradient_has_no_chain(recorded: Record) -> None:
    trace = recorded("hello")
    with pytest.raises(ValueError, match="z1 is not a gradient"):
        chain(trace, gradient(trace, "z1"))
