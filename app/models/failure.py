"""Where in the script an exception was raised, and what is told of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from app.notices import Notice
from engine.analysis.failures import failure as explained
from engine.bilingual import Bilingual, same

_PLACE = re.compile(r'^\s*File "(?P<path>[^"]+)", line (?P<line>\d+)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception at a line of a file. text: its type and message."""

    path: Path
    line: int
    text: str


def failure_in(traceback: str, sources: set[Path]) -> Failure | None:
    """The innermost place of a traceback that lies in one of these files; None if none does."""
    lines = traceback.strip().splitlines()
    if not lines:
        return None
    for found in reversed(list(_PLACE.finditer(traceback))):
        path = Path(found["path"])
        if path in sources or path.resolve() in sources:
            return Failure(path, int(found["line"]), lines[-1])
    return None


def crash_in(stack: str, sources: set[Path]) -> Failure | None:
    """The innermost place of a crashed script's stack that lies in one of these files; None if none does."""
    first = stack.splitlines()[0] if stack else ""
    for found in _PLACE.finditer(stack):
        path = Path(found["path"])
        if path in sources or path.resolve() in sources:
            return Failure(path, int(found["line"]), first)
    return None


def notice_of(failure: explained.Failure, what: Bilingual, traceback: str) -> Notice:
    """What the window tells of a failure: its meaning, what usually fixes it, and what Python printed.

    what: the sentence that it begins with.
    """
    code = same("".join(f"\n    {line}" for line in failure.told.code))
    return Notice(what, failure.told.meaning, failure.told.fix + code, traceback)
