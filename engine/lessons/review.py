"""What came of a lesson: each answer beside what was right, the score, and the beliefs that are worth another look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .beliefs import BELIEFS, Belief
from .kinds import KINDS
from .lesson import Lesson, Question, Stop
from .played import PlayedLesson


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question. given: as it was answered, "" where it was not. right: None where nobody marks it.

    wanted: what was right. slip: name of the slip, "" if none is known. said: what is said to the answer.
    """

    stop: Stop
    question: Question
    given: str
    right: bool | None
    wanted: str
    slip: str
    said: str


@dataclass(frozen=True, slots=True)
class Review:
    """outcomes: in the order of the lesson. shaken: beliefs of wrong answers; settled: those of right ones only."""

    lesson: Lesson
    outcomes: tuple[Outcome, ...]
    shaken: tuple[Belief, ...]
    settled: tuple[Belief, ...]

    @property
    def score(self) -> int:
        """How many are right."""
        return sum(outcome.right is True for outcome in self.outcomes)

    @property
    def possible(self) -> int:
        """How many are marked."""
        return sum(outcome.right is not None for outcome in self.outcomes)

    @property
    def is_complete(self) -> bool:
        """Whether all that is marked is right."""
        return self.score == self.possible


def review(played: PlayedLesson, answers: Mapping[str, str]) -> Review:
    """Marks all answers of a lesson; a question without an answer counts as wrong, and what is right stays untold.

    Raises GradstepError.
    """
    outcomes = tuple(
        outcome(played, stop, question, answers[question.id])
        if answers.get(question.id)
        else _unanswered(stop, question)
        for stop, question in played.lesson.questions
    )
    wrong = _beliefs(outcomes, right=False)
    right = [belief for belief in _beliefs(outcomes, right=True) if belief not in wrong]
    return Review(played.lesson, outcomes, tuple(wrong), tuple(right))


def outcome(played: PlayedLesson, stop: Stop, question: Question, answer: str) -> Outcome:
    """Marks one answer."""
    mark = played.mark(stop, question, answer)
    said = played.slip(stop, mark.slip) if mark.slip else ""
    return Outcome(stop, question, answer, mark.right, played.right_answer(stop, question), mark.slip, said)


def _unanswered(stop: Stop, question: Question) -> Outcome:
    return Outcome(stop, question, "", False if KINDS[question.kind].is_marked else None, "", "", "")


def _beliefs(outcomes: tuple[Outcome, ...], *, right: bool) -> list[Belief]:
    answered = [one for one in outcomes if one.given and one.right is right]
    names = (name for one in answered for name in one.question.beliefs)
    return [BELIEFS[name] for name in dict.fromkeys(names)]
