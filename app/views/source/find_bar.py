"""The line below the source in which one types what to find."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QTextCharFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QTextEdit, QToolButton, QWidget

from app.assets import icon
from app.theme import Theme

MOST_FOUND = 2000


class FindBar(QWidget):
    """Finds text in an editor: Return goes on, Shift+Return back, Escape closes.

    Signals:
        closed(): nothing is looked for any more.
    """

    closed = Signal()

    def __init__(self, editor: QPlainTextEdit, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._theme = theme
        self._found: list[tuple[int, int]] = []
        self.words = QLineEdit()
        self.words.setPlaceholderText(self.tr("Find"))
        self.words.setAccessibleName(self.tr("Text to find"))
        self.count = QLabel()
        self._back = self._button(self.tr("Previous (Shift+Return)"))
        self._on = self._button(self.tr("Next (Return)"))
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 3, 6, 3)
        row.setSpacing(3)
        row.addWidget(self.words, 1)
        row.addWidget(self.count)
        row.addWidget(self._back)
        row.addWidget(self._on)
        self.hide()
        self.set_theme(theme)
        self.words.textChanged.connect(self._look)
        self._back.clicked.connect(lambda: self.go(-1))
        self._on.clicked.connect(lambda: self.go(1))

    def open(self) -> None:
        """Shows the bar; what is selected in the text is looked for."""
        chosen = self._editor.textCursor().selectedText()
        self.show()
        if chosen and "\u2029" not in chosen:
            self.words.setText(chosen)
        self.words.selectAll()
        self.words.setFocus()
        self._look()

    def close_bar(self) -> None:
        """Hides the bar and its marks, and gives the text the focus."""
        self.hide()
        self._editor.setExtraSelections([])
        self._editor.setFocus()
        self.closed.emit()

    def go(self, by: int) -> None:
        """To the next place (1) or the one before (-1), round at the ends."""
        if not self._found:
            return
        cursor = self._editor.textCursor()
        if by > 0:
            later = [one for one in self._found if one[0] >= cursor.selectionEnd()]
            begin, end = later[0] if later else self._found[0]
        else:
            earlier = [one for one in self._found if one[1] <= cursor.selectionStart()]
            begin, end = earlier[-1] if earlier else self._found[-1]
        cursor.setPosition(begin)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self._editor.setTextCursor(cursor)
        self._say()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours."""
        self._theme = theme
        self.count.setStyleSheet(f"color: {theme.muted};")
        self._back.setIcon(icon("chevron-up", QColor(theme.text)))
        self._on.setIcon(icon("chevron-down", QColor(theme.text)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3):
            self.go(-1 if is_back else 1)
        elif event.matches(QKeySequence.StandardKey.Find):
            self.words.selectAll()
        else:
            super().keyPressEvent(event)

    def _button(self, tip: str) -> QToolButton:
        button = QToolButton()
        button.setToolTip(tip)
        button.setAccessibleName(tip)
        return button

    def _look(self) -> None:
        """Marks all places; the cursor goes to the first one at or after where it is."""
        text, document = self.words.text(), self._editor.document()
        self._found = []
        cursor = QTextCursor(document)
        while text and len(self._found) < MOST_FOUND:
            cursor = document.find(text, cursor, QTextDocument.FindFlag(0))
            if cursor.isNull():
                break
            self._found.append((cursor.selectionStart(), cursor.selectionEnd()))
        self._editor.setExtraSelections([self._mark(begin, end) for begin, end in self._found])
        start = self._editor.textCursor()
        start.setPosition(start.selectionStart())
        self._editor.setTextCursor(start)
        self.go(1)
        self._say()

    def _say(self) -> None:
        here = self._editor.textCursor().selectionStart()
        number = next((i for i, one in enumerate(self._found, 1) if one[0] == here), 0)
        if not self.words.text():
            self.count.setText("")
        elif not self._found:
            self.count.setText(self.tr("not found"))
        else:
            text = self.tr("%1 of %2")
            self.count.setText(text.replace("%1", str(number)).replace("%2", str(len(self._found))))

    def _mark(self, begin: int, end: int) -> QTextEdit.ExtraSelection:
        found = QTextEdit.ExtraSelection()
        form = QTextCharFormat()
        colour = QColor(self._theme.accent)
        colour.setAlphaF(0.3)
        form.setBackground(colour)
        found.format = form
        found.cursor = QTextCursor(self._editor.document())
        found.cursor.setPosition(begin)
        found.cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return found
