"""Other optimizers and other settings: stands in for the constructors of torch.optim.

An optimizer of another class is the same object with the other class, made by that class's own constructor with those
of the script's settings that it knows. A subclass of the script's own is left alone, and so is its settings' meaning.

NOTE [LBFGS without a closure]
LBFGS asks its closure for the loss and the gradients again after each of its up to 20 steps within one. A script that
hands `step` none has worked the gradients out already, and cannot be asked again: then LBFGS is allowed one step (and
no line search, which tries places), for which it needs no other gradients than these. What it remembers of the
curvature it keeps from step to step in any case. A closure that the script does hand over is called as it likes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from types import MethodType, TracebackType
from typing import Any, Self, cast

import torch
from torch import Tensor
from torch.optim import Optimizer

from ...bilingual import Bilingual
from ...wire.changes import OPTIMIZERS, SETTINGS, Change
from .teller import Teller


class OtherOptimizers:
    """Stands in between `__enter__` and `__exit__`."""

    def __init__(self, changes: tuple[Change, ...], teller: Teller) -> None:
        self._settings = [one for one in changes if one.what in SETTINGS]
        self._optimizer = next((one for one in changes if one.what == "optimizer"), None)
        self._teller = teller
        self._found: list[tuple[type, Callable[..., None]]] = []

    def __enter__(self) -> Self:
        if self._optimizer is not None:
            name, settings = OPTIMIZERS[self._optimizer.to]
            wanted: type[Optimizer] = getattr(torch.optim, name)
            for kind in _kinds():
                if kind is not wanted or settings:
                    self._stand_in(kind, self._made_as(kind, wanted, settings))
        if self._settings:
            self._stand_in(Optimizer, self._with_settings(Optimizer.__init__))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for changed, found in reversed(self._found):
            cast(Any, changed).__init__ = found
        self._found.clear()

    def _stand_in(self, kind: type, init: Callable[..., None]) -> None:
        self._found.append((kind, kind.__dict__["__init__"]))
        cast(Any, kind).__init__ = init

    def _made_as(
        self, kind: type[Optimizer], wanted: type[Optimizer], settings: dict[str, float | bool]
    ) -> Callable[..., None]:
        found = kind.__dict__["__init__"]
        init = found if kind is wanted else wanted.__dict__["__init__"]
        text = self._optimizer.text if self._optimizer is not None else ""

        @wraps(found)
        def made(optimizer: Any, *args: Any, **kwargs: Any) -> None:
            if type(optimizer) is not kind:
                found(optimizer, *args, **kwargs)
                return
            given = dict(inspect.signature(found).bind(optimizer, *args, **kwargs).arguments)
            params = given.pop("params")
            given.pop("self", None)
            known = inspect.signature(init).parameters
            for name in sorted(name for name in given if name not in known):
                self._teller.note(
                    Bilingual(
                        f"{name} has no place in {wanted.__name__} and was left out.",
                        f"{wanted.__name__} 没有参数 {name}，已略去。",
                    )
                )
            fitting = {name: value for name, value in given.items() if name in known}
            optimizer.__class__ = wanted
            self._teller.count(text)
            if wanted is not torch.optim.LBFGS:
                init(optimizer, params, **{**fitting, **settings})
                return
            params = list(params)
            if len(params) > 1 and isinstance(params[0], dict):
                self._teller.refuse(
                    Bilingual(
                        f"LBFGS does not fit the script: it takes one group of parameters, and {kind.__name__} "
                        f"is given {len(params)}.",
                        f"LBFGS 不适合这个脚本：它只接受一组参数，而脚本给了 {kind.__name__} {len(params)} 组。",
                    )
                )
            init(optimizer, params, **{**fitting, **settings})
            cast(Any, optimizer).step = MethodType(self._step_without_closure, optimizer)

        return made

    def _step_without_closure(self, optimizer: Any, closure: Callable[[], Any] | None = None) -> Any:
        """A step of LBFGS, also where the script has no closure; see NOTE [LBFGS without a closure]."""
        step = type(optimizer).step
        if closure is not None:
            return step(optimizer, closure)
        self._teller.note(
            Bilingual(
                "The script hands `step` no closure: LBFGS took one step each time, on the gradients it found.",
                "脚本没有给 `step` 传闭包：LBFGS 每次只用已有的梯度走一步。",
            )
        )
        for group in optimizer.param_groups:
            group.update(max_iter=1, line_search_fn=None)
        step(optimizer, lambda: 0.0)
        return None

    def _with_settings(self, found: Callable[..., None]) -> Callable[..., None]:
        @wraps(found)
        def made(optimizer: Any, *args: Any, **kwargs: Any) -> None:
            found(optimizer, *args, **kwargs)
            for change in self._settings:
                for group in optimizer.param_groups:
                    if change.what not in group:
                        name = type(optimizer).__name__
                        self._teller.refuse(
                            Bilingual(
                                f"{change.text} does not fit the script: its {name} has no {change.what}.",
                                f"{change.text} 不适合这个脚本：它的 {name} 没有 {change.what}。",
                            )
                        )
                    old = group[change.what]
                    group[change.what] = (
                        torch.full_like(old, change.number) if isinstance(old, Tensor) else change.number
                    )
                optimizer.defaults[change.what] = change.number
                self._teller.count(change.text)

        return made


def _kinds() -> list[type[Optimizer]]:
    """The optimizers of torch.optim that have a constructor of their own."""
    found = [kind for kind in vars(torch.optim).values() if isinstance(kind, type) and issubclass(kind, Optimizer)]
    return [kind for kind in dict.fromkeys(found) if kind is not Optimizer and "__init__" in kind.__dict__]
