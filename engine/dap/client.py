"""What an editor said of itself in `initialize`: how it counts lines, writes paths, and what it can show."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from .messages import Arguments


@dataclass(frozen=True, slots=True)
class Client:
    """lines_from, columns_from: the number of its first line and column, 0 or 1. uses_uris: paths are file URIs.
    shows_progress, hears_invalid: it understands events on progress, and on what was shown and has changed.
    """

    lines_from: int = 1
    columns_from: int = 1
    uses_uris: bool = False
    shows_progress: bool = False
    hears_invalid: bool = False

    def line_in(self, line: int) -> int:
        """Its line as we count, from 1."""
        return line + 1 - self.lines_from

    def line_out(self, line: int) -> int:
        """Our line as it counts."""
        return max(line, 1) - 1 + self.lines_from

    def column_out(self, column: int) -> int:
        """Our column, counted from 0, as it counts."""
        return column + self.columns_from

    def path_in(self, path: str) -> str:
        """Its path as the system's, without links."""
        if path.startswith("file:"):
            path = url2pathname(unquote(urlsplit(path).path))
        return os.path.realpath(path)

    def path_out(self, path: str) -> str:
        """A path of the system's as it writes them."""
        return Path(os.path.abspath(path)).as_uri() if self.uses_uris else path


def client_of(asked: Arguments) -> Client:
    """From the arguments of `initialize`."""
    return Client(
        lines_from=int(asked.flag("linesStartAt1", True)),
        columns_from=int(asked.flag("columnsStartAt1", True)),
        uses_uris=asked.text("pathFormat", "path") == "uri",
        shows_progress=asked.flag("supportsProgressReporting"),
        hears_invalid=asked.flag("supportsInvalidatedEvent"),
    )
