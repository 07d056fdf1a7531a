"""`gradstep lessons`: lists, marks answers, asks in a terminal, makes pages, and asks before it runs a script."""

from __future__ import annotations

import contextlib
import io
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from engine.cli import lessons as command
from engine.lessons.lesson import Lesson
from engine.lessons.shelf import SHIPPED
from engine.trace.reader import Trace
from tests.cli.conftest import Run
from tests.helpers.recorded_lessons import recorded_lessons
from tests.lessons.conftest import SmallLesson, small

__all__ = ["recorded_lessons", "small"]


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch, recorded_lessons) -> None:
    """Lessons' scripts run in this process, once for all tests."""

    def recorded(lesson: Lesson, *rest: object) -> contextlib.nullcontext[Mapping[str, Trace]]:
        return contextlib.nullcontext(recorded_lessons(lesson))

    monkeypatch.setattr(command, "RecordedRuns", recorded)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch):
    """Types lines into a command."""
    return lambda *lines: monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def answers(tmp_path: Path, **by_question: object) -> Path:
    """A file of answers to the small lesson."""
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"gradstep_answers": 1, "lesson": "small", "answers": by_question}))
    return file


def test_the_list_names_every_lesson(run: Run) -> None:
    printed = run("lessons")
    assert printed.code == 0
    names = [folder.name.partition("-")[2] for folder in SHIPPED.iterdir() if folder.is_dir()]
    assert [name for name in names if name not in printed.out] == []


def test_the_list_in_chinese(run: Run) -> None:
    assert "你好，反向传播" in run("lessons", "list", "--language", "zh").out


def test_what_a_lesson_is_about(run: Run) -> None:
    printed = run("lessons", "show", "1")
    assert printed.code == 0
    assert "I can work out a forward pass" in printed.out
    assert "{{" not in printed.out


def test_an_unknown_lesson(run: Run) -> None:
    printed = run("lessons", "show", "helo")
    assert printed.code == 2
    assert "Did you mean hello?" in printed.err
    assert run("lessons", "run").code == 2
    assert run("lessons", "sing").code == 2


@pytest.mark.usefixtures("in_process")
def test_all_right(run: Run, small: SmallLesson, tmp_path: Path) -> None:
    file = answers(tmp_path, **{"how-large": 7})
    printed = run("lessons", "run", small.folder, "--answers", file, "--yes")
    assert printed.code == 0
    score = json.loads(printed.out)
    assert (score["lesson"], score["score"], score["of"]) == ("small", 1, 1)
    assert score["beliefs"] == []


@pytest.mark.usefixtures("in_process")
def test_a_slip_is_named_and_costs_the_exit_code(run: Run, small: SmallLesson, tmp_path: Path) -> None:
    file = answers(tmp_path, **{"how-large": "14"})
    printed = run("lessons", "run", small.folder, "--answers", file, "--yes")
    assert printed.code == 1
    score = json.loads(printed.out)
    (question,) = score["questions"]
    assert (question["right"], question["slip"], question["wanted"]) == (False, "twice", "7")
    assert question["said"] == "Once is enough."
    assert [belief["id"] for belief in score["beliefs"]] == ["M4"]
    assert run("lessons", "run", small.folder, "--answers", file, "--yes", "--pass", "0").code == 0


@pytest.mark.usefixtures("in_process")
def test_answers_that_do_not_belong_here(run: Run, small: SmallLesson, tmp_path: Path) -> None:
    printed = run("lessons", "run", small.folder, "--answers", answers(tmp_path, other=1), "--yes")
    assert printed.code == 2
    assert "no question 'other'" in printed.err
    printed = run("lessons", "run", "hello", "--answers", answers(tmp_path))
    assert printed.code == 2
    assert "answers to 'small'" in printed.err


@pytest.mark.usefixtures("in_process")
def test_a_stranger_s_script_is_asked_about(run: Run, small: SmallLesson, tmp_path: Path) -> None:
    printed = run("lessons", "run", small.folder, "--answers", answers(tmp_path))
    assert printed.code == 2
    assert "contains a script that will be run" in printed.err
    assert "script.py" in printed.err
    assert "--yes" in printed.err


@pytest.mark.usefixtures("in_process")
def test_in_a_terminal(run: Run, small: SmallLesson, tmp_path: Path, typed) -> None:
    file = tmp_path / "kept.json"
    typed("", "what?", "14")
    printed = run("lessons", "run", small.folder, "--save", file, "--yes")
    assert printed.code == 0
    assert "w is 3." in printed.out
    assert "An answer is wanted here" in printed.out
    assert "This could not be understood" in printed.out
    assert "Once is enough." in printed.out
    assert "It is 7." in printed.out
    assert "0 of 1 right" in printed.out
    assert "M4" in printed.out
    assert json.loads(file.read_text(encoding="utf-8"))["answers"] == {"how-large": "14"}

    typed()
    assert "You answered 1 questions earlier" in run("lessons", "run", small.folder, "--save", file, "--yes").out


