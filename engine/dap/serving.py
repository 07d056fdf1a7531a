"""Where conversations come from: one on the standard streams, or any number on a port of the loopback."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator

from ..errors import EnglishError
from .conversation import Conversation
from .settings import TOKEN_VARIABLE

_SHORTEST_TOKEN = 16
_LOOPBACK = "127.0.0.1"
_MOST_CLIENTS = 16
_CHUNK_BYTES = 1 << 16


def serve_streams() -> None:
    """One conversation on stdin and stdout. From now on nothing else can be printed there: print goes to stderr."""
    with _own_stdout() as out:
        # What the script's process writes by itself cannot go to stdout, and nobody may be reading stderr.
        Conversation(lambda: os.read(0, _CHUNK_BYTES), lambda data: _write(out, data), "", subprocess.DEVNULL).hold()


def serve_port(port: int, token: str, announce: Callable[[int], None]) -> None:
    """Conversations on a port (0: the system's choice), until Ctrl-C. announce: is told the port.

    What scripts print also goes to our stderr. Raises GradstepError where the port cannot be had.
    """
    server = _Server(token)
    with _listening(port) as listener:
        announce(listener.getsockname()[1])
        try:
            while True:
                server.take(listener.accept()[0])
        finally:
            server.close()


def token_from(environment: dict[str, str]) -> str:
    """The user's own token, or one that nobody can guess. Raises GradstepError for one that is too short."""
    token = environment.get(TOKEN_VARIABLE, "")
    if token and len(token) < _SHORTEST_TOKEN:
        raise EnglishError(f"{TOKEN_VARIABLE} is too short.", f"A token has {_SHORTEST_TOKEN} letters or more.")
    return token or secrets.token_urlsafe(24)


class _Server:
    """The conversations that are being held, each on a thread of its own."""

    def __init__(self, token: str) -> None:
        self._token = token
        self._lock = threading.Lock()
        self._held: dict[threading.Thread, socket.socket] = {}

    def take(self, connection: socket.socket) -> None:
        """Begins a conversation; one too many is hung up."""
        with self._lock:
            if len(self._held) >= _MOST_CLIENTS:
                connection.close()
                return
            thread = threading.Thread(target=self._hold, args=(connection,), name="gradstep-dap-client")
            self._held[thread] = connection
        thread.start()

    def close(self) -> None:
        """Hangs up on everybody and waits until nothing is left."""
        with self._lock:
            held = dict(self._held)
        for connection in held.values():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in held:
            thread.join()

    def _hold(self, connection: socket.socket) -> None:
        try:
            with contextlib.suppress(OSError):
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            raw = sys.stderr.fileno() if _has_descriptor() else subprocess.DEVNULL
            Conversation(lambda: connection.recv(_CHUNK_BYTES), connection.sendall, self._token, raw).hold()
        finally:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
            with self._lock:
                self._held.pop(threading.current_thread(), None)


@contextlib.contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    try:
        listener = socket.create_server((_LOOPBACK, port))
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise EnglishError(f"Port {port} cannot be had: {reason}.", "Try another, or 0 for any.") from error
    with listener:
        yield listener


@contextlib.contextmanager
def _own_stdout() -> Iterator[int]:
    """A descriptor of what was stdout, while everything that prints to stdout, C code too, prints to stderr."""
    sys.stdout.flush()
    out, python = os.dup(1), sys.stdout
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    try:
        yield out
    finally:
        sys.stdout = python
        os.dup2(out, 1)
        os.close(out)


def _write(descriptor: int, data: bytes) -> None:
    """All of it; a pipe may take less at once."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _has_descriptor() -> bool:
    try:
        return sys.stderr.fileno() >= 0
    except (AttributeError, OSError, ValueError):
        return False
