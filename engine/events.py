"""Events: the closed set of things a trace is made of, as its reader hands them out.

NOTE [Time]
One integer is time: `position` p means that p events are completed and event p is about to happen, so an event's
own position is the number of events before it. Spans (an iteration, a module call) are half-open intervals
[begin, end) of positions. Given the run `z = linear(x); a = relu(z); a.backward()`, linear is event 0, relu event 1,
ReluBackward0 event 2; at position 1 z is known and a is not.

NOTE [Gradients]
An op's output slot names the autograd node that made it and the node's output number. The gradient of C with respect
to that output is what arrives at this (node, index): an input slot of the node's event. A node's output slot names the
(node, index) to which it sends a gradient; for a fan-out several nodes send to the same place and the sum arrives.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What sort of happening an event is."""

    OP = "op"
    """A torch call that computed tensors."""
    NODE = "node"
    """An autograd node that ran in a backward pass."""
    GRAD = "grad"
    """A `.grad` box set from outside a backward pass: zeroed, cleared or assigned."""
    UPDATE = "update"
    """A parameter that changed: by an optimizer, or by an in-place write outside autograd.

    A scheduler's step is one too: it has no slots, and the learning rates of all groups before and after in its
    arguments ("lr", "new_lr").
    """
    EDIT = "edit"
    """A value that somebody changed by hand while the script was held.

    Its arguments say what ("parameter", "activation", "gradient", "learning rate" ...), as which target, and as what
    text; for the result of an op also whether its gradient is "kept" or "cut". One input and one output slot, the
    value before and after ("grad" for a `.grad`, else "old" and "new"), none for learning rates ("lr", "new_lr").
    """


class Phase(StrEnum):
    """Which part of training an event belongs to."""

    SETUP = "setup"
    """Before the first iteration: data, initial weights."""
    ZERO = "zero"
    """`.grad` boxes are emptied."""
    FORWARD = "forward"
    BACKWARD = "backward"
    UPDATE = "update"
    OTHER = "other"
    """Between the phases or after the last one: metrics, bookkeeping."""


UNTRACKED = {"no_grad": "torch.no_grad()", "inference": "torch.inference_mode()"}
"""Modes in which autograd does not follow what is computed -> what switches them on."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One tensor that goes into or comes out of an event.

    name: the argument's name or place ("input", "0", "0.2" inside a list; for updates "value", "grad" or an optimizer
    state's name); for nodes the output (inputs) or input (outputs) number. value: id of the `Value`, None where no
    tensor was (an undefined gradient). node, index: see NOTE [Gradients]; None where no node is concerned.
    """

    name: str
    value: int | None
    node: int | None = None
    index: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded happening, written when it is completed (or, at a stop, when it is about to happen).

    name: short, as a learner would say it ("linear", "SigmoidBackward0", "SGD", "zero_grad"). function: what was
    called ("torch.nn.functional.linear", "Tensor.__add__"). call: id of the innermost module call. site: id of the
    place in the user's source. node: for nodes, id of the `Node`. tensor: for grad and update events, id of the
    parameter. arguments_json: arguments that are no tensors, by name or place; for updates the optimizer's settings.
    start_ns: since the run began. pending: it is about to happen, so outputs are unknown. error: the exception's type
    and message if it raised.
    """

    position: int
    kind: Kind
    name: str
    function: str
    iteration: int
    phase: Phase
    call: int | None
    site: int | None
    inputs: tuple[Slot, ...]
    outputs: tuple[Slot, ...]
    arguments_json: str
    node: int | None
    tensor: int | None
    start_ns: int
    duration_ns: int
    pending: bool
    error: str

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments that are no tensors, by name or place."""
        return json.loads(self.arguments_json) if self.arguments_json else {}


@dataclass(frozen=True, slots=True)
class AtenOp:
    """What torch called inside an event, recorded where it was asked for. position: of that event.

    inside: False if it ran before that event began (the 1 that a backward pass begins with). name, function: "mm",
    "aten::mm". inputs, outputs, arguments_json, start_ns, duration_ns, error: as of an `Event`; slots name no nodes.
    """

    id: int
    position: int
    inside: bool
    name: str
    function: str
    inputs: tuple[Slot, ...]
    outputs: tuple[Slot, ...]
    arguments_json: str
    start_ns: int
    duration_ns: int
    error: str

    @property
    def arguments(self) -> dict[str, Any]:
        """Arguments that are no tensors, by name or place."""
        return json.loads(self.arguments_json) if self.arguments_json else {}


@dataclass(frozen=True, slots=True)
class Node:
    """An autograd node, known from the moment the forward op made it. op: position of that op, None if unseen.

    next: for each input of the forward op the (node id, output number) its gradient goes to, None where no gradient
    is wanted. tensor: for AccumulateGrad, the leaf whose `.grad` it fills.
    """

    id: int
    name: str
    op: int | None
    iteration: int
    next: tuple[tuple[int, int] | None, ...]
    tensor: int | None


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """One call of a module. path: as in `named_modules()` ("conv.0"; "" for the outermost). Events [begin, end)."""

    id: int
    parent: int | None
    path: str
    class_name: str
    variable: str
    iteration: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Iteration:
    """One pass of the training loop: events [begin, end). whole: its arrays are all kept. number -1 is the set-up."""

    number: int
    begin: int
    end: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Tensor:
    """A tensor that lives longer than one op: a parameter, a buffer, data, a constant. name may be empty.

    kind: "parameter" (a leaf that requires grad), "buffer" (of a module), "input" (anything else).
    """

    id: int
    name: str
    kind: str
    shape: tuple[int, ...]
    dtype: str
    device: str
    requires_grad: bool


@dataclass(frozen=True, slots=True)
class Site:
    """A place in a source file: the expression that an op was called from. Lines 1-based, columns 0-based."""

    id: int
    source: int
    function: str
    line: int
    end_line: int
    column: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Source:
    """A source file as it was when it ran."""

    id: int
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Output:
    """Text the script wrote. stream: "stdout" or "stderr". position: events completed when it was written."""

    id: int
    position: int
    stream: str
    text: str
