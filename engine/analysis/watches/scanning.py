"""Reads an expression's text word by word, so that roles and odd names (dC/dw1, new w1, `my net.0.weight`) are names.

What is not one of a few kinds of words is refused here, before Python's own parser sees the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from .answers import WatchError
from .bounds import MOST_CHARACTERS

_IDENTIFIER = r"[^\W\d]\w*"
_WORDS = re.compile(
    rf"""
      (?P<space>[ \t]+)
    | (?P<slope>{_IDENTIFIER}'\([^()'"`]*\))
    | (?P<quoted>'[^'\n]*'|"[^"\n]*"|`[^`\n]*`)
    | (?P<printed>(?:∂C/∂|new[ ])?[A-Za-z](?:⁽[⁰¹²³⁴⁵⁶⁷⁸⁹]+⁾)+)
    | (?P<gradient>(?:∂C/∂|dC/d)(?:\([^()]*(?:\([^()]*\)[^()]*)*\)|{_IDENTIFIER}))
    | (?P<changed>(?:new|clipped|scaled)[ ](?!(?:if|else|and|or|not|in|is)\b){_IDENTIFIER})
    | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    | (?P<numbered>(?:(?:{_IDENTIFIER}|\d+)\.)*\d+\.{_IDENTIFIER})
    | (?P<name>{_IDENTIFIER})
    | (?P<sign>\*\*|//|<=|>=|==|!=|\.\.\.|[-+*/%@<>=()\[\],.:&|~])
    """,
    re.VERBOSE,
)
_DOTTED = re.compile(rf"{_IDENTIFIER}(?:\.{_IDENTIFIER})*")
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹∂", "0123456789d", "⁽⁾")
_PRINTED_GRADIENT = "∂C/∂"


@dataclass(frozen=True, slots=True)
class OddName:
    """A name that Python cannot read. quoted: it stood in ' or "."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Scanned:
    """text: of the same length, with a Python identifier in the place of each odd name. odd: these, by column."""

    text: str
    odd: dict[int, OddName]


def scan(text: str) -> Scanned:
    """Puts identifiers for odd names. Raises WatchError where a word is none of an expression's."""
    if not text.strip():
        raise WatchError("There is no expression.", "Write for example norm(dC/dw1).", 0)
    if len(text) > MOST_CHARACTERS:
        raise WatchError(
            f"The expression has {len(text)} characters.", f"A watch has at most {MOST_CHARACTERS}.", MOST_CHARACTERS
        )
    column, read, odd = len(text) - len(text.lstrip()), list[str](), dict[int, OddName]()
    read.append(" " * column)
    touching = False
    while column < len(text):
        word = _WORDS.match(text, column)
        if word is None:
            raise _refused(text, column)
        kind, found = str(word.lastgroup), word[0]
        is_name = kind not in ("space", "sign")
        if touching and is_name:
            raise WatchError(f"An operator is missing before {found!r}.", "Write for example a * b.", column)
        touching = is_name
        if kind in ("space", "sign", "number", "name"):
            read.append(found)
        else:
            odd[column] = _odd_name(kind, found, column)
            read.append("_" * len(found))
        column = word.end()
    return Scanned("".join(read), odd)


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The expression with other names: those that `names` has, alone, before a dot or before an index."""
    read: list[str] = []
    column = 0
    while word := _WORDS.match(text, column):
        plain = word.lastgroup == "name" and not text[:column].rstrip().endswith(".")
        new = names.get(word[0]) if plain else None
        read.append(word[0] if new is None else new if _DOTTED.fullmatch(new) else f"`{new}`")
        column = word.end()
    return "".join(read) + text[column:]


def _odd_name(kind: str, found: str, column: int) -> OddName:
    if kind == "quoted":
        if not found[1:-1].strip():
            raise WatchError("The quotes are empty.", "Write a name between them, as in `0.weight`.", column)
        return OddName(found[1:-1], found[0] != "`")
    if kind == "printed":
        return OddName(found.translate(_SUPERSCRIPTS), False)
    return OddName(found.replace(_PRINTED_GRADIENT, "dC/d"), False)


def _refused(text: str, column: int) -> WatchError:
    letter = text[column]
    if letter in "'\"`":
        return WatchError("A quote is not closed.", f"Put another {letter} after the name.", column)
    if letter.isdigit():
        word = re.match(r"[\w.]+", text[column:])
        shown = word[0] if word else letter
        return WatchError(f"{shown!r} is not a number.", "Numbers are decimal, as in 12, 0.5 or 1e-5.", column)
    shown = letter if letter.isprintable() else f"the character {ord(letter):#06x}"
    return WatchError(f"{shown} has no meaning here.", "Put odd names in backquotes, as in `layer 1.weight`.", column)
