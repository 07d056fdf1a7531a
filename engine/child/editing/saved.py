"""Which autograd nodes keep a tensor for their backward pass: what must not be written to meanwhile.

NOTE [Why a saved tensor is not written to]
Between forward and backward autograd holds the tensors that derivatives are computed from. Writing to one outside
autograd makes `backward` fail; writing past its version counter (`.data`) makes it use the new number with results
that were computed from the old one, and nobody says so. Both are refused.
Cannot see: graphs that no tensor known to the recorder leads to; and what a script's own node keeps outside
`save_for_backward`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from ...recorder.capture import storage_pointer
from ...recorder.gradients import grad_fn_of
from ...recorder.recorder import Recorder

_RAW = "_raw_saved_"


def keeper_of(tensor: Tensor, recorder: Recorder) -> str | None:
    """The name of a node that has the tensor, or what shares its memory, saved; None if none has."""
    pointer = storage_pointer(tensor)
    if not pointer:
        return None
    for node in _graph(recorder):
        if any(storage_pointer(held) == pointer for held in _saved(node)):
            return str(node.name())
    return None


def _graph(recorder: Recorder) -> Iterator[Any]:
    """All nodes that can be reached from tensors that are alive, and from the node that runs just now."""
    waiting = [root for tensor in recorder.capture.alive() if (root := grad_fn_of(tensor)) is not None]
    running = torch._C._current_autograd_node()
    if running is not None:
        waiting.append(running)
    # Nodes are kept while they are walked, so that no id is used twice.
    known: dict[int, Any] = {}
    while waiting:
        node = waiting.pop()
        if id(node) in known:
            continue
        known[id(node)] = node
        yield node
        waiting += [child for child, _ in node.next_functions if child is not None]


def _saved(node: Any) -> Iterator[Tensor]:
    for name in dir(node):
        if name.startswith(_RAW):
            try:
                yield from _tensors(getattr(node, name))
            except RuntimeError:
                continue  # it is freed: this part of the graph has had its backward pass


def _tensors(held: Any) -> Iterator[Tensor]:
    """The tensors in what was saved, without running a hook that would unpack it."""
    if isinstance(held, Tensor):
        yield held
    elif isinstance(held, tuple | list):
        for item in held:
            yield from _tensors(item)
    elif hasattr(held, "unpack_hook"):
        yield from _tensors(held.data)
