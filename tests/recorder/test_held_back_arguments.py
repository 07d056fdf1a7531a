"""Arguments that torch's own functions do not hand to a function mode take part all the same."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from engine.recorder.plans import HELD_BACK


def test_the_weight_of_an_absolute_loss(record: Any) -> None:
    x, t, weight = torch.randn(5, requires_grad=True), torch.randn(5), torch.rand(5)

    def run() -> tuple[Tensor, Tensor | None]:
        x.grad = None
        loss = torch.nn.functional.l1_loss(x, t, weight=weight)
        loss.backward()
        return loss.detach(), x.grad

    bare = run()
    found = record(run)
    assert torch.equal(found.result[0], bare[0])
    assert found.result[1] is not None
    assert torch.equal(found.result[1], bare[1])
    assert [slot.name for slot in found.one("l1_loss").inputs] == ["0", "1", "weight"]


@pytest.mark.filterwarnings("ignore:torch.chain_matmul is deprecated")
def test_where_a_chain_of_products_is_written_to(record: Any) -> None:
    out = torch.zeros(2, 2)
    record(lambda: torch.chain_matmul(torch.eye(2), torch.full((2, 2), 3.0), out=out))
    assert out.tolist() == [[3.0, 3.0], [3.0, 3.0]]


def test_all_of_torchs_functions_that_hold_one_back_are_known() -> None:
    """Read off torch's own source: parameters that its call of `handle_torch_function` leaves out."""
    root = Path(torch.__file__).parent
    found = set()
    for path in (root / "nn" / "functional.py", root / "functional.py", root / "nn" / "init.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef):
                found |= {(function.name, name) for name in _left_out(function)}
    assert found == {(function.__name__, name) for function, name in HELD_BACK.items()}


def _left_out(function: ast.FunctionDef) -> set[str]:
    parameters = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "handle_torch_function":
            parts = [part for argument in call.args[2:] for part in ast.walk(argument)]
            handed = {part.id for part in parts if isinstance(part, ast.Name)}
            return parameters - handed - {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    return set()
