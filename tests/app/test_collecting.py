"""Memory is looked through for circles when nobody moves."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from weakref import ref

import pytest
from pytestqt.qtbot import QtBot

from app.collecting import Collecting
from app.state import AppState
from engine.session.place import Place


class Circle:
    """Holds itself."""

    def __init__(self) -> None:
        self.myself = self


@pytest.fixture
def as_before() -> Iterator[None]:
    """What is changed for the whole process is undone."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


@pytest.mark.usefixtures("as_before")
def test_circles_are_freed_in_a_pause_after_a_move(qtbot: QtBot) -> None:
    state = AppState()
    collecting = Collecting(pause_ms=0)
    collecting.watch(state)
    circle = Circle()
    gone = ref(circle)
    for generation in (0, 1):  # as old as what a long iteration is made of
        gc.collect(generation)
    del circle
    for _ in range(200):
        gc.collect(1)
    assert gone() is not None
    qtbot.wait(20)
    assert gone() is not None
    state.set_place(Place(3, 1, 0))
    qtbot.waitUntil(lambda: gone() is None, timeout=20_000)
