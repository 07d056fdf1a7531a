"""`gradstep desktop` writes a menu entry, a file type and an icon for one user, and takes them away again."""

from __future__ import annotations

import configparser
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from engine.cli import desktop
from engine.cli.main import main

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="for Linux desktops")


def run(*arguments: str) -> int:
    return main(["desktop", *arguments], lambda _: 0)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setattr(desktop, "_REFRESH", ())
    return tmp_path / "data"


def test_the_menu_entry_starts_gradstep_and_opens_traces(data: Path) -> None:
    assert run() == 0
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(data / "applications" / "gradstep.desktop", encoding="utf-8")
    found = entry["Desktop Entry"]
    assert found["Exec"].endswith('gradstep" open %f')
    assert Path(found["TryExec"]).is_absolute()
    assert found["StartupWMClass"] == "gradstep"
    assert found["MimeType"] == "application/x-gradstep;"


def test_the_file_type_is_that_of_the_menu_entry(data: Path) -> None:
    run()
    tree = ElementTree.parse(data / "mime" / "packages" / "application-x-gradstep.xml")
    (kind,) = tree.getroot()
    assert kind.get("type") == "application/x-gradstep"
    assert [one.get("pattern") for one in kind if one.tag.endswith("glob")] == ["*.gradstep"]
    assert (data / "icons" / "hicolor" / "scalable" / "apps" / "gradstep.svg").is_file()


def test_it_can_be_taken_back_even_twice(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run()
    assert run("--remove") == 0
    assert run("--remove") == 0
    assert [path for path in data.rglob("*") if path.is_file()] == []
    assert "Removed" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_a_sentence(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data.parent.joinpath("data").write_text("a file in the way")
    assert run() != 0
    assert "cannot be written" in capsys.readouterr().err
