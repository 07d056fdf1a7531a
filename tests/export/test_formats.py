"""Exporting by name: files, the standard output, and what is refused."""

import errno
import json
from pathlib import Path
from typing import TextIO

import pytest

from engine.errors import GradstepError
from engine.export import formats
from engine.export.formats import FORMATS, export
from engine.trace.reader import Trace


@pytest.mark.parametrize("name", [row.name for row in FORMATS])
def test_each_format_writes_a_file(name: str, hello_path: Path, no_leftovers: Path) -> None:
    with Trace(hello_path) as trace:
        assert export(trace, name, no_leftovers / "out") == no_leftovers / "out"
    assert (no_leftovers / "out").stat().st_size > 1000


def test_text_goes_to_the_standard_output(hello_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Trace(hello_path) as trace:
        assert export(trace, "json") is None
    assert json.loads(capsys.readouterr().out)["format"] == "gradstep"


def test_npz_without_a_name_takes_the_traces(hello_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Trace(hello_path) as trace:
        assert export(trace, "npz") == Path("hello.npz")
    assert (tmp_path / "hello.npz").is_file()


def test_an_unknown_format_names_the_known_ones(hello_path: Path) -> None:
    with Trace(hello_path) as trace, pytest.raises(GradstepError, match="json, csv, npz"):
        export(trace, "xml")


def test_an_unknown_iteration_names_the_known_ones(hello_path: Path) -> None:
    with Trace(hello_path) as trace, pytest.raises(GradstepError, match=r"the set-up \(0\) and iterations 1 to 2"):
        export(trace, "json", iteration=7)


def test_the_trace_is_not_overwritten(hello_path: Path) -> None:
    before = hello_path.read_bytes()
    with Trace(hello_path) as trace, pytest.raises(GradstepError, match="the trace itself"):
        export(trace, "json", hello_path)
    assert hello_path.read_bytes() == before


def test_a_full_disk_leaves_an_older_file_alone(
    hello_path: Path, no_leftovers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fill(trace: Trace, file: TextIO, iterations: object) -> None:
        file.write("half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(formats, "FORMATS", (formats.Format("json", "", write_text=fill),))
    (no_leftovers / "t.json").write_text("older")
    with Trace(hello_path) as trace, pytest.raises(GradstepError, match="No space left on device"):
        export(trace, "json", no_leftovers / "t.json")
    assert (no_leftovers / "t.json").read_text() == "older"
