"""Files that are replaced whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import GradstepError
from engine.export.replacing import replacing


def fails(out: Path, error: BaseException) -> None:
    with replacing(out) as part:
        part.write_text("half")
        raise error


def test_an_earlier_file_stays_where_writing_fails(tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    out.write_text("earlier")
    with pytest.raises(GradstepError, match=r"out\.html cannot be written: No space left on device"):
        fails(out, OSError(28, "No space left on device"))
    with pytest.raises(KeyboardInterrupt):
        fails(out, KeyboardInterrupt())
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out.html", "earlier")]
    with replacing(out) as part:
        part.write_text("whole")
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("out.html", "whole")]


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(GradstepError, match="is a folder"), replacing(tmp_path):
        raise AssertionError("nothing is written")
