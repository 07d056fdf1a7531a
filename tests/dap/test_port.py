"""The adapter on a port: only for who knows the token, for several at once, until Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.dap.messages import Arguments
from engine.dap.serving import serve_port, token_from
from engine.dap.settings import TOKEN_VARIABLE, settings_of
from engine.errors import GradstepError
from tests.helpers.dap_client import ROOT, Client, Refused, adapter_in_thread

TOKEN = "a token of my own, long enough"


def test_without_the_token_nothing_is_told(hello_path: Path) -> None:
    for arguments, words in (({}, "is missing"), ({"token": "x"}, "not the right one"), ({"token": 3}, "a string")):
        with adapter_in_thread(TOKEN) as client:
            client.ask("initialize", adapterID="x")
            for command in ("threads", "configurationDone", "source", "restart", "terminate", "cancel"):
                with pytest.raises(Refused, match="token"):
                    client.ask(command)
            with pytest.raises(Refused, match=words):
                client.ask("launch", trace=str(hello_path), **arguments)
            if arguments != {"token": 3}:
                client.until_closed()


def test_with_the_token_all_is_as_usual(hello_path: Path) -> None:
    with adapter_in_thread(TOKEN) as client:
        client.begin(trace=str(hello_path), token=TOKEN)
        assert client.go()["reason"] == "entry"
        client.ask("disconnect")
        client.until_closed()


def test_a_stranger_may_not_send_much() -> None:
    with adapter_in_thread(TOKEN) as client:
        client.send("initialize", adapterID="x" * 100_000)
        assert "longer than" in client.event("output")["output"]
        client.until_closed()


def test_tokens() -> None:
    assert token_from({TOKEN_VARIABLE: TOKEN}) == TOKEN
    assert len(token_from({})) >= 32
    assert token_from({}) != token_from({})
    with pytest.raises(GradstepError, match="too short"):
        token_from({TOKEN_VARIABLE: "short"})


def test_the_script_does_not_see_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN_VARIABLE, TOKEN)
    launch = settings_of(Arguments({"program": "x.py", "env": {"ONE": "1"}}, "launch")).launch
    assert launch.environment is not None
    assert (TOKEN_VARIABLE in launch.environment, launch.environment["ONE"]) == (False, "1")


@contextlib.contextmanager
def connected(port: int) -> Iterator[Client]:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        client = Client(connection.sendall)

        def listen() -> None:
            data = b" "
            while data:
                try:
                    data = connection.recv(1 << 16)
                except OSError:
                    data = b""
                client.heard(data)

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield client
        finally:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(60)


def test_two_editors_at_once_until_ctrl_c(hello_path: Path) -> None:
    server = subprocess.Popen(
        [sys.executable, str(ROOT / "gradstep.py"), "dap", "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, TOKEN_VARIABLE: TOKEN},
        text=True,
    )
    try:
        assert server.stdout is not None
        port = int(server.stdout.readline().rpartition(":")[2])
        assert server.stdout.readline() == f"token: {TOKEN}\n"
        with connected(port) as one, connected(port) as other, connected(port):
            for client in (one, other):
                client.begin(trace=str(hello_path), token=TOKEN)
                assert client.go()["reason"] == "entry"
            one.move("stepIn")
            assert one.evaluate("iteration") == "1"
            assert other.evaluate("iteration") == "0"
            server.send_signal(signal.SIGINT)
            other.until_closed()
        assert server.wait(60) == 130
    finally:
        server.kill()
        server.communicate()


def test_a_port_that_is_taken_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(GradstepError, match="cannot be had"):
        serve_port(taken.getsockname()[1], TOKEN, lambda port: None)
