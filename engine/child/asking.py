"""A standard input that tells when the script waits for it, so that a window can offer a line to type in."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any, cast


class AskingFile(io.FileIO):
    """The same file; each read that goes to the system is announced before and after. What C code reads is not."""

    def __init__(self, descriptor: int, tell: Callable[[bool], None]) -> None:
        super().__init__(descriptor, "r", closefd=False)
        self._tell = tell

    def readinto(self, buffer: Any, /) -> int:
        """Reads; meanwhile the script waits."""
        self._tell(True)
        try:
            return super().readinto(buffer)
        finally:
            self._tell(False)

    def readall(self) -> bytes:
        """Reads to the end of input; meanwhile the script waits."""
        self._tell(True)
        try:
            return super().readall()
        finally:
            self._tell(False)


def replace_stdin(tell: Callable[[bool], None]) -> None:
    """Puts an announcing stream in place of stdin; one that is no plain text file stays as it is."""
    found = sys.stdin
    if type(found) is not io.TextIOWrapper:
        return
    raw = AskingFile(found.fileno(), tell)
    setattr(raw, "name", found.name)  # noqa: B010 - typeshed says that it cannot be set, Python itself sets it
    buffer = io.BufferedReader(cast(io.RawIOBase, raw))
    asking = io.TextIOWrapper(buffer, encoding=found.encoding, errors=found.errors)
    setattr(asking, "mode", found.mode)  # noqa: B010 - the same
    for name in ("stdin", "__stdin__"):
        setattr(sys, name, asking)
