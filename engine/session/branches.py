"""The tree of branches: which traces were made from which, by what each says of itself."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from ..bilingual import Bilingual, listed, same
from ..errors import GradstepError
from ..trace.reader import Trace

_DEEPEST = 1000


@dataclass(frozen=True, slots=True)
class Branch:
    """One run. position: where it parts from its parent, None for the first run and for changes from the start.

    edits, changes: what was changed, as text. status: how it ended. children: its own branches, by name.
    """

    path: Path
    position: int | None
    edits: tuple[str, ...]
    changes: tuple[str, ...]
    status: str
    children: tuple[Branch, ...] = ()

    @property
    def words(self) -> Bilingual:
        """What was tried, in one line; nothing for the first run."""
        what = listed(same(one) for one in (*self.edits, *self.changes))
        if self.position is None:
            return what
        return what + Bilingual(f" at position {self.position}", f"，在位置 {self.position}")


@dataclass(frozen=True, slots=True)
class _Facts:
    path: Path
    started: str
    status: str
    parent: Path | None
    parent_started: str
    position: int | None
    edits: tuple[str, ...]
    changes: tuple[str, ...]


def tree_of(trace: str | Path) -> Branch:
    """The whole tree that a trace belongs to, from its first run on.

    Looks at the traces in the folders of the trace and of its ancestors. A parent that was moved is found by its name
    and the time at which it began; one that is gone leaves its branch as the root. Raises TraceError for what is no
    trace.
    """
    start = Path(trace).resolve()
    found: dict[Path, _Facts] = {start: _facts(start)}
    here = found[start]
    for _ in range(_DEEPEST):
        _look_into(here.path.parent, found)
        parent = _parent_of(here, found)
        if parent is None:
            break
        here = parent
    return _built(here, found, ())


def parent_of(trace: str | Path) -> Path | None:
    """The trace that this one is a branch of; None where it is none, or the parent is gone."""
    path = Path(trace).resolve()
    found = {path: _facts(path)}
    _look_into(path.parent, found)
    parent = _parent_of(found[path], found)
    return None if parent is None else parent.path


def next_name(trace: Path) -> Path:
    """A free name for a branch, beside its parent: "run.what-if-1.gradstep"."""
    stem = trace.stem.partition(".what-if-")[0]
    number = 1
    while (found := trace.with_name(f"{stem}.what-if-{number}{trace.suffix or '.gradstep'}")).exists():
        number += 1
    return found


def _look_into(folder: Path, found: dict[Path, _Facts]) -> None:
    for path in sorted(folder.glob("*.gradstep")):
        if path not in found:
            with contextlib.suppress(GradstepError, OSError):
                found[path] = _facts(path)


def _facts(path: Path) -> _Facts:
    with Trace(path) as trace:
        meta = trace.meta()
    branch = meta.get("branch")
    said = branch if isinstance(branch, dict) else {}
    position = said.get("position")
    return _Facts(
        path,
        str(meta.get("started", "")),
        str(meta.get("status", "")),
        Path(str(said["parent"])) if said.get("parent") else None,
        str(said.get("started", "")),
        position if isinstance(position, int) and position >= 0 else None,
        tuple(map(str, said.get("edits") or ())),
        tuple(map(str, said.get("changes") or ())),
    )


def _parent_of(here: _Facts, found: dict[Path, _Facts]) -> _Facts | None:
    if here.parent is None:
        return None
    for path in (here.parent, here.path.with_name(here.parent.name)):
        if path not in found:
            with contextlib.suppress(GradstepError, OSError):
                found[path] = _facts(path)
        known = found.get(path)
        if known is not None and known.started == here.parent_started and known.path != here.path:
            return known
    return None


def _built(here: _Facts, found: dict[Path, _Facts], above: tuple[Path, ...]) -> Branch:
    inner = (*above, here.path)
    children = [
        _built(one, found, inner)
        for one in sorted(found.values(), key=lambda one: (one.started, one.path.name))
        if one.path not in inner and _parent_of(one, found) is here
    ]
    return Branch(here.path, here.position, here.edits, here.changes, here.status, tuple(children))
