"""Updates by hand and `.grad` boxes: in-place writes to parameters, clipping, zero_grad.

Sees in-place writes to a named tensor or an alias of it outside autograd, and every assignment to `.grad`. Cannot see:
writes through numpy memory that a tensor shares.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterable
from types import FrameType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from ..trace.batch import Row
from .capture import storage_pointer
from .words import GRAD, SETUP, UPDATE, UPDATED, ZERO

if TYPE_CHECKING:
    from .recorder import Recorder

Owner = tuple[Tensor, int]


class UpdateRecorder:
    """Told by `OpRecorder` and `GradientRecorder` what may concern parameters and their gradients."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._gradients: set[int | None] = set()
        self._iteration = -1
        self._boxes: dict[int, tuple[weakref.ref[Tensor], int]] = {}
        """Address of its storage -> a gradient that a `.grad` holds, and the named tensor whose it is."""

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
            inputs = () if old is None else (("grad", old, None, 0),)
            recorder.write(
                GRAD,
                "zero_grad",
                function,
                ZERO,
                site,
                inputs,
                (("grad", new, None, 0),),
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
        inputs: tuple[Row, ...],
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
        # `torch.sub(a, b, out=w)` reads a and b; any other call reads what it writes to, as its first argument.
        others = inputs if any(slot[0] == "out" for slot in inputs) else inputs[1:]
        slots = (("value", old, None, 0), *others)
        recorder.iterations.updated(site)
        recorder.write(
            UPDATED,
            name,
            function,
            UPDATE,
            site,
            slots,
            (("value", new, None, 0),),
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
        inputs = (("grad", box, None, 0),) if box is not None else ()
        begin = time.perf_counter_ns()
        while recorder.arrive(GRAD, "zero_grad", "Tensor.grad", ZERO, site, inputs, {}, None, key):
            box = recorder.gradients.boxes.get(key)
            inputs = (("grad", box, None, 0),) if box is not None else ()
        result = func(*args)
        value = None if gradient is None else recorder.value_of(gradient, frame)
        recorder.gradients.boxes[key] = value
        if value is not None:
            self._gradients.add(value)
        outputs = () if value is None else (("grad", value, None, 0),)
        name = "zero_grad" if gradient is None else "grad="
        recorder.write(GRAD, name, "Tensor.grad", ZERO, site, inputs, outputs, None, None, key, begin, 0, "")
        return result


def part_written(owner: Tensor, target: Tensor) -> list[Any] | str | None:
    """Which elements of its owner a view shows: [shape, strides, first element], counted in the owner's order.

    None: all of them, each in its place. A word: it cannot be said.
    """
    if target.shape == owner.shape and target.stride() == owner.stride():
        return None
    first = target.storage_offset() - owner.storage_offset()
    last = first + sum((size - 1) * stride for size, stride in zip(target.shape, target.stride(), strict=True))
    if not owner.is_contiguous() or owner.dtype != target.dtype or first < 0 or last >= owner.numel():
        return "another view"
    return [list(target.shape), list(target.stride()), first]
