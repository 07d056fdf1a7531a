"""Gradients: pre- and post-hooks on every autograd node of every graph that an op grows.

Sees each node that runs, whatever triggers the backward pass, the gradients it gets and sends, and `.grad` after it.
Cannot see: nodes of graphs grown outside recorded ops until a recorded op uses them; compiled autograd.

NOTE [Marks on nodes]
A node that has been hooked carries a mark in its `metadata` dictionary, which lives and dies with the node. So nothing
here keeps a graph alive, ids of collected objects are never confused, and a graph kept over iterations is hooked once.
"""

from __future__ import annotations

import itertools
import threading
import weakref
from functools import partial
from threading import get_ident
from time import perf_counter_ns
from types import FrameType
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from ..trace.batch import Row
from .capture import is_dense
from .edits import Arriving
from .failed_node import failed_node
from .words import BACKWARD, NODE

if TYPE_CHECKING:
    from .recorder import Recorder

_serial = itertools.count(1)
_PLACES = tuple(str(i) for i in range(64))
_LEAF = "torch::autograd::AccumulateGrad"

Edge = tuple[int, int]


class Known:
    """What the hooks of one node need: its id, name, where its gradients go, and the leaf it fills, if any."""

    __slots__ = ("begin", "call", "id", "inputs", "leaf", "name", "next", "tensor")

    def __init__(self, key: int, call: int | None) -> None:
        self.id = key
        self.call = call
        self.name = ""
        self.next: list[Edge | None] = []
        self.leaf: weakref.ref[Tensor] | None = None
        self.tensor: int | None = None
        self.inputs: list[Row] | None = None
        self.begin = 0


def grad_fn_of(tensor: Tensor) -> Any:
    """The node that made a tensor; None for a leaf.

    None too for a view made under no_grad that was written to there (the row of zeros in Embedding(padding_idx=0)), or
    whose base was written to with gradients: of these torch refuses to say.
    """
    try:
        return tensor.grad_fn
    except RuntimeError:
        return None


