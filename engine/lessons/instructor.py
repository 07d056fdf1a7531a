"""The page for the teacher that goes with a lesson, made from its folder: aim, minutes, questions, wrong answers."""

from __future__ import annotations

from collections.abc import Iterator

from .beliefs import BELIEFS
from .kinds import KINDS
from .languages import Words
from .lesson import Lesson, Question
from .slips import SLIPS

_MINUTES = Words(
    "About {n} minutes, {stops} stops, {questions} questions.", "大约 {n} 分钟，{stops} 处停顿，{questions} 个问题。"
)
_SCRIPTS = Words("Scripts", "脚本")
_GOALS = Words("Goals", "目标")
_NOTES = Words("Notes", "说明")
_STOPS = Words("Stops and questions", "停顿与问题")
_BELIEFS = Words("What learners believe, and what is so", "常见的想法与事实")
_SLIPS = Words("Wrong answers that are recognised", "能认出来的错误答案")


def instructor_page(lesson: Lesson, language: str) -> str:
    """The page as Markdown. It needs no run: numbers stand as {{ ... }} where a lesson fills them in."""
    return "\n".join(_lines(lesson, language)).rstrip() + "\n"


def _lines(lesson: Lesson, language: str) -> Iterator[str]:
    text = lesson.text(language)
    yield from (f"# {lesson.number}. {text.title}" if lesson.number else f"# {text.title}", "", text.summary, "")
    counts = {"n": lesson.minutes, "stops": len(lesson.stops), "questions": len(lesson.questions)}
    yield from (_MINUTES.say(language, **counts), "")
    yield f"## {_GOALS.say(language)}"
    yield from ("", *(f"- {goal}" for goal in text.goals), "")
    yield from (f"## {_NOTES.say(language)}", "", text.teacher, "")
    yield f"## {_SCRIPTS.say(language)}"
    yield ""
    for run in lesson.runs:
        shown = " ".join([run.script.name, *run.arguments, *run.changes])
        yield f"- `{shown}`" + (f" ({', '.join(run.findings)})" if run.findings else "")
    yield from ("", f"## {_STOPS.say(language)}", "")
    for number, stop in enumerate(lesson.stops, 1):
        yield f"{number}. **{text.stops[stop.id].title}** ({stop.step})"
        for question in stop.questions:
            yield f"    - {text.questions[question.id].prompt.splitlines()[0]} {_asked(question, language)}"
    slips = {slip.id for _, question in lesson.questions for slip in question.slips}
    if slips:
        yield from ("", f"## {_SLIPS.say(language)}", "")
        for slip in sorted(slips):
            words = text.slips[slip].text if slip in text.slips else SLIPS[slip].say(language)
            yield f"- {words}"
    if lesson.beliefs:
        yield from ("", f"## {_BELIEFS.say(language)}", "")
        for key in lesson.beliefs:
            yield f"- {key}: *{BELIEFS[key].belief.say(language)}* {BELIEFS[key].truth.say(language)}"


def _asked(question: Question, language: str) -> str:
    """How it is answered, and what the right answer is made of."""
    made = f": `{question.answer}`" if question.answer else f": {question.right}" if question.right else ""
    return f"({KINDS[question.kind].how.say(language)}{made})"
