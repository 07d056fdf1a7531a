"""The child's end of the wire: a thread that hears commands and tells how far the script has come."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Callable, Iterable

from ..wire.channel import Channel, ChannelClosed
from ..wire.encoding import WireError
from ..wire.messages import Command, Message, Notice, Progress

_TICK_S = 0.05


class Control:
    """Runs until it is closed or the controlling side goes. `news` is asked every tick for what is to be told."""

    def __init__(
        self,
        channel: Channel,
        news: Callable[[], Iterable[Notice]],
        order: Callable[[Command], None],
        lose: Callable[[], None],
    ) -> None:
        self._channel = channel
        self._news = news
        self._order = order
        self._lose = lose
        self._telling = threading.Lock()
        self._progress: Progress | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._listen, name="gradstep-control", daemon=True)
        self._thread.start()
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=channel.abandon)

    def tell(self, notice: Notice) -> None:
        """Sends a notice after all news so far. Nobody there to hear it is no error."""
        with contextlib.suppress(ChannelClosed), self._telling:
            self._tell_news()
            self._channel.send(notice)

    def close(self) -> None:
        """Hangs up."""
        self._closed = True
        self._channel.close()

    def _listen(self) -> None:
        try:
            while True:
                message: Message | None = self._channel.receive(_TICK_S)
                if isinstance(message, Command):
                    self._order(message)
                with self._telling:
                    self._tell_news()
        except (ChannelClosed, WireError):
            if not self._closed:
                self._lose()

    def _tell_news(self) -> None:
        for news in self._news():
            if news != self._progress:
                self._channel.send(news)
            if isinstance(news, Progress):
                self._progress = news
