"""Gives the focus that a panel gets to one of its views.

A focus proxy would do the same, but where the proxy is not the panel's first view Qt lets Tab walk round in the panel
and never out of it.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget


def hand_focus(panel: QWidget, view: QWidget) -> None:
    """From now on whoever gives the panel the focus gives it to the view."""
    panel.installEventFilter(_Handing(panel, view))


class _Handing(QObject):
    def __init__(self, panel: QWidget, view: QWidget) -> None:
        super().__init__(panel)
        self._view = view

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.gotFocus():
            self._view.setFocus(event.reason())
        return False