class GradientRecorder:
    """Hooks nodes while it is active; hooks of nodes that outlive it do nothing."""

    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._key = f"gradstep {next(_serial)}"
        self._count = 0
        self._active = False
        self._thread = 0
        self._site: int | None = None
        self._sent: dict[Edge, tuple[int, ...]] = {}
        """What was sent to a node that has not run yet: value, address, version of each term, one after the other."""
        self.boxes: dict[int, int | None] = {}
        """Named tensor -> value id of its `.grad`; None: empty. A tensor that is missing was never filled."""

    def __enter__(self) -> GradientRecorder:
        self._active = True
        self._thread = get_ident()
        return self

    def __exit__(self, *exception: object) -> None:
        self._active = False

    def _is_foreign(self) -> bool:
        """Whether this is another thread of the script. Those of autograd, one a device, were not started by Python."""
        here = next((thread for thread in threading.enumerate() if thread.ident == get_ident()), None)
        return here is not None and not isinstance(here, threading._DummyThread)

    def source(self, tensor: Tensor, op: int | None) -> tuple[int | None, int]:
        """(node id, output number) of the node that made a tensor; hooks the graph behind it as far as it is new."""
        root = grad_fn_of(tensor)
        if root is None:
            return None, 0
        known = root.metadata.get(self._key)
        if known is None:
            known = self._mark(root, op)
        return known.id, tensor.output_nr

    def _mark(self, root: Any, op: int | None) -> Known:
        """Hooks all new nodes from `root` down; stops at nodes that carry a mark."""
        key = self._key
        recorder = self._recorder
        rows = recorder.batch.nodes
        iteration = recorder.iterations.number
        call = recorder.modules.current
        self._count += 1
        first = root.metadata[key] = Known(self._count, call)
        waiting = [(root, first)]
        while waiting:
            node, known = waiting.pop()
            after = known.next
            for child, number in node.next_functions:
                if child is None:
                    after.append(None)
                    continue
                marks = child.metadata
                seen = marks.get(key)
                if seen is None:
                    self._count += 1
                    seen = marks[key] = Known(self._count, call)
                    waiting.append((child, seen))
                after.append((seen.id, number))
            name = known.name = node.name()
            maker = op
            if name == _LEAF:
                maker = None
                self._note_leaf(node, known)
            if recorder.gate is not None or recorder.aten is not None:
                node.register_prehook(partial(self._before, known))
            node.register_hook(partial(self._after, known))
            rows.append((known.id, known.name, maker, iteration, after, known.tensor))
        return first

    def _note_leaf(self, node: Any, known: Known) -> None:
        leaf = node.variable
        known.name = "AccumulateGrad"
        known.leaf = weakref.ref(leaf)
        known.tensor = self._recorder.leaf(leaf)
        known.call = None

    def _before(self, info: Known, gradients: tuple[Tensor | None, ...]) -> tuple[Tensor | None, ...] | None:
        """A node is about to run: `gradients` arrive at it, one an output of the forward op.

        Gives back others where somebody changed one.
        """
        recorder = self._recorder
        if not self._active or (get_ident() != self._thread and self._is_foreign()):
            return None
        if recorder.gate is None and recorder.aten is None:
            return None
        edits = recorder.edits
        changed = False
        try:
            self._enter_phase()
            info.inputs = self._arriving(info.id, gradients)
            edits.arriving = Arriving(gradients, info.inputs)
            while recorder.arrive(
                NODE,
                info.name,
                info.name,
                BACKWARD,
                self._site,
                info.inputs,
                {},
                info.id,
                info.tensor,
                info.call,
            ):
                changed = True
            info.begin = perf_counter_ns()
            return tuple(edits.arriving.gradients) if changed else None
        except Exception as error:
            recorder.give_up(error)
            return None
        finally:
            edits.arriving = None

    def _after(self, info: Known, sent: tuple[Tensor | None, ...], gradients: tuple[Tensor | None, ...]) -> None:
        """A node ran: it got `gradients` and sends `sent`, one an input of the forward op."""
        if not self._active or (get_ident() != self._thread and self._is_foreign()):
            return
        recorder = self._recorder
        try:
            now = perf_counter_ns()
            begin = info.begin or now
            inputs = info.inputs
            if inputs is None:
                if recorder.iterations.phase != BACKWARD:
                    self._enter_phase()
                inputs = self._arriving(info.id, gradients)
            else:
                info.inputs, info.begin = None, 0
            if info.tensor is None:
                outputs = self._sending(info.next, sent, inputs, gradients)
            else:
                outputs = self._accumulated(info, inputs)
            recorder.write(
                NODE,
                info.name,
                info.name,
                BACKWARD,
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
        if iterations.phase != BACKWARD:
            self._sent.clear()
            iterations.backward(self._recorder.position)
            frame: FrameType | None = self._recorder.places.frame(2)
            self._site = self._recorder.places.site(frame)

    def _arriving(self, node: int, gradients: tuple[Tensor | None, ...]) -> list[Row]:
        """Slots of the gradients that arrive at a node; the single one that was sent there is the value it was."""
        rows: list[Row] = []
        for number, gradient in enumerate(gradients):
            terms = self._sent.pop((node, number), None)
            if gradient is not None:
                if terms is not None and len(terms) == 3 and terms[1:] == _identity(gradient):
                    rows.append((_PLACES[number], terms[0], None, number))
                else:
                    rows.append((str(number), self._recorder.capture.snapshot(gradient), None, number))
        return rows

    def _sending(
        self,
        after: list[Edge | None],
        sent: tuple[Tensor | None, ...],
        inputs: list[Row],
        gradients: tuple[Tensor | None, ...],
    ) -> list[Row]:
        """Slots of the gradients that a node sends on; one that only shows what it got with other strides is a view."""
        rows: list[Row] = []
        capture = self._recorder.capture
        got = gradients[0] if len(gradients) == 1 and inputs else None
        pointer = 0 if got is None else _identity(got)[0]
        for number, (gradient, edge) in enumerate(zip(sent, after, strict=False)):
            if gradient is None or edge is None:
                continue
            address, version = _identity(gradient)
            if address == pointer != 0 and got is not None and _same_elements(got, gradient):
                passed = got.shape == gradient.shape and got.stride() == gradient.stride()
                value = inputs[0][1] if passed else capture.view(gradient, inputs[0][1])
            else:
                value = capture.snapshot(gradient)
            self._sent[edge] = (*self._sent.get(edge, ()), value, address, version)
            rows.append((_PLACES[number] if number < 64 else str(number), value, *edge))
        return rows

    def _accumulated(self, info: Known, inputs: list[Row]) -> list[Row]:
        """AccumulateGrad ran: what the leaf's `.grad` holds now (the arriving gradient itself if it was empty)."""
        leaf = None if info.leaf is None else info.leaf()
        if leaf is None or info.tensor is None:
            return []
        recorder = self._recorder
        with torch._C.DisableTorchFunction():
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

    def is_running(self, node: Any) -> bool:
        """Whether a node that autograd is busy with runs just now; afterwards it still sees to what the node sent."""
        known = node.metadata.get(self._key)
        return known is None or known.begin != 0

    def failed(self, root: Any, error: str, begin: int) -> bool:
        """A backward pass from the node `root` raised: the node that did so becomes an event, if it can be told.

        Which one that is: NOTE [Which node failed] in `failed_node`. error: the exception's type and message.
        """
        recorder = self._recorder
        self._enter_phase()
        info = failed_node(root, self._key, {node for node, _ in self._sent})
        if info is None:
            return False
        inputs = info.inputs
        if inputs is None:
            terms = sorted((at[1], sent) for at, sent in self._sent.items() if at[0] == info.id)
            inputs = [(str(number), sent[0] if len(sent) == 3 else None, None, number) for number, sent in terms]
        info.inputs = None
        start, duration = info.begin or begin, perf_counter_ns() - (info.begin or begin)
        site = recorder.places.site(recorder.places.frame(2))
        recorder.raised(NODE, info.name, info.name, BACKWARD, site, inputs, {}, error, info.id, info.tensor, info.call)
        recorder.write(
            NODE,
            info.name,
            info.name,
            BACKWARD,
            site,
            inputs,
            (),
            None,
            info.id,
            info.tensor,
            start,
            duration,
            error,
            info.call,
        )
        self._sent.clear()
        return True

    def returned(self, gradients: Any) -> None:
        """torch.autograd.grad returned gradients: those that nodes sent are known values, not new ones."""
        sent = {terms[i + 1 : i + 3]: terms[i] for terms in self._sent.values() for i in range(0, len(terms), 3)}
        for gradient in gradients if isinstance(gradients, list | tuple) else ():
            if isinstance(gradient, Tensor):
                value = sent.get(_identity(gradient))
                if value is not None:
                    self._recorder.capture.remember(gradient, value)
        self._sent.clear()


def _identity(tensor: Tensor) -> tuple[int, int]:
    """(address, version): together they tell whether a gradient is still the tensor that was sent."""
    if type(tensor) is Tensor:
        try:
            return tensor.data_ptr(), tensor._version
        except RuntimeError:
            pass  # it is sparse, or batched by vmap
    return 0, -next(_serial)


def _same_elements(one: Tensor, other: Tensor) -> bool:
    """Whether `other`, at the same address, shows exactly the elements of the dense tensor `one`."""
    return (
        type(one) is Tensor
        and type(other) is Tensor
        and one.nbytes == other.nbytes
        and one.dtype == other.dtype
        and is_dense(one)
        and not one.is_neg()
        and not other.is_neg()
        and not one.is_complex()
    )
