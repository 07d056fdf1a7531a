"""Gradients: pre- and post-hooks on every autograd node of every graph that an op grows.

Sees each node that runs, whatever triggers the backward pass, the gradients it gets and sends, and `.grad` after it.
Cannot see: nodes of graphs grown outside recorded ops until a recorded op uses them; compiled autograd.

NOTE [Marks on nodes]
A node that has been hooked carries a mark in its `metadata` dictionary, which lives and dies with the node. So nothing
here keeps a graph alive, ids of collected objects are never confused, and a graph kept over iterations is hooked once.
"""

from __future__ import annotations

import itertools
import time
import weakref
from functools import partial
from types import FrameType
from typing import TYPE_CHECKING, Any

from torch import Tensor

from ..events import Kind, Phase
from ..trace.batch import Row
from .capture import version_of

if TYPE_CHECKING:
    from .recorder import Recorder

_serial = itertools.count(1)
_LEAF = "torch::autograd::AccumulateGrad"

Edge = tuple[int, int]


class Known:
    """What the hooks of one node need: its id, name, where its gradients go, and the leaf it fills, if any."""

    __slots__ = ("begin", "call", "id", "inputs", "leaf", "name", "next", "tensor")

    def __init__(self, key: int, name: str, after: list[Edge | None]) -> None:
        self.id = key
        self.name = name
        self.next = after
        self.leaf: weakref.ref[Tensor] | None = None
        self.tensor: int | None = None
        self.inputs: list[Row] | None = None
        self.begin = 0
        self.call: int | None = None


