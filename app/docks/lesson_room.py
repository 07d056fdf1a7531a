"""Makes room for an open lesson: a panel of its own, beside what it is about."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from app.docks.arrangement import Docks
from app.docks.learning import Learning
from app.docks.looks import Looks

_LESSON, _SHARE = "lesson", 0.58


class LessonRoom(QObject):
    """Opens the lesson's panel and closes it again, and keeps it so when the panels are arranged anew."""

    def __init__(self, learning: Learning, looks: Looks, docks: Docks, parent: QObject) -> None:
        super().__init__(parent)
        self._learning = learning
        self._looks = looks
        self._docks = docks
        learning.opened.connect(self._on_opened)
        learning.closed.connect(self._put_away)
        looks.arranged.connect(self._on_arranged)

    def _on_opened(self) -> None:
        self._looks.show_opened()
        QTimer.singleShot(0, self, self._bring)

    def _bring(self) -> None:
        self._docks.bring(_LESSON)
        self._docks.put_together()
        self._docks.give_height(_LESSON, _SHARE)

    def _put_away(self) -> None:
        self._docks.put_away(_LESSON)
        self._docks.put_apart()

    def _on_arranged(self) -> None:
        if self._learning.is_open:
            self._bring()
        else:
            self._put_away()
