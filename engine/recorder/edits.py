"""Edits: values that somebody changed by hand at a stop, and how a change reaches the script.

NOTE [How an edit reaches the script]
A leaf (parameter, buffer, input) and a `.grad` are written to in place, outside autograd. The gradient that arrives at
an autograd node is handed to the node by its pre-hook, as a new tensor. The result of an op may be saved by autograd
already (sigmoid keeps what it returned), so it is never written to: from here on every torch call of the script that
is given the old tensor is given the new one in its place. The new one is a clone of the old with other numbers, so that
the gradient passes through it to the old one unchanged (what `o + (new - o).detach()` means, without its rounding), or
a constant. What does not come by the function mode (`torch.autograd.backward`, C++ code) has the old tensor still.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from torch import Tensor

from ..trace.batch import Row
from .words import EDIT

if TYPE_CHECKING:
    from .recorder import Recorder

_OF_THE_TENSOR_ITSELF = frozenset({"register_hook", "retain_grad", "register_post_accumulate_grad_hook"})


class Arriving:
    """The gradients at the node that the script is held before. rows: their slots, in the order of `present`."""

    __slots__ = ("gradients", "rows")

    def __init__(self, gradients: tuple[Tensor | None, ...], rows: list[Row]) -> None:
        self.gradients = list(gradients)
        self.rows = rows

    def replace(self, value: int, tensor: Tensor, new: int) -> None:
        """Hands the node another tensor for the gradient `value`; `new` is its value."""
        for i, (name, held, node, number) in enumerate(self.rows):
            if held == value:
                self.rows[i] = (name, new, node, number)
                self.gradients[number] = tensor

    def tensor(self, value: int) -> Tensor | None:
        """The gradient that is this value, None if none is."""
        return next((self.gradients[number] for _, held, _, number in self.rows if held == value), None)


class Edits:
    """What was changed so far. arriving: set while the script is held before an autograd node."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self.replaced: dict[int, tuple[weakref.ref[Tensor], Tensor]] = {}
        """Old tensors by their id, with what stands in for them; while there is none, calls need not be looked at."""
        self.arriving: Arriving | None = None

    def replace(self, old: Tensor, new: Tensor) -> None:
        """From now on the script's calls get `new` where they were given `old`."""
        key = id(old)
        self.replaced[key] = (weakref.ref(old, partial(self._forget, key)), new)

    def stand_ins(
        self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any] | None
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """The arguments of a call, with what was changed in its place."""
        name = getattr(func, "__name__", "")
        if name in _OF_THE_TENSOR_ITSELF or getattr(getattr(func, "__self__", None), "__name__", "") == "grad":
            return args, kwargs or {}
        given = tuple(self._stand_in(argument) for argument in args)
        return given, {key: self._stand_in(argument) for key, argument in (kwargs or {}).items()}

    def current(self, tensor: Tensor) -> Tensor:
        """What stands in for a tensor now; itself if nothing does."""
        found = self.replaced.get(id(tensor))
        while found is not None and found[0]() is tensor:
            tensor = found[1]
            found = self.replaced.get(id(tensor))
        return tensor

    def write(
        self,
        row: Row,
        inputs: Sequence[Row],
        outputs: Sequence[Row],
        arguments: dict[str, Any],
        tensor: int | None,
        begin_ns: int,
    ) -> None:
        """The event of an edit. row: of the event that the script is held before, as in `Batch.events`."""
        _, _, _, _, _, phase, call, site, *_ = row
        self._recorder.write(
            EDIT, "edit", "gradstep.edit", phase, site, inputs, outputs, arguments, None, tensor, begin_ns, 0, "", call
        )

    def _stand_in(self, argument: Any) -> Any:
        if isinstance(argument, Tensor):
            return self.current(argument)
        if type(argument) in (list, tuple) and any(isinstance(item, Tensor | list | tuple) for item in argument):
            return type(argument)(self._stand_in(item) for item in argument)
        return argument

    def _forget(self, key: int, gone: weakref.ref[Tensor]) -> None:
        found = self.replaced.get(key)
        if found is not None and found[0] is gone:
            del self.replaced[key]
