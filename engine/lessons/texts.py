"""Reads a lesson's text in one language: headings with ids divide it into pieces.

# Title                      what follows, up to the next heading, is the summary
## Goals {#goals}            a list of "I can ..." sentences
## A heading {#stop-id}      the text of a stop
### A heading {#question-id} a question: its prompt; a list: the options of a choice; a quote: what is said afterwards
#### A heading {#slip-id}    what is said to a wrong answer that is known by name
## For the teacher {#teacher}
"""

from __future__ import annotations

import re
from pathlib import Path

from ..bilingual import Bilingual
from .lesson import Asked, LessonError, Part, Text
from .markdown import Kind, blocks, problems

_HEADING = re.compile(r"(#{1,4})\s+(.*?)\s*(?:\{#([\w.-]+)\})?\s*$")
_GOALS, _TEACHER = "goals", "teacher"
_STOP, _QUESTION, _SLIP = 2, 3, 4


class _Piece:
    """A heading and the lines under it."""

    def __init__(self, level: int, key: str, title: str, line: int) -> None:
        self.level, self.key, self.title, self.line = level, key, title, line
        self.lines: list[str] = []

    @property
    def text(self) -> str:
        return "\n".join(self.lines).strip("\n")


def read_text(file: Path, text: str, language: str) -> Text:
    """The lesson's text. Raises LessonError with the line of what is wrong."""
    for number, sentence in problems(text):
        hint = Bilingual(
            "See docs/writing-lessons.md for what may be written.", "可以写什么，见 docs/writing-lessons.md。"
        )
        raise LessonError(file, number + 1, sentence, hint)
    pieces = _pieces(file, text)
    if not pieces or pieces[0].level != 1:
        raise LessonError(
            file,
            1,
            Bilingual("The text does not begin with a title.", "课文没有以标题开头。"),
            Bilingual("Write: # Title", "请写：# 标题"),
        )
    named = {piece.key: piece for piece in pieces if piece.level == _STOP}
    goals = named.pop(_GOALS, None)
    teacher = named.pop(_TEACHER, None)
    return Text(
        language=language,
        file=file,
        title=pieces[0].title,
        summary=pieces[0].text,
        goals=() if goals is None else tuple(block.text for block in blocks(goals.text) if block.kind == Kind.ITEM),
        teacher="" if teacher is None else teacher.text,
        stops={key: Part(piece.title, piece.text, piece.line) for key, piece in named.items()},
        questions={piece.key: _asked(piece) for piece in pieces if piece.level == _QUESTION},
        slips={piece.key: Part(piece.title, piece.text, piece.line) for piece in pieces if piece.level == _SLIP},
    )


def _pieces(file: Path, text: str) -> list[_Piece]:
    found: list[_Piece] = []
    keys: set[tuple[int, str]] = set()
    opened = 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("```"):
            opened = 0 if opened else number
        heading = None if opened else _HEADING.match(line)
        if heading is None:
            if found:
                found[-1].lines.append(line)
            elif line.strip():
                raise LessonError(
                    file,
                    number,
                    Bilingual("There is text before the title.", "标题之前有文字。"),
                    Bilingual("Begin with: # Title", "请以“# 标题”开头。"),
                )
            continue
        level, title, key = len(heading[1]), heading[2], heading[3] or ""
        if level > 1 and not key:
            raise LessonError(
                file,
                number,
                Bilingual(f"The heading {title!r} has no id.", f"标题 {title!r} 没有 id。"),
                Bilingual("Write it as: ## Heading {#id}", "请这样写：## 标题 {#id}"),
            )
        if (level, key) in keys:
            raise LessonError(
                file,
                number,
                Bilingual(f"The id {key!r} comes twice.", f"id {key!r} 出现了两次。"),
                Bilingual("Each id names one piece of the text.", "每个 id 只对应课文的一段。"),
            )
        keys.add((level, key))
        found.append(_Piece(level, key, title, number))
    if opened:
        raise LessonError(
            file,
            opened,
            Bilingual("A piece of code is not closed.", "有一段代码没有结束。"),
            Bilingual("End it with ```.", "请用 ``` 结束它。"),
        )
    return found


def _asked(piece: _Piece) -> Asked:
    """A question's prompt, options and explanation, told apart by the kind of its blocks."""
    prompt, options, why = list[str](), list[str](), list[str]()
    for block in blocks(piece.text):
        if block.kind in (Kind.ITEM, Kind.NUMBERED):
            options.append(block.text)
        elif block.kind == Kind.QUOTE:
            why.append(block.text)
        elif block.kind == Kind.CODE:
            prompt.append(f"```\n{block.text}\n```")
        else:
            prompt.append(block.text)
    return Asked(piece.title, "\n\n".join(prompt), tuple(options), "\n\n".join(why), piece.line)
