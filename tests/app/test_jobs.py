"""Work beside the window: results, stale results, errors, the end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.jobs import Beside, GivenUpError, Ticket
from engine.bilingual import same
from engine.errors import GradstepError


@pytest.fixture
def beside(qtbot: QtBot) -> Iterator[Beside]:
    made = Beside()
    yield made
    made.close()


def test_a_job_runs_in_another_thread_and_its_result_comes_to_this_one(beside: Beside, qtbot: QtBot) -> None:
    heard: list[tuple[object, int]] = []
    beside.done.connect(lambda result: heard.append((result, threading.get_ident())))
    beside.ask(lambda ticket: threading.get_ident())
    qtbot.waitUntil(lambda: bool(heard), timeout=10_000)
    assert heard[0][0] != threading.get_ident()
    assert heard[0][1] == threading.get_ident()
    assert not beside.is_busy


def test_only_the_newest_question_is_answered(beside: Beside, qtbot: QtBot) -> None:
    begun, held = threading.Event(), threading.Event()
    ended: list[str] = []

    def slow(ticket: Ticket) -> str:
        begun.set()
        held.wait(20)
        try:
            ticket.went_on(1, 2)
        except GivenUpError:
            ended.append("early")
            raise
        return "old"

    heard: list[object] = []
    steps: list[object] = []
    beside.done.connect(heard.append)
    beside.progressed.connect(lambda done, count: steps.append((done, count)))
    beside.ask(slow)
    assert begun.wait(20)
    beside.ask(lambda ticket: "never begun")
    beside.ask(lambda ticket: "new")
    held.set()
    qtbot.waitUntil(lambda: bool(heard), timeout=20_000)
    assert heard == ["new"]
    assert (ended, steps) == (["early"], [])


def test_a_sentence_for_the_user_is_a_failure_and_no_exception(beside: Beside, qtbot: QtBot) -> None:
    def fails(ticket: Ticket) -> None:
        raise GradstepError(same("It cannot be done."), same("Try another."))

    with qtbot.waitSignal(beside.failed, timeout=20_000) as told:
        beside.ask(fails)
    assert told.args is not None
    assert told.args[0].message.english == "It cannot be done."


def test_an_unexpected_error_is_raised_where_it_is_told_of(beside: Beside, qtbot: QtBot) -> None:
    def fails(ticket: Ticket) -> None:
        raise ZeroDivisionError("a slip of ours")

    with qtbot.captureExceptions() as caught:
        beside.ask(fails)
        qtbot.waitUntil(lambda: bool(caught), timeout=20_000)
    assert caught[0][0] is ZeroDivisionError


def test_nothing_is_told_after_the_end(qtbot: QtBot) -> None:
    beside, held, heard = Beside(), threading.Event(), []
    beside.done.connect(heard.append)
    beside.ask(lambda ticket: held.wait(20))
    beside.ask(lambda ticket: "waits")
    held.set()
    beside.close()
    beside.ask(lambda ticket: "too late")
    qtbot.wait(20)
    assert heard == []
    assert not beside.is_busy
