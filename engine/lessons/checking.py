"""Checks a lesson of anybody's: missing texts, broken stops, questions that the run does not answer.

Without traces what the folder says is checked; with them also what the script does, in every language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ..analysis.failures.finding import failure
from ..analysis.findings.doctor import diagnose
from ..errors import GradstepError
from ..glossary.shelf import CARDS
from ..trace.reader import Trace
from .expressions import parse_expression
from .kinds import KINDS, SHAPE_SLIPS
from .languages import LANGUAGES
from .lesson import Lesson, Step, Text
from .markdown import TERM
from .moments import Moment, placeholders
from .played import PlayedLesson
from .pointed import pointed_out
from .slips import SLIPS


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, as a sentence. file, line: where; line 0 for the file as a whole."""

    file: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.file.name}{f':{self.line}' if self.line else ''}: {self.sentence}"


def problems_of_texts(lesson: Lesson) -> list[Problem]:
    """What the folder alone shows."""
    return list(_of_texts(lesson))


def endings_of_runs(lesson: Lesson, traces: Mapping[str, Trace]) -> list[Problem]:
    """Runs that ended in an error: not wrong where a lesson is about it, but its author should know."""
    return list(_of_endings(lesson, traces))


def problems_of_runs(lesson: Lesson, traces: Mapping[str, Trace]) -> list[Problem]:
    """What the recorded runs show."""
    return list(_of_runs(lesson, traces))


def _of_texts(lesson: Lesson) -> Iterator[Problem]:
    for language in LANGUAGES:
        text = lesson.texts.get(language)
        if text is None:
            file = lesson.folder / f"lesson.{language}.md"
            yield Problem(file, 0, "The lesson is not translated into this language: there is no such file.")
        else:
            yield from _of_text(lesson, text)
    yield from _of_order(lesson)


def _of_order(lesson: Lesson) -> Iterator[Problem]:
    """A stop that comes too late for its step."""
    order, furthest = list(Step), Step.PREDICT
    for stop in lesson.stops:
        if order.index(stop.step) < order.index(furthest):
            sentence = (
                f"The stop {stop.id!r} is to {stop.step}, and comes after one to {furthest}. Move it up, or give it "
                f"another step; the order is {', '.join(order)}."
            )
            yield Problem(lesson.folder / "lesson.toml", stop.line, sentence)
        else:
            furthest = stop.step


def _of_text(lesson: Lesson, text: Text) -> Iterator[Problem]:
    table = lesson.folder / "lesson.toml"
    questions = {question.id: question for _, question in lesson.questions}
    for stop in lesson.stops:
        if stop.id not in text.stops:
            yield Problem(
                text.file, 0, f"The stop {stop.id!r} ({table.name}:{stop.line}) has no text: ## ... {{#{stop.id}}}"
            )
    for key, question in questions.items():
        asked = text.questions.get(key)
        if asked is None:
            where = f"{table.name}:{question.line}"
            yield Problem(text.file, 0, f"The question {key!r} ({where}) has no text: ### ... {{#{key}}}")
            continue
        if not asked.prompt:
            yield Problem(text.file, asked.line, f"The question {key!r} asks nothing.")
        if not asked.why:
            yield Problem(text.file, asked.line, f"The question {key!r} explains nothing afterwards: > ...")
        if question.kind == "choose" and not 1 <= question.right <= len(asked.options):
            count = len(asked.options)
            yield Problem(text.file, asked.line, f"{key!r} has {count} options, and the right one is {question.right}.")
    named = {slip.id for question in questions.values() for slip in question.slips}
    for key in sorted(named - text.slips.keys() - SLIPS.keys() - SHAPE_SLIPS.keys()):
        yield Problem(text.file, 0, f"The slip {key!r} has no text: #### ... {{#{key}}}")
    for what, parts, known in (
        ("stop", text.stops, {stop.id for stop in lesson.stops}),
        ("question", text.questions, set(questions)),
        ("slip", text.slips, named),
    ):
        for key, part in parts.items():
            if key not in known:
                yield Problem(text.file, part.line, f"There is no {what} {key!r} in {table.name}.")
    for what, there in (("goals", text.goals), ("notes for the teacher", text.teacher), ("summary", text.summary)):
        if not there:
            yield Problem(text.file, 0, f"There are no {what}.")
    yield from _of_lines(text)


