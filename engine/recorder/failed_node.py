"""Which node of a backward pass was running when the pass raised.

NOTE [Which node failed]
torch does not say. Of the nodes that may run, because all that send to them have, autograd runs the one that was made
last, and those that fill a `.grad` first (torch/csrc/autograd/engine.cpp, CompareNodeTaskTime). So the node that failed
is the first in this order among those that got a gradient and did not run; before any ran, the one that made the root.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .gradients import Known


def failed_node(root: Any, key: str, reached: set[int]) -> Known | None:
    """The node that was running when a pass from `root` raised, None if that cannot be told.

    key: of the marks on nodes, see NOTE [Marks on nodes]. reached: ids of nodes that got a gradient and did not run.
    """
    graph: dict[int, tuple[Any, Known]] = {}
    waiting = [root]
    while waiting:
        node = waiting.pop()
        known = node.metadata.get(key)
        if known is not None and known.id not in graph:
            graph[known.id] = node, known
            waiting += [child for child, _ in node.next_functions if child is not None]
    running = next((known for _, known in graph.values() if known.inputs is not None), None)
    if running is not None or not graph:
        return running
    candidates = [found for key, found in graph.items() if key in reached] or [graph[root.metadata[key].id]]
    behind = _behind([known for _, known in candidates], graph)
    ready = [found for found in candidates if found[1].id not in behind]
    return max(ready, key=lambda found: (found[1].leaf is not None, found[0]._sequence_nr()))[1] if ready else None


def _behind(starts: list[Known], graph: dict[int, tuple[Any, Known]]) -> set[int]:
    """Ids of the nodes that gradients from these would still come to."""
    behind: set[int] = set()
    waiting = [edge[0] for known in starts for edge in known.next if edge is not None]
    while waiting:
        key = waiting.pop()
        if key not in behind:
            behind.add(key)
            waiting += [edge[0] for edge in graph[key][1].next if edge is not None] if key in graph else []
    return behind
