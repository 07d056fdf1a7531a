"""PyTorch's own formulas are found by the names of its autograd nodes, without importing torch."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor

from engine.analysis.explain.formulas import formula_of

ROOT = Path(__file__).resolve().parents[3]


def node_name(result: Tensor) -> str:
    assert result.grad_fn is not None
    return result.grad_fn.name()


def test_a_node_s_formula_is_that_of_the_overload_that_made_it() -> None:
    x = torch.rand(3, 3, requires_grad=True)
    overloads = {
        x.sum(): "sum(",
        x.sum(0): "sum.dim_IntList(",
        x.mean(): "mean(",
        x.mean(0): "mean.dim(",
        x.pow(2): "pow.Tensor_Scalar(",
        x.pow(x): "pow.Tensor_Tensor(",
        torch.pow(2, x): "pow.Scalar(",
        x.max(): "max(",
        x.max(0).values: "max.dim(",
        x.div(2): "div.Tensor(",
        torch.special.i0(x): "i0(",
        torch.linalg.svd(x).S: "_linalg_svd(",
    }
    for result, signature in overloads.items():
        formula = formula_of(node_name(result))
        assert formula is not None, node_name(result)
        assert formula.signature.startswith(signature), (node_name(result), formula.signature)


def test_a_formula_has_one_gradient_for_each_differentiable_argument() -> None:
    formula = formula_of("AtanBackward0")
    assert formula is not None
    assert formula.gradients == (("self", "grad / (self * self + 1).conj()"),)
    addmm = formula_of("AddmmBackward0")
    assert addmm is not None
    assert [names for names, _ in addmm.gradients] == ["self", "mat1", "mat2"]


@pytest.mark.parametrize("name", ["AccumulateGrad", "SquareBackward", "NoSuchBackward0", "", "AtanBackward1"])
def test_there_is_none_for_what_torch_did_not_write(name: str) -> None:
    assert formula_of(name) is None


def test_torch_is_not_imported_for_it() -> None:
    code = (
        "import sys; from engine.analysis.explain.formulas import formula_of; "
        "assert formula_of('AtanBackward0'); assert not {'torch', 'torchgen'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, timeout=60)
