"""Goes through a lesson in a terminal: shows, asks, marks, and keeps the answers in a file of the learner's."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

from ..errors import EnglishError
from ..lessons.answers import Answers, read_answers, write_answers
from ..lessons.kept import answers_file
from ..lessons.languages import Words
from ..lessons.lesson import Asking, Question, Stop
from ..lessons.played import PlayedLesson
from ..lessons.review import outcome, review
from .lesson_text import markdown_lines, outcome_lines, question_lines, review_lines, stop_lines
from .terminal import Terminal

_PROMPT = "> "
_ON = Words("Enter goes on, q ends.", "按回车继续，输入 q 结束。")
_EARLIER = Words("You answered {n} questions earlier; they are not asked again.", "之前已回答 {n} 题，不再重复提问。")
_UNREAD = Words("This could not be understood: {how}.", "看不懂这个回答：{how}。")
_NEEDED = Words("An answer is wanted here; a guess is fine, q ends.", "这里需要回答，猜也可以；输入 q 结束。")
_KEPT = Words("Your answers are in {file}. They stay on this machine.", "你的回答保存在 {file}，只留在这台电脑上。")


class _Ended(Exception):  # noqa: N818 - the learner has had enough for today, which is no error
    pass


def is_interactive() -> bool:
    """Whether somebody can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def ask(played: PlayedLesson, save: Path | None, terminal: Terminal) -> None:
    """Asks all that has not been answered earlier. The end of the input, or q, ends it; what was answered is kept."""
    file = save or answers_file(played.lesson.name)
    answers = _earlier(played, file)
    say = _Saying(played, terminal)
    say(["", terminal.bold(played.text.title), "", *say.markdown(played.text.summary)])
    if answers:
        say(["", terminal.dim(_EARLIER.say(played.language, n=len(answers)))])
    with contextlib.suppress(_Ended):
        for number, stop in enumerate(played.lesson.stops, 1):
            say(stop_lines(played, stop, number, terminal))
            questions = () if played.lesson.asking == Asking.OFF else stop.questions
            for question in questions:
                if question.id not in answers:
                    _ask_one(played, stop, question, say, answers)
                    write_answers(file, Answers(played.lesson.name, answers))
            if not questions:
                say(["", terminal.dim(_ON.say(played.language))])
                _line()
    say(review_lines(review(played, answers), played.language, terminal))
    if answers:
        say(["", terminal.dim(_KEPT.say(played.language, file=file))])


def _earlier(played: PlayedLesson, file: Path) -> dict[str, str]:
    """Answers of an earlier sitting to questions that there still are."""
    if not file.is_file():
        return {}
    found = read_answers(file)
    if found.lesson != played.lesson.name:
        raise EnglishError(f"{file} holds answers to {found.lesson!r}.", "Choose another file: --save FILE")
    known = {question.id for _, question in played.lesson.questions}
    return {key: answer for key, answer in found.by_question.items() if key in known}


class _Saying:
    """Prints lines of a lesson."""

    def __init__(self, played: PlayedLesson, terminal: Terminal) -> None:
        self._played, self._terminal = played, terminal

    def __call__(self, lines: list[str]) -> None:
        for line in lines:
            print(self._terminal.plain(line).rstrip())

    def markdown(self, text: str) -> list[str]:
        """A text's lines."""
        return markdown_lines(text, self._played.language, self._terminal)

    def question(self, stop: Stop, question: Question) -> None:
        """Asks."""
        self(question_lines(self._played.posed(stop, question), self._played.language, self._terminal))

    def outcome(self, stop: Stop, question: Question, answer: str) -> None:
        """Says what came of an answer."""
        found = outcome(self._played, stop, question, answer)
        self(outcome_lines(found, self._played.why(stop, question), self._played.language, self._terminal))


def _ask_one(played: PlayedLesson, stop: Stop, question: Question, say: _Saying, answers: dict[str, str]) -> None:
    """Asks until there is an answer, or, where answers are optional, an empty line."""
    say.question(stop, question)
    while True:
        answer = _line().strip()
        if not answer and played.lesson.asking == Asking.OPTIONAL:
            say.outcome(stop, question, "")
            return
        if not answer:
            say([_NEEDED.say(played.language)])
            continue
        mark = played.mark(stop, question, answer)
        if not mark.given:
            say([_UNREAD.say(played.language, how=played.posed(stop, question).how)])
            continue
        answers[question.id] = answer
        say.outcome(stop, question, answer)
        return


def _line() -> str:
    """What was typed. Raises _Ended at the end of the input and for q."""
    print(_PROMPT, end="", flush=True)
    line = sys.stdin.readline()
    if not line or line.strip().lower() in ("q", "quit", "exit"):
        print()
        raise _Ended
    return line