@pytest.mark.usefixtures("in_process")
def test_ending_early(run: Run, small: SmallLesson, tmp_path: Path, typed) -> None:
    typed("q")
    printed = run("lessons", "run", small.folder, "--save", tmp_path / "kept.json", "--yes")
    assert printed.code == 0
    assert not (tmp_path / "kept.json").exists()


@pytest.mark.usefixtures("in_process")
def test_a_handout(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "hello.html"
    printed = run("lessons", "run", "hello", "--export-handout", out, "--level", "3", "--seed", "5")
    assert printed.code == 0
    page = out.read_text(encoding="utf-8")
    assert page.count('class="blank"') == 19
    assert "Answer sheet" in page
    words = page.partition("<h2>Words</h2>")[2].partition("Answer sheet")[0]
    assert "<b>gradient</b>: How much C changes" in words, "the words of the glossary that the texts speak of"
    assert words.count("<b>") == len(set(re.findall("<b>([^<]*)</b>", words))), "each once"
    assert "open hello.gradstep in Gradstep" in page
    with Trace(tmp_path / "hello.gradstep") as replayed:
        assert replayed.iteration(0) is not None, "the run lies beside it"
    (tmp_path / "hello.gradstep").unlink()
    assert run("lessons", "run", "hello", "--export-handout", out, "--no-sheet", "--no-trace", "--level", "4").code == 0
    page = out.read_text(encoding="utf-8")
    assert "Answer sheet" not in page
    assert "0.022329" not in page
    assert "hello.gradstep" not in page
    assert not (tmp_path / "hello.gradstep").exists()
    assert run("lessons", "run", "hello", "--export-handout", out, "--level", "9").code == 2
    assert run("lessons", "run", "hello", "--export-handout", tmp_path / "hello.gradstep").code == 2
    assert run("lessons", "run", "hello", "--export-handout", tmp_path / "no" / "where.html").code == 2


@pytest.mark.usefixtures("in_process")
def test_check(run: Run, small: SmallLesson) -> None:
    printed = run("lessons", "check", small.folder, "--yes")
    assert (printed.code, printed.out) == (0, "03-small: 1 stops and 1 questions, nothing is wrong.\n")
    small.change("lesson.en.md", "{{ z1 }}", "{{ z8 }}")
    printed = run("lessons", "check", small.folder, "--yes")
    assert printed.code == 1
    assert "lesson.en.md:13: {{ z8 }} has no number there" in printed.out
    assert run("lessons", "check", small.folder, "--texts").code == 0
    small.change("lesson.toml", "format = 1", "format = 7")
    printed = run("lessons", "check", small.folder)
    assert (printed.code, printed.out.splitlines()[0]) == (1, "lesson.toml line 1: It does not say `format = 1`.")


def test_quiz(run: Run, hello_path: Path, tmp_path: Path, typed) -> None:
    typed(*["1"] * 20)
    printed = run("lessons", "quiz", hello_path, "--level", "3", "--save", tmp_path / "quiz.json")
    assert printed.code == 0
    assert "10/10" in printed.out
    assert "of 10 right" in printed.out


@pytest.mark.parametrize(
    ("answer", "options", "says"),
    [
        ({"z1": 1}, [], "has no question 'z1'. Was it made with another --iteration, --level or --seed?"),
        ({}, ["--pass", "80"], "--pass 80 is no share. Write 0.8"),
    ],
)
def test_answers_that_a_quiz_cannot_mark(
    run: Run, hello_path: Path, tmp_path: Path, answer: dict[str, object], options: list[str], says: str
) -> None:
    file = tmp_path / "mine.json"
    file.write_text(json.dumps({"gradstep_answers": 1, "answers": answer}))
    printed = run("lessons", "quiz", hello_path, "--answers", file, *options)
    assert printed.code == 2
    assert says in " ".join(printed.err.split())


def test_a_file_of_answers_that_is_no_json_is_shown_how_to_be_one(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text("z1: 1.124")
    printed = run("lessons", "run", "hello", "--answers", tmp_path / "mine.json")
    assert printed.code == 2
    assert '"answers": {"z1": 1.124}' in printed.err


def test_notes_for_the_teacher(run: Run) -> None:
    notes = run("lessons", "teach", "hello").out
    assert notes.startswith("# 1. Hello, backprop")
    assert "M3" in notes
