"""The languages that a lesson is written in, and the few words that Gradstep itself says in one."""

from __future__ import annotations

from ..bilingual import Bilingual

ENGLISH, CHINESE = "en", "zh_CN"
LANGUAGES = (ENGLISH, CHINESE)


class Words(Bilingual):
    """The same words in both languages; `{name}` stands for what is put in."""

    __slots__ = ()

    def say(self, language: str, **put_in: object) -> str:
        """The words in a language, English for one that is not known."""
        words = self.in_language(language == CHINESE)
        for name, value in put_in.items():
            words = words.replace(f"{{{name}}}", str(value))
        return words
