"""Questions made from any run's own numbers."""

from __future__ import annotations

import pytest

from engine.errors import GradstepError
from engine.lessons.languages import LANGUAGES
from engine.lessons.played import PlayedLesson
from engine.lessons.quiz import RUN, quiz_of
from engine.lessons.review import review
from engine.trace.reader import Trace
from tests.helpers.recorded_traces import hello_path, net_path
from tests.lessons.test_shipped_lessons import right_text, wrong_texts

__all__ = ["hello_path", "net_path"]


@pytest.fixture
def hello(hello_path):
    with Trace(hello_path) as trace:
        yield trace


@pytest.fixture
def net(net_path):
    with Trace(net_path) as trace:
        yield trace


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("level", [1, 2, 3, 4])
def test_each_question_can_be_answered(hello, level: int, language: str) -> None:
    played = PlayedLesson(quiz_of(hello, 1, level, seed=level, count=100), {RUN: hello}, language)
    answers = {}
    for stop, question in played.lesson.questions:
        truth = played.truth(stop, question)
        posed = played.posed(stop, question)
        assert "{" not in posed.prompt + played.why(stop, question)
        assert "not known" not in posed.prompt + played.why(stop, question)
        answers[question.id] = right_text(truth)
        assert all(played.mark(stop, question, text).right is False for text in wrong_texts(question, truth))
    assert len(answers) >= 8
    assert review(played, answers).is_complete


def test_numbers_are_those_of_the_iteration(hello, golden) -> None:
    played = PlayedLesson(quiz_of(hello, 0, 4, count=100), {RUN: hello}, "en")
    asked = {question.answer: played.truth(stop, question).answer
             for stop, question in played.lesson.questions if question.kind == "number"}  # fmt: skip
    seed = golden["seed000_hello_world"]
    assert asked["`z1`"] == pytest.approx(seed["forward"]["z1"], rel=1e-6)
    assert asked["`dC/dw1`"] == pytest.approx(seed["backward"]["dC_dw1"], rel=1e-5)
    assert asked["`new w2`"] == pytest.approx(seed["updated"]["w2"], rel=1e-6)


def test_larger_tensors_are_asked_for_their_shapes(net) -> None:
    found = quiz_of(net, 0, 2, count=100)
    assert {question.kind for _, question in found.questions} >= {"shape", "next", "changes"}
    played = PlayedLesson(found, {RUN: net}, "en")
    shapes = {question.answer: played.truth(stop, question).answer for stop, question in found.questions}
    assert shapes["`z1`"] == (20, 8)
    assert shapes["`dC/dw1`"] == (8, 3)


def test_the_seed_draws(hello) -> None:
    def ids(seed: int) -> list[str]:
        return [question.id for _, question in quiz_of(hello, 0, 4, seed).questions]

    assert ids(1) == ids(1)
    assert len(ids(1)) == 10
    assert len({tuple(ids(seed)) for seed in range(4)}) == 4


def test_where_nothing_can_be_asked(hello) -> None:
    with pytest.raises(GradstepError, match="Nothing can be asked"):
        quiz_of(hello, 0, 0)
    with pytest.raises(GradstepError, match="iteration 100"):
        quiz_of(hello, 99, 2)
