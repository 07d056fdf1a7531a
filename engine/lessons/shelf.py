"""The lessons that Gradstep brings, and a stranger's in a folder."""

from __future__ import annotations

import difflib
from pathlib import Path

from ..bilingual import Bilingual
from ..errors import GradstepError
from .covers import SHIPPED, shipped_folders
from .folder import FILE
from .lesson import Lesson
from .reading import read_lesson


def shipped() -> list[Lesson]:
    """The shipped lessons, in order."""
    return [read_lesson(folder) for folder in shipped_folders()]


def is_shipped(lesson: Lesson) -> bool:
    """Whether it came with Gradstep; a stranger's script is asked about before it runs."""
    return lesson.folder.resolve().parent == SHIPPED.resolve()


def find_lesson(name: str) -> Lesson:
    """A shipped lesson by name, number or both ("hello", "1", "01-hello"), or any lesson by its folder.

    Raises GradstepError where there is none, LessonError where it cannot be read.
    """
    folders = shipped_folders()
    for folder in folders:
        number, _, rest = folder.name.partition("-")
        if name in (folder.name, rest, number, number.lstrip("0")):
            return read_lesson(folder)
    path = Path(name)
    if path.is_dir():
        return read_lesson(path)
    if path.name == FILE and path.is_file():
        return read_lesson(path.parent)
    names = [folder.name.partition("-")[2] for folder in folders]
    near = difflib.get_close_matches(name, names, n=1)
    hint = Bilingual(
        f"There are: {', '.join(names)}; or give a lesson's folder.",
        f"可用的有：{'、'.join(names)}；也可以给出一个课程的文件夹。",
    )
    if near:
        hint = Bilingual(f"Did you mean {near[0]}?", f"是不是想写 {near[0]}？")
    raise GradstepError(Bilingual(f"There is no lesson {name!r}.", f"没有课程 {name!r}。"), hint)
