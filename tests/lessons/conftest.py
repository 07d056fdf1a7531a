"""Lessons to play: the shipped ones with their runs, and a small one to break."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.lessons.played import PlayedLesson
from engine.lessons.shelf import find_lesson
from tests.examples.conftest import golden
from tests.helpers.recorded_lessons import RecordedLessons, recorded_lessons

__all__ = ["golden", "recorded_lessons"]

TOML = """format = 1
minutes = 10

[[runs]]
id = "first"
script = "script.py"

[[stops]]
id = "sum"
quantity = "z1"
view = "equation"

[[stops.questions]]
id = "how-large"
kind = "number"
answer = "z1"
beliefs = ["M4"]
slips = { twice = "2 * z1" }
"""

ENGLISH = """# A small lesson

One sum.

## Goals {#goals}

- I can add.

## The sum {#sum}

w is {{ w1 }}. See [[z]].

### z {#how-large}

How large is z?

> It is {{ z1 }}.

#### Twice {#twice}

Once is enough.

## Teacher {#teacher}

Five minutes.
"""

SCRIPT = """import torch
from torch import nn

net = nn.Linear(1, 1)
with torch.no_grad():
    net.weight.fill_(3.0)
    net.bias.fill_(1.0)
loss = (net(torch.tensor([2.0])) - 1).pow(2).sum()
loss.backward()
"""


class SmallLesson:
    """The folder of a small lesson, whose files a test may change."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.write("lesson.toml", TOML)
        self.write("lesson.en.md", ENGLISH)
        self.write("lesson.zh_CN.md", ENGLISH)
        self.write("script.py", SCRIPT)

    def write(self, name: str, text: str) -> None:
        """Writes a file of it."""
        (self.folder / name).write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Changes a file of it."""
        text = (self.folder / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))


@pytest.fixture
def small(tmp_path: Path) -> SmallLesson:
    """A lesson of one stop and one question, in a folder of its own."""
    folder = tmp_path / "03-small"
    folder.mkdir()
    return SmallLesson(folder)


Play = Callable[..., PlayedLesson]


@pytest.fixture
def play(recorded_lessons: RecordedLessons) -> Play:
    """Plays a lesson by name or folder."""

    def play_one(name: Any, language: str = "en") -> PlayedLesson:
        lesson = find_lesson(str(name))
        return PlayedLesson(lesson, recorded_lessons(lesson), language)

    return play_one
