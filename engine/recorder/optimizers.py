"""Optimizers: each step of one from torch.optim, as one event for each parameter that it changes.

Cannot see: optimizers that are no `torch.optim` ones (what they write is seen as updates by hand).
"""

from __future__ import annotations

import sys
import time
import weakref
from collections.abc import Callable, Iterator
from functools import wraps
from types import FrameType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

from ..limits import BLOB_LIMIT_BYTES
from ..trace.batch import Row
from ..trace.not_kept import LARGE_STATE
from ..trace.thinning import is_keeper
from .settings import plain_setting
from .words import UPDATE, UPDATED

if TYPE_CHECKING:
    from .recorder import Recorder


_MOST_ROWS = 4096
"""Rows of a sparse gradient that are kept; "…" stands for the rest."""

_Before = tuple[tuple[Row, ...], dict[str, Any]]
"""Slots of a parameter before the step; settings of its group, and of its state what is no tensor."""


class _Keywords(dict[str, Any]):
    """The keyword arguments of a step, which only the step's own frame holds: they are gone when it is."""

    __slots__ = ("__weakref__",)


class OptimizerRecorder:
    """Registers the optimizers' global hooks between `__enter__` and `__exit__`."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._handles: list[Any] = []
        self._steps: list[tuple[Optimizer, int, int | None, dict[int, _Before], int, weakref.ref[_Keywords]]] = []
        self._changed = False
        """Whether the step that runs has changed a parameter so far."""

    def __enter__(self) -> OptimizerRecorder:
        self._handles = [
            register_optimizer_step_pre_hook(self._before_step),
            register_optimizer_step_post_hook(self._after_step),
        ]
        return self

    def __exit__(self, *exception: object) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles = []

    def _before_step(
        self, optimizer: Optimizer, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]] | None:
        recorder = self._recorder
        if self._steps:
            self._abandon(self._steps[-1][4])
        if recorder.suspended or not recorder.listening() or not type(optimizer).__module__.startswith("torch.optim"):
            return None
        step = id(sys._getframe(1))
        try:
            site = recorder.places.site(recorder.places.frame(2))
            before: dict[int, _Before] = {}
            first = self._look_at(optimizer, before)
            closure = args[1] if len(args) > 1 else kwargs.get("closure")
            while closure is None and self._arrive(optimizer, site, first):
                first = self._look_at(optimizer, before)
            keywords = _Keywords(kwargs)
            held = weakref.ref(keywords, lambda _: self._abandon(step))
            self._steps.append((optimizer, time.perf_counter_ns(), site, before, step, held))
            self._changed = False
        except Exception as error:
            recorder.give_up(error)
            return None
        recorder.suspended += 1
        if callable(closure):
            recorded = self._recorded_closure(optimizer, closure)
            if len(args) > 1:
                args = (args[0], recorded, *args[2:])
            else:
                keywords["closure"] = recorded
        return args, keywords

    def _abandon(self, step: int) -> None:
        """If a step is over though torch has called no hook after it, it raised."""
        if _is_running(step):
            return
        while any(entry[4] == step for entry in self._steps):
            self._steps.pop()
            self._recorder.suspended -= 1

    def _arrive(
        self, optimizer: Optimizer, site: int | None, first: tuple[int, tuple[Row, ...], dict[str, Any]] | None
    ) -> bool:
        """An update is about to happen. first: id, slots and settings of the first parameter, None if there is none.

        True: look at the parameters again, something was changed by hand.
        """
        if self._recorder.gate is None or first is None:
            return False
        name = type(optimizer).__name__
        function = f"torch.optim.{name}"
        return self._recorder.arrive(UPDATED, name, function, UPDATE, site, first[1], first[2], None, first[0])

    def _recorded_closure(self, optimizer: Optimizer, closure: Callable[..., Any]) -> Callable[..., Any]:
        """The closure runs forward and backward passes of its own inside the step: record them.

        An optimizer may call it several times and change the parameters in between: these updates are events too, but
        end no iteration.
        """

        @wraps(closure)
        def recorded(*args: Any, **kwargs: Any) -> Any:
            recorder = self._recorder
            if recorder.suspended != 1 or not self._steps:
                return closure(*args, **kwargs)
            _, begin, site, before, *_ = self._steps[-1]
            self._note_updates(optimizer, begin, site, before)
            recorder.suspended -= 1
            try:
                result = closure(*args, **kwargs)
            finally:
                recorder.suspended += 1
            try:
                while self._arrive(optimizer, site, self._look_at(optimizer, before)):
                    pass
            except Exception as error:
                recorder.give_up(error)
            return result

        return recorded

    def _look_at(
        self, optimizer: Optimizer, before: dict[int, _Before]
    ) -> tuple[int, tuple[Row, ...], dict[str, Any]] | None:
        """Fills `before` with the slots of each parameter to be updated; gives back those of the first one."""
        first: tuple[int, tuple[Row, ...], dict[str, Any]] | None = None
        with self._recorder.paused():
            for group, common, parameter in _parameters(optimizer):
                key = self._recorder.leaf(parameter)
                slots, settings = before[key] = self._before_update(optimizer, group, common, parameter)
                first = first or (key, slots, settings)
        return first

    def _before_update(
        self, optimizer: Optimizer, group: dict[str, Any], common: dict[str, Any], parameter: Tensor
    ) -> _Before:
        value_of = self._recorder.value_of
        slots: list[Row] = [("value", value_of(parameter, None), None, 0)]
        gradient = parameter.grad
        if gradient is not None:
            slots.append(("grad", value_of(gradient, None), None, 0))
        own = _own_settings(optimizer, group, parameter)
        return (*slots, *self._state(optimizer, parameter)), {**common, **own} if own else common

    def _state(self, optimizer: Optimizer, parameter: Tensor) -> list[Row]:
        """Slots of the optimizer's state of a parameter; large state is kept whole where the iteration is kept too."""
        recorder = self._recorder
        number = recorder.iterations.number
        sparing = recorder.gate is None and not is_keeper(number)
        rows: list[Row] = []
        for name, held in optimizer.state.get(parameter, {}).items():
            if isinstance(held, Tensor):
                value = recorder.capture.lookup(held)
                if value is None and sparing and held.nbytes > BLOB_LIMIT_BYTES:
                    value = recorder.capture.omit(held, LARGE_STATE)
                rows.append((name, recorder.value_of(held, None) if value is None else value, None, 0))
        return rows

    def _after_step(self, optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        recorder = self._recorder
        if not self._steps or self._steps[-1][0] is not optimizer:
            return
        recorder.suspended -= 1
        _, begin, site, before, *_ = self._steps.pop()
        self._note_updates(optimizer, begin, site, before)
        if self._changed:
            recorder.iterations.updated(site)
        else:
            recorder.iterations.left_alone(site)

    def _note_updates(self, optimizer: Optimizer, begin: int, site: int | None, before: dict[int, _Before]) -> None:
        """An event for each parameter that has changed."""
        recorder = self._recorder
        name = type(optimizer).__name__
        try:
            with recorder.paused():
                duration = time.perf_counter_ns() - begin
                position = recorder.position
                for group, common, parameter in _parameters(optimizer):
                    key = recorder.leaf(parameter)
                    known = before.get(key) or self._before_update(optimizer, group, common, parameter)
                    self._after_update(optimizer, parameter, key, known, name, site, begin, duration)
                self._changed = self._changed or recorder.position > position
        except Exception as error:
            recorder.give_up(error)

    def _after_update(
        self,
        optimizer: Optimizer,
        parameter: Tensor,
        key: int,
        before: _Before,
        name: str,
        site: int | None,
        begin: int,
        duration: int,
    ) -> None:
        recorder = self._recorder
        slots, settings = before
        if settings.get("fused"):
            # Fused kernels write without raising version counters.
            for held in (parameter, *optimizer.state.get(parameter, {}).values()):
                recorder.capture.forget(held)
        if recorder.capture.lookup(parameter) is not None:
            return
        outputs = (("value", recorder.capture.new(parameter, key), None, 0), *self._state(optimizer, parameter))
        recorder.write(
            UPDATED,
            name,
            f"torch.optim.{name}",
            UPDATE,
            site,
            slots,
            outputs,
            settings,
            None,
            key,
            begin,
            duration,
            "",
        )


def _is_running(wanted: int) -> bool:
    """Whether the frame with this id is one of those that run now."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and id(frame) != wanted:
        frame = frame.f_back
    return frame is not None


def _parameters(optimizer: Optimizer) -> Iterator[tuple[dict[str, Any], dict[str, Any], Tensor]]:
    """(its group, the group's settings, parameter) for each parameter that has a gradient."""
    for group in optimizer.param_groups:
        common = None
        for parameter in group["params"]:
            if parameter.grad is not None:
                if common is None:
                    plain = {name: plain_setting(held) for name, held in group.items() if name != "params"}
                    common = {name: setting for name, setting in plain.items() if setting is not None}
                yield group, common, parameter


def _own_settings(optimizer: Optimizer, group: dict[str, Any], parameter: Tensor) -> dict[str, Any]:
    """What a step goes by besides tensors and its group's settings.

    "state.NAME" for the optimizer's state that is a number; "rows" for a sparse gradient, the rows that it has; "eps1"
    for Adafactor, where torch takes it from the dtype; "grad_scale" where a scaler leaves it to a fused step to unscale
    the gradients.
    """
    settings: dict[str, Any] = {}
    for name, held in optimizer.state.get(parameter, {}).items():
        if isinstance(held, int | float):
            settings[f"state.{name}"] = plain_setting(held)
    gradient = parameter.grad
    if gradient is not None and gradient.is_sparse and gradient.sparse_dim() == 1:
        rows = sorted(set(gradient._indices()[0].tolist()))
        settings["rows"] = rows if len(rows) <= _MOST_ROWS else [*rows[:_MOST_ROWS], "…"]
    eps = group.get("eps")
    if isinstance(eps, tuple | list) and eps and eps[0] is None:
        settings["eps1"] = torch.finfo(parameter.dtype).eps
    scale = getattr(optimizer, "grad_scale", None)
    if isinstance(scale, Tensor):
        settings["grad_scale"] = scale.item()
    return settings
