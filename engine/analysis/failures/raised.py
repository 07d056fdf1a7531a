"""What Python printed of an exception, taken apart: type, message and the lines of the calls that led to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...own_code import is_library

_BEGIN = re.compile(r"^Traceback \(most recent call last\):$", re.MULTILINE)
_FRAME = re.compile(
    r'^  File "(?P<path>.*?)", line (?P<line>\d+)(?:, in (?P<function>.*))?(?:\n    (?P<text>\S.*))?', re.MULTILINE
)
_TYPE = re.compile(r"[A-Za-z_][\w.]*")


@dataclass(frozen=True, slots=True)
class Frame:
    """A call on the way to the exception. text: its line of source, "" where it is unknown."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception. frames: of the script and its own modules only, the innermost last."""

    type: str
    message: str
    frames: tuple[Frame, ...]


def raised(text: str, script: str = "") -> Raised | None:
    """Takes apart what `traceback.format_exception` gave; of a chain of exceptions the last. None for no such text.

    script: absolute path of the program that raised it.
    """
    begins = [found.end() for found in _BEGIN.finditer(text)]
    part = text[begins[-1] if begins else 0 :].strip("\n")
    lines = part.split("\n")
    last = next((i for i, line in enumerate(lines) if line and not line[0].isspace()), None)
    if last is None:
        return None
    name, _, message = "\n".join(lines[last:]).partition(": ")
    if not _TYPE.fullmatch(name):
        name, message = "\n".join(lines[last:]), ""
    frames = [_frame(found) for found in _FRAME.finditer("\n".join(lines[:last])) if _is_own(found["path"], script)]
    return Raised(name.rpartition(".")[2], message, tuple(frames))


def _frame(found: re.Match[str]) -> Frame:
    return Frame(found["path"], int(found["line"]), found["text"] or "")


def _is_own(path: str, script: str) -> bool:
    """Whether a file is the script's, and not of a library, Python or Gradstep's recorder."""
    ours = path.replace("\\", "/")
    is_ours = "/engine/recorder/" in ours or "/engine/child/" in ours
    return not (path.startswith("<") or is_ours or is_library(path, script))
