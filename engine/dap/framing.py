"""How messages follow each other in a stream: a header with the length of the body, an empty line, the body."""

from __future__ import annotations

import re

HEADER_LIMIT_BYTES = 4096
BODY_LIMIT_BYTES = 16 << 20
"""Nothing that an editor sends is near it; a breakpoint is a hundred bytes."""

STRANGER_LIMIT_BYTES = 64 << 10
"""The longest body of a client that has not shown its token yet."""

_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"content-length:[ \t]*(\d{1,12})[ \t]*", re.IGNORECASE)


class FramingError(Exception):
    """What came is no header, or announces too much: where the next message begins cannot be known any more."""


class Frames:
    """Takes a stream in pieces of any size and gives back the bodies that are whole."""

    def __init__(self, limit_bytes: int = BODY_LIMIT_BYTES) -> None:
        self.limit_bytes = limit_bytes
        self._data = bytearray()
        self._length: int | None = None

    def feed(self, data: bytes) -> list[bytes]:
        """The bodies that are whole now. Raises FramingError; nothing can be read after it."""
        self._data += data
        found: list[bytes] = []
        while (body := self._next()) is not None:
            found.append(body)
        return found

    def _next(self) -> bytes | None:
        if self._length is None:
            self._length = self._header()
        if self._length is None or len(self._data) < self._length:
            return None
        body = bytes(self._data[: self._length])
        del self._data[: self._length]
        self._length = None
        return body

    def _header(self) -> int | None:
        """The length that a header announces, None while it is not whole."""
        end = self._data.find(_END, 0, HEADER_LIMIT_BYTES + len(_END))
        if end < 0:
            if len(self._data) >= HEADER_LIMIT_BYTES + len(_END):
                raise FramingError(f"No header ends within {HEADER_LIMIT_BYTES} bytes.")
            return None
        lines = bytes(self._data[:end]).split(b"\r\n")
        del self._data[: end + len(_END)]
        lengths = [found for line in lines if (found := _LENGTH.fullmatch(line)) is not None]
        if len(lengths) != 1:
            raise FramingError("A header must have one Content-Length.")
        length = int(lengths[0][1])
        if length > self.limit_bytes:
            raise FramingError(f"A message of {length} bytes is longer than {self.limit_bytes}.")
        return length


def frame(body: bytes) -> bytes:
    """A body with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
