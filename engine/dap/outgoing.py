"""What goes to the client: responses and events, numbered, whole, one after the other."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

from ..errors import GradstepError
from .framing import frame
from .messages import Json, Request


class Outgoing:
    """May be used from any thread. write: sends bytes, whole; raises OSError or ValueError when nobody is there."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self.is_lost = False
        """Whether the client is gone; from then on nothing is sent."""
        self._write = write
        self._lock = threading.Lock()
        self._seq = 0

    def respond(self, request: Request, body: Json | None = None) -> None:
        """The answer to a request."""
        self._send({**_answer(request), "success": True, **({} if body is None else {"body": body})})

    def refuse(self, request: Request, error: GradstepError, *, shown: bool = False) -> None:
        """Says why a request is not answered. shown: whether the editor should show it to the user by itself."""
        text = str(error)
        detail = {"id": 1, "format": "{text}", "variables": {"text": text}, "showUser": shown}
        self._send({**_answer(request), "success": False, "message": text, "body": {"error": detail}})

    def cancelled(self, request: Request) -> None:
        """Says that a request was not carried out, because the client wanted so."""
        self._send({**_answer(request), "success": False, "message": "cancelled", "body": {}})

    def event(self, name: str, body: Json | None = None) -> None:
        """Something that happened."""
        self._send({"type": "event", "event": name, **({} if body is None else {"body": body})})

    def _send(self, message: Json) -> None:
        with self._lock:
            if self.is_lost:
                return
            self._seq += 1
            # Half of a surrogate pair, as a script may print it, has no UTF-8; escaped it is plain ASCII.
            data = json.dumps({"seq": self._seq, **message}, allow_nan=False).encode("ascii")
            try:
                self._write(frame(data))
            except (OSError, ValueError):
                self.is_lost = True


def _answer(request: Request) -> Json:
    return {"type": "response", "request_seq": request.seq, "command": request.command}
