"""What is no protocol, what comes at the wrong time, and a client that vanishes: answered or ended, never stuck."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.dap.requests import REQUESTS
from tests.dap.conftest import HELLO, Write
from tests.dap.test_running_scripts import ENDLESS, is_gone
from tests.helpers.dap_client import Client, Refused, adapter_process


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", '{"type": "event"}', '{"type": "request"}', "\ud83d", '{"seq": 1e999}']
)
def test_a_message_that_is_none_is_named_and_passed_over(client: Client, text: str) -> None:
    client.send_raw(text.encode("utf-8", "replace").decode())
    assert "left out" in client.event("output")["output"]
    assert client.ask("initialize", adapterID="x")["supportsConfigurationDoneRequest"]


def test_a_header_that_is_none_ends_the_conversation(client: Client) -> None:
    client._write(b"Hello there\r\n\r\n")
    assert "Content-Length" in client.event("output")["output"]
    client.until_closed()


def test_a_message_of_a_terabyte_ends_the_conversation(client: Client) -> None:
    client._write(b"Content-Length: 999999999999\r\n\r\n")
    assert "longer than" in client.event("output")["output"]
    client.until_closed()


def test_a_long_message_is_read(client: Client) -> None:
    client.ask("initialize", adapterID="x" * 5_000_000)


@pytest.mark.parametrize("command", sorted({*REQUESTS, "configurationDone", "terminate", "restart"}))
def test_nothing_can_be_asked_before_a_launch(client: Client, command: str) -> None:
    with pytest.raises(Refused, match="launch"):
        client.ask(command)
    client.ask("initialize", adapterID="x")
    with pytest.raises(Refused, match="launch"):
        client.ask(command)


def test_requests_out_of_order(client: Client, hello_path: Path) -> None:
    with pytest.raises(Refused, match="initialize"):
        client.ask("launch", trace=str(hello_path))
    client.begin(trace=str(hello_path))
    for command, arguments in (("initialize", {"adapterID": "x"}), ("launch", {"trace": str(hello_path)})):
        with pytest.raises(Refused, match="already"):
            client.ask(command, **arguments)
    with pytest.raises(Refused, match="pause it first"):
        client.ask("stackTrace", threadId=1)
    client.go()
    client.ask("stackTrace", threadId=1)


def test_attach_is_for_traces_only(client: Client) -> None:
    client.ask("initialize", adapterID="x")
    with pytest.raises(Refused, match="cannot attach"):
        client.ask("attach", program=str(HELLO))


def test_a_cancelled_request_is_not_carried_out(looking: Client) -> None:
    request = looking._seq + 2
    # Both are there before the first is looked at: the second message cancels the first.
    texts = [
        json.dumps({"seq": request, "type": "request", "command": "evaluate", "arguments": {"expression": "1"}}),
        json.dumps({"seq": request + 1, "type": "request", "command": "cancel", "arguments": {"requestId": request}}),
    ]
    looking._write(b"".join(b"Content-Length: %d\r\n\r\n%b" % (len(text), text.encode()) for text in texts))
    assert looking.answer(request + 1)["success"]
    answer = looking.answer(request)
    assert answer["success"] or answer["message"] == "cancelled"
    looking._seq = request + 1
    looking.ask("threads")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 40) | st.sampled_from(["", "x", "z1", "write", "level", ":to 3"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["path", "line", "name"]), inner),
    max_leaves=4,
)
NAMES = st.sampled_from(
    ["threadId", "frameId", "variablesReference", "start", "count", "filter", "source", "line", "breakpoints",
     "filters", "expression", "context", "targetId", "name", "granularity", "startFrame", "levels", "sourceReference"]
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(command=st.sampled_from(sorted(REQUESTS)), arguments=st.dictionaries(NAMES, JSON, max_size=4))
def test_any_arguments_get_an_answer(looking: Client, command: str, arguments: dict[str, object]) -> None:
    answer = looking.answer(looking.send(command, **arguments))
    assert answer["success"] or answer["message"]
    assert "AttributeError" not in str(answer)
    looking.ask("threads")


def test_stdout_is_the_protocols_and_closing_stdin_ends_everything(write: Write) -> None:
    script = write("import os, torch\nos.write(1, b'raw')\nos.write(2, b'raw')\n" + ENDLESS)
    with adapter_process(stderr=subprocess.DEVNULL) as adapter:
        client = adapter.client
        client.begin(program=str(script))
        client.ask("configurationDone")
        pid = client.event("process")["systemProcessId"]
        while "turn" not in client.output("stdout"):
            client.event("output")
        assert adapter.process.stdin is not None
        adapter.process.stdin.close()
        client.until_closed()
        assert adapter.process.wait(60) == 0
    assert is_gone(pid)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_an_adapter_that_is_asked_to_end_takes_the_script_along(write: Write, number: int, code: int) -> None:
    with adapter_process(stderr=subprocess.PIPE) as adapter:
        client = adapter.client
        client.begin(program=str(write(ENDLESS)))
        client.ask("configurationDone")
        pid = client.event("process")["systemProcessId"]
        while "turn" not in client.output("stdout"):
            client.event("output")
        adapter.process.send_signal(number)
        assert adapter.process.wait(60) == code
        assert adapter.process.stderr is not None
        adapter.process.stderr.close()
    assert is_gone(pid)
