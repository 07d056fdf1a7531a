"""Errors that a user can do something about: one sentence of what and why, one of what to try, in both languages."""

from __future__ import annotations

from .bilingual import NOTHING, Bilingual, same, sentences


class GradstepError(Exception):
    """A problem worth a sentence instead of a traceback.

    `message` says what is wrong and why; `hint` says what to try (may be empty); `exit_code` is what the
    command line ends with. As a str it is the English one; the window shows the one of its language.
    """

    exit_code = 2

    def __init__(self, message: Bilingual, hint: Bilingual = NOTHING) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    @property
    def told(self) -> Bilingual:
        """All that it says."""
        return sentences(self.message, self.hint)

    def __str__(self) -> str:
        return self.told.english


class EnglishError(GradstepError):
    """One that the window never shows: of the command line, of an editor, of the protocol between our processes."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(same(message), same(hint))


class TraceError(GradstepError):
    """A file cannot be read as a trace."""


class DeviceError(GradstepError):
    """A device was asked for that this machine does not have."""


class SessionError(GradstepError):
    """A command cannot be carried out in the session's present state."""
