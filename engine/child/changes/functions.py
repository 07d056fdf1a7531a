"""Other activations and losses: a function mode that calls another function in the place of the script's.

Sees what a function mode sees: calls made from Python, by the script or by a module, on the script's own thread.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from ...bilingual import Bilingual
from ...wire.changes import ACTIVATIONS, HALVED, LOSSES, Change
from .teller import Teller

_TARGETS = {"numbers": "数", "classes": "类别"}
_HANDED_ON = ("input", "target", "weight", "reduction")
_SILENT = (None, "mean", -100, 0.0)
"""Values of a loss's other arguments that ask for nothing."""


class OtherFunctions(TorchFunctionMode):
    """Calls other functions between `__enter__` and `__exit__`."""

    def __init__(self, changes: Iterable[Change], teller: Teller) -> None:
        super().__init__()
        self._teller = teller
        self._activations: dict[Any, Change] = {}
        self._losses: dict[Any, Change] = {}
        for change in changes:
            if change.what == "loss":
                others = [getattr(functional, name) for name, _ in LOSSES.values()]
                wanted = getattr(functional, LOSSES[change.to][0])
                self._losses |= {one: change for one in others if one is not wanted or change.to in HALVED}
                continue
            names = ACTIVATIONS if change.what == "activation" else (change.what,)
            for name in names:
                if name != change.to:
                    self._activations |= {found: change for found in _forms(name)}

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        if func in self._activations:
            change = self._activations[func]
            self._teller.count(change.text)
            return _activated(func, activation_called(change.to), args, kwargs)
        if func in self._losses:
            return self._lost(func, self._losses[func], args, kwargs)
        return func(*args, **kwargs)

    def _lost(self, func: Any, change: Change, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The other loss of the same output and target. Ends the run where what else was given has no place in it."""
        name, targets = LOSSES[change.to]
        wanted = getattr(functional, name)
        own = next(kind for other, kind in LOSSES.values() if getattr(functional, other) is func)
        if own != targets:
            own_zh, targets_zh = _TARGETS[own], _TARGETS[targets]
            self._teller.refuse(
                Bilingual(
                    f"{name} does not fit the script: {func.__name__} has {own} as targets, "
                    f"and {name} wants {targets}.",
                    f"{name} 不适合这个脚本：{func.__name__} 的目标是{own_zh}，而 {name} 需要{targets_zh}。",
                )
            )
        given = dict(inspect.signature(func).bind(*args, **kwargs).arguments)
        known = inspect.signature(wanted).parameters
        for argument, value in given.items():
            fits = argument in known and argument in _HANDED_ON
            if not fits and not (isinstance(value, int | float | str | None) and value in _SILENT):
                self._teller.refuse(
                    Bilingual(
                        f"{name} does not fit the script: it gives {func.__name__} a {argument}, "
                        "which has no place there.",
                        f"{name} 不适合这个脚本：脚本给 {func.__name__} 传了 {argument}，而 {name} 没有这个参数。",
                    )
                )
        self._teller.count(change.text)
        found = wanted(**{key: value for key, value in given.items() if key in known and key in _HANDED_ON})
        return found / 2 if change.to in HALVED else found


def _forms(name: str) -> list[Any]:
    """All callables of torch that are this activation, in place or not."""
    found = [getattr(owner, form, None) for owner in (torch, functional, Tensor) for form in (name, f"{name}_")]
    return [one for one in found if one is not None]


def _activated(func: Any, wanted: Callable[[Tensor], Tensor], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The other activation of the same input; in place where the script's was."""
    tensor = args[0] if args else kwargs["input"]
    if not _writes(func, args, kwargs):
        return wanted(tensor)
    return tensor.copy_(wanted(tensor.clone()))


def _writes(func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether an activation is to be put into its input."""
    if func.__name__.endswith("_"):
        return True
    if kwargs.get("inplace") is not None:
        return bool(kwargs["inplace"])
    return any(isinstance(argument, bool) and argument for argument in args[1:])


def activation_called(name: str) -> Callable[..., Any]:
    """torch's function of that name, wherever torch keeps it."""
    found: Callable[..., Any] = getattr(torch, name, None) or getattr(functional, name)
    return found
