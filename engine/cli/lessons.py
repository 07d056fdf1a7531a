"""`gradstep lessons`: lists, shows, runs and checks lessons, makes handouts, and asks about any recorded run."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path

from ..errors import EnglishError, GradstepError
from ..export.replacing import replacing
from ..lessons.answers import Answers, read_answers
from ..lessons.blanks import LEVELS
from ..lessons.checking import endings_of_runs, problems_of_runs, problems_of_texts
from ..lessons.handout import Sheet, handout, replay_file
from ..lessons.instructor import instructor_page
from ..lessons.languages import CHINESE, ENGLISH
from ..lessons.lesson import Lesson, LessonError, Run
from ..lessons.played import PlayedLesson
from ..lessons.quiz import RUN, quiz_of
from ..lessons.review import Review, review
from ..lessons.running import RecordedRuns
from ..lessons.shelf import find_lesson, is_shipped, shipped
from ..trace.copying import copy_trace
from ..trace.reader import Trace
from .asking import ask, is_interactive
from .commands import UsageError
from .iteration_option import add_iteration
from .language_option import add_language, speaks_chinese
from .lesson_text import lesson_lines, list_lines
from .script_options import seconds
from .terminal import Terminal

NOT_ALL_RIGHT = 1
"""Exit code when an answer is wrong, or a lesson that was checked has a problem."""

EPILOG = """examples:
  gradstep lessons                                    what there is to learn
  gradstep lessons run hello                          the first lesson, in this terminal
  gradstep lessons run hello --answers mine.json      mark a file of answers; the score as JSON
  gradstep lessons run hello --export-handout hello.html --level 2 --seed 7
  gradstep lessons check my-lesson                    a lesson of your own
  gradstep lessons quiz run.gradstep --level 3        questions on any recorded run

exit code with --answers: 0 if enough is right (--pass), 1 if not; of check: 1 if something is wrong"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `gradstep lessons`."""
    parser.add_argument(
        "what", nargs="?", choices=list(_ACTIONS), default="list", metavar="WHAT",
        help="list (default), show, run, check, teach or quiz",
    )  # fmt: skip
    parser.add_argument("name", nargs="?", metavar="NAME", help="a lesson's name or number, a lesson's folder, a trace")
    add_language(parser)
    parser.add_argument("--answers", type=Path, metavar="FILE", help="run: mark these answers and print the score")
    parser.add_argument("--pass", type=float, default=1.0, metavar="S", dest="enough",
                        help="run: the share of right answers that is enough (default: 1)")  # fmt: skip
    parser.add_argument("--save", type=Path, metavar="FILE", help="run, quiz: where your answers are kept")
    parser.add_argument("--export-handout", type=Path, metavar="OUT", help="run: write a page to print (.html)")
    parser.add_argument("--level", type=int, default=2, metavar="N", help="how much is left blank or asked, 0 to 4")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="which blanks and questions are drawn")
    parser.add_argument("--no-sheet", action="store_true", help="leave the answers out of the handout")
    parser.add_argument("--no-trace", action="store_true", help="do not put the run beside the handout, to replay it")
    add_iteration(parser, "quiz: on this iteration; default: 1", 0, with_setup=False)
    parser.add_argument("--texts", action="store_true", help="check: only the texts, run nothing")
    parser.add_argument("--time-limit", default="2m", metavar="TIME",
                        help="check: a script that runs longer is wrong (default: 2m)")  # fmt: skip
    parser.add_argument("--python", metavar="PATH", help="the Python to run scripts in (default: Gradstep's own)")
    parser.add_argument("--yes", action="store_true", help="run a lesson's script without asking")


def run(options: argparse.Namespace) -> int:
    """Does what was asked for; see the epilog for exit codes."""
    options.language = CHINESE if speaks_chinese(options) else ENGLISH
    if options.level not in LEVELS:
        raise UsageError(f"There is no level {options.level}.", "Levels go from 0, all is shown, to 4, all is blank.")
    if not 0 <= options.enough <= 1:
        raise UsageError(f"--pass {options.enough:g} is no share.", "Write 0.8 for four of five right answers.")
    return _ACTIONS[options.what](options, Terminal(sys.stdout))


def _list(options: argparse.Namespace, terminal: Terminal) -> int:
    _print(list_lines(shipped(), options.language, terminal), terminal)
    return 0


def _show(options: argparse.Namespace, terminal: Terminal) -> int:
    _print(lesson_lines(find_lesson(_name(options)), options.language, terminal), terminal)
    return 0


def _teach(options: argparse.Namespace, terminal: Terminal) -> int:
    print(instructor_page(find_lesson(_name(options)), options.language), end="")
    return 0


def _check(options: argparse.Namespace, terminal: Terminal) -> int:
    limit_s = seconds(options.time_limit)
    try:
        lesson = find_lesson(_name(options))
    except LessonError as error:
        _print(_told(error), terminal)
        return NOT_ALL_RIGHT
    found = problems_of_texts(lesson)
    _print([str(problem) for problem in found], terminal)
    if not options.texts:
        _allow(lesson, options)
        with RecordedRuns(lesson, options.python, _tell_running, limit_s) as traces:
            try:
                of_runs = problems_of_runs(lesson, traces)
                endings = endings_of_runs(lesson, traces)
            except GradstepError as error:  # a script that cannot be run to its end
                _print(_told(error), terminal)
                return NOT_ALL_RIGHT
        _print([str(problem) for problem in of_runs], terminal)
        found += of_runs
        _print([str(ending) for ending in endings], terminal)
    if not found:
        count = len(lesson.questions)
        _print([f"{lesson.folder.name}: {len(lesson.stops)} stops and {count} questions, nothing is wrong."], terminal)
    return NOT_ALL_RIGHT if found else 0


