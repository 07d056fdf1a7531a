"""Lessons, questions and reviews as lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from ..glossary.shelf import spoken
from ..lessons.languages import CHINESE, Words
from ..lessons.lesson import Lesson, Stop
from ..lessons.markdown import to_text, wrapped
from ..lessons.played import PlayedLesson, Posed
from ..lessons.review import Outcome, Review
from .terminal import Terminal

_WIDEST = 100
_MINUTES = Words("{n} min", "{n} 分钟")
_ABOUT = Words(
    "about {n} minutes, {stops} stops, {questions} questions", "大约 {n} 分钟，{stops} 处停顿，{questions} 个问题"
)
_BEGIN = Words("Begin with: gradstep lessons run {name}", "开始学习：gradstep lessons run {name}")
_SCORE = Words("{right} of {all} right.", "答对 {right} 题，共 {all} 题。")
_AGAIN = Words("Worth another look:", "值得再想一想：")
_RIGHT = Words("Right.", "对。")
_WRONG = Words("Not quite.", "不对。")
_IT_IS = Words("It is {wanted}.", "答案是 {wanted}。")
_BELIEVED = Words("Often believed: {belief}", "常见的想法：{belief}")
_HOW = Words("({how})", "（{how}）")


def list_lines(lessons: Sequence[Lesson], language: str, terminal: Terminal) -> list[str]:
    """A line a lesson, and how to begin."""
    lines = []
    width = max((len(lesson.name) for lesson in lessons), default=0)
    for lesson in lessons:
        minutes = _MINUTES.say(language, n=lesson.minutes)
        title = lesson.text(language).title
        lines.append(f"{lesson.number:>3}  {terminal.bold(f'{lesson.name:<{width}}')}  {minutes:>7}  {title}")
    first = lessons[0].name if lessons else ""
    return [*lines, "", terminal.dim(_BEGIN.say(language, name=first))]


def lesson_lines(lesson: Lesson, language: str, terminal: Terminal) -> list[str]:
    """What a lesson is about: summary, goals, stops with their questions."""
    text = lesson.text(language)
    counts = {"n": lesson.minutes, "stops": len(lesson.stops), "questions": len(lesson.questions)}
    lines = [terminal.bold(text.title), terminal.dim(_ABOUT.say(language, **counts)), ""]
    lines += markdown_lines(text.summary, language, terminal)
    lines += ["", *markdown_lines("\n".join(f"- {goal}" for goal in text.goals), language, terminal), ""]
    for number, stop in enumerate(lesson.stops, 1):
        asked = ", ".join(question.id for question in stop.questions)
        lines.append(f"{number:>3}. {text.stops[stop.id].title}" + (terminal.dim(f"  {asked}") if asked else ""))
    return [*lines, "", terminal.dim(_BEGIN.say(language, name=lesson.name))]


def stop_lines(played: PlayedLesson, stop: Stop, number: int, terminal: Terminal) -> list[str]:
    """A stop's heading and text."""
    heading = f"{number}/{len(played.lesson.stops)}  {played.heading(stop)}"
    words = markdown_lines(played.words(stop), played.language, terminal)
    return ["", terminal.bold(heading), *(["", *words] if words else [])]


def question_lines(posed: Posed, language: str, terminal: Terminal) -> list[str]:
    """A question with its options, and how to answer."""
    lines = ["", *markdown_lines(posed.prompt, language, terminal)]
    for number, (_, option) in enumerate(posed.options, 1):
        lines += [f"  {number}. {line}" if n == 0 else f"     {line}" for n, line in enumerate(
            markdown_lines(option, language, terminal))]  # fmt: skip
    return [*lines, terminal.dim(_HOW.say(language, how=posed.how))]


def outcome_lines(found: Outcome, why: str, language: str, terminal: Terminal) -> list[str]:
    """What is said to an answer: right or not, the slip if it is known, what is right, and why."""
    lines = []
    if found.right is True:
        lines.append(terminal.styled(f"✓ {_RIGHT.say(language)}", "update"))
    elif found.right is False:
        if found.given:
            lines.append(terminal.red(f"✗ {_WRONG.say(language)}"))
        if found.said:
            lines += markdown_lines(found.said, language, terminal)
        lines += markdown_lines(_IT_IS.say(language, wanted=found.wanted), language, terminal)
    return [*lines, *markdown_lines(why, language, terminal)]


def review_lines(found: Review, language: str, terminal: Terminal) -> list[str]:
    """The score, and the beliefs of wrong answers with what is so."""
    lines = ["", terminal.bold(_SCORE.say(language, right=found.score, all=found.possible))]
    if found.shaken:
        lines += ["", _AGAIN.say(language)]
    for belief in found.shaken:
        said = _BELIEVED.say(language, belief=belief.belief.say(language))
        lines += wrapped(f"{belief.key}  {said}", _width(terminal))
        lines += wrapped(belief.truth.say(language), _width(terminal), "    ")
    return lines


def markdown_lines(text: str, language: str, terminal: Terminal) -> list[str]:
    """A lesson's text; terms stand by their names."""

    def term(key: str, words: str) -> str:
        return spoken(key, words, language == CHINESE)

    return to_text(text, _width(terminal), term, terminal.bold)


def _width(terminal: Terminal) -> int:
    return min(terminal.width, _WIDEST)
