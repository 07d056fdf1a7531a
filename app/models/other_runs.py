"""The losses of other runs, read from their traces. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.models.curves import LossHistory, LossPoints
from engine.trace.reader import Trace


@dataclass(frozen=True, slots=True, eq=False)
class OtherRun:
    """A run by a name that no other one has, and its losses."""

    name: str
    points: LossPoints


def other_runs(paths: Sequence[Path]) -> list[OtherRun]:
    """The losses of these traces, in their order. Raises TraceError where one cannot be read."""
    found = []
    for path, name in zip(paths, names_of(paths), strict=True):
        with Trace(path) as trace:
            found.append(OtherRun(name, LossHistory(trace).points().in_one_curve()))
    return found


def names_of(paths: Sequence[Path]) -> list[str]:
    """The files' names; with their folders, or a number, where two are alike."""
    names = [path.stem for path in paths]
    if len(set(names)) < len(names):
        names = [f"{path.parent.name}/{path.stem}" for path in paths]
    seen: dict[str, int] = {}
    for place, name in enumerate(names):
        seen[name] = seen.get(name, 0) + 1
        if seen[name] > 1:
            names[place] = f"{name} ({seen[name]})"
    return names