class GradientRecorder:
    """Hooks nodes while it is active; hooks of nodes that outlive it do nothing."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._key = f"gradstep {next(_serial)}"
        self._count = 0
        self._active = False
        self._site: int | None = None
        self._sent: dict[Edge, list[tuple[int, int, int]]] = {}
        self.boxes: dict[int, int | None] = {}
        """Named tensor -> value id of its `.grad`; None: empty. A tensor that is missing was never filled."""

    def __enter__(self) -> GradientRecorder:
        self._active = True
        return self

    def __exit__(self, *exception: object) -> None:
        self._active = False

    def source(self, tensor: Tensor, op: int | None) -> tuple[int | None, int]:
        """(node id, output number) of the node that made a tensor; hooks the graph behind it as far as it is new."""
        root = tensor.grad_fn
        if root is None:
            return None, 0
        known = root.metadata.get(self._key)
        if known is None:
            known = self._mark(root, op)
        return known, tensor.output_nr

    def _mark(self, root: Any, op: int | None) -> int:
        key = self._key
        self._count += 1
        first = root.metadata[key] = self._count
        waiting = [(root, first)]
        rows = self._recorder.batch.nodes
        iteration = self._recorder.iterations.number
        while waiting:
            node, known = waiting.pop()
            after: list[Edge | None] = []
            for child, number in node.next_functions:
                if child is None:
                    after.append(None)
                    continue
                marks = child.metadata
                seen = marks.get(key)
                if seen is None:
                    self._count += 1
                    seen = marks[key] = self._count
                    waiting.append((child, seen))
                after.append((seen, number))
            rows.append(self._hook(node, known, after, op, iteration))
        return first

    def _hook(self, node: Any, key: int, after: list[Edge | None], op: int | None, iteration: int) -> Row:
        name = node.name()
        info = Known(key, name, after)
        if name == _LEAF:
            info.name = "AccumulateGrad"
            leaf = node.variable
            info.leaf = weakref.ref(leaf)
            info.tensor = self._recorder.leaf(leaf)
            op = None
        else:
            info.call = self._recorder.modules.current
        if self._recorder.gate is not None:
            node.register_prehook(partial(self._before, info))
        node.register_hook(partial(self._after, info))
        return (key, info.name, op, iteration, after, info.tensor)

    def _before(self, info: Known, gradients: tuple[Tensor | None, ...]) -> None:
        """A node is about to run: `gradients` arrive at it, one an output of the forward op."""
        recorder = self._recorder
        if not self._active or recorder.gate is None:
            return
        try:
            self._enter_phase()
            info.inputs = self._arriving(info, gradients)
            recorder.arrive(
                Kind.NODE,
                info.name,
                info.name,
                Phase.BACKWARD,
                self._site,
                info.inputs,
                {},
                info.id,
                info.tensor,
                info.call,
            )
            info.begin = time.perf_counter_ns()
        except Exception as error:
            recorder.give_up(error)

    def _after(self, info: Known, sent: tuple[Tensor | None, ...], gradients: tuple[Tensor | None, ...]) -> None:
        """A node ran: it got `gradients` and sends `sent`, one an input of the forward op."""
        if not self._active:
            return
        recorder = self._recorder
        try:
            inputs = info.inputs
            if inputs is None:
                self._enter_phase()
                inputs = self._arriving(info, gradients)
            now = time.perf_counter_ns()
            begin = info.begin or now
            info.inputs, info.begin = None, 0
            outputs = self._sending(info, sent) if info.leaf is None else self._accumulated(info, inputs)
            recorder.write(
                Kind.NODE,
                info.name,
                info.name,
                Phase.BACKWARD,
                self._site,
                inputs,
                outputs,
                None,
                info.id,
                info.tensor,
                begin,
                now - begin,
                "",
                info.call,
            )
        except Exception as error:
            recorder.give_up(error)

    def _enter_phase(self) -> None:
        iterations = self._recorder.iterations
        if iterations.phase != Phase.BACKWARD:
            iterations.backward()
            frame: FrameType | None = self._recorder.places.frame(2)
            self._site = self._recorder.places.site(frame)

    def _arriving(self, info: Known, gradients: tuple[Tensor | None, ...]) -> list[Row]:
        rows: list[Row] = []
        for number, gradient in enumerate(gradients):
            terms = self._sent.pop((info.id, number), ())
            if gradient is None:
                continue
            if len(terms) == 1 and terms[0][1:] == (_address(gradient), version_of(gradient)):
                value = terms[0][0]
            else:
                value = self._recorder.capture.snapshot(gradient)
            rows.append((str(number), value, None, number))
        return rows

    def _sending(self, info: Known, sent: tuple[Tensor | None, ...]) -> list[Row]:
        rows: list[Row] = []
        snapshot = self._recorder.capture.snapshot
        for number, gradient in enumerate(sent):
            after = info.next[number] if number < len(info.next) else None
            if gradient is None or after is None:
                continue
            value = snapshot(gradient)
            self._sent.setdefault(after, []).append((value, _address(gradient), version_of(gradient)))
            rows.append((str(number), value, after[0], after[1]))
        return rows

    def _accumulated(self, info: Known, inputs: list[Row]) -> list[Row]:
        """AccumulateGrad ran: what the leaf's `.grad` holds now (the arriving gradient itself if it was empty)."""
        leaf = None if info.leaf is None else info.leaf()
        if leaf is None or info.tensor is None:
            return []
        recorder = self._recorder
        with recorder.paused():
            box = leaf.grad
        if box is None:
            return []
        if self.boxes.get(info.tensor) is None and len(inputs) == 1:
            value = inputs[0][1]
            recorder.capture.remember(box, value)
        else:
            value = recorder.capture.new(box)
        self.boxes[info.tensor] = value
        recorder.updates.filled(box, info.tensor, value)
        return [("grad", value, None, 0)]

    def returned(self, args: tuple[Any, ...], kwargs: dict[str, Any], gradients: tuple[Tensor | None, ...]) -> None:
        """torch.autograd.grad returned gradients: those that nodes sent are known values, not new ones."""
        wanted = kwargs.get("inputs", args[1] if len(args) > 1 else ())
        for tensor, gradient in zip([wanted] if isinstance(wanted, Tensor) else wanted, gradients, strict=False):
            if gradient is None:
                continue
            for terms in self._sent.values():
                for value, address, version in terms:
                    if address == _address(gradient) and version == version_of(gradient):
                        self._recorder.capture.remember(gradient, value)
            del tensor
        self._sent.clear()


def _address(tensor: Tensor) -> int:
    try:
        return tensor.data_ptr()
    except RuntimeError:
        return 0
