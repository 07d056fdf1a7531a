"""The search field over the canvas: what is typed, how many places there are, and which one is shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QWidget

WIDTH = 300
TYPED_MS = 250
"""Modules are opened for what is found, so not for each letter."""


class SearchBar(QFrame):
    """Shows a field that goes to the first place when one pauses typing.

    Return goes to the next place, Shift+Return back, Escape closes.

    find: gives the ids of what is found for a text.

    Signals:
        card_found(str): go to this card.
        closed(): the user is done.
    """

    card_found = Signal(str)
    closed = Signal()

    def __init__(self, find: Callable[[str], tuple[str, ...]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._find = find
        self._found: tuple[str, ...] = ()
        self._at = 0
        self.setObjectName("canvas_search")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setFixedWidth(WIDTH)
        self.field = QLineEdit()
        self.field.setObjectName("canvas_search_field")
        self.field.setClearButtonEnabled(True)
        self.field.setPlaceholderText(self.tr("name, op, symbol, parameter, module"))
        self.field.setAccessibleName(self.tr("Find in the graph"))
        self.count = QLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 4, 8, 4)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        self.field.installEventFilter(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(TYPED_MS)
        self.hide()
        self._soon.timeout.connect(self._go_there)
        self.field.textChanged.connect(self._on_typed)

    def open(self) -> None:
        """Shows the field, what was searched last selected in it."""
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()
        self._on_typed(self.field.text())

    def close_bar(self) -> None:
        """Puts the field away."""
        self._soon.stop()
        self.hide()
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys of the field that do something else than typing."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.close_bar()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._go(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
                return True
        return super().eventFilter(watched, event)

    def _on_typed(self, text: str) -> None:
        before = self._found[self._at] if self._found else None
        self._found = self._find(text)
        self._at = self._found.index(before) if before in self._found else 0
        self._count()
        self._soon.start()

    def _go(self, by: int) -> None:
        """On to the next, unless the first is not shown yet since one typed so fast."""
        if not self._soon.isActive() and self._found:
            self._at = (self._at + by) % len(self._found)
        self._go_there()

    def _go_there(self) -> None:
        self._soon.stop()
        self._count()
        if self._found:
            self.card_found.emit(self._found[self._at])

    def _count(self) -> None:
        if not self._found:
            self.count.setText(self.tr("nothing") if self.field.text().strip() else "")
            return
        of = self.tr("%1 of %2").replace("%1", str(self._at + 1)).replace("%2", str(len(self._found)))
        self.count.setText(of)
