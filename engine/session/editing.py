"""Asks the child for an edit and waits for its answer."""

from __future__ import annotations

import threading

from ..bilingual import Bilingual
from ..errors import SessionError
from ..wire.messages import Edit, Edited, EditRefused, Stopped
from .live import LiveRun

_ANSWER_S = 60.0
"""Large tensors take their time; a script that is held does nothing else."""


class Editing:
    """One question at a time. changed: told whenever something has come from the child."""

    def __init__(self, changed: threading.Condition) -> None:
        self._changed = changed
        self._answer: Edited | EditRefused | None = None
        self._is_held = False
        self._is_over = False

    def ask(self, wanted: Edit, live: LiveRun) -> Edited:
        """What was changed, once the script is held again. Raises SessionError with the reason if nothing was."""
        if live.is_current_thread():
            raise SessionError(
                Bilingual("A value cannot be changed from within a callback.", "不能在回调里修改值。"),
                Bilingual("Do it when the callback is over.", "请在回调结束之后再改。"),
            )
        with self._changed:
            self._answer, self._is_held = None, False
        live.send(wanted)
        with self._changed:
            if not self._changed.wait_for(self._is_done, _ANSWER_S):
                raise SessionError(
                    Bilingual(
                        f"The script's process did not answer within {_ANSWER_S:g} s.",
                        f"脚本的进程在 {_ANSWER_S:g} 秒内没有回应。",
                    ),
                    Bilingual("Stop the run.", "请停止这次运行。"),
                )
        match self._answer:
            case Edited():
                return self._answer
            case EditRefused(message, hint):
                raise SessionError(message, hint)
        raise SessionError(
            Bilingual(
                "The script's process ended meanwhile; nothing was changed.",
                "脚本的进程在此期间结束了；什么都没有修改。",
            )
        )

    def answered(self, notice: Edited | EditRefused) -> None:
        """The child has changed something, or has refused to."""
        with self._changed:
            self._answer = notice
            self._changed.notify_all()

    def stopped(self, notice: Stopped) -> None:
        """The child is held; after an edit it is so again."""
        with self._changed:
            self._is_held = self._is_held or notice.reason == "edit"
            self._changed.notify_all()

    def over(self) -> None:
        """The child is gone."""
        with self._changed:
            self._is_over = True
            self._changed.notify_all()

    def _is_done(self) -> bool:
        return self._is_over or isinstance(self._answer, EditRefused) or (self._answer is not None and self._is_held)
