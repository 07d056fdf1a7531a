"""The arguments of an op: slots for tensors, plain values for all else."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..trace.batch import Row
from .no_modes import no_modes

_PLACES = tuple(str(i) for i in range(64))
_AS_THEY_ARE = (int, bool, str, type(None))
_LONGEST = 256
"""Items of a list of plain arguments that are kept; "…" stands for the rest."""

ValueOf = Callable[[Tensor, FrameType | None], int]


def read_arguments(
    args: tuple[Any, ...], kwargs: dict[str, Any], value_of: ValueOf, frame: FrameType | None
) -> tuple[tuple[Row, ...], dict[str, Any], bool]:
    """Slots of the tensors among the arguments, the other arguments, and whether one requires grad.

    value_of: the value id of a tensor that is used in the script's `frame`.
    """
    inputs: list[Row] = []
    arguments: dict[str, Any] = {}
    tracked = False
    named = zip(_PLACES, args, strict=False)
    for key, argument in (*named, *kwargs.items()) if kwargs else named:
        kind = type(argument)
        if kind is Tensor or isinstance(argument, Tensor):
            inputs.append((key, value_of(argument, frame), None, 0))
            tracked = tracked or argument.requires_grad
        elif kind in _AS_THEY_ARE:
            arguments[key] = argument
        elif isinstance(argument, list | tuple):
            tracked = _nested(key, argument, inputs, arguments, value_of, frame) or tracked
        else:
            arguments[key] = plain(argument)
    return tuple(inputs), arguments, tracked


def _nested(
    path: str,
    items: list[Any] | tuple[Any, ...],
    inputs: list[Row],
    arguments: dict[str, Any],
    value_of: ValueOf,
    frame: FrameType | None,
) -> bool:
    """A list or tuple argument: its tensors become slots "path.i"; what is left of it is a plain argument."""
    tracked = False
    rest: list[Any] = []
    are_tensors = len(items) > 0
    for i, item in enumerate(items):
        if isinstance(item, Tensor):
            inputs.append((f"{path}.{i}", value_of(item, frame), None, 0))
            tracked = tracked or item.requires_grad
            rest.append(None)
        elif isinstance(item, list | tuple) and any(isinstance(inner, Tensor) for inner in item):
            tracked = _nested(f"{path}.{i}", item, inputs, arguments, value_of, frame) or tracked
            rest.append(None)
        else:
            are_tensors = False
            rest.append(plain(item))
    if not are_tensors:
        arguments[path] = rest
    return tracked


def targets_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Tensor, ...]:
    """The tensors that an in-place call writes to."""
    written = kwargs.get("out", args[0] if args else next(iter(kwargs.values()), None))
    if isinstance(written, Tensor):
        return (written,)
    if isinstance(written, list | tuple):
        return tuple(item for item in written if isinstance(item, Tensor))
    return ()


def reads_leaf(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether a leaf that requires grad is among the arguments, or in a list of them."""
    return any(
        argument.requires_grad and argument.is_leaf
        if isinstance(argument, Tensor)
        else isinstance(argument, list | tuple) and reads_leaf(tuple(argument), {})
        for argument in (*args, *kwargs.values())
    )


def tensors_in(prefix: str, items: list[Any] | tuple[Any, ...]) -> Iterator[tuple[str, Tensor]]:
    """(its path, a tensor) for each in a nest of lists and tuples."""
    for i, item in enumerate(items):
        name = f"{prefix}.{i}" if prefix else str(i)
        if isinstance(item, Tensor):
            yield name, item
        elif isinstance(item, list | tuple):
            yield from tensors_in(name, item)


def plain(argument: Any) -> Any:
    """An argument as JSON: numbers, texts and lists as they are, others as a short word. Runs no code of the script."""
    kind = type(argument)
    if kind in _AS_THEY_ARE:
        return argument
    if kind is float:
        return argument if math.isfinite(argument) else repr(argument)
    if kind is complex:
        return repr(argument)
    if isinstance(argument, torch.dtype | torch.device | torch.layout | torch.memory_format):
        return str(argument)
    if kind is slice:
        return {"slice": [_edge(argument.start), _edge(argument.stop), _edge(argument.step)]}
    if argument is Ellipsis:
        return "..."
    if kind in (list, tuple, torch.Size):
        items = [plain(item) for item in argument[:_LONGEST]]
        return items if len(argument) <= _LONGEST else [*items, "…"]
    if isinstance(argument, np.number | np.bool_):
        return plain(argument.item())
    return f"<{kind.__name__}>"


def _edge(edge: Any) -> Any:
    """An edge of a slice; of a tensor of one whole number that number, which torch is about to read itself."""
    if type(edge) is not Tensor or edge.numel() != 1 or edge.is_floating_point() or edge.is_complex() or edge.is_meta:
        return plain(edge)
    if torch._C._functorch.is_functorch_wrapped_tensor(edge):
        return plain(edge)
    with torch._C.DisableTorchFunction(), no_modes():
        return int(edge.item())
