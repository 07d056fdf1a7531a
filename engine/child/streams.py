"""stdout and stderr that behave as before and also note what was written, with its position."""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from ..limits import OUTPUT_LIMIT_CHARS
from ..wire.channel import TEXT_LIMIT_CHARS
from ..wire.messages import Wrote

if TYPE_CHECKING:
    from ..recorder.recorder import Recorder

_ROW_CHARS = 4096
_NEWLINE = None if os.name == "nt" else "\n"


class NotedText(io.TextIOWrapper):
    """A text stream over the same buffer as the one it stands in for. Text is noted; bytes written to `.buffer`, or
    to the file descriptor by C code, are not.
    """

    def __init__(self, stream: io.TextIOWrapper, note: Callable[[str], None]) -> None:
        super().__init__(
            stream.buffer,
            encoding=stream.encoding,
            errors=stream.errors,
            newline=_NEWLINE,
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )
        setattr(self, "mode", stream.mode)  # noqa: B010 - typeshed says that it cannot be set, Python itself sets it
        self._note = note

    def write(self, text: str, /) -> int:
        """Writes, then notes what was written."""
        count = super().write(text)
        self._note(text)
        return count


class Notes:
    """Where noted text goes: into the trace, and, at a live session, to the controlling side a few times a second."""

    def __init__(self, recorder: Recorder, tell: bool) -> None:
        self.dropped_chars = 0
        self._recorder = recorder
        self._tell = tell
        self._room = OUTPUT_LIMIT_CHARS
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._untold: list[tuple[str, int, list[str]]] = []
        self._replaced: list[TextIO] = []

    def replace_streams(self) -> None:
        """Puts noting streams in place of stdout and stderr; those that are no plain text files stay as they are."""
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if type(stream) is io.TextIOWrapper:
                noted = NotedText(stream, self._noter(name))
                self._replaced.append(stream)
                setattr(sys, name, noted)
                setattr(sys, f"__{name}__", noted)

    def untold(self) -> list[Wrote]:
        """What was written since the last time, in order, in pieces that fit a message."""
        with self._lock:
            parts, self._untold = self._untold, []
        return [
            Wrote(name, text[start : start + TEXT_LIMIT_CHARS], position)
            for name, position, pieces in parts
            for text in ["".join(pieces)]
            for start in range(0, len(text), TEXT_LIMIT_CHARS)
        ]

    def _noter(self, name: str) -> Callable[[str], None]:
        def note(text: str) -> None:
            if text and os.getpid() == self._pid:
                self._keep(name, text)

        return note

    def _keep(self, name: str, text: str) -> None:
        if self._room < len(text):
            self.dropped_chars += len(text)
            return
        self._room -= len(text)
        recorder = self._recorder
        rows = recorder.batch.output
        place = (recorder.position, name)
        if recorder.listening() and rows and rows[-1][1:3] == place and len(rows[-1][3]) < _ROW_CHARS:
            # Nobody else takes rows from the batch, so print()'s newline can join its text.
            rows[-1] = (*rows[-1][:3], rows[-1][3] + text)
        else:
            recorder.note_output(name, text)
        if self._tell:
            with self._lock:
                if self._untold and self._untold[-1][:2] == (name, recorder.position):
                    self._untold[-1][2].append(text)
                else:
                    self._untold.append((name, recorder.position, [text]))
