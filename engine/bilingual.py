"""What Gradstep says in both of its languages, side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


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

    def __bool__(self) -> bool:
        return bool(self.english)

    def __add__(self, other: Bilingual) -> Bilingual:
        """One text right after the other, with nothing between them."""
        return Bilingual(self.english + other.english, self.chinese + other.chinese)


NOTHING = Bilingual("", "")


def same(text: str) -> Bilingual:
    """What is written alike in both: a name, a number, code."""
    return Bilingual(text, text)


def listed(parts: Iterable[Bilingual]) -> Bilingual:
    """Several parts in a row, with the comma of a list between them."""
    known = tuple(parts)
    return Bilingual(", ".join(part.english for part in known), "、".join(part.chinese for part in known))
