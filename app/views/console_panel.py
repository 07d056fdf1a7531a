"""The console with a line to type in, which is there while the script waits for its input."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.theme import Theme, code_font
from app.views.console import Console
from app.views.handing_focus import hand_focus

_REMEMBERED = 100


class InputLine(QLineEdit):
    """A line of input. Up and Down go through earlier ones, as in a terminal.

    Signals:
        given(text): a line with its end, or the last one without an end. ended(): no more will come.
    """

    given = Signal(str)
    ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._earlier: list[str] = []
        self._back = 0
        self.setPlaceholderText(self.tr("Input: Enter sends it, Ctrl+D ends it"))
        self.setAccessibleName(self.tr("Input of the script"))
        self.returnPressed.connect(self._on_return_pressed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_D and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            text = self.text()
            self.clear()
            if text:
                self.given.emit(text)
            self.ended.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._recall(1 if event.key() == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)

    def _recall(self, by: int) -> None:
        self._back = min(max(self._back + by, 0), len(self._earlier))
        self.setText(self._earlier[-self._back] if self._back else "")

    def _on_return_pressed(self) -> None:
        text = self.text()
        self._earlier = [*self._earlier, text][-_REMEMBERED:] if text else self._earlier
        self._back = 0
        self.clear()
        self.given.emit(f"{text}\n")


class ConsolePanel(QWidget):
    """Shows a console, above it a line that filters, and below it the line of input while the script waits for one.

    Signals:
        input_given(text): what the user typed; None is the end of input.
    """

    input_given = Signal(object)

    def __init__(self, console: Console, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Filter lines"))
        self.filter.setAccessibleName(self.tr("Filter the output"))
        self.filter.setClearButtonEnabled(True)
        self.count = QLabel()
        self._console = console
        self.line = InputLine()
        self.line.hide()
        self._focused_before: QWidget | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(6, 4, 6, 4)
        head.addWidget(self.filter, 1)
        head.addWidget(self.count)
        column.addLayout(head)
        column.addWidget(console, 1)
        column.addWidget(self.line)
        hand_focus(self, console)
        self.set_theme(theme)
        self.filter.textChanged.connect(self._on_filter_changed)
        self.line.given.connect(self.input_given.emit)
        self.line.ended.connect(lambda: self.input_given.emit(None))

    def set_waiting(self, waits: bool) -> None:
        """Whether the script waits for input: then the line is there and has the focus."""
        if waits == self.line.isVisibleTo(self):
            return
        if waits:
            self._focused_before = QApplication.focusWidget()
            self.line.show()
            self.line.setFocus()
            return
        had_focus = self.line.hasFocus()
        self.line.hide()
        if had_focus and self._focused_before is not None:
            self._focused_before.setFocus()
        self._focused_before = None

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.count.setStyleSheet(f"color: {theme.muted};")
        self.line.setFont(code_font(theme.base_px))
        self.line.setStyleSheet(f"border: none; border-top: 1px solid {theme.border}; padding: 4px 6px;")

    def _on_filter_changed(self, text: str) -> None:
        count = self._console.set_filter(text)
        lines = self.tr("1 line") if count == 1 else self.tr("%1 lines").replace("%1", str(count))
        self.count.setText(lines if text else "")
