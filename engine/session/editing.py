"""Says whether a value can be changed where one looks; asks the child for the edit, and waits for its answer."""

from __future__ import annotations

import threading

from ..bilingual import Bilingual
from ..errors import SessionError
from ..wire.messages import SCRIPT_RUNS, Edit, Edited, EditRefused, Stopped
from .listeners import State
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

    def ask(self, wanted: Edit, live: LiveRun | None, state: State, position: int, held_at: int | None) -> Edited:
        """What was changed, once the script is held again. Raises SessionError with the reason if nothing was.

        position: where one looks. held_at: where the script is held, None if it is not.
        """
        if state == State.RECORDING:
            raise SessionError(*SCRIPT_RUNS)
        if live is None or held_at is None:
            raise SessionError(
                Bilingual(
                    "Only the run of a script can be changed, and this one is over.",
                    "只能修改正在进行的运行，而这次运行已经结束。",
                ),
                Bilingual(
                    "Start a branch: it runs the script again up to here, and changes the value there.",
                    "请开始一个分支：它会再次运行脚本到这里，并在这里修改该值。",
                ),
            )
        if position < held_at:
            raise SessionError(
                Bilingual(
                    f"You look at position {position}, and the script has run on to {held_at}: "
                    "what is over cannot be changed.",
                    f"你正在查看位置 {position}，而脚本已经运行到 {held_at}：已经过去的不能修改。",
                ),
                Bilingual(
                    "Go to the end of what is recorded, or start a branch here.",
                    "请转到记录的末尾，或从这里开始一个分支。",
                ),
            )
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
