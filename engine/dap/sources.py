"""The sources of a run: a path where the file is still what ran, else a number to ask for the recorded text."""

from __future__ import annotations

import os
import tokenize
from functools import lru_cache

from ..events import Source
from ..limits import SOURCE_LIMIT_CHARS
from ..trace.reader import Trace
from .client import Client
from .lines import lines_that_may_stop
from .messages import Arguments, Json, RequestError

_MOST_BYTES = 1 << 24


class Sources:
    """Of one run. What a file holds is looked up once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._found: dict[int, Json] = {}

    def told(self, source: Source) -> Json:
        """A source as the protocol has it."""
        if source.id not in self._found:
            if _is_same(_text(source.path), source.text):
                self._found[source.id] = self.file(source.path)
            else:
                name = os.path.basename(source.path) or source.path
                self._found[source.id] = {
                    "name": f"{name} (as it ran)",
                    "sourceReference": source.id + 1,
                    "origin": "recorded in the trace; the file is another now, or not here",
                }
        return self._found[source.id]

    def file(self, path: str) -> Json:
        """A file as the protocol has it."""
        return {"name": os.path.basename(path) or path, "path": self._client.path_out(path)}

    def place(self, trace: Trace, site: int | None) -> Json:
        """`source`, `line` and so on of a place in the source; nothing where it is unknown."""
        found = trace.site(site)
        source = None if found is None else trace.source(found.source)
        if found is None or source is None:
            return {}
        client, lines = self._client, source.text.split("\n")
        return {
            "source": self.told(source),
            "line": client.line_out(found.line),
            "column": client.column_out(_characters(lines, found.line, found.column)),
            "endLine": client.line_out(found.end_line),
            "endColumn": client.column_out(_characters(lines, found.end_line, found.end_column)),
        }

    def asked(self, asked: Arguments, trace: Trace | None) -> tuple[str, str | None]:
        """(path without links, text) of a source that an editor names. The text is None where nobody has it."""
        reference = asked.number("sourceReference", 0)
        if reference:
            source = None if trace is None else trace.source(reference - 1)
            if source is None:
                raise RequestError("This run has no such source.")
            return os.path.realpath(source.path), source.text
        if not asked.text("path"):
            raise RequestError("A source needs a path.")
        path = self._client.path_in(asked.text("path"))
        return path, _text(path)


def lines_of(path: str, text: str | None, trace: Trace | None) -> tuple[int, ...]:
    """Lines of a file on which a breakpoint can stop (NOTE [Lines that can stop]). trace: a finished one, or None."""
    if trace is None:
        return () if text is None else lines_that_may_stop(text)
    ids = {source.id for source in trace.sources() if os.path.realpath(source.path) == path}
    return tuple(sorted({site.line for site in trace.sites() if site.source in ids}))


def _is_same(text: str | None, recorded: str) -> bool:
    """Whether a file's text is what was recorded: with a newline at its end, and up to a limit."""
    if text is None:
        return False
    ended = text if not text or text.endswith("\n") else f"{text}\n"
    return ended[:SOURCE_LIMIT_CHARS] == recorded


def _characters(lines: list[str], line: int, column: int) -> int:
    """A column counted in bytes of UTF-8 as one that is counted in UTF-16 units, as editors do."""
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    before = text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore")
    return len(before.encode("utf-16-le", "surrogatepass")) // 2


def _text(path: str) -> str | None:
    """The text of a file, None where it cannot be read."""
    try:
        stat = os.stat(path)
    except (OSError, ValueError):
        return None
    return _read(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=32)
def _read(path: str, changed_ns: int, size: int) -> str | None:
    if size > _MOST_BYTES:
        return None
    try:
        with tokenize.open(path) as file:
            return file.read()
    except (OSError, ValueError, SyntaxError):
        return None
