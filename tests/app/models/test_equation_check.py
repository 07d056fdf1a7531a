"""Checks of numbers beside the window: what they read is kept for the next, and goes with the last."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models import equation_check
from app.models.equation_check import Checks, Question
from engine.analysis import flow
from engine.trace.reader import Trace


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[weakref.ref[Trace]]]:
    """The traces that checks open, while Python looks for no circles."""
    found: list[weakref.ref[Trace]] = []

    def open_trace(path: Path) -> Trace:
        trace = Trace(path)
        found.append(weakref.ref(trace))
        return trace

    monkeypatch.setattr(equation_check, "Trace", open_trace)
    gc.disable()
    yield found
    gc.enable()


def test_an_iteration_is_read_once_for_all_its_numbers(hello_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    class Counted(flow.Flow):
        def __init__(self, trace: Trace, iteration: int) -> None:
            read.append(iteration)
            super().__init__(trace, iteration)

    monkeypatch.setattr(flow, "Flow", Counted)
    checks = Checks()
    one_by_one = [Checks().answer(Question(hello_path, 0, index)) for index in range(12)]
    assert read == [0] * 12
    read.clear()
    assert [checks.answer(Question(hello_path, 0, index)) for index in range(12)] == one_by_one
    assert checks.answer(Question(hello_path, 1, 0)).symbol == "z1"
    assert read == [0, 1]


def test_a_trace_goes_as_soon_as_nobody_needs_it(hello_path: Path, opened: list[weakref.ref[Trace]]) -> None:
    checks = Checks()
    for index in (0, 5, 9):
        assert checks.answer(Question(hello_path, 0, index)).verdict is not None
    assert [known() is not None for known in opened] == [False, False, True]
    del checks
    assert opened[-1]() is None