def _run(options: argparse.Namespace, terminal: Terminal) -> int:
    lesson = find_lesson(_name(options))
    answers = None if options.answers is None else read_answers(options.answers)
    if answers is not None and answers.lesson not in ("", lesson.name):
        raise EnglishError(f"{options.answers} holds answers to {answers.lesson!r}, not to {lesson.name!r}.")
    if answers is not None:
        _refuse_strangers(lesson, answers, f"gradstep lessons show {lesson.name}")
    _allow(lesson, options)
    with RecordedRuns(lesson, options.python, _tell_running) as traces:
        played = PlayedLesson(lesson, traces, options.language)
        if options.export_handout is not None:
            return _write_handout(played, traces.get(lesson.table), options)
        if answers is None:
            ask(played, options.save, terminal)
            return 0
        found = review(played, answers.by_question)
    print(json.dumps(_as_json(found, options.language), indent=1, ensure_ascii=False))
    return 0 if found.score >= options.enough * found.possible else NOT_ALL_RIGHT


def _quiz(options: argparse.Namespace, terminal: Terminal) -> int:
    with Trace(Path(_name(options))) as trace:
        lesson = quiz_of(trace, options.iteration, options.level, options.seed)
        played = PlayedLesson(lesson, {RUN: trace}, options.language)
        if options.answers is None:
            ask(played, options.save, terminal)
            return 0
        answers = read_answers(options.answers)
        _refuse_strangers(lesson, answers, "Was it made with another --iteration, --level or --seed?")
        found = review(played, answers.by_question)
    print(json.dumps(_as_json(found, options.language), indent=1, ensure_ascii=False))
    return 0 if found.score >= options.enough * found.possible else NOT_ALL_RIGHT


_ACTIONS: dict[str, Callable[[argparse.Namespace, Terminal], int]] = {
    "list": _list, "show": _show, "run": _run, "check": _check, "teach": _teach, "quiz": _quiz,
}  # fmt: skip


def _name(options: argparse.Namespace) -> str:
    if options.name is None:
        what = "a trace" if options.what == "quiz" else "a lesson"
        raise UsageError(f"gradstep lessons {options.what} wants {what}.", "See: gradstep lessons -h")
    return str(options.name)


def _refuse_strangers(lesson: Lesson, answers: Answers, hint: str) -> None:
    """An answer to a question that is not asked is a mistake in the file, and not a wrong answer."""
    strangers = sorted(answers.by_question.keys() - {one.id for _, one in lesson.questions})
    if strangers:
        raise EnglishError(f"{lesson.name} has no question {strangers[0]!r}.", hint)


def _allow(lesson: Lesson, options: argparse.Namespace) -> None:
    """A lesson from somebody else contains a script, which may do anything: its user decides."""
    if is_shipped(lesson) or options.yes:
        return
    scripts = ", ".join(dict.fromkeys(str(run.script) for run in lesson.runs))
    what = f"This lesson did not come with Gradstep and contains a script that will be run: {scripts}"
    if not is_interactive():
        raise EnglishError(f"{what}.", "Read it first. To run it: --yes")
    print(f"{what}\nRead it first if you do not know its author.", file=sys.stderr)
    print("Run it? [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        raise EnglishError("The script was not run.")


def _tell_running(run: Run) -> None:
    """Says why nothing happens for a few seconds; to the standard error, as the standard output may be read."""
    command = " ".join([run.script.name, *run.arguments])
    print(Terminal(sys.stderr).dim(f"running {command} ..."), file=sys.stderr, flush=True)


def _write_handout(played: PlayedLesson, trace: Trace | None, options: argparse.Namespace) -> int:
    out: Path = options.export_handout
    sheet = Sheet(options.level, options.seed, not options.no_sheet, not options.no_trace)
    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{out} does not end in .html.", "The terminal writes a web page; the window also PDF.")
    replay = replay_file(out, trace, sheet)
    page = handout(played, trace, sheet, replay)
    with replacing(out) as part:
        part.write_text(page, encoding="utf-8")
    print(f"wrote {out}", file=sys.stderr)
    if trace is not None and replay is not None:
        copy_trace(trace.path, replay)
        print(f"wrote {replay}, to replay it", file=sys.stderr)
    return 0


def _as_json(found: Review, language: str) -> dict[str, object]:
    """The score of a file of answers, for a program to read."""
    return {
        "lesson": found.lesson.name,
        "score": found.score,
        "of": found.possible,
        "questions": [
            {
                "id": one.question.id,
                "stop": one.stop.id,
                "right": one.right,
                "given": one.given,
                "wanted": one.wanted,
                "slip": one.slip,
                "said": one.said,
                "beliefs": list(one.question.beliefs),
            }
            for one in found.outcomes
        ],
        "beliefs": [
            {"id": one.key, "belief": one.belief.say(language), "truth": one.truth.say(language)}
            for one in found.shaken
        ],
    }


def _told(error: GradstepError) -> list[str]:
    return [line for line in (error.message.english, error.hint.english) if line]


def _print(lines: list[str], terminal: Terminal) -> None:
    for line in lines:
        print(terminal.plain(line).rstrip())
