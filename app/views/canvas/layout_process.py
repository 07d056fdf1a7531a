"""The whole life of the process that makes one large layout. Its own file, so that the process loads no Qt."""

from __future__ import annotations

from multiprocessing.connection import Connection

from app.views.canvas.layout import lay_out
from app.views.canvas.placement import LayoutRequest


def answer(sender: Connection, request: LayoutRequest) -> None:
    """Sends the layout of `request` and ends."""
    sender.send(lay_out(request))
    sender.close()
