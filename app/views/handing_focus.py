"""Gives the focus that a panel gets to one of its views.

A focus proxy would do the same, but where the proxy is not the panel's first view Qt lets Tab walk round in the panel
and never out of it.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget


def hand_focus(panel: QWidget, view: QWidget) -> None:
    """From now on whoever gives the panel the focus gives it to the view, or to the next one while that is hidden."""
    panel.installEventFilter(_Handing(panel, view))


class _Handing(QObject):
    def __init__(self, panel: QWidget, view: QWidget) -> None:
        super().__init__(panel)
        self._panel, self._view = panel, view

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QFocusEvent) and event.gotFocus():
            around = (self._view, *self._panel.findChildren(QWidget))
            next((one for one in around if _takes_keys(one)), self._view).setFocus(event.reason())
        return False


def _takes_keys(view: QWidget) -> bool:
    return view.isVisible() and view.isEnabled() and bool(view.focusPolicy() & Qt.FocusPolicy.TabFocus)
