"""A source file as coloured pieces of lines, and a place in it, in the units in which Qt counts characters.

Qt counts UTF-16 units, Python characters and the trace UTF-8 bytes; "é" and "🙂" are where they differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, String, _TokenType

PieceKind = Literal["keyword", "string", "comment", "number", "name"]

_KINDS: tuple[tuple[_TokenType, PieceKind], ...] = (
    (Keyword, "keyword"),
    (Operator.Word, "keyword"),
    (String, "string"),
    (Comment, "comment"),
    (Number, "number"),
    (Name.Function, "name"),
    (Name.Class, "name"),
    (Name.Decorator, "name"),
    (Name.Builtin, "name"),
)


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """An expression in a source file, as in `engine.events.Site`: lines 1-based, columns 0-based in UTF-8 bytes."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A coloured part of one line: start and length in UTF-16 units."""

    start: int
    length: int
    kind: PieceKind


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def units_before(line: str, column: int) -> int:
    """Where the UTF-8 byte `column` of a line is, in UTF-16 units; a column past the end is the end."""
    return units(line.encode("utf-8")[:column].decode("utf-8", "ignore"))


@cache
def _kind_of(token: Any) -> PieceKind | None:
    """token: a `_TokenType`, whose `in` the stubs take for that of its base, a tuple of strings."""
    return next((kind for parent, kind in _KINDS if token in parent), None)


@lru_cache(maxsize=16)
def coloured_lines(text: str) -> tuple[tuple[Piece, ...], ...]:
    """The coloured pieces of each line of a Python file.

    The file is lexed whole: line by line, the inside of a long docstring would be taken for code.
    """
    lines: list[list[Piece]] = [[]]
    start = 0
    for _, token, part in PythonLexer(stripnl=False, ensurenl=False).get_tokens_unprocessed(text):
        kind = _kind_of(token)
        for number, line in enumerate(part.split("\n")):
            if number:
                lines.append([])
                start = 0
            length = units(line)
            if kind is not None and length:
                lines[-1].append(Piece(start, length, kind))
            start += length
    return tuple(map(tuple, lines))
