"""What to do with each torch function that a function mode meets, and what to call it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import torch
from torch.overrides import resolve_name

_NEAREST_FRAMES = 4

PASS = 0
"""Computes no tensor: only let it through."""
COMPUTE = 1
IN_PLACE = 2
SET_GRAD = 3
SET_DATA = 4
GRADIENTS = 5
"""torch.autograd.grad: its results are gradients that nodes have computed."""
GET_GRAD = 6
"""Reads `.grad`: warns when the tensor is no leaf, which beginners meet."""
CONVERT = 7
"""Computes if it is given something (`x.type(torch.double)`), else only tells (`x.type()`)."""
TELL = 8
"""Computes no tensor, and is an event only where it raises (`loss.backward()`, `x.numpy()`)."""

_IN_PLACE_DUNDERS = {
    f"__{name}__"
    for name in (
        *("iadd", "isub", "imul", "itruediv", "ifloordiv", "imod", "ipow", "imatmul"),
        *("iand", "ior", "ixor", "ilshift", "irshift", "setitem"),
    )
}
_PASSED = {
    # what a tensor is, not what it holds
    *("size", "dim", "ndimension", "stride", "numel", "nelement", "element_size", "storage_offset", "data_ptr"),
    *("storage", "untyped_storage", "_typed_storage", "get_device", "names", "rename_", "refine_names"),
    *("result_type", "promote_types", "can_cast", "module_load", "share_memory_", "pin_memory_"),
    # from tensors to Python
    *("equal", "allclose", "__repr__", "__str__", "__format__", "__len__", "__index__", "__hash__", "__dir__"),
    *("__iter__", "__contains__"),
    *("__reduce_ex__", "__deepcopy__", "__setstate__", "__dlpack__", "__dlpack_device__", "__cuda_array_interface__"),
    # autograd's own; its nodes are hooked
    *("register_hook", "retain_grad", "register_post_accumulate_grad_hook"),
    # settings and files
    *("get_default_dtype", "set_default_dtype", "manual_seed", "seed", "initial_seed", "get_rng_state"),
    *("set_rng_state", "set_printoptions", "compile", "save", "load", "vmap", "autocast"),
}
_TOLD = {
    *("backward", "requires_grad_", "item", "tolist", "numpy"),
    *("__array__", "__bool__", "__int__", "__float__"),
}
"""What computes no tensor and scripts fail in."""
_WITHOUT_GRADIENT = {
    *("data", "detach", "argmax", "argmin", "argsort", "eq", "ne", "lt", "le", "gt", "ge", "logical_not"),
    *("logical_and", "logical_or", "isnan", "isinf", "isfinite", "isclose", "nonzero", "bincount", "count_nonzero"),
    *("zeros_like", "ones_like", "rand_like", "randn_like", "empty_like", "full_like", "bool", "long", "int"),
    *("new_zeros", "new_ones", "new_full", "new_empty", "new_tensor", "all", "any"),
}
"""Short names of ops whose result never requires grad."""

_EMPTIES = {"zero_", "_foreach_zero_"}
"""In-place ops that, on a `.grad`, are zero_grad."""
_WRITES_UNSEEN = {"batch_norm", "instance_norm", "native_batch_norm", "fused_moving_avg_obs_fake_quant"}
"""Short names of ops that write to arguments without raising their version counters."""

HELD_BACK: dict[Callable[..., Any], str] = {
    torch.nn.functional.l1_loss: "weight",
    torch.functional.chain_matmul: "out",
}
"""Functions of torch that do not hand one of their arguments to a function mode (torch 2.13), and which."""


class Callee:
    """What is known of a torch function that a script calls; found out once."""

    __slots__ = ("bares", "empties", "func", "function", "holds_back", "is_tracked", "name", "plan", "writes_unseen")

    def __init__(self, func: Callable[..., Any], label: tuple[str, str] | None = None) -> None:
        """label: short and qualified name of a function that torch does not know."""
        self.func = func
        self.plan = COMPUTE if label else plan_of(func)
        self.name, self.function = label or (("", "") if self.plan == PASS else label_of(func, self.plan))
        self.is_tracked = self.name not in _WITHOUT_GRADIENT
        """Whether its result requires grad when an input does (argmax, detach, comparisons: no), as far as seen."""
        self.empties = self.name in _EMPTIES
        self.writes_unseen = self.name in _WRITES_UNSEEN
        self.bares = self.name == "data"
        self.holds_back = HELD_BACK.get(func, "")

    def with_held_back(self, kwargs: dict[str, Any] | None) -> dict[str, Any] | None:
        """The keywords with the argument that torch's own function held back: it still stands in that function's frame.

        Without it the script would compute something else while it is recorded.
        """
        frame: FrameType | None = sys._getframe(2)
        for _ in range(_NEAREST_FRAMES):
            if frame is None:
                break
            if frame.f_code is getattr(self.func, "__code__", None):
                value = frame.f_locals.get(self.holds_back)
                return kwargs if value is None else {**(kwargs or {}), self.holds_back: value}
            frame = frame.f_back
        return kwargs


def plan_of(func: Callable[..., Any]) -> int:
    """One of the plans above."""
    name = getattr(func, "__name__", "")
    owner = getattr(func, "__self__", None)
    if name in ("__get__", "__set__"):
        attribute = getattr(owner, "__name__", "")
        if name == "__set__":
            return {"grad": SET_GRAD, "data": SET_DATA}.get(attribute, PASS)
        if attribute == "grad":
            return GET_GRAD
        return COMPUTE if attribute in ("T", "mT", "H", "mH", "real", "imag", "data") else PASS
    if func is torch.autograd.grad:
        return GRADIENTS
    if func is torch.Tensor.type:
        return CONVERT
    if name in _TOLD:
        return TELL
    if name in _PASSED or name.startswith(
        ("is_", "_is_", "__torch", "has_", "_has_", "_parse_to", "_set_grad_enabled")
    ):
        return PASS
    if name in _IN_PLACE_DUNDERS:
        return IN_PLACE
    if name.endswith("_") and not name.endswith("__"):
        return IN_PLACE
    return COMPUTE


def label_of(func: Callable[..., Any], plan: int) -> tuple[str, str]:
    """(short name, qualified name) of a function: ("add", "torch.Tensor.__add__")."""
    name = getattr(func, "__name__", type(func).__name__)
    function = resolve_name(func) or f"{getattr(func, '__module__', '') or 'torch'}.{name}"
    if plan == SET_DATA:
        return "data=", "torch.Tensor.data"
    if name == "__get__":
        name = function.rsplit(".", 2)[-2]
    return _short(name), function


def _short(name: str) -> str:
    """ "add" for __add__, __radd__ and __iadd__."""
    if not (name.startswith("__") and name.endswith("__")):
        return name
    core = name[2:-2]
    if core in ("setitem", "getitem", "invert", "rsub", "rtruediv", "rpow", "and", "or"):
        return core
    plain = {"truediv": "div", "pos": "positive"}
    for prefix in ("r", "i"):
        stem = core.removeprefix(prefix)
        if stem != core and stem in ("add", "sub", "mul", "truediv", "pow", "matmul", "floordiv", "mod"):
            return plain.get(stem, stem) + ("_" if prefix == "i" else "")
    return plain.get(core, core)
