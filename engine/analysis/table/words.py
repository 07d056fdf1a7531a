"""What an op does and what its gradient means: one sentence each, in English and Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Words:
    """does: what the op does. gradient: what its gradient means; "" for an op that lets none through.

    Each as (English, Chinese), a whole sentence in plain words.
    """

    does: tuple[str, str]
    gradient: tuple[str, str] = ("", "")

    def what_it_does(self, language: Language = "en") -> str:
        """The sentence about the op."""
        return self.does[language == "zh"]

    def what_its_gradient_means(self, language: Language = "en") -> str:
        """The sentence about its gradient, "" for an op that lets none through."""
        return self.gradient[language == "zh"]
