"""Products of tensors: each row against torch, each equation against the recorded number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from engine.analysis.explain.explainer import explain
from engine.analysis.notation.printing import to_text
from engine.analysis.table.call import Call, UnfitError, bind
from engine.analysis.table.operation import Operation
from engine.events import Kind
from engine.trace.reader import Trace
from tests.helpers.against_torch import a_row, agree
from tests.helpers.equations import equations_hold

Record = Callable[..., Trace]
SIZES = st.integers(0, 4)


def tensor(*shape: int, dtype: torch.dtype = torch.float64) -> Tensor:
    """Random numbers to differentiate."""
    return torch.randn(shape, dtype=dtype).requires_grad_()


@settings(max_examples=40, deadline=None)
@given(st.lists(SIZES, min_size=3, max_size=3), st.sampled_from(range(10)), st.booleans())
def test_matmul_of_any_dimensions(sizes: list[int], shapes: int, swapped: bool) -> None:
    n, k, j = sizes
    left, right = [
        ((k,), (k,)),
        ((n, k), (k,)),
        ((k,), (k, j)),
        ((n, k), (k, j)),
        ((2, n, k), (k, j)),
        ((n, k), (3, k, j)),
        ((2, 1, n, k), (3, k, j)),
        ((3, n, k), (2, 1, k, j)),
        ((k,), (2, k, j)),
        ((2, 3, n, k), (k,)),
    ][shapes]
    function = (lambda a, b: b.__rmatmul__(a)) if swapped else torch.matmul
    agree(function, tensor(*left), tensor(*right))


@settings(max_examples=30, deadline=None)
@given(SIZES, SIZES, SIZES, SIZES, st.sampled_from([1, 0, -0.5]), st.sampled_from([1, 2.5, 0]), st.booleans())
def test_products_of_fixed_dimensions(b: int, n: int, k: int, j: int, beta: float, alpha: float, whole: bool) -> None:
    scales: dict[str, Any] = {"beta": beta, "alpha": alpha}
    whole = whole or 0 in (b, n, k, j)
    agree(torch.mm, tensor(n, k), tensor(k, j))
    agree(torch.bmm, tensor(b, n, k), mat2=tensor(b, k, j))
    agree(torch.mv, tensor(n, k), tensor(k))
    agree(torch.outer, tensor(n), tensor(j))
    agree(torch.ger, tensor(n), vec2=tensor(j))
    agree(torch.addmm, tensor(*((n, j) if whole else (j,))), tensor(n, k), tensor(k, j), **scales)
    agree(torch.addmv, tensor(n if whole else 1), tensor(n, k), tensor(k), **scales)
    agree(torch.addr, tensor(*((n, j) if whole else (1, j))), tensor(n), tensor(j), **scales)
    agree(torch.baddbmm, tensor(*((b, n, j) if whole else (n, 1))), tensor(b, n, k), tensor(b, k, j), **scales)
    if b and n and k and j:
        agree(torch.addbmm, tensor(*((n, j) if whole else ())), tensor(b, n, k), tensor(b, k, j), **scales)


@settings(max_examples=20, deadline=None)
@given(st.lists(SIZES, max_size=2), st.lists(SIZES, max_size=3), st.integers(1, 3))
def test_products_of_many_dimensions(first: list[int], second: list[int], k: int) -> None:
    agree(torch.inner, tensor(*first, k), tensor(*second, k))
    agree(torch.inner, tensor(), tensor(*second))
    agree(torch.kron, tensor(*first), tensor(*second))
    agree(torch.linalg.vecdot, tensor(*first, k), tensor(k))
    agree(torch.linalg.vecdot, tensor(2, k, 3), tensor(5, 1, k, 3), dim=-2)
    agree(torch.nn.functional.bilinear, tensor(*first, k), tensor(*first, 3), tensor(2, k, 3), tensor(2))
    agree(torch.nn.functional.bilinear, tensor(*first, k), tensor(*first, 2), tensor(4, k, 2))


def test_vectors_and_complex_numbers() -> None:
    for dtype in (torch.float64, torch.complex128):
        agree_complex(torch.dot, tensor(4, dtype=dtype), tensor(4, dtype=dtype))
        agree_complex(torch.vdot, tensor(4, dtype=dtype), tensor(4, dtype=dtype))
        agree_complex(torch.linalg.vecdot, tensor(2, 4, dtype=dtype), tensor(4, dtype=dtype))
        agree_complex(torch.matmul, tensor(2, 3, 4, dtype=dtype), tensor(4, 2, dtype=dtype))


def agree_complex(function: Callable[..., Tensor], a: Tensor, b: Tensor) -> None:
    """Like `agree`, also for complex numbers, with complex gradients as torch defines them."""
    if not a.is_complex():
        agree(function, a, b)
        return
    made = function(a, b)
    sent = torch.randn_like(made)
    row, call = bound(function.__name__, {"0": a.detach().numpy(), "1": b.detach().numpy()}, {})
    np.testing.assert_allclose(np.asarray(row.forward(call)), made.detach().numpy(), rtol=1e-12)
    mine = row.vjp(call, [sent.numpy()])
    for key, theirs in zip(call.keys.values(), torch.autograd.grad(made, (a, b), sent), strict=True):
        np.testing.assert_allclose(mine[key], theirs.resolve_conj().numpy(), rtol=1e-10)


def bound(name: str, tensors: dict[str, Any], plain: dict[str, Any]) -> tuple[Operation, Call]:
    """A row and a call of it from what a trace would hold."""
    found = a_row(name)
    return found[0], bind(found[1], f"torch.{name}", tensors, plain)


EQUATIONS: list[tuple[str, list[tuple[int, ...]]]] = [
    ("ij,jk->ik", [(2, 3), (3, 4)]),
    ("ij , jk", [(2, 3), (3, 4)]),
    ("bij,bkj->bik", [(2, 3, 4), (2, 5, 4)]),
    ("ii->i", [(3, 3)]),
    ("ii", [(3, 3)]),
    ("iji->j", [(2, 3, 2)]),
    ("ij->ji", [(2, 3)]),
    ("ij->", [(2, 3)]),
    ("i,j->ij", [(2,), (3,)]),
    ("zB,aB->", [(2, 3), (4, 3)]),
    ("bA,cA", [(2, 3), (4, 3)]),
    ("...ij,...jk->...ik", [(5, 1, 2, 3), (4, 3, 2)]),
    ("i...,i...->...", [(2, 3, 1), (2, 4)]),
    ("...i,...i", [(2, 3), (3,)]),
    ("bi,oij,bj->bo", [(2, 3), (4, 3, 2), (2, 2)]),
    ("ab,bc,cd,de->ae", [(2, 3), (3, 2), (2, 4), (4, 1)]),
    ("ij,jk->ik", [(2, 1), (3, 4)]),
    (",i->i", [(), (3,)]),
    ("ij,jk->ik", [(2, 0), (0, 4)]),
]


@pytest.mark.parametrize(("equation", "shapes"), EQUATIONS)
def test_einsum(equation: str, shapes: list[tuple[int, ...]]) -> None:
    agree(torch.einsum, equation, *(tensor(*shape) for shape in shapes))
    agree(torch.einsum, equation, [tensor(*shape) for shape in shapes])


def test_einsum_with_numbers_for_dimensions() -> None:
    agree(torch.einsum, tensor(2, 3), [0, 1], tensor(3, 4), [1, 2], [0, 2])
    agree(torch.einsum, tensor(2, 3), [0, 1], tensor(3, 4), [1, 2])
    agree(torch.einsum, tensor(2, 3, 4), [..., 1], tensor(4), [1], [...])


def test_tensordot_and_chains() -> None:
    agree(torch.tensordot, tensor(2, 3, 4), tensor(3, 4, 5))
    agree(torch.tensordot, tensor(2, 3), tensor(4), dims=0)
    agree(torch.tensordot, tensor(2, 3, 4), tensor(4, 5, 2), dims=([0, -1], [2, 0]))
    agree(torch.tensordot, tensor(2, 1, 4), tensor(4, 3), dims=([2, 1], [0, 1]))
    agree(torch.linalg.multi_dot, [tensor(2, 3), tensor(3, 4), tensor(4, 2), tensor(2, 5)])
    agree(torch.linalg.multi_dot, [tensor(3), tensor(3, 4), tensor(4)])
    agree(torch.linalg.multi_dot, [tensor(2, 3), tensor(3)])


@pytest.mark.filterwarnings("ignore:torch.chain_matmul is deprecated")
def test_chain_matmul() -> None:
    agree(torch.chain_matmul, tensor(2, 3), tensor(3, 4), tensor(4, 2))
    agree(torch.chain_matmul, tensor(2, 3), tensor(3, 4))


def test_whole_numbers_and_nan() -> None:
    whole = torch.arange(6).reshape(2, 3)
    agree(torch.matmul, whole, whole.T)
    agree(torch.addmm, torch.arange(2), whole, whole.T, beta=2, alpha=3)
    agree(torch.addmv, torch.arange(2), whole, torch.arange(3), beta=1.6, alpha=2.6)
    z = [tensor(2, 2, dtype=torch.complex128) for _ in range(3)]
    agree(torch.addmm, *z, beta=0.5 + 1j, alpha=2 - 1j)
    nan = torch.full((2, 2), torch.nan, dtype=torch.float64)
    agree(torch.addmm, nan, tensor(2, 3), tensor(3, 2), beta=0)
    agree(torch.matmul, torch.tensor([[torch.inf, 1.0]], dtype=torch.float64), tensor(2, 2))
    agree(torch.Tensor.addmm_, torch.ones(2, 2, dtype=torch.float64), tensor(2, 3).detach(), tensor(3, 2).detach())


@pytest.mark.parametrize(
    ("name", "tensors", "plain"),
    [
        ("einsum", {"1": np.ones((2, 3))}, {"0": "ij,jk->ik"}),
        ("einsum", {"1": np.ones((2, 3)), "2": np.ones((4, 3))}, {"0": "ij,jk->ik"}),
        ("tensordot", {"0": np.ones((2, 3)), "1": np.ones(3)}, {"dims": "two"}),
        ("matmul", {"0": np.ones((2, 3)), "1": np.ones((2, 3))}, {}),
        ("matmul", {"0": np.ones(()), "1": np.ones((2, 3))}, {}),
    ],
)
def test_what_does_not_fit_is_refused(name: str, tensors: dict[str, Any], plain: dict[str, Any]) -> None:
    row, call = bound(name, tensors, plain)
    with pytest.raises(UnfitError):
        row.forward(call)


SCRIPTS = {
    "matmul": "A @ B",
    "matmul batch": "S @ T",
    "matmul stretched": "S @ B",
    "matmul vector": "A @ v",
    "matmul reversed": "B.__rmatmul__(A)",
    "mm": "torch.mm(A, B)",
    "matmul long": "A.repeat(1, 3) @ B.repeat(3, 1)",
    "bmm": "torch.bmm(S, T)",
    "mv": "A.mv(v)",
    "dot": "v.dot(v * 2)",
    "vdot": "v.vdot(v * 2)",
    "linalg_vecdot": "torch.linalg.vecdot(S, v)",
    "inner": "torch.inner(S, A)",
    "outer": "torch.outer(v, u)",
    "kron": "torch.kron(A, B)",
    "addmm": "torch.addmm(u, A, B, beta=0.5, alpha=-2)",
    "addmv": "torch.addmv(u[:1], A, v)",
    "addr": "torch.addr(torch.ones(3, 2), v, u, alpha=3)",
    "baddbmm": "torch.baddbmm(u, S, T, beta=2)",
    "addbmm": "torch.addbmm(u, S, T)",
    "bilinear": "torch.nn.functional.bilinear(A, A * 2, W, u)",
    "einsum": "torch.einsum('bij,bjk,k->bi', S, T, u)",
    "einsum diagonal": "torch.einsum('ii->i', Q)",
    "einsum sum": "torch.einsum('ij,kj->', A, Q)",
    "tensordot": "torch.tensordot(S, T, dims=([0, 2], [0, 1]))",
    "linalg_multi_dot": "torch.linalg.multi_dot([A, B, W[0, :2]])",
}


@pytest.mark.parametrize(("label", "expression"), SCRIPTS.items(), ids=SCRIPTS.keys())
def test_equations_come_to_the_recorded_numbers(recorded: Record, label: str, expression: str) -> None:
    name = label.partition(" ")[0]
    trace = recorded(
        source=f"""
            import torch
            torch.manual_seed(1)
            A, B, Q = torch.randn(2, 3), torch.randn(3, 2), torch.randn(3, 3)
            S, T, W = torch.randn(4, 2, 3), torch.randn(4, 3, 2), torch.randn(2, 3, 3)
            u, v = torch.randn(2), torch.randn(3)
            for leaf in (A, B, Q, S, T, W, u, v):
                leaf.requires_grad_()
            result = {expression}
            (result * torch.randn(result.shape)).sum().backward()
        """
    )
    assert equations_hold(trace, name).gradients.total() >= 4


def test_products_read_like_the_textbook(recorded: Record) -> None:
    trace = recorded(
        source="""
            import torch
            A = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
            B = torch.tensor([[1.0, -1.0], [0.5, 2.0]], requires_grad=True)
            Y = A @ B
            Z = torch.einsum("bi,ki->bk", A.repeat(1, 3), B.repeat(1, 3))
            K = torch.kron(A, B)
        """
    )
    pages = {event.name: event.position for event in trace.events() if event.kind == Kind.OP}

    def read(name: str, element: tuple[int, ...] | None) -> str:
        return to_text(explain(trace, pages[name], element).lines[-1].expression)

    assert read("matmul", None).endswith("[1 2; 3 4] [1 -1; 0.5 2] = [2 3; 5 5]")
    assert read("matmul", (1, 0)).endswith("= 3·1 + 4·0.5 = 5")
    assert "Σ[i]" in read("einsum", (0, 1))
    assert read("kron", (3, 0)).endswith("= 3·0.5 = 1.5")
