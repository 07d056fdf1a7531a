"""A mistake of our own is told, with a report that holds what developers need and nothing of the user's."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.actions.reporting import notice_of_mistake, write_report


def test_the_report_has_versions_the_traceback_and_what_was_done(tmp_path: Path) -> None:
    file = write_report("Traceback …\nValueError: 3\n", ["open_trace", "step_over"], tmp_path)
    assert file is not None
    text = file.read_text(encoding="utf-8")
    for part in ("Gradstep ", "Python ", "PySide6 ", "Last actions: open_trace, step_over", "ValueError: 3"):
        assert part in text


def test_a_report_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    assert write_report("text", [], tmp_path / "none") is None


def test_the_notice_says_whose_mistake_it_is_and_where_the_report_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    notice = notice_of_mistake(ValueError(), "Traceback …", [])
    (report,) = tmp_path.iterdir()
    assert "your script is not to blame" in notice.what.english
    assert notice.why.english == "ValueError"
    assert str(report) in notice.way_out.english
    assert notice.detail == "Traceback …"
