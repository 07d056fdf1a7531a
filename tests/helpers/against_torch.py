"""Runs a torch function in float64 and holds its row of the table of operations beside it, forward and backward."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.autograd.graph import get_gradient_edge
from torch.overrides import TorchFunctionMode

from engine.analysis.table.call import Call, Form, bind
from engine.analysis.table.operation import Operation, row_of
from engine.recorder.arguments import read_arguments
from engine.recorder.plans import IN_PLACE, PASS, label_of, plan_of

FORWARD_TOLERANCE = 1e-12
VJP_TOLERANCE = 1e-10


class LastCall(TorchFunctionMode):
    """Keeps the last op that a script calls, with slots and plain arguments as a recorder writes them."""

    def __init__(self) -> None:
        super().__init__()
        self.name = self.function = ""
        self.tensors: dict[str, np.ndarray] = {}
        self.plain: dict[str, Any] = {}
        self.edges: dict[str, Any] = {}
        self.results: list[Tensor] = []
        self.mutated = False

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        plan = plan_of(func)
        if plan == PASS:
            return func(*args, **(kwargs or {}))
        seen: list[Tensor] = []

        def keep(tensor: Tensor, frame: Any) -> int:
            seen.append(tensor)
            return len(seen) - 1

        inputs, plain, _ = read_arguments(args, kwargs or {}, keep, None)
        self.name, self.function = label_of(func, plan)
        self.plain, self.mutated = plain, plan == IN_PLACE
        with torch._C.DisableTorchFunction():
            self.tensors = {slot: seen[i].detach().clone().numpy() for slot, i, *_ in inputs if i is not None}
            self.edges = {
                slot: get_gradient_edge(seen[i]) for slot, i, *_ in inputs if i is not None and seen[i].requires_grad
            }
        result = func(*args, **(kwargs or {}))
        with torch._C.DisableTorchFunction():
            self.results = list(_tensors(result if result is not None else args[0]))
        return result


def _tensors(result: Any) -> list[Tensor]:
    if isinstance(result, Tensor):
        return [result]
    return [tensor for item in result for tensor in _tensors(item)] if isinstance(result, list | tuple) else []


def agree(
    function: Callable[..., Any], *args: Any, rtol: float = 1.0, seed: int = 0, least: float = 1e-30, **kwargs: Any
) -> Call:
    """Calls a torch function; the last op in it must have a row whose numbers are torch's. Returns that op's call.

    Tensors among the arguments should be float64; those that require grad are differentiated, with random upstream
    gradients. rtol: factor for the tolerances (forward 1e-12, VJP 1e-10, relative to the largest element). least: of
    gradients, a largest element below this counts as this, where they can be 0 in theory and noise in torch.
    """
    with LastCall() as last:
        function(*args, **kwargs)
    row, form = a_row(last.name)
    outputs = [result.detach().resolve_conj().numpy() for result in last.results]
    call = bind(form, last.function, last.tensors, last.plain, outputs, last.mutated)
    made = row.forward(call)
    parts = [made] if isinstance(made, np.ndarray) else list(made)
    assert len(parts) == len(outputs), f"{last.name}: {len(parts)} results, torch has {len(outputs)}"
    for mine, theirs in zip(parts, outputs, strict=True):
        assert_near(mine, theirs, FORWARD_TOLERANCE * rtol, f"{last.name} forward")
    if last.edges:
        _compare_gradients(row, call, last, seed, rtol, least)
    return call


def a_row(name: str) -> tuple[Operation, Form]:
    """The row of an op that has one, and the form that the name has in it."""
    found = row_of(name)
    assert found is not None, f"{name} has no row"
    return found


def _compare_gradients(row: Operation, call: Call, last: LastCall, seed: int, rtol: float, least: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    roots = [result for result in last.results if result.requires_grad]
    if not roots:
        return
    sent = [torch.randn(root.shape, dtype=root.dtype, generator=generator) for root in roots]
    theirs = torch.autograd.grad(roots, list(last.edges.values()), sent, allow_unused=True)
    of_root = {id(root): gradient.numpy() for root, gradient in zip(roots, sent, strict=True)}
    upstream = [of_root.get(id(result), np.zeros(result.shape)) for result in last.results]
    mine = row.vjp(call, upstream)
    for slot, gradient in zip(last.edges, theirs, strict=True):
        key = call.keys[slot]
        if gradient is None:
            assert not np.any(mine.get(key, 0.0)), f"{last.name}: torch sends nothing to {key}"
            continue
        assert key in mine, f"{last.name}: no gradient for {key}"
        what = f"{last.name} dC/d{key}"
        assert_near(mine[key], gradient.resolve_conj().numpy(), VJP_TOLERANCE * rtol, what, least)


def assert_near(mine: np.ndarray, theirs: np.ndarray, tolerance: float, what: str, least: float = 1e-30) -> None:
    """Same shape, and within a tolerance relative to the largest element; NaN and infinity in the same places.

    least: what the largest element counts as if it is smaller.
    """
    mine = np.asarray(mine)
    assert mine.shape == theirs.shape, f"{what}: shape {mine.shape}, torch has {theirs.shape}"
    scale = float(np.max(np.abs(theirs[np.isfinite(theirs)]), initial=0.0)) if theirs.size else 0.0
    np.testing.assert_allclose(mine, theirs, rtol=tolerance, atol=tolerance * max(scale, least), err_msg=what)
