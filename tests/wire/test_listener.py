"""Only who knows the token gets in, and nobody else can keep them out."""

import contextlib
import socket
import threading
import time
from collections.abc import Callable

import pytest

from engine.wire.channel import Channel, ChannelClosed
from engine.wire.listener import TOKEN_BYTES, Listener, connect
from engine.wire.messages import Pause, Resume


def accepted(listener: Listener, visit: Callable[[], object], timeout_s: float = 5.0) -> Channel | None:
    """What the listener lets in while visitors come on another thread."""
    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        return listener.accept(timeout_s, lambda: True)
    finally:
        visitor.join()


def test_the_right_token_is_let_in() -> None:
    made: list[Channel] = []
    with Listener() as listener:
        channel = accepted(listener, lambda: made.append(connect(listener.port, listener.token_hex)))
        assert channel is not None
    made[0].send(Pause())
    assert channel.receive(5) == Pause()
    channel.send(Resume())
    assert made[0].receive(5) == Resume()
    made[0].close()
    channel.close()


@pytest.mark.parametrize("shown", [b"\0" * TOKEN_BYTES, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"x", b""])
def test_a_wrong_token_is_dropped(shown: bytes) -> None:
    answers: list[bytes] = []

    def visit(listener: Listener) -> None:
        with socket.create_connection(("127.0.0.1", listener.port), timeout=5) as stranger:
            answer = b""
            with contextlib.suppress(OSError):  # it may hang up in the midst
                stranger.sendall(shown)
                stranger.shutdown(socket.SHUT_WR)
                answer = stranger.recv(1)
            answers.append(answer)

    with Listener() as listener:
        assert accepted(listener, lambda: visit(listener), timeout_s=0.5) is None
    assert answers == [b""]


def test_a_silent_stranger_does_not_stand_in_the_way() -> None:
    made: list[Channel] = []
    with Listener() as listener, socket.create_connection(("127.0.0.1", listener.port)) as stranger:
        stranger.sendall(b"half a tok")
        begin = time.monotonic()
        channel = accepted(listener, lambda: made.append(connect(listener.port, listener.token_hex)))
        assert channel is not None
        assert time.monotonic() - begin < 3
        stranger.settimeout(5)
        assert stranger.recv(1) == b""
    made[0].close()
    channel.close()


def test_a_token_in_two_pieces_is_a_token() -> None:
    def visit(listener: Listener) -> None:
        with socket.create_connection(("127.0.0.1", listener.port)) as child:
            token = bytes.fromhex(listener.token_hex)
            child.sendall(token[:5])
            time.sleep(0.05)
            child.sendall(token[5:])

    with Listener() as listener:
        channel = accepted(listener, lambda: visit(listener))
        assert channel is not None
        channel.close()


def test_waiting_ends_when_nobody_is_expected_any_more() -> None:
    with Listener() as listener:
        begin = time.monotonic()
        assert listener.accept(60, lambda: False) is None
        assert time.monotonic() - begin < 1


def test_tokens_are_used_once_and_differ() -> None:
    with Listener() as one, Listener() as other:
        assert one.token_hex != other.token_hex
        assert len(bytes.fromhex(one.token_hex)) == TOKEN_BYTES
        port = one.port
    with pytest.raises(ChannelClosed):
        connect(port, "00" * TOKEN_BYTES)


def test_the_listener_is_on_the_loopback_only() -> None:
    with Listener() as listener:
        host = listener._socket.getsockname()[0]
    assert host == "127.0.0.1"


def test_it_knows_whether_anybody_can_come() -> None:
    with Listener() as listener:
        assert listener.is_reachable()
