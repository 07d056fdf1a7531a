"""What is said of an error, in two languages."""

from __future__ import annotations

from dataclasses import dataclass

from ...bilingual import Bilingual, sentence


@dataclass(frozen=True, slots=True)
class Told:
    """meaning: what the error means. fix: what usually helps. code: that as lines of Python with the script's names."""

    meaning: Bilingual
    fix: Bilingual
    code: tuple[str, ...] = ()


def told(meaning: tuple[str, str], fix: tuple[str, str], *code: str) -> Told:
    """Meaning and fix, each as (English, Chinese), and lines of code; empty lines are left out."""
    return Told(sentence(*meaning), sentence(*fix), tuple(line for line in code if line))
