"""What Python printed of an exception, taken apart: type, message and the lines of the calls that led to it."""

from __future__ import annotations

import re
from dataclasses import dataclass

_BEGIN = re.compile(r"^Traceback \(most recent call last\):$", re.MULTILINE)
_FRAME = re.compile(
    r'^  File "(?P<path>.*?)", line (?P<line>\d+)(?:, in (?P<function>.*))?(?:\n    (?P<text>\S.*))?', re.MULTILINE
)
_TYPE = re.compile(r"[A-Za-z_][\w.]*")
_LIBRARY = re.compile(r"site-packages|dist-packages|[/\\]lib[/\\]python\d|^<")


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


def raised(text: str) -> Raised | None:
    """Takes apart what `traceback.format_exception` gave; of a chain of exceptions the last. None for no such text."""
    begins = [found.end() for found in _BEGIN.finditer(text)]
    part = text[begins[-1] if begins else 0 :].strip("\n")
    lines = part.split("\n")
    last = next((i for i, line in enumerate(lines) if line and not line[0].isspace()), None)
    if last is None:
        return None
    name, _, message = "\n".join(lines[last:]).partition(": ")
    if not _TYPE.fullmatch(name):
        name, message = "\n".join(lines[last:]), ""
    frames = [_frame(found) for found in _FRAME.finditer("\n".join(lines[:last])) if _is_the_scripts(found)]
    return Raised(name.rpartition(".")[2], message, tuple(frames))


def _frame(found: re.Match[str]) -> Frame:
    return Frame(found["path"], int(found["line"]), found["text"] or "")


def _is_the_scripts(found: re.Match[str]) -> bool:
    """Whether a frame is of the script's own code, and not of a library, Python or Gradstep's recorder."""
    path = found["path"].replace("\\", "/")
    return not _LIBRARY.search(path) and "/engine/recorder/" not in path and "/engine/child/" not in path
