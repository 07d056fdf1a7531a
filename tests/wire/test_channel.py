"""A channel delivers whole messages in order, whatever pieces the socket gives, and says when it cannot."""

import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from engine.wire.channel import FRAME_LIMIT_BYTES, TEXT_LIMIT_CHARS, Channel, ChannelClosed
from engine.wire.encoding import WireError, encode_message
from engine.wire.messages import Pause, Progress, RunTo, Wrote


@pytest.fixture
def sockets() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two connected TCP sockets."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        here = socket.create_connection(server.getsockname())
        there, _ = server.accept()
    with here, there:
        yield here, there


def test_messages_arrive_in_order(sockets: tuple[socket.socket, socket.socket]) -> None:
    here, there = map(Channel, sockets)
    for position in range(100):
        here.send(RunTo(position))
    assert [there.receive(5) for _ in range(100)] == [RunTo(position) for position in range(100)]
    there.send(Progress(3, 1))
    assert here.receive(5) == Progress(3, 1)


def test_a_message_in_pieces_is_put_together(sockets: tuple[socket.socket, socket.socket]) -> None:
    channel = Channel(sockets[1])
    data = encode_message(RunTo(7))
    frame = struct.pack(">I", len(data)) + data
    for byte in frame[:-1]:
        sockets[0].sendall(bytes([byte]))
        assert channel.receive(0) is None
    sockets[0].sendall(frame[-1:])
    assert channel.receive(5) == RunTo(7)


def test_no_message_in_time_is_none(sockets: tuple[socket.socket, socket.socket]) -> None:
    assert Channel(sockets[0]).receive(0.01) is None


def test_the_longest_text_fits(sockets: tuple[socket.socket, socket.socket]) -> None:
    here, there = map(Channel, sockets)
    message = Wrote("stdout", "\ud83d" * TEXT_LIMIT_CHARS, 0)
    sender = threading.Thread(target=here.send, args=(message,))
    sender.start()
    assert there.receive(10) == message
    sender.join()


def test_too_long_a_message_is_refused_on_both_sides(sockets: tuple[socket.socket, socket.socket]) -> None:
    with pytest.raises(WireError, match="too long"):
        Channel(sockets[0]).send(Wrote("stdout", "x" * (FRAME_LIMIT_BYTES + 1), 0))
    sockets[0].sendall(struct.pack(">I", FRAME_LIMIT_BYTES + 1))
    with pytest.raises(WireError, match="too long"):
        Channel(sockets[1]).receive(5)


def test_what_was_sent_before_the_end_still_arrives(sockets: tuple[socket.socket, socket.socket]) -> None:
    here, there = map(Channel, sockets)
    here.send(Pause())
    here.close()
    assert there.receive(5) == Pause()
    with pytest.raises(ChannelClosed):
        there.receive(5)
    with pytest.raises(ChannelClosed):
        here.send(Pause())
    here.close()


def test_half_a_message_and_then_the_end_is_the_end(sockets: tuple[socket.socket, socket.socket]) -> None:
    sockets[0].sendall(struct.pack(">I", 100) + b"{")
    sockets[0].close()
    with pytest.raises(ChannelClosed):
        Channel(sockets[1]).receive(5)


def test_threads_do_not_mix_their_messages(sockets: tuple[socket.socket, socket.socket]) -> None:
    here, there = map(Channel, sockets)

    def send_many(n: int) -> None:
        for i in range(50):
            here.send(Wrote(str(n), "x" * 5000, i))

    threads = [threading.Thread(target=send_many, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    got = [there.receive(10) for _ in range(200)]
    for thread in threads:
        thread.join()
    for n in range(4):
        assert [message.position for message in got if isinstance(message, Wrote) and message.stream == str(n)] == [
            *range(50)
        ]
