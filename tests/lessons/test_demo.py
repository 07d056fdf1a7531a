"""Demos as files: they come back as they were, and anything else is refused by a sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.errors import GradstepError
from engine.lessons.demo import Chosen, DemoStop, demo_file, read_demo, write_demo
from engine.session.place import Level, Place

STOPS = (
    DemoStop(Place(0, 0, 0), Level.QUANTITY),
    DemoStop(
        Place(41, None, 2),
        Level.NODE,
        Chosen("card-7", 40, 12, 3, "pill", "∂C/∂w⁽¹⁾", (0, 4)),
        (1.25, -30.5, 812.0),
        "那条链 · the chain",
        "Which factor is small?",
    ),
)


def row(**changed: Any) -> dict[str, Any]:
    return {"position": 3, "quantity": 1, "iteration": 0, "level": "quantity", **changed}


def test_a_demo_comes_back_as_it_was(tmp_path: Path) -> None:
    file = demo_file(tmp_path / "hello.gradstep")
    assert file == tmp_path / "hello.demo.json"
    write_demo(file, STOPS)
    assert read_demo(file) == STOPS
    assert [one.name for one in tmp_path.iterdir()] == ["hello.demo.json"]
    assert "那条链" in file.read_text(encoding="utf-8"), "a teacher can read it"


@pytest.mark.parametrize(
    "content",
    [
        "", "[]", "{", "[" * 100_000, '{"gradstep_demo": 2, "stops": []}', '{"gradstep_demo": 1, "stops": {}}',
        json.dumps({"gradstep_demo": 1, "stops": [row()] * 501}), " " * (1 << 21),
    ],
)  # fmt: skip
def test_what_is_no_demo_is_refused(tmp_path: Path, content: str) -> None:
    file = tmp_path / "x.demo.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(GradstepError):
        read_demo(file)


@pytest.mark.parametrize(
    "wrong",
    [
        {"position": -1}, {"position": 1 << 60}, {"position": True}, {"position": 1.5}, {"position": None},
        {"level": "sideways"}, {"quantity": "3"}, {"iteration": -2}, {"note": 3}, {"note": "a" * 2001},
        {"question": ["x"]}, {"framing": [1, 2]}, {"framing": [0, 1, 1]}, {"framing": [1, "2", 3]},
        {"framing": [1, float("nan"), 0]}, {"framing": [1, 1e300, 0]}, {"chosen": []}, {"chosen": {"element": "0"}},
        {"chosen": {"element": [0] * 65}}, {"chosen": {"card": 3}}, {"chosen": {"value": -4}},
    ],
)  # fmt: skip
def test_a_stop_that_nobody_would_write_is_refused_by_its_number(tmp_path: Path, wrong: dict[str, Any]) -> None:
    file = tmp_path / "x.demo.json"
    file.write_text(json.dumps({"gradstep_demo": 1, "stops": [row(), row(**wrong)]}), encoding="utf-8")
    with pytest.raises(GradstepError, match="stop 2 cannot be understood"):
        read_demo(file)


def test_files_that_cannot_be_read_or_written_are_told(tmp_path: Path) -> None:
    with pytest.raises(GradstepError, match="cannot be read"):
        read_demo(tmp_path / "none.demo.json")
    with pytest.raises(GradstepError, match="cannot be written") as raised:
        write_demo(tmp_path / "no" / "x.demo.json", STOPS)
    assert "elsewhere" in raised.value.hint.english
    (tmp_path / "latin.demo.json").write_bytes(b'{"gradstep_demo": 1, "note": "\xe9"}')
    with pytest.raises(GradstepError):
        read_demo(tmp_path / "latin.demo.json")
