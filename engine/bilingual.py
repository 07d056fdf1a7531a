"""What Gradstep says in both of its languages, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_LOOSE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) +(?=[\u3000-\u9fff\uff00-\uffef])")
"""Spaces between two Chinese characters, where a name was expected and a word was put in."""


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same text in English and in Simplified Chinese. It is false where there is nothing to say: "" in both.

    A text with another one inside is written with its two sides: `Bilingual(f"at {a.english}", f"在{a.chinese}")`.
    """

    english: str
    chinese: str

    def in_language(self, chinese: bool) -> str:
        """One of the two."""
        return self.chinese if chinese else self.english

    def plain(self) -> dict[str, str]:
        """Both, by the language's code, as JSON files have them."""
        return {"en": self.english, "zh": self.chinese}

    @classmethod
    def of_plain(cls, found: object) -> Bilingual:
        """The text in what a JSON file has, see `plain`; one that is written in one language only is that in both."""
        if isinstance(found, dict):
            return cls(str(found.get("en", "")), str(found.get("zh", "")))
        return cls(str(found), str(found))

    def __str__(self) -> str:
        """The English, where nobody asks for a language."""
        return self.english

    def __bool__(self) -> bool:
        return bool(self.english)

    def __add__(self, other: Bilingual) -> Bilingual:
        """One text right after the other, with nothing between them."""
        return Bilingual(self.english + other.english, self.chinese + other.chinese)


NOTHING = Bilingual("", "")


def same(text: str) -> Bilingual:
    """What is written alike in both: a name, a number, code."""
    return Bilingual(text, text)


def sentence(english: str, chinese: str) -> Bilingual:
    """A sentence with names put in: it may begin with "the input" where a name is expected, in Chinese with a space."""
    begun = "The " + english[4:] if english.startswith("the ") else english
    return Bilingual(begun, _LOOSE.sub("", chinese).strip())


def listed(parts: Iterable[Bilingual]) -> Bilingual:
    """Several parts in a row, with the comma of a list between them."""
    known = tuple(parts)
    return Bilingual(", ".join(part.english for part in known), "、".join(part.chinese for part in known))


def sentences(*parts: Bilingual) -> Bilingual:
    """Sentences one after the other, as each language sets them; empty ones are left out."""
    known = [part for part in parts if part]
    chinese = "".join(f"{part.chinese} " if part.chinese[-1:].isascii() else part.chinese for part in known)
    return Bilingual(" ".join(part.english for part in known), chinese.rstrip())
