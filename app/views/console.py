"""The console panel: what the script wrote, up to the current position bright, what came later faint."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from app.guard import painted
from app.models.console_text import TextPart, ending_of, text_parts
from app.theme import Theme, code_font
from app.views.brackets import paint_brackets
from engine.lessons.pointed import stands_in

MOST_LINES = 10_000
"""The first lines go when there are more: the trace has them all."""
_MOST_CHARS = 1 << 20
"""As much of one piece is shown at most, its end: a million lines at once would keep the window waiting."""
STANDARD_ERROR, STANDARD_INPUT = "stderr", "stdin"
_LATER_OPACITY = 0.7


class Console(QPlainTextEdit):
    """Shows the script's output. Errors and what was typed are tinted; text later than the current position is faint.

    Signals:
        position_requested(position): a line was clicked, or Return pressed on it; so many events were completed when it
        was written.
    """

    position_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._position: int | None = None
        self._is_empty = True
        self._filter = ""
        self._pointed: tuple[str, ...] = ()
        self._written: deque[tuple[str, str, int]] = deque(maxlen=MOST_LINES)
        self.setReadOnly(True)
        self.setMaximumBlockCount(MOST_LINES)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setUndoRedoEnabled(False)
        # A read-only text has no cursor by default; lines are also gone to by the keyboard.
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setPlaceholderText(self.tr("What the script prints appears here."))
        self.setAccessibleName(self.tr("Output of the script"))
        self.set_theme(theme)

    @property
    def written(self) -> tuple[tuple[str, str, int], ...]:
        """What is shown, in the order in which it was written: stream, text and position of each piece."""
        return tuple(self._written)

    def append_text(self, stream: str, text: str, position: int) -> None:
        """Adds a piece of output. position: events completed when it was written.

        stream: "stdout", "stderr", or "stdin" for what the user typed.
        """
        bar = self.verticalScrollBar()
        is_at_end = bar.value() >= bar.maximum() - 1
        text = ending_of(text, MOST_LINES, _MOST_CHARS)
        last_line = self.document().lastBlock().position()
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        form = self._format(stream)
        new_lines = 0
        for part in text_parts(text):
            self._insert(cursor, part, form, position)
            new_lines += part.text.count("\n") + (part.how == "new")
        self._is_empty = False
        self._written.append((stream, text, position))
        if self._filter:
            self._hide_others(max(0, self.blockCount() - 1 - new_lines))
        if not any(one.cursor.selectionStart() < last_line for one in self.extraSelections()):
            self._dim()  # one that begins before the last line reaches over what comes to the end
        if is_at_end:
            bar.setValue(bar.maximum())

    def set_filter(self, text: str) -> int:
        """Shows only lines with this text, in whichever case; how many there are. "" shows all."""
        self._filter = text.casefold()
        return self._hide_others(0)

    def clear(self) -> None:
        """Forgets all output."""
        super().clear()
        self.document().firstBlock().setUserState(-1)
        self._is_empty = True
        self._written.clear()
        self._dim()

    def set_position(self, position: int | None) -> None:
        """So many events are completed; None shows everything bright."""
        if position != self._position:
            self._position = position
            self._dim()

    def set_pointed(self, words: Sequence[str]) -> None:
        """Puts corners around the lines with one of these words, and shows the last of them."""
        if tuple(words) == self._pointed:
            return
        self._pointed = tuple(words)
        blocks = self._pointed_blocks()
        if blocks:
            self.verticalScrollBar().setValue(max(0, blocks[-1].blockNumber() - self._lines_in_view() // 2))
        self.viewport().update()

    def pointed_areas(self) -> list[QRectF]:
        """Where there are corners, in the viewport's px; lines that follow one another are one area."""
        areas: list[QRectF] = []
        before = -2
        for block in self._pointed_blocks():
            area = self.blockBoundingGeometry(block).translated(self.contentOffset())
            wide = self.fontMetrics().horizontalAdvance(block.text()) + 8.0
            area.setWidth(min(wide, self.viewport().width() - area.left() - 4.0))
            if areas and block.blockNumber() == before + 1:
                areas[-1] = areas[-1].united(area)
            else:
                areas.append(area)
            before = block.blockNumber()
        return areas

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._pointed:
            painter = QPainter(self.viewport())
            for area in self.pointed_areas():
                paint_brackets(painter, area, self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours; text that is there is written again in its tint."""
        self._theme = theme
        families = ", ".join(f'"{family}"' for family in code_font(theme.base_px).families())
        self.setStyleSheet(
            f"QPlainTextEdit {{ font-family: {families}; font-size: {theme.base_px}px; border: none;"
            f" color: {theme.text}; background: {theme.surface}; }}"
        )
        self.setFont(code_font(theme.base_px))
        written = self.written
        self.clear()
        for stream, text, position in written:
            self.append_text(stream, text, position)

    def first_later_line(self) -> int:
        """Number (0-based) of the first line written after the current position; the number of lines if there is none.

        Positions never fall from line to line, so it is found by halving.
        """
        count = self.blockCount()
        if self._position is None or self._is_empty:
            return count
        low, high = 0, count
        while low < high:
            middle = (low + high) // 2
            if self.document().findBlockByNumber(middle).userState() > self._position:
                high = middle
            else:
                low = middle + 1
        return low

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        is_click = event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection()
        block = self.cursorForPosition(event.position().toPoint()).block()
        if is_click and not self._is_empty and block.userState() >= 0:
            self.position_requested.emit(block.userState())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return does for the cursor's line what a click does."""
        state = self.textCursor().block().userState()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not self._is_empty and state >= 0:
            self.position_requested.emit(state)
        else:
            super().keyPressEvent(event)

    def _pointed_blocks(self) -> list[QTextBlock]:
        """Of what was written by now."""
        found, last = list[QTextBlock](), self.first_later_line()
        block = self.document().firstBlock()
        while self._pointed and block.isValid() and block.blockNumber() < last:
            if any(stands_in(word, block.text()) for word in self._pointed):
                found.append(block)
            block = block.next()
        return found

    def _lines_in_view(self) -> int:
        return max(1, self.viewport().height() // max(1, self.fontMetrics().lineSpacing()))

    def _hide_others(self, first: int) -> int:
        """Hides the lines from number `first` on that the filter does not fit; how many are left."""
        block, left = self.document().findBlockByNumber(first), 0
        start = block.position()
        while block.isValid():
            fits = self._filter in block.text().casefold()
            left += fits
            if block.isVisible() != fits:
                block.setVisible(fits)
                block.setLineCount(1 if fits else 0)
            block = block.next()
        self.document().markContentsDirty(start, self.document().characterCount() - start)
        self.document().documentLayout().documentSizeChanged.emit(self.document().documentLayout().documentSize())
        self.viewport().update()
        return left

    def _insert(self, cursor: QTextCursor, part: TextPart, form: QTextCharFormat, position: int) -> None:
        if part.how == "new":
            cursor.insertBlock()
        elif part.how == "replace":
            cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock, QTextCursor.MoveMode.KeepAnchor)
        # Each line of a document carries a number for its owner's use: here its position.
        block: QTextBlock = cursor.block()
        if part.how != "append" or not block.text():
            block.setUserState(position)
        cursor.insertText(part.text, form)
        block = cursor.block()
        for _ in range(part.text.count("\n")):
            block.setUserState(position)
            block = block.previous()

    def _format(self, stream: str) -> QTextCharFormat:
        form = QTextCharFormat()
        if stream == STANDARD_ERROR:
            form.setForeground(QColor(self._theme.error))
        elif stream == STANDARD_INPUT:
            form.setForeground(QColor(self._theme.accent))
            form.setFontWeight(QFont.Weight.Bold)
        return form

    def _dim(self) -> None:
        """One extra selection over all that is later costs nothing, however long it is."""
        line = self.first_later_line()
        if line >= self.blockCount():
            self.setExtraSelections([])
            return
        faint = QTextEdit.ExtraSelection()
        colour = QColor(self._theme.muted)
        colour.setAlphaF(_LATER_OPACITY)
        faint.format.setForeground(colour)
        faint.cursor = QTextCursor(self.document().findBlockByNumber(line))
        faint.cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        self.setExtraSelections([faint])
