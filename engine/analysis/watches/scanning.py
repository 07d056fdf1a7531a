"""Reads an expression's text word by word, so that roles and odd names (dC/dw1, new w1, `my net.0.weight`) are names.

What is not one of a few kinds of words is refused here, before Python's own parser sees the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ...bilingual import Bilingual, same
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
        raise WatchError(
            Bilingual("There is no expression.", "没有表达式。"),
            Bilingual("Write for example norm(dC/dw1).", "可以写，例如 norm(dC/dw1)。"),
            0,
        )
    if len(text) > MOST_CHARACTERS:
        raise WatchError(
            Bilingual(f"The expression has {len(text)} characters.", f"表达式有 {len(text)} 个字符。"),
            Bilingual(f"A watch has at most {MOST_CHARACTERS}.", f"监视表达式最多 {MOST_CHARACTERS} 个字符。"),
            MOST_CHARACTERS,
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
            raise WatchError(
                Bilingual(f"An operator is missing before {found!r}.", f"{found!r} 之前缺少运算符。"),
                Bilingual("Write for example a * b.", "可以写，例如 `a * b`。"),
                column,
            )
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
            raise WatchError(
                Bilingual("The quotes are empty.", "引号里是空的。"),
                Bilingual("Write a name between them, as in `0.weight`.", "请在引号之间写一个名称，例如 `0.weight`。"),
                column,
            )
        return OddName(found[1:-1], found[0] != "`")
    if kind == "printed":
        return OddName(found.translate(_SUPERSCRIPTS), False)
    return OddName(found.replace(_PRINTED_GRADIENT, "dC/d"), False)


def _refused(text: str, column: int) -> WatchError:
    letter = text[column]
    if letter in "'\"`":
        return WatchError(
            Bilingual("A quote is not closed.", "有一个引号没有闭合。"),
            Bilingual(f"Put another {letter} after the name.", f"请在名称后面再写一个 {letter}。"),
            column,
        )
    if letter.isdigit():
        word = re.match(r"[\w.]+", text[column:])
        shown = word[0] if word else letter
        return WatchError(
            Bilingual(f"{shown!r} is not a number.", f"{shown!r} 不是数。"),
            Bilingual("Numbers are decimal, as in 12, 0.5 or 1e-5.", "数用十进制书写，例如 12、0.5 或 1e-5。"),
            column,
        )
    what = same(letter)
    if not letter.isprintable():
        what = Bilingual(f"the character {ord(letter):#06x}", f"字符 {ord(letter):#06x}")
    return WatchError(
        Bilingual(f"{what.english} has no meaning here.", f"{what.chinese} 在这里没有意义。"),
        Bilingual(
            "Put odd names in backquotes, as in `layer 1.weight`.", "特殊的名称请放在反引号里，例如 `layer 1.weight`。"
        ),
        column,
    )
