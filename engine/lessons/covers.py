"""The lessons that Gradstep brings, as they stand on the shelf: what is said of each before it is opened.

Reading all of them whole takes longer than a window may take to open.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from .folder import FILE
from .languages import LANGUAGES

SHIPPED = Path(__file__).resolve().parents[2] / "resources" / "lessons"


@dataclass(frozen=True, slots=True)
class Cover:
    """number: its place in the row. title, summary: in the language asked for. minutes: that it takes."""

    folder: Path
    number: int
    minutes: int
    title: str
    summary: str


def shipped_folders() -> list[Path]:
    """The folders of the shipped lessons, in order."""
    return [folder for folder in sorted(SHIPPED.iterdir()) if (folder / FILE).is_file()]


def covers(language: str) -> list[Cover]:
    """What stands on the shipped lessons, in order. language: one of LANGUAGES, in which each of them is written."""
    assert language in LANGUAGES
    return [_cover(folder, language) for folder in shipped_folders()]


def _cover(folder: Path, language: str) -> Cover:
    # In TOML, what belongs to no table stands before the first one.
    about = tomllib.loads((folder / FILE).read_text(encoding="utf-8").partition("\n[")[0])
    first = (folder / f"lesson.{language}.md").read_text(encoding="utf-8").partition("\n#")[0]
    title, _, summary = first.removeprefix("# ").partition("\n")
    return Cover(folder, int(folder.name.partition("-")[0]), about["minutes"], title.strip(), summary.strip("\n"))
