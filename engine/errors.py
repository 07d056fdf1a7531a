"""Errors that a user can do something about: one sentence of what and why, one of what to try."""


class GradstepError(Exception):
    """A problem worth a sentence instead of a traceback.

    `message` says what is wrong and why; `hint` says what to try (may be empty); `exit_code` is what the
    command line ends with.
    """

    exit_code = 2

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".rstrip()


class TraceError(GradstepError):
    """A file cannot be read as a trace."""


class DeviceError(GradstepError):
    """A device was asked for that this machine does not have."""


class SessionError(GradstepError):
    """A command cannot be carried out in the session's present state."""
