"""What `gradstep lessons check` finds in a lesson of somebody's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.lessons.checking import endings_of_runs, problems_of_runs, problems_of_texts
from engine.lessons.reading import read_lesson
from engine.lessons.running import RecordedRuns
from tests.lessons.conftest import SmallLesson


def found(small: SmallLesson, recorded_lessons) -> list[str]:
    """All problems of the texts, then of the run."""
    lesson = read_lesson(small.folder)
    return [str(one) for one in [*problems_of_texts(lesson), *problems_of_runs(lesson, recorded_lessons(lesson))]]


def test_a_good_one_has_none(small: SmallLesson, recorded_lessons) -> None:
    assert found(small, recorded_lessons) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("lesson.toml", 'quantity = "z1"', 'quantity = "z9"', "lesson.toml:8: The stop 'sum' is nowhere"),
        ("lesson.toml", 'quantity = "z1"', 'line = "nobody()"', "`loss.backward()`"),
        ("lesson.toml", 'quantity = "z1"', 'phase = "update"', "It has: forward, backward."),
        ("lesson.toml", 'quantity = "z1"', 'node = "Nobody"', "AddmmBackward0"),
        ("lesson.toml", 'quantity = "z1"', 'finding = "dead-relu"', "does not show 'dead-relu'. It has"),
        ("lesson.toml", 'quantity = "z1"', 'iteration = 7', "no `iteration = 7`"),
        ("lesson.toml", 'answer = "z1"', 'answer = "z7"', "lesson.toml:13: The question 'how-large' has no answer"),
        ("lesson.toml", 'script = "script.py"', 'script = "script.py"\nfindings = ["dead-relu"]', "does not show"),
        ("lesson.en.md", "{{ w1 }}", "{{ w9 }}", "lesson.en.md:9: {{ w9 }} has no number there"),
        ("lesson.en.md", "{{ w1 }}", "{{ z1 }}", "has no number there"),
        ("lesson.en.md", "{{ w1 }}", "{{ w1 + }}", "lesson.en.md:11: {{ w1 + }} is no expression"),
        ("lesson.en.md", "[[z]]", "[[zet]]", "lesson.en.md:11: There is no term [[zet]]"),
        ("lesson.en.md", "## The sum {#sum}", "## The sum {#total}", "The stop 'sum' (lesson.toml:8) has no text"),
        ("lesson.en.md", "{#how-large}", "{#how-wide}", "There is no question 'how-wide'"),
        ("lesson.en.md", "> It is", "It is", "explains nothing afterwards"),
        ("lesson.en.md", "{#twice}", "{#thrice}", "The slip 'twice' has no text"),
        ("lesson.en.md", "- I can add.", "", "There are no goals"),
    ],
)  # fmt: skip
def test_what_it_finds(small: SmallLesson, recorded_lessons, file: str, old: str, new: str, says: str) -> None:
    small.change(file, old, new)
    assert any(says in problem for problem in found(small, recorded_lessons))


def test_a_missing_translation(small: SmallLesson) -> None:
    (small.folder / "lesson.zh_CN.md").unlink()
    (problem,) = problems_of_texts(read_lesson(small.folder))
    assert str(problem).startswith("lesson.zh_CN.md: The lesson is not translated")


def test_a_choice_whose_proof_the_run_does_not_give(small: SmallLesson, recorded_lessons) -> None:
    small.change("lesson.toml", 'kind = "number"\nanswer = "z1"', 'kind = "choose"\nright = 1\nproof = "z1 > 100"')
    small.change("lesson.toml", 'slips = { twice = "2 * z1" }', "")
    for name in ("lesson.en.md", "lesson.zh_CN.md"):
        small.change(name, "#### Twice {#twice}\n\nOnce is enough.\n", "")
        small.change(name, "How large is z?\n", "How large is z?\n\n- small\n- large\n")
    assert any("The run does not show 'z1 > 100'" in problem for problem in found(small, recorded_lessons))
    small.change("lesson.toml", "z1 > 100", "z1 > 6")
    assert found(small, recorded_lessons) == []


SECOND = """
[[stops]]
id = "again"
step = "predict"
"""


def test_a_stop_that_comes_too_late_for_its_step(small: SmallLesson) -> None:
    small.write("lesson.toml", (small.folder / "lesson.toml").read_text(encoding="utf-8") + SECOND)
    for name in ("lesson.en.md", "lesson.zh_CN.md"):
        small.change(name, "## Teacher", "## Once more {#again}\n\nGuess.\n\n## Teacher")
    (problem,) = problems_of_texts(read_lesson(small.folder))
    assert "lesson.toml:20: The stop 'again' is to predict, and comes after one to investigate" in str(problem)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("raise ValueError('no more')", "script.py:10: The run 'first' ends here (ValueError: no more)"),
        ("raise SystemExit(3)", "script.py: The run 'first' ends itself with exit code 3"),
    ],
)
def test_a_run_that_ends_in_an_error_is_said(small: SmallLesson, tmp_path: Path, line: str, says: str) -> None:
    small.write("script.py", (small.folder / "script.py").read_text(encoding="utf-8") + line + "\n")
    lesson = read_lesson(small.folder)
    with RecordedRuns(lesson, None, lambda run: None) as traces:
        (ending,) = endings_of_runs(lesson, traces)
        assert problems_of_runs(lesson, traces) == []
    assert str(ending).startswith(says)


def test_a_good_run_has_no_ending_to_speak_of(small: SmallLesson, recorded_lessons) -> None:
    lesson = read_lesson(small.folder)
    assert endings_of_runs(lesson, recorded_lessons(lesson)) == []
