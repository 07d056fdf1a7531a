"""Values of a script that is held are changed through its session."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from engine.errors import SessionError
from engine.session.place import Level
from engine.session.session import Session, State

Debug = Callable[..., AbstractContextManager[Any]]
HELLO = Path(__file__).resolve().parents[2] / "resources" / "examples" / "hello.py"
WAIT_S = 60.0


def test_a_run_goes_on_with_what_was_changed(debugged: Debug) -> None:
    with debugged(HELLO, "--double") as session:
        session.level = Level.NODE
        session.run_to_node("linear")
        session.wait(WAIT_S)
        position = session.place.position
        answer = session.edit("hidden_layer.weight", "1.2")
        assert (answer.what, answer.position) == ("parameter", position)
        assert session.state == State.PAUSED
        assert session.place.position == session.frontier == position + 1
        assert session.reasons()[-1] == (position + 1, "edit")
        assert session.trace.event(position + 1).name == "linear"
        with pytest.raises(SessionError, match=r"cannot hold|shape does not fit"):
            session.edit("hidden_layer.weight", "[1, 2]")
        session.into()
        session.wait(WAIT_S)
        session.back()
        with pytest.raises(SessionError, match=r"what is over cannot be changed.*start a branch"):
            session.edit("hidden_layer.weight", "1.2")
        session.end()
        session.continue_()
        session.wait(WAIT_S)
        with pytest.raises(SessionError, match=r"this one is over.*Start a branch"):
            session.edit("hidden_layer.weight", "1.2")
        loss = next(event for event in session.trace.events() if event.name == "mse_loss")
        recorded = session.trace.array(loss.outputs[0].value)
    a1 = 1 / (1 + math.exp(-(1.2 * 0.8 - 0.14)))
    a2 = 1 / (1 + math.exp(-(2.45 * a1 - 0.11)))
    assert recorded.item() == pytest.approx((a2 - 1) ** 2, rel=1e-12)


def test_a_trace_cannot_be_changed(hello_trace: Path) -> None:
    with Session() as session:
        session.open(hello_trace)
        with pytest.raises(SessionError, match="Start a branch"):
            session.edit("w1", "1")
