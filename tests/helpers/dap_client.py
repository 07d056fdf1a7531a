"""A plain client of the Debug Adapter Protocol: sends requests, waits for answers and events, and keeps them all."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.dap.conversation import Conversation

Json = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
WAIT_S = 90.0


class Refused(Exception):  # noqa: N818 - an answer, not an error of ours
    """A request was answered with success: false."""

    def __init__(self, answer: Json) -> None:
        super().__init__(answer["message"])
        self.answer = answer


class Client:
    """write: sends bytes. Messages come in by `heard`, on whatever thread reads."""

    def __init__(self, write: Callable[[bytes], object]) -> None:
        self.messages: list[Json] = []
        """All that came, in order."""
        self.body: Json = {}
        """Of the last answer."""
        self._write = write
        self._new: queue.Queue[Json | None] = queue.Queue()
        self._seq = 0
        self._passed: dict[str, int] = {}
        self._data = b""

    def heard(self, data: bytes) -> None:
        """Bytes came in; b"" is the end."""
        if not data:
            self._new.put(None)
        self._data += data
        while b"\r\n\r\n" in self._data:
            head, _, rest = self._data.partition(b"\r\n\r\n")
            name, _, length = head.partition(b": ")
            assert name == b"Content-Length"
            if len(rest) < int(length):
                return
            self._data = rest[int(length) :]
            self._new.put(json.loads(rest[: int(length)]))

    def send(self, command: str, **arguments: Any) -> int:
        """Sends a request without waiting; returns its number."""
        self._seq += 1
        self.send_raw(json.dumps({"seq": self._seq, "type": "request", "command": command, "arguments": arguments}))
        return self._seq

    def send_raw(self, text: str) -> None:
        """Sends any text as a message."""
        data = text.encode()
        self._write(b"Content-Length: %d\r\n\r\n%b" % (len(data), data))

    def ask(self, command: str, **arguments: Any) -> Json:
        """Sends a request; the body of its answer. Raises Refused."""
        answer = self.answer(self.send(command, **arguments))
        assert answer["command"] == command
        if not answer["success"]:
            raise Refused(answer)
        self.body = answer.get("body", {})
        return self.body

    def answer(self, seq: int) -> Json:
        """The answer to a request."""
        return self._first(lambda message: message["type"] == "response" and message["request_seq"] == seq, f"#{seq}")

    def event(self, name: str) -> Json:
        """The body of the next event of this name that was not asked for yet."""
        begin = self._passed.get(name, 0)
        found = self._first(lambda message: message.get("event") == name, name, begin)
        self._passed[name] = self.messages.index(found, begin) + 1
        return dict(found.get("body", {}))

    def events(self, name: str) -> list[Json]:
        """The bodies of all events of this name so far."""
        return [message.get("body", {}) for message in self.messages if message.get("event") == name]

    def output(self, category: str) -> str:
        """All text of a category so far."""
        return "".join(body["output"] for body in self.events("output") if body["category"] == category)

    def until_closed(self) -> None:
        """Waits until the other side hangs up."""
        with contextlib.suppress(EOFError):
            self._first(lambda message: False, "the end")

    def _first(self, is_meant: Callable[[Json], bool], what: str, begin: int = 0) -> Json:
        place = begin
        while True:
            while place < len(self.messages):
                if is_meant(self.messages[place]):
                    return self.messages[place]
                place += 1
            try:
                message = self._new.get(timeout=WAIT_S)
            except queue.Empty:
                raise TimeoutError(f"no {what} came; last: {self.messages[-5:]}") from None
            if message is None:
                self._new.put(None)
                raise EOFError(f"the adapter hung up before {what}")
            self.messages.append(message)

    # What every conversation does

    def begin(self, request: str = "launch", **arguments: Any) -> Json:
        """`initialize` and `launch`, up to the `initialized` event; the capabilities."""
        found = self.ask("initialize", adapterID="gradstep", supportsVariablePaging=True)
        self.ask(request, **arguments)
        self.event("initialized")
        return found

    def go(self) -> Json:
        """`configurationDone`; the body of the `stopped` event."""
        self.ask("configurationDone")
        return self.event("stopped")

    def move(self, command: str, **arguments: Any) -> Json:
        """A step or so; the body of the `stopped` event."""
        self.ask(command, threadId=1, **arguments)
        return self.event("stopped")

    def top(self) -> Json:
        """The innermost frame."""
        frame: Json = self.ask("stackTrace", threadId=1)["stackFrames"][0]
        return frame

    def scope(self, name: str, frame: int | None = None) -> dict[str, Json]:
        """The variables of a scope, by name."""
        frame = self.top()["id"] if frame is None else frame
        scopes = {scope["name"]: scope for scope in self.ask("scopes", frameId=frame)["scopes"]}
        return self.children(scopes[name]["variablesReference"])

    def children(self, reference: int, **part: Any) -> dict[str, Json]:
        """Children of a variable, by name."""
        found = self.ask("variables", variablesReference=reference, **part)["variables"]
        names = [one["name"] for one in found]
        assert len(names) == len(set(names))
        return dict(zip(names, found, strict=True))

    def evaluate(self, expression: str, context: str = "watch") -> str:
        """The result of an expression, as text."""
        return str(self.ask("evaluate", expression=expression, context=context)["result"])


@dataclass
class Adapter:
    """A running `gradstep dap`."""

    client: Client
    process: subprocess.Popen[bytes]


@contextlib.contextmanager
def adapter_in_thread(token: str = "") -> Iterator[Client]:
    """A conversation over a pair of sockets, in this process: quick to begin, and covered by what measures coverage."""
    ours, theirs = socket.socketpair()

    def hold() -> None:
        try:
            Conversation(lambda: theirs.recv(1 << 16), theirs.sendall, token, subprocess.DEVNULL).hold()
        finally:
            with contextlib.suppress(OSError):
                theirs.shutdown(socket.SHUT_RDWR)

    client = Client(ours.sendall)
    threads = [threading.Thread(target=hold), _reader(client, lambda: ours.recv(1 << 16))]
    for thread in threads:
        thread.start()
    try:
        yield client
    finally:
        with contextlib.suppress(OSError):
            ours.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(WAIT_S)
        ours.close()
        theirs.close()


@contextlib.contextmanager
def adapter_process(*arguments: str, **options: Any) -> Iterator[Adapter]:
    """`gradstep dap` in a process of its own, on its standard streams."""
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "gradstep.py"), "dap", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        **options,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stdin, out = process.stdin, process.stdout.fileno()

    def write(data: bytes) -> None:
        stdin.write(data)
        stdin.flush()

    client = Client(write)
    reader = _reader(client, lambda: os.read(out, 1 << 16))
    reader.start()
    try:
        yield Adapter(client, process)
    finally:
        with contextlib.suppress(OSError):
            stdin.close()
        try:
            process.wait(WAIT_S)
        finally:
            process.kill()
            process.wait()
            reader.join(WAIT_S)
            process.stdout.close()


def _reader(client: Client, read: Callable[[], bytes]) -> threading.Thread:
    def listen() -> None:
        data = b" "
        while data:
            try:
                data = read()
            except OSError:
                data = b""
            client.heard(data)

    return threading.Thread(target=listen, name="dap-client")
