"""Messages survive the wire, and nothing else does."""

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.bilingual import NOTHING
from engine.events import Kind, Phase
from engine.wire.breakpoints import Breakpoint, What
from engine.wire.encoding import WireError, decode_message, decode_record, encode_message, encode_record
from engine.wire.messages import (
    Ended,
    Hello,
    Message,
    Progress,
    Refused,
    Resume,
    RunTo,
    SetBreakpoints,
    Stopped,
    Wrote,
)
from engine.wire.options import ChildOptions

# NaN is not equal to itself; a limit may be anything else.
st.register_type_strategy(Breakpoint, st.builds(Breakpoint, limit=st.floats(allow_nan=False)))
MESSAGES = st.one_of([st.from_type(kind) for kind in get_args(Message)])


@given(MESSAGES)
def test_every_message_comes_back_as_it_was(message: Message) -> None:
    assert decode_message(encode_message(message)) == message


@given(st.from_type(ChildOptions))
def test_options_come_back_as_they_were(options: ChildOptions) -> None:
    assert decode_record(ChildOptions, encode_record(options)) == options


def test_a_message_is_plain_json() -> None:
    stopped = Stopped(3, "step", 0, Phase.FORWARD, Kind.OP, "linear", None)
    assert json.loads(encode_message(stopped)) == {
        "type": "Stopped", "position": 3, "reason": "step", "iteration": 0, "phase": "forward", "kind": "op",
        "name": "linear", "site": None,
    }  # fmt: skip


def test_text_that_utf_8_cannot_hold_crosses_too() -> None:
    message = Wrote("stdout", "half a \ud83d pair", 1)
    assert decode_message(encode_message(message)) == message


GOOD = json.loads(encode_message(SetBreakpoints((Breakpoint(What.LINE, "/a.py", 3),), (0,))))


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Shutdown"},
        {"type": 7},
        {"breakpoints": None},
        {"breakpoints": [["line", "/a.py", 3]]},
        {"breakpoints": [{**GOOD["breakpoints"][0], "line": True}]},
        {"breakpoints": [{**GOOD["breakpoints"][0], "line": 3.0}]},
        {"breakpoints": [{**GOOD["breakpoints"][0], "what": "eval"}]},
        {"breakpoints": [{"what": "line"}]},
        {"hits": 0},
        {"hits": ["0"]},
        {"surplus": 1},
    ],
)
def test_what_does_not_fit_exactly_is_refused(change: dict[str, Any]) -> None:
    assert decode_message(json.dumps(GOOD).encode()) == SetBreakpoints((Breakpoint(What.LINE, "/a.py", 3),), (0,))
    with pytest.raises(WireError):
        decode_message(json.dumps(GOOD | change).encode())


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"null", b"{", b"\xff\xfe", b"[" * 100_000, b'{"type": "RunTo"}', b'{"type": "Resume", "x": 1}'],
)
def test_what_is_no_message_is_refused(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_message(data)


@given(st.binary(max_size=200))
def test_random_bytes_are_refused_politely(data: bytes) -> None:
    with pytest.raises(WireError):
        decode_message(data)


def test_messages_are_told_apart_by_type_alone() -> None:
    assert decode_message(b'{"type":"Resume"}') == Resume()
    assert decode_message(b'{"type":"RunTo","position":5}') == RunTo(5)
    kinds = {
        type(message).__name__ for message in (Hello(1, "", "", ""), Refused("", NOTHING, NOTHING), Progress(0, 0))
    }
    assert len(kinds) == 3
    ended = Ended(1, "failed", "Traceback", NOTHING, 9)
    assert decode_message(encode_message(ended)) == ended
