"""Which node of a backward pass was running when the pass raised.

NOTE [Which node failed]
torch does not say. Of the nodes that may run, because all that send to them have, autograd runs the one that was made
last, and those that fill a `.grad` first (torch/csrc/autograd/engine.cpp, CompareNodeTaskTime). So the node that failed
is the first in this order among those that got a gradient and did not run; before any ran, the one that made the root.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

_LEAF = "AccumulateGrad"


def failed_node(roots: list[Any], key: str, reached: set[int], running: Collection[int]) -> Any:
    """The node that was running when a pass from `roots` raised, None if that cannot be told.

    key: of the marks on nodes, see NOTE [Marks on nodes]. reached: ids of nodes that got a gradient and did not run.
    running: ids of those that somebody was told of, and that did not run.
    """
    graph: dict[int, Any] = {}
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        known = node.metadata.get(key)
        if known is not None and known not in graph:
            graph[known] = node
            waiting += _next(node)
    begun_at = [root for root in roots if root.metadata.get(key) is not None]
    begun = next((node for known, node in graph.items() if known in running), None)
    if begun is not None or not graph:
        return begun
    candidates = [node for known, node in graph.items() if known in reached] or begun_at
    behind = _behind(candidates, key)
    ready = [node for node in candidates if node.metadata[key] not in behind]
    return max(ready, key=lambda node: (node.name().endswith(_LEAF), node._sequence_nr())) if ready else None


def _next(node: Any) -> list[Any]:
    return [child for child, _ in node.next_functions if child is not None]


def _behind(starts: list[Any], key: str) -> set[int]:
    """Ids of the nodes that gradients from these would still come to."""
    behind: set[int] = set()
    waiting = [child for node in starts for child in _next(node)]
    while waiting:
        node = waiting.pop()
        known = node.metadata.get(key)
        if known is not None and known not in behind:
            behind.add(known)
            waiting += _next(node)
    return behind
