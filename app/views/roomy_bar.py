"""A toolbar in which parts give way, one after the other, where the window is narrow or the letters are large."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolBar, QWidget


class RoomyBar(QToolBar):
    """Keeps in sight what says where one is; what gives way for it can be had in menus and dialogs too."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._parts: list[QAction] = []
        self.setMovable(False)

    def add_parts(self, parts: Sequence[QWidget], right: QWidget) -> None:
        """Adds widgets, of which the last gives way first and the first stays, and one at the other end, which stays
        too."""
        self._parts = [self.addWidget(part) for part in parts][1:]
        spring = QWidget()
        spring.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spring)
        self.addWidget(right)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        """Shows as many of the parts as there is room for."""
        layout = self.layout()
        if layout is None:
            return
        margins, spacing = layout.contentsMargins(), layout.spacing()
        left = self.width() - margins.left() - margins.right()
        for action in self.actions():
            widget = self.widgetForAction(action)
            if widget is not None and action not in self._parts:
                left -= widget.sizeHint().width() + spacing
        for action in self._parts:
            left -= self.widgetForAction(action).sizeHint().width() + spacing
            if action.isVisible() != (left >= 0):
                action.setVisible(left >= 0)
