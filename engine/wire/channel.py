"""A channel: messages over one socket, each as four bytes of length (big-endian) and that much JSON."""

from __future__ import annotations

import contextlib
import selectors
import socket
import struct
import threading
import time
from collections.abc import Sequence

from .encoding import WireError, decode_message, encode_message
from .messages import Message

FRAME_LIMIT_BYTES = 1 << 20
TEXT_LIMIT_CHARS = 100_000
"""Longest text in one message: even with six bytes a character a frame holds it."""

_LENGTH = struct.Struct(">I")


def readable(sockets: Sequence[socket.socket], wait_s: float | None) -> list[socket.socket]:
    """Those from which something can be read now, or within a time; None waits as long as it takes.

    A selector, as plain `select` knows no more than 1024 files in a process. Raises OSError or ValueError for a socket
    that is closed.
    """
    with selectors.DefaultSelector() as selector:
        for one in sockets:
            selector.register(one, selectors.EVENT_READ)
        return [key.fileobj for key, _ in selector.select(wait_s) if isinstance(key.fileobj, socket.socket)]


class ChannelClosed(Exception):  # noqa: N818 - it is an ordinary end, not an error
    """The other side is gone."""


class Channel:
    """Sends from any thread, receives on one. The socket is blocking and belongs to the channel."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sending = threading.Lock()
        self._received = bytearray()

    def send(self, message: Message) -> None:
        """Sends a message whole. Raises ChannelClosed when the other side is gone."""
        data = encode_message(message)
        if len(data) > FRAME_LIMIT_BYTES:
            raise WireError(f"A {type(message).__name__} message is too long ({len(data)} bytes).")
        try:
            with self._sending:
                self._socket.sendall(_LENGTH.pack(len(data)) + data)
        except OSError as error:
            raise ChannelClosed from error

    def receive(self, timeout_s: float | None = None) -> Message | None:
        """The next message, None when none came in time.

        Raises ChannelClosed at the end, WireError for what is no message; after that the channel is of no use.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while (message := self._next()) is None:
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            try:
                if not readable([self._socket], left):
                    return None
                piece = self._socket.recv(1 << 16)
            except (OSError, ValueError) as error:
                raise ChannelClosed from error
            if not piece:
                raise ChannelClosed
            self._received += piece
        return message

    def _next(self) -> Message | None:
        if len(self._received) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._received)
        if length > FRAME_LIMIT_BYTES:
            raise WireError(f"A message of {length} bytes came from the other process, which is too long.")
        end = _LENGTH.size + length
        if len(self._received) < end:
            return None
        data = bytes(self._received[_LENGTH.size : end])
        del self._received[:end]
        return decode_message(data)

    def close(self) -> None:
        """Says goodbye: the other side's `receive` ends once it has read what was sent. May be called twice."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def abandon(self) -> None:
        """Lets go of the socket in a forked copy of this process, without a word to the other side."""
        self._socket.close()
