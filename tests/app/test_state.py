"""The window's truth: each fact has its signal, and saying the same again is silent."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, SignalInstance
from pytestqt.qtbot import QtBot

from app.state import NOTHING, AppState, RunOptions, Selection, Status
from engine.session.place import Level, Place
from engine.wire.breakpoints import Breakpoint, What

FACTS = [
    ("script", Path("a.py")), ("status", Status.PAUSED), ("place", Place(3, 1, 0)), ("recorded", 7),
    ("level", Level.NODE), ("selection", Selection("c", 3)), ("breakpoints", (Breakpoint(What.PHASE),)),
    ("options", RunOptions("cuda:0", 1, ("--x",))),
]  # fmt: skip


@pytest.mark.parametrize(("fact", "value"), FACTS)
def test_a_new_fact_is_told_once(fact: str, value: object, qtbot: QtBot) -> None:
    state = AppState()
    told: list[str] = []
    for name in ("trace", *(other for other, _ in FACTS)):
        signal: SignalInstance = getattr(state, f"{name}_changed")
        signal.connect(lambda name=name: told.append(name))
    getattr(state, f"set_{fact}")(value)
    getattr(state, f"set_{fact}")(value)
    assert told == [fact]
    assert getattr(state, fact) == value


def test_nothing_open_allows_nothing() -> None:
    state = AppState()
    assert not any((state.is_open, state.is_live, state.can_go_forward, state.can_go_back))
    assert state.selection == NOTHING
    assert isinstance(state, QObject)
