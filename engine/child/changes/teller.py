"""Whom a change tells what it did."""

from __future__ import annotations

from typing import NoReturn, Protocol

from ...bilingual import Bilingual


class Teller(Protocol):
    """Counts what took effect and ends the run where a change does not fit."""

    def count(self, text: str) -> None: ...
    def note(self, sentence: Bilingual) -> None: ...
    def refuse(self, sentence: Bilingual) -> NoReturn: ...
