"""Ops: every torch call that the script makes from Python, by a function mode.

Sees `F.linear`, `torch.sigmoid`, `Tensor.__add__`, writes to `.data` and `.grad`. Cannot see: what runs inside a
backward pass, C++ code that never comes through Python, other threads, the inside of compiled or scripted functions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import perf_counter_ns
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from ..trace.batch import Row
from .arguments import read_arguments, reads_leaf, targets_of, tensors_in
from .capture import is_same_memory
from .mode_stack import take_off
from .plans import COMPUTE, CONVERT, GET_GRAD, GRADIENTS, IN_PLACE, PASS, SET_DATA, SET_GRAD, TELL, Callee
from .updates import part_written
from .words import BACKWARD, GRAD, OP, OTHER, SETUP, UPDATE, UPDATED, ZERO

if TYPE_CHECKING:
    from types import FrameType

    from .recorder import Recorder


class _Op:
    """An op on its way from the call to the event. boxes: the named tensors whose `.grad` it writes to."""

    __slots__ = (
        "arguments",
        "boxes",
        "callee",
        "inputs",
        "kind",
        "owner",
        "phase",
        "plan",
        "site",
        "targets",
        "tracked",
    )
    callee: Callee
    plan: int
    kind: str
    phase: str
    site: int | None
    inputs: tuple[Row, ...]
    arguments: dict[str, Any]
    targets: tuple[Tensor, ...]
    boxes: tuple[int, ...]
    owner: tuple[Tensor, int] | None
    tracked: bool


class OpRecorder(TorchFunctionMode):
    """Records each op between `__enter__` and `__exit__`; see the module's first lines for what it cannot see."""

    def __init__(self, recorder: Recorder) -> None:
        super().__init__()
        self._recorder = recorder
        self._callees: dict[Any, Callee] = {}

    def __exit__(self, *exception: object) -> None:
        take_off(self)

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        callee = self._callees.get(func) or self.callee(func)
        plan = callee.plan
        recorder = self._recorder
        if callee.holds_back:
            kwargs = callee.with_held_back(kwargs)
        if recorder.edits.replaced:
            args, kwargs = recorder.edits.stand_ins(func, args, kwargs)
        if not recorder.compiled.settled:
            recorder.compiled.look()
        if plan == CONVERT:
            plan = COMPUTE if len(args) > 1 or kwargs else PASS
        if plan == PASS or recorder.suspended:
            return func(*args, **kwargs) if kwargs else func(*args)
        if plan == COMPUTE and not kwargs:
            return self.record(callee, COMPUTE, args, {}, bool(types))
        if plan == TELL:
            return recorder.failed_calls.call(func, args, kwargs or {})
        if plan == GET_GRAD:
            return recorder.places.stand_in(func)(func, args, {})
        if plan == SET_GRAD:
            return recorder.updates.set_grad(func, args)
        if plan == SET_DATA and is_same_memory(args[0], args[1]):
            # `w.data -= g` writes, which is the update, and then sets what is there already.
            return func(*args)
        return self.record(callee, IN_PLACE if kwargs and "out" in kwargs else plan, args, kwargs or {}, bool(types))

    def callee(self, func: Callable[..., Any]) -> Callee:
        """What is known of a function; one that torch does not know has been `introduced`."""
        found = self._callees.get(func)
        if found is None:
            found = self._callees[func] = Callee(func)
        return found

    def introduce(self, func: Callable[..., Any], name: str, function: str) -> Callee:
        """What to call a function that torch does not know, short and qualified."""
        found = self._callees[func] = Callee(func, (name, function))
        return found

    def record(
        self, callee: Callee, plan: int, args: tuple[Any, ...], kwargs: dict[str, Any], foreign: bool = False
    ) -> Any:
        """Runs an op and records it. Called from what the script's own frame called.

        foreign: an argument is of a class with a `__torch_function__` of its own, which must not meet our reads.
        """
        recorder = self._recorder
        func = callee.func
        try:
            call, frame, site = recorder.places.caller(func, 2)
            op = _Op()
            op.callee, op.plan, op.site = callee, plan, site
            prepare = partial(_quietly, self._prepare) if foreign else self._prepare
            while prepare(op, args, kwargs, frame):
                args, kwargs = recorder.edits.stand_ins(func, args, kwargs)
            del frame
        except Exception as error:
            recorder.give_up(error)
            return func(*args, **kwargs)
        begin = perf_counter_ns()
        try:
            result = call(func, args, kwargs)
        except Exception as error:
            self._raised(error, op, begin)
            raise
        duration = perf_counter_ns() - begin
        try:
            finish = partial(_quietly, self._finish) if foreign else self._finish
            finish(op, args, kwargs, result, begin, duration)
        except Exception as error:
            recorder.give_up(error)
        return result

    def _prepare(self, op: _Op, args: tuple[Any, ...], kwargs: dict[str, Any], frame: FrameType | None) -> bool:
        """What is known of an op before it runs; stops at the gate. True: look again, something was changed there."""
        recorder = self._recorder
        callee, plan = op.callee, op.plan
        op.inputs, op.arguments, tracked = read_arguments(args, kwargs, recorder.value_of, frame)
        op.tracked = tracked and torch.is_grad_enabled()
        op.kind, op.targets, op.owner, op.boxes = OP, (), None, ()
        if plan in (IN_PLACE, SET_DATA):
            op.targets = targets_of(args, kwargs)
            op.tracked = op.tracked and not any(target.is_leaf for target in op.targets)
            op.boxes = recorder.updates.boxes_of(op.targets)
        if op.boxes and callee.empties:
            recorder.iterations.between(recorder.position, op.site)
            op.kind, op.phase = GRAD, ZERO
        else:
            op.phase = self._phase(op, args, kwargs)
            if op.targets:
                op.owner = recorder.updates.owner(op.targets, op.phase, frame, plan == SET_DATA)
            if op.owner is not None:
                op.kind, op.phase = UPDATED, UPDATE
                part = None if plan == SET_DATA else part_written(op.owner[0], op.targets[0])
                if part is not None:
                    op.arguments = {**op.arguments, "part": part}
        return recorder.gate is not None and recorder.arrive(
            op.kind, callee.name, callee.function, op.phase, op.site, op.inputs, op.arguments
        )

    def _phase(self, op: _Op, args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
        """The phase of an op that is about to run; a new iteration may begin with it."""
        recorder = self._recorder
        iterations = recorder.iterations
        phase = iterations.before_op(
            recorder.position,
            op.callee.name,
            op.site,
            op.tracked and op.callee.is_tracked,
            recorder.names.trainable,
            not iterations.is_over or reads_leaf(args, kwargs),
        )
        if phase == SETUP and op.plan == IN_PLACE and op.targets:
            seen = recorder.capture.seen(op.targets[0])
            iterations.wrote(recorder.position, op.callee.name, op.site, seen, recorder.capture.count)
        if phase == OTHER and iterations.phase == BACKWARD and torch._C._current_autograd_node() is not None:
            return BACKWARD
        return phase

    def _finish(
        self, op: _Op, args: tuple[Any, ...], kwargs: dict[str, Any], result: Any, begin: int, duration: int
    ) -> None:
        """The op ran: what it made, and the event."""
        recorder = self._recorder
        callee = op.callee
        if op.owner is not None:
            recorder.updates.wrote(
                op.owner, callee.name, callee.function, op.site, op.inputs, op.arguments, begin, duration
            )
            return
        if op.kind == GRAD:
            recorder.updates.emptied(op.targets, op.boxes, callee.function, op.site, begin, duration)
            return
        if op.plan == GRADIENTS:
            recorder.gradients.returned(result)
        if op.targets:
            recorder.capture.written(op.targets)
        elif callee.writes_unseen:
            self._forget_buffers((*args[1:], *kwargs.values()))
        elif callee.bares:
            recorder.capture.bared(result)
        elif torch.is_inference_mode_enabled() and isinstance(result, Tensor) and recorder.capture.seen(result):
            # relu(x, inplace=True) is not named as one that writes, and inference tensors have no version counter.
            recorder.capture.written((result,))
        outputs = self._outputs(result, op.targets)
        if not outputs:
            if not op.inputs:
                callee.plan = PASS
            return
        if op.boxes:
            recorder.updates.refilled(op.targets, op.boxes)
        if op.tracked and outputs[0][2] is None and isinstance(result, Tensor) and not result.requires_grad:
            callee.is_tracked = False
        if op.phase == OTHER and recorder.updates.from_gradients(op.inputs):
            op.phase = UPDATE
        if op.phase == UPDATE:
            recorder.updates.derived(outputs)
        self._write(op, outputs, begin, duration, "")

    def _raised(self, error: Exception, op: _Op, begin: int) -> None:
        """The op raised: an event like others, with the error in place of outputs."""
        duration = perf_counter_ns() - begin
        recorder = self._recorder
        if not recorder.suspended:
            text = f"{type(error).__name__}: {error}"
            name, function = op.callee.name, op.callee.function
            try:
                recorder.raised(op.kind, name, function, op.phase, op.site, op.inputs, op.arguments, text)
            except Exception as failure:
                recorder.give_up(failure)
                return
            self._write(op, (), begin, duration, text)

    def _write(self, op: _Op, outputs: tuple[Row, ...], begin: int, duration: int, error: str) -> None:
        name, function = op.callee.name, op.callee.function
        self._recorder.write(
            *(op.kind, name, function, op.phase, op.site, op.inputs, outputs, op.arguments, None, None),
            *(begin, duration, error),
        )

    def _outputs(self, result: Any, targets: tuple[Tensor, ...]) -> tuple[Row, ...]:
        recorder = self._recorder
        if isinstance(result, Tensor):
            return (("0", *recorder.result(result, bool(targets))),)
        if isinstance(result, list | tuple):
            found = list(tensors_in("", result))
            return tuple((name, *recorder.result(tensor, bool(targets))) for name, tensor in found)
        return tuple((str(i), *recorder.result(target, True)) for i, target in enumerate(targets))

    def _forget_buffers(self, arguments: tuple[Any, ...]) -> None:
        """The op may have written to its buffers without raising their version counters."""
        for argument in arguments:
            if isinstance(argument, Tensor) and not argument.requires_grad:
                self._recorder.capture.forget(argument)


def _quietly(step: Callable[..., Any], *arguments: Any) -> Any:
    """Runs a step of ours where no tensor subclass is asked."""
    with torch._C.DisableTorchFunctionSubclass():
        return step(*arguments)
