"""Why an edit is not made."""

from __future__ import annotations

from ...bilingual import NOTHING, Bilingual


class Refusal(Exception):  # noqa: N818 - it becomes a notice
    """Nothing was changed. message: what is wrong and why. hint: what to try."""

    def __init__(self, message: Bilingual, hint: Bilingual = NOTHING) -> None:
        super().__init__(message.english)
        self.message = message
        self.hint = hint
