"""The menu of a node on the canvas: what it is, and what can be done there."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QObject, QPoint
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QMenu

from app.docks.looking_up import LookingUp
from app.state import AppState
from app.views.canvas.view import GraphCanvas

NODE_ACTIONS = ("run_to", "edit_value", "twin", "breakpoint", "", "collapse", "expand")
"""Ids of actions for what is selected; "" is a line."""


class NodeMenu(QObject):
    """Shows the menu at a right click on the graph, or at the key for menus, for what is selected then.

    actions: what can be done there, None for a line.
    """

    def __init__(
        self, canvas: GraphCanvas, state: AppState, looking_up: LookingUp, actions: Iterable[QAction | None]
    ) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._state = state
        self._looking_up = looking_up
        self._actions = tuple(actions)
        for face in (canvas.viewport(), canvas.neurons):
            face.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click chooses what is under it first."""
        if not isinstance(event, QContextMenuEvent):
            return False
        if event.reason() is QContextMenuEvent.Reason.Mouse:
            if watched is self._canvas.neurons:
                self._canvas.neurons.choose_at(event.pos().toPointF())
            else:
                self._canvas.choose_at(event.pos())
        self.open_at(event.globalPos())
        return True

    def open_at(self, place: QPoint) -> None:
        """Shows the menu at a place of the screen."""
        menu = self.menu()
        menu.exec(place)
        menu.deleteLater()

    def menu(self) -> QMenu:
        """The menu for what is selected now."""
        menu = QMenu(self._canvas)
        trace = self._state.trace
        cards = [] if trace is None else self._looking_up.cards_of(trace, self._state.selection)
        menu.addActions(self._looking_up.actions(cards, menu))
        menu.addSeparator()
        for action in self._actions:
            if action is None:
                menu.addSeparator()
            else:
                menu.addAction(action)
        return menu
