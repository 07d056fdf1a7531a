"""The way through a lesson: what is asked, what is told, where it goes on the next time."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.lesson_walk import LessonWalk
from engine.lessons.languages import CHINESE, ENGLISH
from engine.lessons.played import PlayedLesson
from engine.lessons.shelf import find_lesson
from engine.trace.reader import Trace
from tests.helpers.recorded_lessons import record


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PlayedLesson]:
    """The second lesson, in English."""
    lesson = find_lesson("tensors")
    folder: Path = tmp_path_factory.mktemp("walk")
    with contextlib.ExitStack() as opened:
        traces = {}
        for run in lesson.runs:
            record(run, folder / f"{run.id}.gradstep")
            traces[run.id] = opened.enter_context(Trace(folder / f"{run.id}.gradstep"))
        yield PlayedLesson(lesson, traces, ENGLISH)


def test_questions_come_one_by_one_and_the_result_after_the_last(played: PlayedLesson) -> None:
    walk = LessonWalk(played, {})
    page = walk.page()
    assert (page.number, page.count, page.has_previous, page.is_last) == (1, len(played.lesson.stops), False, False)
    assert page.ask is not None
    assert [choice.key for choice in page.ask.choices] == ["1", "2", "3", "4"]
    assert not walk.is_revealed
    assert not walk.answer("what?")
    assert walk.answer("1")
    page = walk.page()
    assert [(told.right, told.given) for told in page.told] == [(False, "the number 0")]
    assert page.ask is not None
    assert page.ask.choices == ()
    assert walk.answer("75")
    (_, told) = walk.page().told
    assert "It adds to it." in told.said
    assert told.wanted == "150"
    assert walk.is_revealed
    assert not walk.answer("150"), "nothing waits"


def test_back_and_forth_keeps_answers(played: PlayedLesson) -> None:
    walk = LessonWalk(played, {})
    walk.back()
    assert walk.page().number == 1
    walk.forward()
    assert walk.page().number == 2
    walk.go_to(3)
    assert walk.answer("89")
    walk.forward()
    walk.back()
    assert [told.right for told in walk.page().told] == [True]
    walk.go_to(99)
    assert walk.page().is_last
    walk.start_again()
    assert (walk.page().number, walk.answers) == (1, {})


def test_it_goes_on_where_it_was_left(played: PlayedLesson) -> None:
    walk = LessonWalk(played, {"empty-box": "2", "after-two": "150", "y": "89", "of-another": "1"})
    assert walk.stop.id == "walk"
    assert "of-another" not in walk.answers
    review = walk.review()
    assert (review.score, review.possible) == (3, 20)


def test_the_review_has_each_prediction_beside_what_happened(played: PlayedLesson) -> None:
    walk = LessonWalk(played, {"empty-box": "2", "after-two": "75"})
    remembered = walk.remembered(walk.review())
    assert len(remembered) == len(played.lesson.questions)
    first, second, third = remembered[:3]
    assert (first.right, second.right, third.right) == (True, False, False)
    assert (second.given, second.wanted, second.beliefs) == ("75", "150", ("M1",))
    assert third.given == ""


def test_text_is_html_and_nothing_else(played: PlayedLesson) -> None:
    walk = LessonWalk(PlayedLesson(played.lesson, played.traces, CHINESE), {})
    for number in range(1, len(played.lesson.stops) + 1):
        walk.go_to(number)
        page = walk.page()
        assert "{{" not in page.words
        assert "[[" not in page.words.replace("[[[", "")
    walk.go_to(1)
    assert "自动微分" in walk.page().words
