"""What a script writes and what log points tell, as output events with a line of source."""

from __future__ import annotations

from ..errors import GradstepError
from ..session.session import Session
from .facts import Wrote
from .messages import Json
from .outgoing import Outgoing
from .sources import Sources


class Written:
    """Of one run. Text gets the line of the last torch call before it, which of a log point is its own."""

    def __init__(self, session: Session, sources: Sources, outgoing: Outgoing) -> None:
        self._session = session
        self._sources = sources
        self._outgoing = outgoing
        self._last: tuple[int, Json] = (-1, {})

    def tell(self, wrote: Wrote) -> None:
        """Tells the editor."""
        category = "console" if wrote.stream == "log" else wrote.stream
        body = {"category": category, "output": wrote.text, **self._line_before(wrote.position)}
        self._outgoing.event("output", body)

    def say(self, text: str, category: str = "console") -> None:
        """A line of our own."""
        self._outgoing.event("output", {"category": category, "output": f"{text}\n"})

    def _line_before(self, position: int) -> Json:
        if position != self._last[0]:
            place: Json = {}
            try:
                trace = self._session.trace
                event = trace.event(position - 1) if position else None
                place = {} if event is None else self._sources.place(trace, event.site)
            except GradstepError:
                pass  # nothing is recorded yet
            self._last = (position, {key: place[key] for key in ("source", "line") if key in place})
        return self._last[1]
