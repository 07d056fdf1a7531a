"""Where the threads of a conversation leave things for the one that answers: requests, and what the session tells."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_MOST_WAITING = 2000


class Mailbox(Generic[T]):
    """First in, first out. Who leaves something waits while too much lies there."""

    def __init__(self, most: int = _MOST_WAITING) -> None:
        self._most = most
        self._things: deque[T] = deque()
        self._changed = threading.Condition()
        self._closed = False

    def leave(self, thing: T, is_wanted: Callable[[], bool] = lambda: True) -> None:
        """Puts a thing at the end. Into a closed box it is lost, and when it is not wanted any more (see `stir`)."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or not is_wanted() or len(self._things) < self._most)
            if not self._closed and is_wanted():
                self._things.append(thing)
                self._changed.notify_all()

    def stir(self) -> None:
        """Lets those who wait ask again whether their thing is wanted."""
        with self._changed:
            self._changed.notify_all()

    def take(self, timeout_s: float | None = None) -> T | None:
        """The first thing; None when none came in time."""
        with self._changed:
            if not self._changed.wait_for(lambda: bool(self._things), timeout_s):
                return None
            thing = self._things.popleft()
            self._changed.notify_all()
            return thing

    def take_if(self, is_meant: Callable[[T], bool]) -> T | None:
        """The first thing if it is there and meant; None otherwise."""
        with self._changed:
            if not self._things or not is_meant(self._things[0]):
                return None
            thing = self._things.popleft()
            self._changed.notify_all()
            return thing

    def close(self) -> None:
        """Lets everybody go who waits to leave something; what lies there is dropped."""
        with self._changed:
            self._closed = True
            self._things.clear()
            self._changed.notify_all()
