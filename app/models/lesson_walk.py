"""Goes through a lesson: which stop, which question, what was answered, and what the panel shall show of it."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass

from engine.lessons.lesson import Asking, Lesson, Question, Step, Stop
from engine.lessons.markdown import inline_html, to_html
from engine.lessons.moments import Moment
from engine.lessons.played import PlayedLesson
from engine.lessons.review import Outcome, Review, outcome, review

_LONGEST_OUTPUT = 4_000


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from. key: the answer. text: as it is shown."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A question that waits for its answer. choices: empty where it is typed. how: how to answer."""

    prompt: str
    choices: tuple[Choice, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Told:
    """A question that was answered. right: None where nobody marks it. given: as it was answered.

    prompt, said, wanted, why: HTML; said is empty where the slip has no name.
    """

    prompt: str
    given: str
    right: bool | None
    said: str
    wanted: str
    why: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """One question of the review. given: what was predicted, "" where nothing was. wanted: what came out.

    title, given, wanted: HTML. right: None where nobody marks it. beliefs: their numbers.
    """

    title: str
    given: str
    right: bool | None
    wanted: str
    beliefs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What the panel shows. number, count: which stop of how many. words: HTML. told: answered questions of the stop.

    printed: what the script printed, at a stop that is about it. ask: the question that waits, None for none.
    """

    title: str
    number: int
    count: int
    heading: str
    words: str
    printed: str
    told: tuple[Told, ...]
    ask: Ask | None
    has_previous: bool
    is_last: bool


class LessonWalk:
    """The learner's way through one lesson. answers: by question; those of an earlier sitting are taken over."""

    def __init__(self, played: PlayedLesson, answers: Mapping[str, str]) -> None:
        known = {question.id for _, question in played.lesson.questions}
        self.played = played
        self.answers = {key: answer for key, answer in answers.items() if key in known}
        self._index = self._first_open()

    @property
    def stop(self) -> Stop:
        """Where it is."""
        return self.played.lesson.stops[self._index]

    @property
    def moment(self) -> Moment:
        """The place in the run."""
        return self.played.moment(self.stop)

    @property
    def waiting(self) -> Question | None:
        """The question that waits for its answer."""
        if self.played.lesson.asking == Asking.OFF:
            return None
        return next((one for one in self.stop.questions if one.id not in self.answers), None)

    @property
    def is_last(self) -> bool:
        """Whether it stands at the last stop."""
        return self._index == len(self.played.lesson.stops) - 1

    @property
    def is_revealed(self) -> bool:
        """Whether what this stop is about may be seen."""
        return self.waiting is None

    def answer(self, text: str) -> bool:
        """Takes an answer to the question that waits; False where it cannot be understood."""
        question = self.waiting
        if question is None or not self.played.mark(self.stop, question, text).given:
            return False
        self.answers[question.id] = text
        return True

    def forward(self) -> None:
        """To the next stop; at the last one it stays."""
        self._index = min(self._index + 1, len(self.played.lesson.stops) - 1)

    def back(self) -> None:
        """To the stop before."""
        self._index = max(0, self._index - 1)

    def go_to(self, number: int) -> None:
        """To a stop, counted from 1."""
        self._index = min(max(number, 1), len(self.played.lesson.stops)) - 1

    def start_again(self) -> None:
        """Forgets all answers."""
        self.answers.clear()
        self._index = 0

    def review(self) -> Review:
        """What came of it."""
        return review(self.played, self.answers)

    def remembered(self, found: Review) -> tuple[Remembered, ...]:
        """Every question of a review, with what was predicted beside what happened."""
        return tuple(self._remembered(one) for one in found.outcomes)

    def page(self) -> Page:
        """What to show now."""
        played, stop, stops = self.played, self.stop, self.played.lesson.stops
        answered = [one for one in stop.questions if one.id in self.answers]
        waiting = self.waiting
        return Page(
            title=played.text.title,
            number=self._index + 1,
            count=len(stops),
            heading=html.escape(played.heading(stop)),
            words=to_html(played.words(stop), played.term_link),
            printed=self._printed() if stop.step == Step.RUN else "",
            told=tuple(self._told(one) for one in answered),
            ask=None if waiting is None else self._ask(waiting),
            has_previous=self._index > 0,
            is_last=self.is_last,
        )

    def _first_open(self) -> int:
        """The first stop with a question that was not answered; the first of all where nothing was."""
        for number, stop in enumerate(self.played.lesson.stops):
            if self.answers and any(question.id not in self.answers for question in stop.questions):
                return number
        return 0

    def _ask(self, question: Question) -> Ask:
        posed = self.played.posed(self.stop, question)
        choices = tuple(Choice(key, text.replace("`", "").replace("**", "")) for key, text in posed.options)
        return Ask(to_html(posed.prompt, self.played.term_link), choices, posed.how)

    def _told(self, question: Question) -> Told:
        played, stop = self.played, self.stop
        found: Outcome = outcome(played, stop, question, self.answers[question.id])
        posed = played.posed(stop, question)
        given = dict(posed.options).get(found.given, found.given)
        return Told(
            prompt=to_html(posed.prompt, played.term_link),
            given=inline_html(given, played.term_link),
            right=found.right,
            said=to_html(found.said, played.term_link),
            wanted=inline_html(found.wanted, played.term_link),
            why=to_html(played.why(stop, question), played.term_link),
        )

    def _remembered(self, one: Outcome) -> Remembered:
        played = self.played
        options = dict(played.posed(one.stop, one.question).options) if one.given else {}
        return Remembered(
            title=inline_html(played.text.questions[one.question.id].title, played.term_html),
            given=inline_html(options.get(one.given, one.given), played.term_html),
            right=one.right,
            wanted=inline_html(one.wanted, played.term_html),
            beliefs=one.question.beliefs,
        )

    def _printed(self) -> str:
        text = "".join(row.text for row in self.moment.trace.output())
        return html.escape(text[-_LONGEST_OUTPUT:])


def front_page(lesson: Lesson, language: str) -> str:
    """What a lesson is about and what one can do after it, as HTML: to be read while its scripts are being run."""
    played = PlayedLesson(lesson, {}, language)
    text = played.text
    goals = "".join(f"<li>{inline_html(goal, played.term_link)}</li>" for goal in text.goals)
    return f"<h2>{html.escape(text.title)}</h2>{to_html(text.summary, played.term_link)}<ul>{goals}</ul>"
