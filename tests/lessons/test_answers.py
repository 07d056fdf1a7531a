"""The small file that a learner's answers are kept in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.errors import GradstepError
from engine.lessons.answers import Answers, read_answers, write_answers
from engine.lessons.kept import answers_file


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "mine.json"
    answers = Answers("hello", {"z1": "1,124", "own-words": "因为 w 乘以 x"})
    write_answers(file, answers)
    assert read_answers(file) == answers
    assert [path.name for path in file.parent.iterdir()] == ["mine.json"]


def test_numbers_truths_and_shapes_of_json(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"gradstep_answers": 1, "answers": {"a": 1.5, "b": True, "c": [3, 4], "d": None}}))
    assert read_answers(file).by_question == {"a": "1.5", "b": "yes", "c": "[3, 4]"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not JSON"), ("[]", "holds no answers"), ('{"answers": []}', "holds no answers"),
        ('{"answers": {}}', "version 1"), ('{"gradstep_answers": 2, "answers": {}}', "version 1"),
        ('{"gradstep_answers": 1, "answers": {"z1": {}}}', "'z1'"), ("[" * 100_000, "is not JSON"),
    ],
)  # fmt: skip
def test_files_that_hold_none(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "a.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(GradstepError, match=says):
        read_answers(file)


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(GradstepError, match="cannot be written"):
        write_answers(tmp_path / "file" / "mine.json", Answers("hello", {}))


def test_where_they_are_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GRADSTEP_DATA", str(tmp_path))
    assert answers_file("hello") == tmp_path / "answers" / "hello.json"
