"""Linear algebra: each row against torch, each equation against the recorded number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import UnfitError
from engine.trace.reader import Trace
from tests.helpers.against_torch import agree
from tests.helpers.drawn_tensors import fresh
from tests.helpers.equations import equations_hold

Record = Callable[..., Trace]
SIZES = st.integers(1, 4)
BATCHES = st.sampled_from([(), (2,), (0,), (2, 3)])
LOOSE = 1e3
"""Factor for the tolerances where a matrix is turned round: errors grow by its condition."""


def square(*shape: int) -> Tensor:
    """Matrices that are well conditioned, to differentiate."""
    n = shape[-1]
    return (torch.randn((*shape, n), dtype=torch.float64) / 4 + 2 * torch.eye(n, dtype=torch.float64)).requires_grad_()


def positive(*shape: int) -> Tensor:
    """Symmetric positive definite matrices."""
    A = square(*shape).detach()
    return (A @ A.mT).requires_grad_()


@settings(max_examples=20, deadline=None)
@given(BATCHES, SIZES)
def test_inverses_and_determinants(batch: tuple[int, ...], n: int) -> None:
    for function in (torch.linalg.inv, torch.inverse, torch.linalg.inv_ex, torch.det, torch.linalg.det):
        agree(function, square(*batch, n), rtol=LOOSE)
    for function in (torch.slogdet, torch.linalg.slogdet):
        agree(function, square(*batch, n), rtol=LOOSE)
    agree(torch.logdet, positive(*batch, n), rtol=LOOSE)


def test_a_singular_matrix_has_a_determinant_and_no_inverse() -> None:
    flat = torch.tensor([[1.0, 2.0], [2.0, 4.0]], dtype=torch.float64, requires_grad=True)
    agree(torch.det, flat.detach(), rtol=LOOSE)
    with pytest.raises(UnfitError, match="singular"):
        agree(torch.det, flat)
    agree(torch.logdet, torch.tensor([[0.0, 1.0], [1.0, 0.0]], dtype=torch.float64))
    agree(torch.logdet, torch.zeros(2, 2, dtype=torch.float64))


@settings(max_examples=20, deadline=None)
@given(BATCHES, SIZES, st.integers(-3, 4))
def test_powers(batch: tuple[int, ...], n: int, power: int) -> None:
    agree(torch.linalg.matrix_power, square(*batch, n), power, rtol=LOOSE)
    agree(torch.matrix_power, square(*batch, n), n=power, rtol=LOOSE)


@settings(max_examples=20, deadline=None)
@given(SIZES, SIZES)
def test_trace(n: int, m: int) -> None:
    agree(torch.trace, fresh(n, m))
    agree(torch.trace, torch.arange(n * m).reshape(n, m))


@settings(max_examples=20, deadline=None)
@given(BATCHES, SIZES, SIZES, st.booleans(), st.booleans(), st.booleans())
def test_systems(batch: tuple[int, ...], n: int, k: int, left: bool, upper: bool, unit: bool) -> None:
    shape = (n, k) if left else (k, n)
    agree(torch.linalg.solve, square(*batch, n), fresh(*batch, *shape), left=left, rtol=LOOSE)
    agree(torch.linalg.solve, square(n), fresh(*batch, *shape), left=left, rtol=LOOSE)
    agree(torch.linalg.solve, square(*batch, n), fresh(n), rtol=LOOSE)
    agree(torch.linalg.solve, square(*batch, n), fresh(*batch, n), rtol=LOOSE)
    agree(torch.linalg.solve_ex, square(*batch, n), fresh(*batch, *shape), left=left, rtol=LOOSE)
    options: dict[str, Any] = {"upper": upper, "left": left, "unitriangular": unit}
    agree(torch.linalg.solve_triangular, square(*batch, n), fresh(*batch, *shape), **options, rtol=LOOSE)
    agree(torch.linalg.solve_triangular, square(n), fresh(*batch, *shape), **options, rtol=LOOSE)


@pytest.mark.filterwarnings("ignore:torch.cholesky is deprecated")
@settings(max_examples=20, deadline=None)
@given(BATCHES, SIZES, st.booleans())
def test_cholesky(batch: tuple[int, ...], n: int, upper: bool) -> None:
    agree(torch.linalg.cholesky, positive(*batch, n), upper=upper, rtol=LOOSE)
    agree(torch.cholesky, positive(*batch, n), upper, rtol=LOOSE)
    agree(torch.linalg.cholesky_ex, positive(*batch, n), upper=upper, rtol=LOOSE)
    with torch.no_grad():
        L = torch.linalg.cholesky(positive(*batch, n), upper=upper)
    agree(torch.cholesky_solve, fresh(*batch, n, 2), L.clone().requires_grad_(), upper, rtol=LOOSE)
    agree(torch.cholesky_inverse, L.clone().requires_grad_(), upper=upper, rtol=LOOSE)


@settings(max_examples=20, deadline=None)
@given(BATCHES, st.sampled_from([0, -1, 1]))
def test_cross(batch: tuple[int, ...], dim: int) -> None:
    agree(torch.linalg.cross, fresh(*batch, 3), fresh(*batch, 3))
    agree(torch.linalg.cross, fresh(*batch, 3), fresh(*(1 for _ in batch), 3))
    agree(torch.linalg.cross, fresh(3, 3, 3), fresh(3, 3, 3), dim=dim)
    agree(torch.cross, fresh(3, 3), fresh(1, 3), dim=1)


@pytest.mark.filterwarnings("ignore:Using torch.cross without specifying the dim")
def test_cross_without_a_dimension_takes_the_first_of_three() -> None:
    agree(torch.cross, fresh(2, 3, 3), fresh(2, 3, 3))


@settings(max_examples=20, deadline=None)
@given(BATCHES, SIZES, SIZES)
def test_decompositions(batch: tuple[int, ...], m: int, n: int) -> None:
    agree(torch.linalg.eigvalsh, positive(*batch, n), rtol=LOOSE)
    agree(torch.linalg.svdvals, fresh(*batch, m, n), rtol=LOOSE)
    agree(torch.linalg.pinv, fresh(*batch, m, n), rtol=1e5)
    if m >= n:
        agree(torch.linalg.qr, fresh(*batch, m, n), rtol=1e5)
    agree(torch.linalg.qr, fresh(*batch, m, n).detach(), mode="complete", rtol=LOOSE)


@settings(max_examples=10, deadline=None)
@given(st.sampled_from([(), (2,)]), st.sampled_from(["L", "U"]))
def test_eigenvectors(batch: tuple[int, ...], half: str) -> None:
    spread = torch.diag(torch.tensor([1.0, 3.0, 6.0], dtype=torch.float64))
    agree(torch.linalg.eigh, (positive(*batch, 3).detach() / 9 + spread).requires_grad_(), half, rtol=1e5)


def test_singular_vectors_and_what_cannot_be_told() -> None:
    agree(torch.linalg.svd, fresh(4, 3).detach(), False, rtol=1e5)
    agree(torch.linalg.svd, fresh(2, 3, 4).detach(), full_matrices=False, rtol=1e5)
    agree(torch.svd, fresh(2, 3, 4).detach(), rtol=1e5)
    with pytest.raises(UnfitError, match="vectors"):
        agree(torch.linalg.eigh, torch.eye(3, dtype=torch.float64))
    with pytest.raises(UnfitError, match="complex"):
        agree(torch.linalg.inv, torch.eye(2, dtype=torch.complex128))


SCRIPTS = {
    "linalg_inv": "torch.linalg.inv(A)",
    "det": "torch.det(A)",
    "linalg_det": "torch.linalg.det(A[:2, :2])",
    "logdet": "torch.logdet(A)",
    "linalg_slogdet": "torch.linalg.slogdet(A)[1]",
    "matrix_power": "torch.matrix_power(A, 3)",
    "trace": "torch.trace(A)",
    "linalg_solve": "torch.linalg.solve(A, v)",
    "linalg_solve_triangular": "torch.linalg.solve_triangular(A, A * 2, upper=True)",
    "linalg_cholesky": "torch.linalg.cholesky(A @ A.T)",
    "linalg_cross": "torch.linalg.cross(A, B)",
    "linalg_cross stretched": "torch.linalg.cross(A, v[None])",
    "linalg_eigvalsh": "torch.linalg.eigvalsh(A + A.T)",
    "linalg_svdvals": "torch.linalg.svdvals(A)",
    "linalg_pinv": "torch.linalg.pinv(A[:2])",
    "linalg_qr": "torch.linalg.qr(A)[1]",
}


@pytest.mark.parametrize(("label", "expression"), SCRIPTS.items(), ids=SCRIPTS.keys())
def test_equations_come_to_the_recorded_numbers(recorded: Record, label: str, expression: str) -> None:
    trace = recorded(
        source=f"""
            import torch
            torch.manual_seed(1)
            A = (torch.randn(3, 3) / 4 + torch.diag(torch.tensor([1.0, 2.0, 3.0]))).requires_grad_()
            B, v = torch.randn(3, 3, requires_grad=True), torch.randn(3, requires_grad=True)
            result = {expression}
            (result * torch.randn(result.shape)).sum().backward()
        """
    )
    assert equations_hold(trace, label.partition(" ")[0]).gradients.total() >= 4


def test_small_determinants_and_cross_products_are_written_out(recorded: Record) -> None:
    trace = recorded(
        source="""
            import torch
            d = torch.linalg.det(torch.tensor([[1.0, 2.0], [3.0, 5.0]]))
            c = torch.linalg.cross(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([4.0, 5.0, 7.0]))
        """
    )
    position = {event.name: event.position for event in trace.events()}
    assert to_text(explain(trace, position["linalg_det"]).lines[-1].expression).endswith("= 1·5 - 2·3 = -1")
    assert to_text(explain(trace, position["linalg_cross"], (1,)).lines[-1].expression).endswith("= 3·4 - 1·7 = 5")
