"""Every shipped lesson is played to its end in both languages, every question answered right and wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.lessons.checking import problems_of_runs, problems_of_texts
from engine.lessons.covers import covers
from engine.lessons.handout import Sheet, handout
from engine.lessons.instructor import instructor_page
from engine.lessons.languages import LANGUAGES
from engine.lessons.lesson import Question, Step
from engine.lessons.marks import Truth
from engine.lessons.played import PlayedLesson
from engine.lessons.review import review
from engine.lessons.shelf import SHIPPED, find_lesson, shipped

NAMES = sorted(folder.name for folder in SHIPPED.iterdir() if folder.is_dir())
ORDER = list(Step)


def right_text(truth: Truth) -> str:
    """An answer as somebody who is right types it."""
    if isinstance(truth.answer, float):
        return f"{truth.answer:.6g}"
    return "so it is" if truth.answer is None else str(truth.answer)


def wrong_texts(question: Question, truth: Truth) -> list[str]:
    """Answers that are understood and wrong."""
    if isinstance(truth.answer, float):
        return [f"{truth.answer * 3.3 + 1:.6g}", f"{truth.answer * 1.4 - 5:.6g}"]
    if isinstance(truth.answer, tuple):
        return [str(list((*truth.answer, 7)))]
    return [option.key for option in truth.options if option.key != truth.answer]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong_with_it(name: str, recorded_lessons) -> None:
    lesson = find_lesson(name)
    assert [str(problem) for problem in problems_of_texts(lesson)] == []
    assert [str(problem) for problem in problems_of_runs(lesson, recorded_lessons(lesson))] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_it_is_played_to_its_end(name: str, language: str, play) -> None:
    played = play(name, language)
    for stop in played.lesson.stops:
        shown = "\n".join([played.heading(stop), played.words(stop)])
        for question in stop.questions:
            posed = played.posed(stop, question)
            shown += "\n".join([posed.prompt, posed.how, *(words for _, words in posed.options)])
            shown += played.why(stop, question) + played.right_answer(stop, question)
        assert shown.strip()
        assert "{{" not in shown
        assert "not known yet" not in shown


@pytest.mark.parametrize("name", NAMES)
def test_all_answers_right(name: str, play) -> None:
    played = play(name)
    answers = {question.id: right_text(played.truth(stop, question)) for stop, question in played.lesson.questions}
    found = review(played, answers)
    assert [one.question.id for one in found.outcomes if one.right is False] == []
    assert found.is_complete
    assert found.shaken == ()


@pytest.mark.parametrize("name", NAMES)
def test_all_answers_wrong(name: str, play) -> None:
    played = play(name)
    for stop, question in played.lesson.questions:
        for text in wrong_texts(question, played.truth(stop, question)):
            mark = played.mark(stop, question, text)
            assert mark.right is False, (question.id, text)
            assert mark.given, (question.id, text)


@pytest.mark.parametrize("name", NAMES)
def test_slips_of_its_own_are_recognised(name: str, play) -> None:
    played: PlayedLesson = play(name)
    for stop, question in played.lesson.questions:
        truth = played.truth(stop, question)
        named = {slip.id for slip in question.slips}
        for slip, wrong in truth.slips:
            if slip in named:
                text = f"{wrong:.6g}" if isinstance(wrong, float) else str(wrong)
                mark = played.mark(stop, question, text)
                assert (mark.right, mark.slip) == (False, slip)
                assert played.slip(stop, slip)


@pytest.mark.parametrize("name", NAMES)
def test_predict_run_investigate_modify_make(name: str) -> None:
    lesson = find_lesson(name)
    steps = [ORDER.index(stop.step) for stop in lesson.stops]
    assert steps == sorted(steps)
    assert {stop.step for stop in lesson.stops} == set(Step)
    assert 10 <= lesson.minutes <= 25


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_pages_for_class_and_teacher(name: str, language: str, play) -> None:
    played = play(name, language)
    lesson = played.lesson
    page = handout(played, recorded_table(played), Sheet(level=1, seed=4))
    assert "{{" not in page
    assert re.search(r"https?:|<script|<img|<link|url\(", page) is None
    assert page.count('class="question"') == len(lesson.questions)
    notes = instructor_page(lesson, language)
    assert all(belief in notes for belief in lesson.beliefs)
    assert str(lesson.minutes) in notes


def recorded_table(played: PlayedLesson):
    """The trace that a handout prints tables of."""
    return played.traces.get(played.lesson.table)


def test_each_has_its_place_and_both_languages() -> None:
    found = shipped()
    assert [lesson.number for lesson in found] == list(range(1, len(found) + 1))
    assert all(set(lesson.texts) == set(LANGUAGES) for lesson in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cover_says_what_the_lesson_says(language: str) -> None:
    for cover, lesson in zip(covers(language), shipped(), strict=True):
        text = lesson.text(language)
        told = (lesson.folder, lesson.number, lesson.minutes, text.title, text.summary)
        assert (cover.folder, cover.number, cover.minutes, cover.title, cover.summary) == told


@pytest.mark.parametrize("name", NAMES)
def test_chinese_is_chinese_and_uses_the_fixed_glossary(name: str) -> None:
    text = (SHIPPED / name / "lesson.zh_CN.md").read_text(encoding="utf-8")
    for wrong in ("自动求导", "反向传递", "计算图谱", "叶节点", "汽车", "签名", "优化程序"):
        assert wrong not in text
    assert re.search("[\u4e00-\u9fff][,;:!?](?![\\w`])", text) is None, "punctuation of the other language"


def test_the_manual_names_each_lesson_and_no_other() -> None:
    page = (Path(__file__).parents[2] / "docs" / "teaching.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE) == [lesson.name for lesson in shipped()]
