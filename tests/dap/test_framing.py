"""Messages in a stream: whole again however the stream was cut, and refused where they cannot be read."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dap.framing import HEADER_LIMIT_BYTES, Frames, FramingError, frame


@given(bodies=st.lists(st.binary(max_size=300), max_size=6), cuts=st.lists(st.integers(0, 2500), max_size=30))
def test_bodies_come_whole_however_the_stream_is_cut(bodies: list[bytes], cuts: list[int]) -> None:
    stream = b"".join(frame(body) for body in bodies)
    places = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    frames = Frames()
    found = [body for a, b in pairwise(places) for body in frames.feed(stream[a:b])]
    assert found == bodies


def test_byte_by_byte() -> None:
    frames = Frames()
    stream = frame(b'{"a": 1}') + frame(b"") + frame("é\r\n\r\n".encode())
    found = [body for place in range(len(stream)) for body in frames.feed(stream[place : place + 1])]
    assert found == [b'{"a": 1}', b"", "é\r\n\r\n".encode()]


@pytest.mark.parametrize(
    "header",
    [b"Content-Length: 2", b"content-length:2", b"Content-Type: x\r\nContent-Length:  2 ", b"CONTENT-LENGTH: 02"],
)
def test_headers_that_are_understood(header: bytes) -> None:
    assert Frames().feed(header + b"\r\n\r\n{}") == [b"{}"]


@pytest.mark.parametrize(
    "header",
    [
        b"", b"Hello", b"Content-Length", b"Content-Length: x", b"Content-Length: -1", b"Content-Length: 1e3",
        b"Content-Length: 2\r\nContent-Length: 3", b"Content-Length: 9999999999", b"Content-Length: " + b"1" * 30,
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1",
    ],
)  # fmt: skip
def test_headers_that_are_none(header: bytes) -> None:
    with pytest.raises(FramingError):
        Frames().feed(header + b"\r\n\r\n{}")


def test_a_header_without_end_is_given_up() -> None:
    frames = Frames()
    frames.feed(b"x" * HEADER_LIMIT_BYTES)
    with pytest.raises(FramingError, match="No header ends"):
        frames.feed(b"xxxx")


@given(data=st.binary(max_size=400))
def test_any_bytes_give_bodies_or_an_error(data: bytes) -> None:
    frames = Frames(limit_bytes=1000)
    try:
        found = frames.feed(data)
    except FramingError:
        return
    assert sum(map(len, found)) <= len(data)
