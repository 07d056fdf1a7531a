"""Which module calls are around an op, as the canvas's cluster paths: one path a call, the same in every iteration."""

from __future__ import annotations

from collections import Counter

from app.models.scene import Cluster, ClusterPath
from engine.analysis.call_name import call_name
from engine.events import ModuleCall
from engine.trace.reader import Trace


class ClusterPaths:
    """Looks up the calls around events. The second call of a module in an iteration is "net (2)"."""

    def __init__(self, trace: Trace, iteration: int) -> None:
        self._trace = trace
        self._calls: dict[int, ModuleCall | None] = {call.id: call for call in trace.calls(iteration)}
        self._paths: dict[int, ClusterPath] = {}
        self._times: Counter[ClusterPath] = Counter()
        self._clusters: dict[ClusterPath, Cluster] = {}

    def path_of(self, position: int | None) -> ClusterPath:
        """The path around the event at a position; () for inputs, which have none."""
        event = self._trace.event(position) if position is not None else None
        return () if event is None else self._path(event.call)

    def words(self) -> tuple[Cluster, ...]:
        """Labels of all paths that were asked for, outer ones first."""
        return tuple(self._clusters.values())

    def _path(self, call: int | None) -> ClusterPath:
        found = self._call(call)
        if found is None:
            return ()
        if found.id not in self._paths:
            name = call_name(found, self._call(found.parent))
            above = self._path(found.parent)
            self._times[(*above, name)] += 1
            times = self._times[(*above, name)]
            label = name if times == 1 else f"{name} ({times})"
            path = (*above, label)
            self._paths[found.id] = path
            self._clusters[path] = Cluster(path, label, found.class_name if found.class_name != name else "")
        return self._paths[found.id]

    def _call(self, call: int | None) -> ModuleCall | None:
        if call is None:
            return None
        if call not in self._calls:
            self._calls[call] = self._trace.call(call)
        return self._calls[call]
