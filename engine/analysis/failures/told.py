"""What is said of an error, in two languages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...bilingual import Bilingual

_LOOSE = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) +(?=[\u3000-\u9fff\uff00-\uffef])")
"""Spaces between two Chinese characters, where a name was expected and a word was put in."""


@dataclass(frozen=True, slots=True)
class Told:
    """meaning: what the error means. fix: what usually helps. code: that as lines of Python with the script's names."""

    meaning: Bilingual
    fix: Bilingual
    code: tuple[str, ...] = ()


def told(meaning: tuple[str, str], fix: tuple[str, str], *code: str) -> Told:
    """Meaning and fix, each as (English, Chinese), and lines of code; empty lines are left out."""
    return Told(_text(*meaning), _text(*fix), tuple(line for line in code if line))


def _text(english: str, chinese: str) -> Bilingual:
    """A sentence may begin with "the input" in place of a name."""
    begun = "The " + english[4:] if english.startswith("the ") else english
    return Bilingual(begun, _LOOSE.sub("", chinese))
