"""Hears a child until its process is over."""

from __future__ import annotations

import time
from collections.abc import Callable

from ..wire.channel import ChannelClosed
from ..wire.encoding import WireError
from ..wire.messages import Ended, Message
from .child import Child

TICK_S = 0.1


def follow(
    child: Child, hear: Callable[[Message], None], is_patient: Callable[[], bool] = lambda: True
) -> Ended | None:
    """Passes each notice to `hear`; returns the last one, None if the process had no time for it.

    Also returns when `is_patient`, asked ten times a second, says no. A Ctrl-C meanwhile is the script's: it is passed
    on if it has not reached it already.
    """
    ended: Ended | None = None
    is_open = True
    while (is_open or child.process.poll() is None) and is_patient():
        try:
            if not is_open:
                time.sleep(TICK_S)
                continue
            notice = child.channel.receive(TICK_S)
            if isinstance(notice, Ended):
                ended = notice
            elif notice is not None:
                hear(notice)
            else:
                is_open = child.process.poll() is None
        except (ChannelClosed, WireError):
            is_open = False
        except KeyboardInterrupt:
            if child.own_group:
                child.interrupt()
    return ended
