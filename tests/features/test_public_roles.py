"""What values are called where there is no plain chain of layers: polynomials, tables of vectors, clamp as relu."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from engine.analysis.quantities import quantities
from engine.analysis.roles import roles
from engine.events import Phase
from engine.trace.reader import Trace

Record = Callable[[str], tuple[Trace, str]]

POLYNOMIAL = """
    import torch
    torch.manual_seed(0)
    x = torch.linspace(-3, 3, 20)
    y = torch.sin(x)
    a, b, c = (torch.randn((), requires_grad=True) for _ in range(3))
    for i in range(2):
        y_pred = a + b * x + c * x ** 2
        loss = (y_pred - y).pow(2).sum()
        loss.backward()
        with torch.no_grad():
            a -= 1e-3 * a.grad
            b -= 1e-3 * b.grad
            c -= 1e-3 * c.grad
        a.grad = b.grad = c.grad = None
"""


def symbols(trace: Trace, iteration: int, phase: Phase) -> list[str]:
    """The symbols of one phase's quantities, in order."""
    return [quantity.symbol for quantity in quantities(trace, iteration) if quantity.phase == phase]


def test_terms_of_a_polynomial_are_no_layers(record: Record) -> None:
    """b x and c x^2 stand side by side: no z1 and z2, and a is nobody's bias."""
    trace, _ = record(POLYNOMIAL)
    found = roles(trace, 1)
    assert not {role for role in found.by_role if role[0] in "zw" or role.startswith("dC/dz")}
    assert symbols(trace, 1, Phase.FORWARD) == [
        *("b · x", "a + (b · x)", "c · x^2", "y_pred", "y_pred - y", "(y_pred - y)^2", "C")
    ]
    assert symbols(trace, 1, Phase.UPDATE) == ["new a", "new b", "new c"]
    x = np.linspace(-3, 3, 20)
    at = {name: float(np.asarray(trace.array(found.by_role[name]))) for name in ("a", "b", "c", "dC/dc")}
    error = at["a"] + at["b"] * x + at["c"] * x**2 - np.sin(x)
    assert at["dC/dc"] == pytest.approx(2 * (error * x**2).sum(), rel=1e-4)


def test_one_number_that_weighs_data_is_still_a_layer(record: Record) -> None:
    trace, _ = record(POLYNOMIAL.replace(" + c * x ** 2", "").replace("pow(2).sum()", "pow(2).sum() + 0 * c"))
    assert {"z1", "w1", "b1"} <= roles(trace, 0).by_role.keys()


def test_a_polynomial_without_autograd_has_its_own_names(record: Record) -> None:
    trace, _ = record(
        """
    import torch
    x = torch.linspace(-3, 3, 20)
    a, b, c = torch.zeros(()), torch.ones(()), torch.ones(())
    for t in range(3):
        y_pred = a + b * x + c * x ** 2
        grad = 2.0 * (y_pred - torch.sin(x))
        a -= 1e-3 * grad.sum()
        b -= 1e-3 * (grad * x).sum()
        c -= 1e-3 * (grad * x ** 2).sum()
    """
    )
    for iteration in range(3):
        assert symbols(trace, iteration, Phase.UPDATE) == ["new a", "new b", "new c"]
    before, after = roles(trace, 1).by_role, roles(trace, 0).by_role
    assert before["a"] == after["new a"]


def test_rows_of_a_table_are_computed_and_the_layers_after_it_are_layers(record: Record) -> None:
    """A character model by hand: C is the table of vectors, and also the loss's symbol."""
    trace, _ = record(
        """
    import torch
    torch.manual_seed(0)
    X, Y = torch.randint(0, 5, (8, 3)), torch.randint(0, 5, (8,))
    C = torch.randn(5, 2, requires_grad=True)
    W1 = torch.randn(6, 4, requires_grad=True)
    b1 = torch.randn(4, requires_grad=True)
    W2 = torch.randn(4, 5, requires_grad=True)
    b2 = torch.randn(5, requires_grad=True)
    parameters = [C, W1, b1, W2, b2]
    for i in range(2):
        emb = C[X]
        h = torch.tanh(emb.view(-1, 6) @ W1 + b1)
        logits = h @ W2 + b2
        loss = torch.nn.functional.cross_entropy(logits, Y)
        for p in parameters:
            p.grad = None
        loss.backward()
        for p in parameters:
            p.data += -0.1 * p.grad
    """
    )
    found = roles(trace, 1)
    names = {(tensor.name if (tensor := trace.tensor(key)) else ""): role for key, role in found.of_tensor.items()}
    assert names == {"C": "parameter C", "W1": "w1", "b1": "b1", "W2": "w2", "b2": "b2"}
    assert symbols(trace, 1, Phase.FORWARD) == ["emb", "z1", "a1", "z2", "C"]
    assert trace.value(found.by_role["C"]).shape == ()
    assert symbols(trace, 1, Phase.UPDATE) == ["new parameter C", "new w1", "new b1", "new w2", "new b2"]


@pytest.mark.parametrize(("limits", "is_relu"), [("min=0", True), ("0", True), ("min=0, max=6", False), ("-1", False)])
def test_clamp_from_zero_is_an_activation(record: Record, limits: str, is_relu: bool) -> None:
    trace, _ = record(
        f"""
    import torch
    torch.manual_seed(0)
    x, w1 = torch.randn(4, 3), torch.randn(3, 5, requires_grad=True)
    w2 = torch.randn(5, 2, requires_grad=True)
    x.mm(w1).clamp({limits}).mm(w2).pow(2).sum().backward()
    """
    )
    assert ("a1" in roles(trace, 0).by_role) == is_relu
