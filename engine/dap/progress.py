"""Progress as an editor shows it: while a script is being started, and while it runs for longer than a moment."""

from __future__ import annotations

from .outgoing import Outgoing


class Progress:
    """One progress at a time. shows: whether the client wants to hear of it."""

    def __init__(self, outgoing: Outgoing, shows: bool) -> None:
        self._outgoing = outgoing
        self._shows = shows
        self._last = 0
        self._is_on = False

    def begin(self, title: str, message: str = "") -> None:
        """Something that takes time has begun; what was on before is over."""
        self.end()
        if self._shows:
            self._last += 1
            self._is_on = True
            self._outgoing.event("progressStart", {**self._id(), "title": title, "message": message})

    def update(self, title: str, message: str) -> None:
        """It has come this far; begins it if it has not begun."""
        if not self._is_on:
            self.begin(title, message)
        elif self._shows:
            self._outgoing.event("progressUpdate", {**self._id(), "message": message})

    def end(self) -> None:
        """It is over."""
        if self._is_on:
            self._is_on = False
            self._outgoing.event("progressEnd", self._id())

    def _id(self) -> dict[str, str]:
        return {"progressId": f"gradstep-{self._last}"}
