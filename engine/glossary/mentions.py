"""Finds in a text where a word of the glossary is first spoken of, so that it can lead to its card.

A text of a lesson is Markdown; what is found is marked as `[[key|the words as they stand there]]`. Of code only a lone
name is a mention, as in `optimizer.zero_grad()`. Headings, words that stand out and what is marked already are left
alone.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .shelf import CARDS

_LEFT_ALONE = r"`[^`]*`|\*[^*]+\*|\[\[[^\]]*\]\]|\bin place of\b|\bleaves (?:out|nothing|no|it)\b"
_NAME = re.compile(r"(?:\w*\.)*(\w+)(?:\(\))?")
MARKED = re.compile(r"\[\[(\w+)(?:\|([^\]|]+))?\]\]")
"""A word that is marked: its key, and the words that stand there, None for its name."""


def with_mentions(text: str, chinese: bool) -> str:
    """The text with the first mention of each word marked."""
    marked, lines, is_code = {found[1] for found in MARKED.finditer(text)}, list[str](), False

    def mark(found: re.Match[str]) -> str:
        words = found["words"] or found[0]
        key = _key_of_code(words[1:-1]) if words.startswith("`") else _keys(chinese).get(words.casefold())
        if key is None or key in marked:
            return found[0]
        marked.add(key)
        return f"[[{key}|{words}]]"

    for line in text.split("\n"):
        is_fence = line.lstrip().startswith("```")
        is_code ^= is_fence
        is_plain = not (is_code or is_fence or line.startswith("#"))
        lines.append(_pattern(chinese).sub(mark, line) if is_plain else line)
    return "\n".join(lines)


@lru_cache(maxsize=2)
def _keys(chinese: bool) -> dict[str, str]:
    """What is said, in small letters, and the key of the card that it means."""
    return {said.casefold(): card.key for card in reversed(list(CARDS.values())) if card.said
            for said in card.said.in_language(chinese).split("|")}  # fmt: skip


def _key_of_code(code: str) -> str | None:
    """The key of a name in the language of a program: "nn.Linear", "w.grad", "optimizer.zero_grad()"."""
    found = _NAME.fullmatch(code)
    return None if found is None else _keys_of_code().get(found[1])


@lru_cache(maxsize=1)
def _keys_of_code() -> dict[str, str]:
    names = {name: card.key for card in CARDS.values() for name in card.ops}
    return {**names, **{key: key for key in CARDS if "_" in key and key in CARDS[key].said.english}, "grad": "grad_box"}


@lru_cache(maxsize=2)
def _pattern(chinese: bool) -> re.Pattern[str]:
    """Longer words first: "gradient accumulation" is no "gradient". Latin words are whole ones, beside Chinese too."""
    said = sorted(_keys(chinese), key=len, reverse=True)
    words = "|".join(re.escape(one) for one in said)
    return re.compile(rf"{_LEFT_ALONE}|(?<![A-Za-z0-9_.])(?P<words>{words})(?![A-Za-z0-9_(=])", re.IGNORECASE)