def _of_lines(text: Text) -> Iterator[Problem]:
    """Placeholders that are no expressions, and terms that there are not."""
    for number, line in enumerate(text.file.read_text(encoding="utf-8").splitlines(), 1):
        for key, _ in TERM.findall(line):
            if key not in CARDS:
                yield Problem(text.file, number, f"There is no term [[{key}]]; gradstep glossary lists them.")
        for written in placeholders(line):
            try:
                parse_expression(written)
            except GradstepError as error:
                yield Problem(text.file, number, f"{{{{ {written} }}}} is no expression: {error.message.english}")


def _of_endings(lesson: Lesson, traces: Mapping[str, Trace]) -> Iterator[Problem]:
    for run in lesson.runs:
        trace = traces[run.id]
        found, meta = failure(trace), trace.meta()
        if found is not None:
            line = 0 if found.place is None else found.place.line
            said = f"{found.type}: {found.message}".removesuffix(": ").splitlines()[0]
            sentence = f"The run {run.id!r} ends here ({said}). {found.told.fix.english}"
            yield Problem(run.script, line, sentence)
        elif meta.get("status") == "failed":
            code = meta.get("exit_code")
            yield Problem(run.script, 0, f"The run {run.id!r} ends itself with exit code {code}, before its last line.")


def _of_runs(lesson: Lesson, traces: Mapping[str, Trace]) -> Iterator[Problem]:
    table = lesson.folder / "lesson.toml"
    for run in lesson.runs:
        found = {finding.rule for finding in diagnose(traces[run.id]).findings}
        for name in run.findings:
            if name not in found:
                there = ", ".join(sorted(found)) or "nothing"
                yield Problem(table, run.line, f"The run {run.id!r} does not show {name!r}; it shows {there}.")
    for language in lesson.texts:
        yield from _of_played(PlayedLesson(lesson, traces, language))


def _of_played(played: PlayedLesson) -> Iterator[Problem]:
    table, is_first = played.lesson.folder / "lesson.toml", played.language == next(iter(played.lesson.texts))
    for stop in played.lesson.stops:
        try:
            moment = played.moment(stop)
        except GradstepError as error:
            if is_first:
                yield Problem(table, stop.line, f"The stop {stop.id!r} is nowhere: {error}")
            continue
        if is_first:
            for one in pointed_out(moment, stop.view, stop.highlight, revealed=True):
                if not one.is_found:
                    sentence = f"The stop {stop.id!r} highlights {one.word!r}, and there is no such thing in its run."
                    yield Problem(table, stop.line, sentence)
        part = played.text.stops.get(stop.id)
        if part is not None:
            yield from _of_filled(played, moment, part.text, part.line, revealed=False)
        for question in stop.questions:
            asked = played.text.questions.get(question.id)
            if asked is None:
                continue
            try:
                truth = KINDS[question.kind].truth(question, moment, len(asked.options))
            except GradstepError as error:
                if is_first:
                    yield Problem(table, question.line, f"The question {question.id!r} has no answer: {error}")
                continue
            if question.kind in ("next", "changes", "sign", "size") and len(truth.options) < 2:
                yield Problem(table, question.line, f"The question {question.id!r} has only one option.")
            keys = {option.key for option in truth.options}
            for slip in question.slips:
                if keys and slip.value not in keys:
                    there = ", ".join(sorted(keys))
                    yield Problem(table, question.line, f"The slip {slip.id!r} is no option; there are {there}.")
            yield from _of_filled(played, moment, asked.prompt, asked.line, revealed=False)
            yield from _of_filled(played, moment, asked.why, asked.line, revealed=True)


def _of_filled(played: PlayedLesson, moment: Moment, text: str, line: int, *, revealed: bool) -> Iterator[Problem]:
    """Placeholders that have no number at the place where they stand."""
    for written in placeholders(text):
        try:
            found = moment.ask(written, revealed=revealed)
        except GradstepError:
            continue  # said of the text already
        if found.result is None:
            yield Problem(played.text.file, line, f"{{{{ {written} }}}} has no number there: {found.reason.english}")
