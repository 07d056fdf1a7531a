"""How the processes find each other: a listener on the loopback lets in one connection, by a one-time token."""

from __future__ import annotations

import hmac
import secrets
import socket
import time
from collections.abc import Callable

from .channel import Channel, ChannelClosed, readable

TOKEN_BYTES = 32
_LOOPBACK = "127.0.0.1"


def connect(port: int, token_hex: str) -> Channel:
    """The child's end: connects to the listener and shows the token. Raises ChannelClosed when nobody listens."""
    try:
        connection = socket.create_connection((_LOOPBACK, port), timeout=10)
        connection.settimeout(None)
        connection.sendall(bytes.fromhex(token_hex))
    except OSError as error:
        raise ChannelClosed from error
    return Channel(connection)


class Listener:
    """Waits on 127.0.0.1 at a port of the system's choice for whoever knows the token. Use as a context manager."""

    def __init__(self) -> None:
        self._token = secrets.token_bytes(TOKEN_BYTES)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.bind((_LOOPBACK, 0))
        self._socket.listen(8)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    @property
    def token_hex(self) -> str:
        """What the child must show, as hexadecimal digits."""
        return self._token.hex()

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *exception: object) -> None:
        self._socket.close()

    def is_reachable(self) -> bool:
        """Whether the loopback is on: without it nobody can come."""
        try:
            socket.create_connection((_LOOPBACK, self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def accept(self, timeout_s: float, still_wanted: Callable[[], bool]) -> Channel | None:
        """The first connection that shows the token; others are dropped, and one that stays silent blocks nobody.

        None when time is up, or when `still_wanted`, asked ten times a second, says no.
        """
        deadline = time.monotonic() + timeout_s
        strangers: dict[socket.socket, bytes] = {}
        try:
            while time.monotonic() < deadline and still_wanted():
                ready = readable([self._socket, *strangers], 0.1)
                for connection in ready:
                    if connection is self._socket:
                        strangers[self._socket.accept()[0]] = b""
                        continue
                    shown = strangers[connection] + _some(connection, TOKEN_BYTES - len(strangers[connection]))
                    if len(shown) == TOKEN_BYTES and hmac.compare_digest(shown, self._token):
                        del strangers[connection]
                        return Channel(connection)
                    if len(shown) == TOKEN_BYTES or shown == strangers[connection]:
                        del strangers[connection]
                        connection.close()
                    else:
                        strangers[connection] = shown
            return None
        finally:
            for connection in strangers:
                connection.close()


def _some(connection: socket.socket, size: int) -> bytes:
    """Up to that many bytes; none when the connection has ended."""
    try:
        return connection.recv(size)
    except OSError:
        return b""
