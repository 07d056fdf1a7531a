"""A line on the terminal that says how far something is that takes long."""

from __future__ import annotations

import time
from typing import TextIO

from ..counting import from_one
from .sizes import size_text
from .terminal import Terminal

_PATIENCE_S = 1.0
_BAR = 20


class ProgressLine:
    """Writes one line again and again, on a terminal only, once it has taken a second.

    The cursor is left at the line's beginning, so that what the script prints goes over it.
    """

    def __init__(self, stream: TextIO, last_iteration: int | None = None, *, quiet: bool = False) -> None:
        self._stream = stream
        self._terminal = Terminal(stream)
        self._last = last_iteration
        self._off = quiet or not self._terminal.interactive
        self._begin = time.monotonic()
        self._shown = False

    def update(self, iteration: int, events: int, size_bytes: int) -> None:
        """Shows how far a recording is. iteration: -1 is the set-up. size_bytes: of the trace so far."""
        self.show(f"{self._place(iteration)} · {events:,} events · {size_text(size_bytes)}")

    def show(self, text: str) -> None:
        """Shows a text and how long it has taken."""
        elapsed_s = time.monotonic() - self._begin
        if self._off or elapsed_s < _PATIENCE_S:
            return
        clock = f"{int(elapsed_s) // 60}:{int(elapsed_s) % 60:02}"
        line = f"{self._terminal.plain(text)}  {clock}"[: self._terminal.width - 1]
        self._stream.write(f"\r\033[K{self._terminal.dim(line)}\r")
        self._stream.flush()
        self._shown = True

    def clear(self) -> None:
        """Takes the line away."""
        if self._shown:
            self._stream.write("\r\033[K")
            self._stream.flush()
            self._shown = False

    def _place(self, iteration: int) -> str:
        if iteration < 0:
            return "recording the set-up"
        if not self._last:
            return f"recording iteration {from_one(iteration)}"
        done = min(iteration / self._last, 1.0)
        full = round(done * _BAR)
        return f"{'█' * full}{'░' * (_BAR - full)} {done:4.0%} iteration {from_one(iteration)} of {self._last}"
