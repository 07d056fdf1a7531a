"""Breakpoints are kept per script, and a damaged file costs no more than its breakpoints."""

from pathlib import Path

import pytest

from engine.bilingual import NOTHING
from engine.session.kept_breakpoints import keep_breakpoints, kept_breakpoints
from engine.wire.breakpoints import Breakpoint, What

SOME = (
    Breakpoint(What.LINE, "/s.py", 3, condition="loss > 1", first=2, every=3, enabled=False),
    Breakpoint(What.GRADIENT_ABOVE, limit=float("inf"), log="{name} «é»"),
)


def test_each_script_has_its_own(tmp_path: Path) -> None:
    kept = tmp_path / "folder" / "breakpoints.json"
    assert kept_breakpoints(kept, "a.py") == ((), NOTHING)
    assert keep_breakpoints(kept, tmp_path / "a.py", SOME) == NOTHING
    assert keep_breakpoints(kept, tmp_path / "b.py", SOME[:1]) == NOTHING
    assert kept_breakpoints(kept, tmp_path / "a.py") == (SOME, NOTHING)
    assert keep_breakpoints(kept, tmp_path / "a.py", ()) == NOTHING
    assert kept_breakpoints(kept, tmp_path / "a.py") == ((), NOTHING)
    assert kept_breakpoints(kept, tmp_path / "b.py") == (SOME[:1], NOTHING)
    assert [file.name for file in kept.parent.iterdir()] == ["breakpoints.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"scripts": 3}', '{"scripts": null}', "\udcff"])
def test_a_damaged_file_is_left_out_with_a_notice_and_replaced(tmp_path: Path, text: str) -> None:
    kept = tmp_path / "breakpoints.json"
    kept.write_bytes(text.encode("utf-8", "surrogateescape"))
    found, notice = kept_breakpoints(kept, "a.py")
    assert found == ()
    assert "could not be read" in notice.english
    assert keep_breakpoints(kept, "a.py", SOME) == NOTHING
    assert kept_breakpoints(kept, "a.py") == (SOME, NOTHING)


def test_one_damaged_breakpoint_leaves_the_others(tmp_path: Path) -> None:
    kept = tmp_path / "breakpoints.json"
    keep_breakpoints(kept, "a.py", SOME)
    kept.write_text(kept.read_text(encoding="utf-8").replace("loss > 1", "import os"), encoding="utf-8")
    found, notice = kept_breakpoints(kept, "a.py")
    assert found == SOME[1:]
    assert notice.english.startswith("1 kept breakpoint of a.py")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "could not be kept" in keep_breakpoints(tmp_path / "file" / "b.json", "a.py", SOME).english
