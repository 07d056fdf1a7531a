"""A lesson that cannot be read says in which file, in which line, and what is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.lessons.lesson import Asking, LessonError, Step
from engine.lessons.reading import read_lesson
from tests.lessons.conftest import SmallLesson


def test_what_it_reads(small: SmallLesson) -> None:
    lesson = read_lesson(small.folder)
    assert (lesson.name, lesson.number, lesson.minutes, lesson.asking) == ("small", 3, 10, Asking.REQUIRED)
    assert [(stop.id, stop.step, stop.line) for stop in lesson.stops] == [("sum", Step.INVESTIGATE, 8)]
    assert lesson.stops[0].questions[0].line == 13
    text = lesson.text("en")
    assert text.title == "A small lesson"
    assert text.goals == ("I can add.",)
    assert text.questions["how-large"].why == "It is {{ z1 }}."
    assert lesson.beliefs == ("M4",)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("format = 1", "format = 2", 1, "format = 1"),
        ("minutes = 10", "minutes = 'ten'", 2, "`minutes` is a whole number"),
        ("minutes = 10", "minuts = 10", 2, "has no `minuts`"),
        ("minutes = 10", "minutes = ", 2, "not TOML"),
        ('script = "script.py"', 'script = "../script.py"', 4, "own folder"),
        ('script = "script.py"', 'script = "/etc/passwd"', 4, "own folder"),
        ('script = "script.py"', 'example = "../../gradstep.py"', 4, "own folder"),
        ('script = "script.py"', 'script = "script.sh"', 4, "not a Python file"),
        ('script = "script.py"', 'script = "script.py"\nchanges = ["loss=none"]', 4, "no loss none"),
        ('quantity = "z1"', 'quantity = "z1"\nphase = "forward"', 8, "two places"),
        ('quantity = "z1"', 'quantity = 1', 10, "`quantity` is a text"),
        ('quantity = "z1"', 'quantity = "z1"\nrun = "other"', 8, "no run 'other'"),
        ('view = "equation"', 'view = "kitchen"', 8, "no view 'kitchen'"),
        ('id = "sum"', 'id = "a b"', 8, "has no id"),
        ('kind = "number"', 'kind = "poem"', 13, "no kind 'poem'"),
        ('answer = "z1"', "", 13, "has no `answer`"),
        ('answer = "z1"', 'answer = "z1 +"', 13, "is no expression"),
        ('answer = "z1"', 'answer = "__import__(\'os\')"', 13, "is no expression"),
        ('answer = "z1"', 'answer = "z1"\nright = 2', 13, "has no `right`"),
        ('answer = "z1"', 'answer = "z1"\ntolerance = 2', 13, "`tolerance`"),
        ('["M4"]', '["M99"]', 13, "no belief 'M99'"),
        ('"2 * z1" }', '"2 *" }', 13, "is no expression"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_its_toml(small: SmallLesson, old: str, new: str, line: int, says: str) -> None:
    small.change("lesson.toml", old, new)
    with pytest.raises(LessonError) as caught:
        read_lesson(small.folder)
    assert caught.value.message.english.startswith(f"lesson.toml line {line}: ")
    assert says in caught.value.message.english


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("# A small lesson", "A small lesson", 1, "before the title"),
        ("{#sum}", "", 9, "has no id"),
        ("### z {#how-large}", "### z {#how-large}\n### z {#how-large}", 14, "comes twice"),
        ("One sum.", "One ![sum](sum.png).", 3, "picture"),
        ("One sum.", "One [sum](file:///etc/passwd).", 3, "link"),
        ("One sum.", "See https://example.org.", 3, "address"),
        ("One sum.", "One <script>sum</script>.", 3, "HTML"),
        ("One sum.", "One sum.\n\n```\ncode", 5, "not closed"),
    ],
)
def test_what_is_wrong_in_its_text(small: SmallLesson, old: str, new: str, line: int, says: str) -> None:
    small.change("lesson.en.md", old, new)
    with pytest.raises(LessonError) as caught:
        read_lesson(small.folder)
    assert caught.value.message.english.startswith(f"lesson.en.md line {line}: ")
    assert says in caught.value.message.english


def test_a_file_that_is_no_text(small: SmallLesson) -> None:
    (small.folder / "lesson.en.md").write_bytes("# Größe\n\nzwei\n".encode("latin-1"))
    with pytest.raises(LessonError, match=r"lesson\.en\.md line 1: It is not written in UTF-8"):
        read_lesson(small.folder)


def test_a_file_that_is_too_large(small: SmallLesson) -> None:
    small.write("lesson.en.md", "# Title\n" + "word " * 60_000)
    with pytest.raises(LessonError, match="larger than 256 KiB"):
        read_lesson(small.folder)


def test_files_that_are_not_there(small: SmallLesson) -> None:
    (small.folder / "script.py").unlink()
    with pytest.raises(LessonError, match=r"script.py: There is no such file"):
        read_lesson(small.folder)
    with pytest.raises(LessonError, match="no such folder"):
        read_lesson(small.folder / "nothing")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_out_of_the_folder(small: SmallLesson, tmp_path: Path) -> None:
    outside = tmp_path / "outside.py"
    outside.write_text("print()", encoding="utf-8")
    (small.folder / "script.py").unlink()
    (small.folder / "script.py").symlink_to(outside)
    with pytest.raises(LessonError, match="own folder"):
        read_lesson(small.folder)


def test_too_many_stops(small: SmallLesson) -> None:
    more = "\n".join(f'[[stops]]\nid = "more{n}"' for n in range(120))
    text = (small.folder / "lesson.toml").read_text(encoding="utf-8")
    small.write("lesson.toml", f"{text}\n{more}\n")
    with pytest.raises(LessonError, match="may have 100"):
        read_lesson(small.folder)


def test_the_same_id_twice(small: SmallLesson) -> None:
    text = (small.folder / "lesson.toml").read_text(encoding="utf-8")
    small.write("lesson.toml", f'{text}\n[[stops]]\nid = "sum"\n')
    with pytest.raises(LessonError, match="two stops 'sum'"):
        read_lesson(small.folder)
