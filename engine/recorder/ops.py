"""Ops: every torch call that the script makes from Python, by a function mode.

Sees `F.linear`, `torch.sigmoid`, `Tensor.__add__`, writes to `.data` and `.grad`. Cannot see: what runs inside a
backward pass, C++ code that never comes through Python, other threads, the inside of compiled or scripted functions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from time import perf_counter_ns
from types import FrameType
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from ..trace.batch import Row
from .capture import is_same_memory
from .plans import (
    COMPUTE,
    CONVERT,
    EMPTIES,
    GET_GRAD,
    GRADIENTS,
    HELD_BACK,
    IN_PLACE,
    PASS,
    SET_DATA,
    SET_GRAD,
    TELL,
    WITHOUT_GRADIENT,
    WRITES_UNSEEN,
    label_of,
    plan_of,
    with_held_back,
)
from .updates import part_written
from .words import BACKWARD, GRAD, OP, OTHER, SETUP, UPDATE, UPDATED, ZERO

if TYPE_CHECKING:
    from .recorder import Recorder

_PLACES = tuple(str(i) for i in range(64))
_AS_THEY_ARE = (int, bool, str, type(None))
_LONGEST = 256
"""Items of a list of plain arguments that are kept; "…" stands for the rest."""


class _Op:
    """An op on its way from the call to the event. boxes: the named tensors whose `.grad` it writes to."""

    __slots__ = (
        *("arguments", "boxes", "function", "inputs", "kind", "name", "owner", "phase", "site", "targets", "tracked"),
    )
    kind: str
    name: str
    function: str
    phase: str
    site: int | None
    inputs: list[Row]
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
        self._plans: dict[Any, int] = {}
        self._labels: dict[Any, tuple[str, str]] = {}
        self._untracked: set[Any] = set()
        """Functions whose result does not require grad even when an input does (argmax, detach, comparisons)."""

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        plan = self._plans.get(func)
        if plan is None:
            plan = self._plan(func)
        recorder = self._recorder
        if func in HELD_BACK:
            kwargs = with_held_back(func, kwargs)
        if recorder.edits.replaced:
            args, kwargs = recorder.edits.stand_ins(func, args, kwargs)
        if not recorder.compiled.settled:
            recorder.compiled.look()
        if plan == CONVERT:
            plan = COMPUTE if len(args) > 1 or kwargs else PASS
        if plan == PASS or recorder.suspended:
            return func(*args, **kwargs) if kwargs else func(*args)
        if plan == TELL:
            return recorder.failed_calls.call(func, args, kwargs or {})
        if plan == GET_GRAD:
            return recorder.places.stand_in(func)(func, args, {})
        if plan == SET_GRAD:
            return recorder.updates.set_grad(func, args)
        if plan == SET_DATA and is_same_memory(args[0], args[1]):
            # `w.data -= g` writes, which is the update, and then sets what is there already.
            return func(*args)
        if not kwargs:
            return self.record(func, plan, args, {}, bool(types))
        return self.record(func, IN_PLACE if "out" in kwargs else plan, args, kwargs, bool(types))

    def label(self, func: Callable[..., Any], name: str, function: str) -> None:
        """What to call a function that torch does not know: short and qualified."""
        self._labels[func] = name, function

    def labelled(self, func: Callable[..., Any]) -> tuple[str, str]:
        """What a function is called, short and qualified."""
        return self._labels[func]

    def record(
        self, func: Callable[..., Any], plan: int, args: tuple[Any, ...], kwargs: dict[str, Any], foreign: bool = False
    ) -> Any:
        """Runs an op and records it. Called from what the script's own frame called.

        foreign: an argument is of a class with a `__torch_function__` of its own, which must not meet our reads.
        """
        recorder = self._recorder
        op: _Op | None = None
        try:
            while op is None:
                op = (
                    _quietly(self._prepare, func, plan, args, kwargs)
                    if foreign
                    else self._prepare(func, plan, args, kwargs)
                )
                if op is None:
                    args, kwargs = recorder.edits.stand_ins(func, args, kwargs)
        except Exception as error:
            recorder.give_up(error)
            return func(*args, **kwargs)
        call = recorder.places.stand_in(func, 2)
        begin = perf_counter_ns()
        try:
            result = call(func, args, kwargs)
        except Exception as error:
            self._raised(error, op, begin)
            raise
        duration = perf_counter_ns() - begin
        try:
            finish = partial(_quietly, self._finish) if foreign else self._finish
            finish(op, func, plan, args, kwargs, result, begin, duration)
        except Exception as error:
            recorder.give_up(error)
        return result

    def _prepare(
        self, func: Callable[..., Any], plan: int, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> _Op | None:
        """What is known of an op before it runs; stops at the gate. None: look again, something was changed there."""
        recorder = self._recorder
        op = _Op()
        frame = recorder.places.frame(3)
        op.site = recorder.places.site(frame)
        op.name, op.function = self._labels[func]
        op.inputs, op.arguments, op.tracked = self.inputs(args, kwargs, frame)
        op.kind, op.targets, op.owner, op.boxes = OP, (), None, ()
        if plan in (IN_PLACE, SET_DATA):
            op.targets = _targets(args, kwargs)
            op.tracked = op.tracked and not any(target.is_leaf for target in op.targets)
            op.boxes = recorder.updates.boxes_of(op.targets)
        if op.boxes and op.name in EMPTIES:
            recorder.iterations.between(recorder.position, op.site)
            op.kind, op.phase = GRAD, ZERO
        else:
            op.phase = self._phase(op, func, plan, args, kwargs)
            if op.targets:
                op.owner = recorder.updates.owner(op.targets, op.phase, frame, plan == SET_DATA)
            if op.owner is not None:
                op.kind, op.phase = UPDATED, UPDATE
                part = None if plan == SET_DATA else part_written(op.owner[0], op.targets[0])
                if part is not None:
                    op.arguments = {**op.arguments, "part": part}
        if recorder.gate is not None and recorder.arrive(
            op.kind, op.name, op.function, op.phase, op.site, op.inputs, op.arguments
        ):
            return None
        return op

    def _phase(
        self, op: _Op, func: Callable[..., Any], plan: int, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> str:
        """The phase of an op that is about to run; a new iteration may begin with it."""
        recorder = self._recorder
        iterations = recorder.iterations
        phase = iterations.before_op(
            recorder.position,
            op.name,
            op.site,
            op.tracked and torch.is_grad_enabled() and func not in self._untracked,
            recorder.names.trainable,
            not iterations.is_over or _reads_leaf(args, kwargs),
        )
        if phase == SETUP and plan == IN_PLACE and op.targets:
            seen = recorder.capture.seen(op.targets[0])
            iterations.wrote(recorder.position, op.name, op.site, seen, recorder.capture.count)
        if phase == OTHER and iterations.phase == BACKWARD and torch._C._current_autograd_node() is not None:
            return BACKWARD
        return phase

    def _finish(
        self,
        op: _Op,
        func: Callable[..., Any],
        plan: int,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        result: Any,
        begin: int,
        duration: int,
    ) -> None:
        """The op ran: what it made, and the event."""
        recorder = self._recorder
        if op.owner is not None:
            recorder.updates.wrote(op.owner, op.name, op.function, op.site, op.inputs, op.arguments, begin, duration)
            return
        if op.kind == GRAD:
            recorder.updates.emptied(op.targets, op.boxes, op.function, op.site, begin, duration)
            return
        if plan == GRADIENTS:
            recorder.gradients.returned(result)
        if op.targets:
            recorder.capture.written(op.targets)
        elif op.name in WRITES_UNSEEN:
            self._forget_buffers((*args[1:], *kwargs.values()))
        elif op.name == "data":
            recorder.capture.bared(result)
        elif isinstance(result, Tensor) and result.is_inference() and recorder.capture.seen(result) is not None:
            # relu(x, inplace=True) is not named as one that writes, and inference tensors have no version counter.
            recorder.capture.written((result,))
        outputs = self._outputs(result, op.targets)
        if not outputs:
            if not op.inputs:
                self._plans[func] = PASS
            return
        if op.boxes:
            recorder.updates.refilled(op.targets, op.boxes)
        if op.tracked and isinstance(result, Tensor) and not result.requires_grad and torch.is_grad_enabled():
            self._untracked.add(func)
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
            try:
                recorder.raised(op.kind, op.name, op.function, op.phase, op.site, op.inputs, op.arguments, text)
            except Exception as failure:
                recorder.give_up(failure)
                return
            self._write(op, (), begin, duration, text)

    def _write(self, op: _Op, outputs: Sequence[Row], begin: int, duration: int, error: str) -> None:
        self._recorder.write(
            op.kind,
            op.name,
            op.function,
            op.phase,
            op.site,
            op.inputs,
            outputs,
            op.arguments,
            None,
            None,
            begin,
            duration,
            error,
        )

    def inputs(
        self, args: tuple[Any, ...], kwargs: dict[str, Any], frame: FrameType | None
    ) -> tuple[list[Row], dict[str, Any], bool]:
        """Slots of the tensors among the arguments, the other arguments, and whether one requires grad."""
        inputs: list[Row] = []
        arguments: dict[str, Any] = {}
        tracked = False
        value_of = self._recorder.value_of
        for key, argument in (*zip(_PLACES, args, strict=False), *kwargs.items()):
            if isinstance(argument, Tensor):
                inputs.append((key, value_of(argument, frame), None, 0))
                tracked = tracked or argument.requires_grad
            elif type(argument) in _AS_THEY_ARE:
                arguments[key] = argument
            elif isinstance(argument, list | tuple):
                tracked = self._nested(key, argument, inputs, arguments, frame) or tracked
            else:
                arguments[key] = plain(argument)
        return inputs, arguments, tracked

    def _nested(
        self,
        path: str,
        items: list[Any] | tuple[Any, ...],
        inputs: list[Row],
        arguments: dict[str, Any],
        frame: FrameType | None,
    ) -> bool:
        """A list or tuple argument: its tensors become slots "path.i"; what is left of it is a plain argument."""
        tracked = False
        rest: list[Any] = []
        are_tensors = len(items) > 0
        for i, item in enumerate(items):
            if isinstance(item, Tensor):
                inputs.append((f"{path}.{i}", self._recorder.value_of(item, frame), None, 0))
                tracked = tracked or item.requires_grad
                rest.append(None)
            elif isinstance(item, list | tuple) and any(isinstance(inner, Tensor) for inner in item):
                tracked = self._nested(f"{path}.{i}", item, inputs, arguments, frame) or tracked
                rest.append(None)
            else:
                are_tensors = False
                rest.append(plain(item))
        if not are_tensors:
            arguments[path] = rest
        return tracked

    def _outputs(self, result: Any, targets: tuple[Tensor, ...]) -> list[Row]:
        recorder = self._recorder
        if isinstance(result, Tensor):
            return [("0", *recorder.result(result, bool(targets)))]
        if isinstance(result, list | tuple):
            found = list(tensors_in("", result))
            return [(name, *recorder.result(tensor, bool(targets))) for name, tensor in found]
        return [(str(i), *recorder.result(target, True)) for i, target in enumerate(targets)]

    def _forget_buffers(self, arguments: tuple[Any, ...]) -> None:
        """The op may have written to its buffers without raising their version counters."""
        for argument in arguments:
            if isinstance(argument, Tensor) and not argument.requires_grad:
                self._recorder.capture.forget(argument)

    def _plan(self, func: Callable[..., Any]) -> int:
        plan = self._plans[func] = plan_of(func)
        if plan != PASS:
            self._labels[func] = label_of(func, plan)
            if self._labels[func][0] in WITHOUT_GRADIENT:
                self._untracked.add(func)
        return plan


def _quietly(step: Callable[..., Any], *arguments: Any) -> Any:
    """Runs a step of ours where no tensor subclass is asked."""
    with torch._C.DisableTorchFunctionSubclass():
        return step(*arguments)


def _targets(args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Tensor, ...]:
    """The tensors that an in-place call writes to."""
    written = kwargs.get("out", args[0] if args else next(iter(kwargs.values()), None))
    if isinstance(written, Tensor):
        return (written,)
    if isinstance(written, list | tuple):
        return tuple(item for item in written if isinstance(item, Tensor))
    return ()


def _reads_leaf(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether a leaf that requires grad is among the arguments, or in a list of them."""
    return any(
        argument.requires_grad and argument.is_leaf
        if isinstance(argument, Tensor)
        else isinstance(argument, list | tuple) and _reads_leaf(tuple(argument), {})
        for argument in (*args, *kwargs.values())
    )


def tensors_in(prefix: str, items: list[Any] | tuple[Any, ...]) -> Iterator[tuple[str, Tensor]]:
    """The tensors in a list and in the lists in it, each with its place: "prefix.2.0"."""
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
        return {"slice": [plain(argument.start), plain(argument.stop), plain(argument.step)]}
    if argument is Ellipsis:
        return "..."
    if kind in (list, tuple, torch.Size):
        items = [plain(item) for item in argument[:_LONGEST]]
        return items if len(argument) <= _LONGEST else [*items, "…"]
    if isinstance(argument, np.number | np.bool_):
        return plain(argument.item())
    return f"<{kind.__name__}>"
