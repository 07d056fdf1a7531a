"""Updates and `.grad` boxes: optimizers' steps, writes by hand, zero_grad.

Sees every torch.optim optimizer (one event a parameter), in-place writes to a named tensor or an alias of it outside
autograd, and every assignment to `.grad`. Cannot see: writes through numpy memory that a tensor shares.
"""

from __future__ import annotations

import sys
import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from types import FrameType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook, register_optimizer_step_pre_hook

from ..limits import BLOB_LIMIT_BYTES
from ..trace.batch import Row
from ..trace.thinning import is_keeper
from .capture import storage_pointer
from .words import GRAD, SETUP, UPDATE, UPDATED, ZERO

if TYPE_CHECKING:
    from .recorder import Recorder

Owner = tuple[Tensor, int]


class _Keywords(dict[str, Any]):
    """The keyword arguments of a step, which only the step's own frame holds: they are gone when it is."""

    __slots__ = ("__weakref__",)


class UpdateRecorder:
    """Registers the optimizers' global hooks between `__enter__` and `__exit__`."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._handles: list[Any] = []
        self._steps: list[tuple[Optimizer, int, int | None, dict[int, list[Row]], int, weakref.ref[_Keywords]]] = []
        self._changed = False
        """Whether the step that runs has changed a parameter so far."""
        self._gradients: set[int | None] = set()
        self._iteration = -1
        self._boxes: dict[int, tuple[weakref.ref[Tensor], int]] = {}
        """Address of its storage -> a gradient that a `.grad` holds, and the named tensor whose it is."""

    def __enter__(self) -> UpdateRecorder:
        self._handles = [
            register_optimizer_step_pre_hook(self._before_step),
            register_optimizer_step_post_hook(self._after_step),
        ]
        return self

    def __exit__(self, *exception: object) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles = []

    def filled(self, box: Tensor, tensor: int, value: int) -> None:
        """A backward pass left `value` in the `.grad` of a named tensor."""
        recorder = self._recorder
        if recorder.iterations.number != self._iteration:
            self._iteration = recorder.iterations.number
            self._gradients = set(recorder.gradients.boxes.values())
            self._boxes = {key: held for key, held in self._boxes.items() if held[0]() is not None}
        self._gradients.add(value)
        self._boxes[storage_pointer(box)] = (weakref.ref(box), tensor)

    def boxes_of(self, targets: tuple[Tensor, ...]) -> tuple[int, ...]:
        """The named tensors whose `.grad` an in-place call writes to; none unless all its targets are such."""
        found = []
        for target in targets:
            box = self._boxes.get(storage_pointer(target))
            if box is None or box[0]() is None:
                return ()
            found.append(box[1])
        return tuple(found)

    def refilled(self, targets: tuple[Tensor, ...], boxes: tuple[int, ...]) -> None:
        """An in-place call left other numbers in these `.grad` boxes (clipping, unscaling)."""
        recorder = self._recorder
        for target, key in zip(targets, boxes, strict=True):
            value = recorder.capture.lookup(target)
            if value is not None:
                recorder.gradients.boxes[key] = value
                self._gradients.add(value)

    def emptied(
        self,
        targets: tuple[Tensor, ...],
        boxes: tuple[int, ...],
        function: str,
        site: int | None,
        begin: int,
        duration: int,
    ) -> None:
        """These `.grad` boxes were filled with zeros: one event each."""
        recorder = self._recorder
        for target, key in zip(targets, boxes, strict=True):
            old = recorder.gradients.boxes.get(key)
            new = recorder.gradients.boxes[key] = recorder.capture.new(target)
            inputs = [] if old is None else [("grad", old, None, 0)]
            recorder.write(
                GRAD,
                "zero_grad",
                function,
                ZERO,
                site,
                inputs,
                [("grad", new, None, 0)],
                None,
                None,
                key,
                begin,
                duration,
                "",
            )

    def from_gradients(self, inputs: Iterable[Row]) -> bool:
        """Whether an op works on gradients, or on what was made of them."""
        return any(slot[1] in self._gradients for slot in inputs)

    def derived(self, outputs: Iterable[Row]) -> None:
        """These values were made of gradients."""
        self._gradients.update(slot[1] for slot in outputs)

    def owner(
        self, targets: tuple[Tensor, ...], phase: str, frame: FrameType | None, is_data: bool = False
    ) -> Owner | None:
        """The named tensor that an in-place write outside autograd changes, if this is an update.

        is_data: `tensor.data = something`, which autograd never sees.

        In a program without autograd, whatever the script writes to in place though an earlier iteration (or the
        set-up) made it, is a parameter.
        """
        if len(targets) != 1 or phase == SETUP:
            return None
        target = targets[0]
        if target.requires_grad and torch.is_grad_enabled() and not is_data:
            return None
        names = self._recorder.names
        if self.boxes_of(targets):
            return None
        found = names.owner(target)
        if names.trainable:
            return found if found is not None and found[0].requires_grad else None
        if found is None and self._recorder.capture.is_old(target):
            found = target, names.tensor(target, frame, "parameter")
        return found

    def wrote(
        self,
        owner: Owner,
        name: str,
        function: str,
        site: int | None,
        inputs: list[Row],
        arguments: dict[str, Any],
        begin: int,
        duration: int,
    ) -> None:
        """An in-place write outside autograd changed a named tensor."""
        recorder = self._recorder
        tensor, key = owner
        old = recorder.capture.seen(tensor)
        recorder.capture.written((tensor,))
        recorder.names.note_storage(tensor, key)
        new = recorder.capture.new(tensor, key)
        slots = [("value", old, None, 0), *inputs[1:]]
        recorder.iterations.updated(site)
        recorder.write(
            UPDATED,
            name,
            function,
            UPDATE,
            site,
            slots,
            [("value", new, None, 0)],
            arguments,
            None,
            key,
            begin,
            duration,
            "",
        )

    def set_grad(self, func: Callable[..., Any], args: tuple[Any, ...]) -> Any:
        """`tensor.grad = something`: an event if the box changes."""
        recorder = self._recorder
        tensor, gradient = args[0], args[1]
        key = recorder.names.id_of(tensor)
        box = None if key is None else recorder.gradients.boxes.get(key)
        if key is None or (box is None and gradient is None):
            return func(*args)
        frame = recorder.places.frame(2)
        site = recorder.places.site(frame)
        recorder.iterations.between(recorder.position, site)
        inputs = [("grad", box, None, 0)] if box is not None else []
        begin = time.perf_counter_ns()
        if recorder.gate is not None:
            recorder.arrive(GRAD, "zero_grad", "Tensor.grad", ZERO, site, inputs, {}, None, key)
        result = func(*args)
        value = None if gradient is None else recorder.value_of(gradient, frame)
        recorder.gradients.boxes[key] = value
        if value is not None:
            self._gradients.add(value)
        outputs = [] if value is None else [("grad", value, None, 0)]
        name = "zero_grad" if gradient is None else "grad="
        recorder.write(GRAD, name, "Tensor.grad", ZERO, site, inputs, outputs, None, None, key, begin, 0, "")
        return result

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
            before: dict[int, list[Row]] = {}
            first = self._look_at(optimizer, before)
            closure = args[1] if len(args) > 1 else kwargs.get("closure")
            if closure is None:
                self._arrive(optimizer, site, first)
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
        self, optimizer: Optimizer, site: int | None, first: tuple[int, list[Row], dict[str, Any]] | None
    ) -> None:
        """An update is about to happen. first: id, slots and settings of the first parameter, None if there is none."""
        if self._recorder.gate is not None and first is not None:
            name = type(optimizer).__name__
            function = f"torch.optim.{name}"
            self._recorder.arrive(UPDATED, name, function, UPDATE, site, first[1], first[2], None, first[0])

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
                self._arrive(optimizer, site, self._look_at(optimizer, before))
            except Exception as error:
                recorder.give_up(error)
            return result

        return recorded

    def _look_at(
        self, optimizer: Optimizer, before: dict[int, list[Row]]
    ) -> tuple[int, list[Row], dict[str, Any]] | None:
        """Fills `before` with the slots of each parameter to be updated; gives back those of the first one."""
        first: tuple[int, list[Row], dict[str, Any]] | None = None
        with self._recorder.paused():
            for settings, parameter in _parameters(optimizer):
                key = self._recorder.leaf(parameter)
                slots = before[key] = self._before_update(optimizer, parameter)
                first = first or (key, slots, settings)
        return first

    def _before_update(self, optimizer: Optimizer, parameter: Tensor) -> list[Row]:
        value_of = self._recorder.value_of
        slots: list[Row] = [("value", value_of(parameter, None), None, 0)]
        gradient = parameter.grad
        if gradient is not None:
            slots.append(("grad", value_of(gradient, None), None, 0))
        return slots + self._state(optimizer, parameter)

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
                    value = recorder.capture.omit(held, "large optimizer state is kept at iterations 0-2 and 2^n")
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

    def _note_updates(self, optimizer: Optimizer, begin: int, site: int | None, before: dict[int, list[Row]]) -> None:
        """An event for each parameter that has changed."""
        recorder = self._recorder
        name = type(optimizer).__name__
        try:
            with recorder.paused():
                duration = time.perf_counter_ns() - begin
                position = recorder.position
                for settings, parameter in _parameters(optimizer):
                    self._after_update(optimizer, settings, parameter, before, name, site, begin, duration)
                self._changed = self._changed or recorder.position > position
        except Exception as error:
            recorder.give_up(error)

    def _after_update(
        self,
        optimizer: Optimizer,
        settings: dict[str, Any],
        parameter: Tensor,
        before: dict[int, list[Row]],
        name: str,
        site: int | None,
        begin: int,
        duration: int,
    ) -> None:
        recorder = self._recorder
        key = recorder.leaf(parameter)
        slots = before.get(key) or self._before_update(optimizer, parameter)
        if settings.get("fused"):
            # Fused kernels write without raising version counters.
            for held in (parameter, *optimizer.state.get(parameter, {}).values()):
                recorder.capture.forget(held)
        if recorder.capture.lookup(parameter) is not None:
            return
        outputs = [("value", recorder.capture.new(parameter, key), None, 0), *self._state(optimizer, parameter)]
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


def _parameters(optimizer: Optimizer) -> Iterator[tuple[dict[str, Any], Tensor]]:
    """(settings of its group, parameter) for each parameter that has a gradient."""
    for group in optimizer.param_groups:
        settings = {
            name: setting for name, setting in group.items() if isinstance(setting, int | float | bool | str | tuple)
        }
        if isinstance(group.get("lr"), Tensor):
            settings["lr"] = float(group["lr"])
        for parameter in group["params"]:
            if parameter.grad is not None:
                yield settings, parameter
