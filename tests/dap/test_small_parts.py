"""Parts that need no conversation: hit conditions, lines that can stop, requests, paths, the mailbox."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest

from engine.dap.client import Client, client_of
from engine.dap.hit_conditions import counted
from engine.dap.lines import line_from, lines_that_may_stop
from engine.dap.mailbox import Mailbox
from engine.dap.messages import Arguments, Malformed, RequestError, request_of
from engine.wire.breakpoints import Breakpoint, What

HITS = {
    "": [1, 2, 3, 4, 5, 6, 7],
    "3": [3],
    "== 3": [3],
    "=3": [3],
    ">= 3": [3, 4, 5, 6, 7],
    "> 3": [4, 5, 6, 7],
    ">0": [1, 2, 3, 4, 5, 6, 7],
    "% 3": [3, 6],
}


@pytest.mark.parametrize("text", HITS)
def test_hit_conditions_let_the_right_hits_count(text: str) -> None:
    first, every = counted(text)
    one = Breakpoint(What.NAME, "linear", first=first, every=every)
    assert [hit for hit in range(1, 8) if one.counts(hit)] == HITS[text]


@pytest.mark.parametrize("text", ["x", "<3", "0", "% 0", "3.5", "-1", "3 4", "1" * 40])
def test_what_is_no_hit_condition(text: str) -> None:
    with pytest.raises(RequestError):
        counted(text)


SOURCE = '''import torch

class Net:
    """Not here."""

    def forward(self, x):
        y = (
            x
            + self.b
        )
        z = (
            y.view(-1)
            .relu()
        )
        if z is None:
            return None
        return z

w = 3
x[0] = 1
w += x
'''


def test_lines_that_may_stop_are_those_where_something_is_called_or_computed() -> None:
    # 8: the sum begins there. 12 and 13: the two method calls. 20: x[0]. 21: +=. Line 15 compares.
    assert lines_that_may_stop(SOURCE) == (8, 12, 13, 15, 20, 21)
    assert [line_from((8, 12), wanted) for wanted in (1, 8, 9, 13)] == [8, 8, 12, None]
    assert lines_that_may_stop("this is no Python") == ()


def test_columns_lines_and_paths_are_counted_as_the_editor_counts(tmp_path: Any) -> None:
    asked = Arguments({"linesStartAt1": False, "columnsStartAt1": False, "pathFormat": "uri"}, "initialize")
    client = client_of(asked)
    assert (client.line_in(0), client.line_out(1), client.column_out(0)) == (1, 0, 0)
    path = tmp_path / "a script.py"
    assert client.path_out(str(path)).startswith("file:///")
    assert client.path_in(client.path_out(str(path))) == str(path.resolve())
    usual = Client()
    assert (usual.line_in(7), usual.line_out(7), usual.column_out(0), usual.path_out("/a")) == (7, 7, 1, "/a")


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"null", b'{"type": "event"}', b'{"type": "request", "seq": "1", "command": "x"}',
             b'{"type": "request", "seq": 1}', b"\xff", b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_request(body: bytes) -> None:
    with pytest.raises(Malformed):
        request_of(body)


def test_a_response_is_passed_over_and_arguments_are_checked() -> None:
    assert request_of(b'{"type": "response", "seq": 1}') is None
    request = request_of(json.dumps({"type": "request", "seq": 4, "command": "x", "arguments": {"a": 1.5}}).encode())
    assert request is not None
    assert (request.seq, request.command) == (4, "x")
    for ask in (
        lambda: request.arguments.number("a", 0),
        lambda: request.arguments.text("a"),
        lambda: request.arguments.flag("a"),
        lambda: request.arguments.texts("a"),
        lambda: request.arguments.part("a"),
        lambda: request.arguments.required_number("b"),
        lambda: Arguments({"n": 1 << 60}, "x").number("n", 0),
        lambda: Arguments({"n": True}, "x").number("n", 0),
        lambda: Arguments({"e": {"A": []}}, "x").strings("e"),
    ):
        with pytest.raises(RequestError):
            ask()
    assert Arguments({"e": {"A": "1", "B": None, "C": 3}}, "x").strings("e") == {"A": "1", "B": None, "C": "3"}


def test_who_leaves_too_much_waits_until_it_is_taken_or_not_wanted() -> None:
    box: Mailbox[int] = Mailbox(most=2)
    wanted = True
    given: list[int] = []

    def leave() -> None:
        for number in range(4):
            box.leave(number, lambda: wanted)
            given.append(number)

    thread = threading.Thread(target=leave)
    thread.start()
    assert [box.take(10), box.take(10)] == [0, 1]
    assert box.take_if(lambda thing: thing == 7) is None
    assert box.take_if(lambda thing: True) in (2, None)
    wanted = False
    box.stir()
    thread.join(10)
    assert not thread.is_alive()
    assert given == [0, 1, 2, 3]
    box.close()
    box.leave(9)
    assert box.take(0.0) is None
