"""Gradients: pre- and post-hooks on every autograd node of every graph that an op grows.

Sees each node that runs, whatever triggers the backward pass, the gradients it gets and sends, and `.grad` after it.
Cannot see: nodes of graphs grown outside recorded ops until a recorded op uses them; compiled autograd.

NOTE [Marks on nodes]
A node that has been hooked carries a mark in its `metadata` dictionary, which lives and dies with the node: the id that
we gave it. So nothing here keeps a graph alive, ids of collected objects are never confused, and a graph kept over
iterations is hooked once.

NOTE [Few objects]
Python's collector of circular garbage runs the more often, and longer, the more objects live that may be part of a
circle, and thousands of nodes live until the backward pass. So marks are numbers, and a node has no object of ours: all
have the same hooks, which ask autograd for the node that runs. Rows are tuples of numbers and texts, which the
collector soon leaves alone (unlike lists).
"""

from __future__ import annotations

import itertools
import threading
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
from .no_modes import no_modes
from .words import BACKWARD, NODE

if TYPE_CHECKING:
    from .recorder import Recorder

_walk = torch._C._current_graph_task_id

_serial = itertools.count(1)
_PLACES = tuple(str(i) for i in range(64))
_LEAF = "torch::autograd::AccumulateGrad"

Edge = tuple[int, int]


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
        self._call_key = f"{self._key} call"
        self._count = 0
        self._active = False
        self._thread = 0
        self._site: int | None = None
        self._walk = -1
        """The walk through the graph that runs, as autograd numbers them."""
        self._running: dict[int, tuple[int, tuple[Row, ...]]] = {}
        """Node before which somebody was told of it, and which has not run yet -> since when, and what arrived."""
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
        return root.metadata.get(self._key) or self._mark(root, op), tensor.output_nr

    def _mark(self, root: Any, op: int | None) -> int:
        """Hooks all new nodes from `root` down; stops at nodes that carry a mark."""
        key = self._key
        recorder = self._recorder
        rows = recorder.batch.nodes
        iteration = recorder.iterations.number
        call = recorder.modules.current
        count = first = self._count + 1
        marks = root.metadata
        marks[key] = first
        waiting = [(root, first, marks)]
        while waiting:
            node, known, marks = waiting.pop()
            edges: list[Edge | None] = []
            for child, number in node.next_functions:
                if child is None:
                    edges.append(None)
                    continue
                below = child.metadata
                seen = below.get(key)
                if seen is None:
                    count += 1
                    seen = below[key] = count
                    waiting.append((child, seen, below))
                edges.append((seen, number))
            name = node.name()
            if name == _LEAF:
                rows.append((known, "AccumulateGrad", None, iteration, tuple(edges), recorder.leaf(node.variable)))
            else:
                if call is not None:
                    marks[self._call_key] = call
                rows.append((known, name, op, iteration, tuple(edges), None))
            if recorder.gate is not None or recorder.aten is not None:
                node.register_prehook(self._before)
            node.register_hook(self._after)
        self._count = count
        return first

    def _facts(self, node: Any) -> tuple[int, int | None, str, Tensor | None, int | None]:
        """Of a hooked node: its id, its module call, its name, the leaf that it fills if any, and that tensor's id."""
        marks = node.metadata
        name = node.name()
        if name == _LEAF:
            leaf = node.variable
            return marks[self._key], None, "AccumulateGrad", leaf, self._recorder.leaf(leaf)
        return marks[self._key], marks.get(self._call_key), name, None, None

    def _before(self, gradients: tuple[Tensor | None, ...]) -> tuple[Tensor | None, ...] | None:
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
            node, call, name, _, tensor = self._facts(torch._C._current_autograd_node())
            inputs = self._arriving(node, gradients)
            self._running[node] = perf_counter_ns(), inputs
            arriving = edits.arriving = Arriving(gradients, list(inputs))
            while recorder.arrive(NODE, name, name, BACKWARD, self._site, arriving.rows, {}, node, tensor, call):
                changed = True
            self._running[node] = perf_counter_ns(), tuple(arriving.rows)
            return tuple(arriving.gradients) if changed else None
        except Exception as error:
            recorder.give_up(error)
            return None
        finally:
            edits.arriving = None

    def _after(self, sent: tuple[Tensor | None, ...], gradients: tuple[Tensor | None, ...]) -> None:
        """A node ran: it got `gradients` and sends `sent`, one an input of the forward op."""
        if not self._active or (get_ident() != self._thread and self._is_foreign()):
            return
        recorder = self._recorder
        try:
            now = perf_counter_ns()
            runs = torch._C._current_autograd_node()
            node, call, name, leaf, tensor = self._facts(runs)
            told = self._running.pop(node, None) if self._running else None
            if told is None:
                if recorder.iterations.phase != BACKWARD or _walk() != self._walk:
                    self._enter_phase()
                begin, inputs = now, self._arriving(node, gradients)
            else:
                begin, inputs = told
            if leaf is None or tensor is None:
                outputs = self._sending(runs.next_functions, sent, inputs, gradients)
            else:
                outputs = self._accumulated(leaf, tensor, inputs)
            recorder.write(
                *(NODE, name, name, BACKWARD, self._site, inputs, outputs, None, node, tensor, begin, now - begin),
                *("", call),
            )
        except Exception as error:
            recorder.give_up(error)

    def _enter_phase(self) -> None:
        iterations = self._recorder.iterations
        walk = _walk()
        if iterations.phase != BACKWARD:
            self._sent.clear()
            self._running.clear()
            iterations.backward(self._recorder.position)
        elif walk == self._walk:
            return
        # Another walk may follow at once, from another line; inside a walk there may be one of a checkpoint.
        self._walk = walk
        frame: FrameType | None = self._recorder.places.frame(2)
        self._site = self._recorder.places.site(frame)

    def _arriving(self, node: int, gradients: tuple[Tensor | None, ...]) -> tuple[Row, ...]:
        """Slots of the gradients that arrive at a node; the single one that was sent there is the value it was."""
        rows: list[Row] = []
        take = self._sent.pop
        for number, gradient in enumerate(gradients):
            terms = take((node, number), None)
            if gradient is not None:
                if terms is not None and len(terms) == 3 and terms[1:] == _identity(gradient):
                    value = terms[0]
                else:
                    value = self._recorder.capture.snapshot(gradient)
                rows.append((_PLACES[number] if number < 64 else str(number), value, None, number))
        return tuple(rows)

    def _sending(
        self,
        after: tuple[tuple[Any, int], ...],
        sent: tuple[Tensor | None, ...],
        inputs: tuple[Row, ...],
        gradients: tuple[Tensor | None, ...],
    ) -> tuple[Row, ...]:
        """Slots of the gradients that a node sends on; one that only shows what it got with other strides is a view."""
        rows: list[Row] = []
        waiting = self._sent
        capture = self._recorder.capture
        got = gradients[0] if len(gradients) == 1 and inputs else None
        pointer = 0 if got is None else _identity(got)[0]
        for number, (gradient, (child, index)) in enumerate(zip(sent, after, strict=False)):
            if gradient is None or child is None:
                continue
            edge = child.metadata[self._key], index
            address, version = _identity(gradient)
            if address == pointer != 0 and got is not None and _same_elements(got, gradient):
                passed = got.shape == gradient.shape and got.stride() == gradient.stride()
                value = inputs[0][1] if passed else capture.view(gradient, inputs[0][1])
            else:
                value = capture.snapshot(gradient)
            terms = waiting.get(edge)
            waiting[edge] = (value, address, version) if terms is None else (*terms, value, address, version)
            rows.append((_PLACES[number] if number < 64 else str(number), value, *edge))
        return tuple(rows)

    def _accumulated(self, leaf: Tensor, tensor: int, inputs: tuple[Row, ...]) -> tuple[Row, ...]:
        """AccumulateGrad ran: what the leaf's `.grad` holds now (the arriving gradient itself if it was empty)."""
        recorder = self._recorder
        with torch._C.DisableTorchFunction():
            box = leaf.grad
        if box is None:
            return ()
        if box.requires_grad:
            self.source(
                box, None
            )  # `create_graph`: no recorded op made this graph, least of all one that reads `.grad`
        if self.boxes.get(tensor) is None and len(inputs) == 1:
            value = inputs[0][1]
            recorder.capture.remember(box, value)
        else:
            value = recorder.capture.new(box)
        self.boxes[tensor] = value
        recorder.updates.filled(box, tensor, value)
        return (("grad", value, None, 0),)

    def is_running(self, node: Any) -> bool:
        """Whether a node that autograd is busy with runs just now; afterwards it still sees to what the node sent."""
        known = node.metadata.get(self._key)
        return known is None or known in self._running

    def leaf_node(self, leaf: Tensor) -> Any:
        """The node that fills a leaf's `.grad`, hooked; None where there is none. A pass may begin at it."""
        recorder = self._recorder
        if not leaf.requires_grad or not self._active or recorder.suspended or not recorder.listening():
            return None
        try:
            # It makes a view of the leaf, which no mode of the aten level may see either.
            with recorder.paused(), no_modes():
                node: Any = torch.autograd.graph.get_gradient_edge(leaf).node
            if node.metadata.get(self._key) is None:
                self._mark(node, None)
            return node
        except RuntimeError:
            return None  # a tensor of functorch has none

    def failed(self, roots: list[Any], error: str, begin: int) -> bool:
        """A backward pass from the nodes `roots` raised: the node that did so becomes an event, if it can be told.

        Which one that is: NOTE [Which node failed] in `failed_node`. error: the exception's type and message.
        """
        recorder = self._recorder
        self._enter_phase()
        found = failed_node(roots, self._key, {node for node, _ in self._sent}, self._running)
        if found is None:
            return False
        node, call, name, _, tensor = self._facts(found)
        start, inputs = self._running.pop(node, (begin, None))
        if inputs is None:
            terms = sorted((at[1], sent) for at, sent in self._sent.items() if at[0] == node)
            inputs = tuple((str(number), sent[0] if len(sent) == 3 else None, None, number) for number, sent in terms)
        site = recorder.places.site(recorder.places.frame(2))
        recorder.raised(NODE, name, name, BACKWARD, site, inputs, {}, error, node, tensor, call)
        recorder.write(
            *(NODE, name, name, BACKWARD, site, inputs, (), None, node, tensor, start, perf_counter_ns() - start),
            *(error, call),
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
