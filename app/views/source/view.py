"""The source panel: the script's text with a gutter, the current line and the current expression in it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from app.models.breakpoint_lines import Dot
from app.models.source_lines import SourceSpan, coloured_lines, units_before
from app.theme import Theme, code_font
from app.views.source.colouring import SourceColouring
from app.views.source.gutter import Gutter, GutterLine

_LINES_KEPT_AROUND = 3


class SourceView(QPlainTextEdit):
    """Shows the script, the current line and breakpoints.

    Signals:
        breakpoint_toggle_requested(path, line): a click in the gutter, or F9; line is 1-based.
        breakpoint_edit_requested(path, line): a right click in the gutter, or Shift+F9.
        line_activated(line): double click or Return on a line.
    """

    breakpoint_toggle_requested = Signal(object, int)
    breakpoint_edit_requested = Signal(object, int)
    line_activated = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._path: Path | None = None
        self._text = ""
        self._current: int | None = None
        self._span: SourceSpan | None = None
        self._error: tuple[int, str] | None = None
        self.gutter = Gutter(theme, self)
        self._colouring = SourceColouring(self.document(), theme)
        self.setReadOnly(True)
        # A read-only editor has no text cursor by default; lines are also chosen by the keyboard.
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName(self.tr("Source of the script"))
        self.setPlaceholderText(self.tr("The source of the script appears here."))
        self.document().setDocumentMargin(2.0)
        self.set_theme(theme)
        self.gutter.line_clicked.connect(self._on_gutter_clicked)
        self.gutter.line_edit_requested.connect(self._on_edit_requested)
        self.updateRequest.connect(self._on_update_request)
        self.blockCountChanged.connect(self._fit_gutter)

    @property
    def path(self) -> Path | None:
        """The file that is shown."""
        return self._path

    @property
    def current_line(self) -> int | None:
        """The line with the arrow, 1-based."""
        return self._current

    @property
    def cursor_line(self) -> int:
        """The line that the text cursor is in, 1-based: where F9 puts a breakpoint."""
        return self.textCursor().blockNumber() + 1

    def set_source(self, path: Path | None, text: str) -> None:
        """Shows a file. The same file with the same text stays as it is, scrolled where it was."""
        if path == self._path and text == self._text:
            return
        self._path, self._text = path, text
        self._current = self._span = self._error = None
        self._colouring.set_lines(coloured_lines(text))
        self.setPlainText(text)
        self.gutter.set_current(None)
        self.gutter.set_breakpoints({})
        self.gutter.set_executed(frozenset())

    def set_place(self, line: int | None, span: SourceSpan | None = None) -> None:
        """Moves the arrow to a line, outlines an expression, and scrolls only if the line is not well in view."""
        if (line, span) == (self._current, self._span):
            return
        moved = line != self._current
        self._current, self._span = line, span
        self.gutter.set_current(line)
        if line is not None and moved:
            self._show_line(line)
        self.viewport().update()

    def set_breakpoints(self, dots: Mapping[int, Dot]) -> None:
        """Puts dots at these lines (1-based) of the file that is shown."""
        self.gutter.set_breakpoints(dots)

    def set_executed(self, lines: Set[int]) -> None:
        """Marks the lines that ran so far."""
        self.gutter.set_executed(frozenset(lines))

    def set_error(self, line: int | None, text: str = "") -> None:
        """Writes an exception's message beside the line that raised it; None takes it away."""
        self._error = None if line is None else (line, text)
        if line is not None:
            self._show_line(line)
        self.viewport().update()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        # The window's style sheet sets a size for all widgets, which wins over setFont; a widget's own sheet wins.
        families = ", ".join(f'"{family}"' for family in code_font(theme.base_px).families())
        self.setStyleSheet(
            f"QPlainTextEdit {{ font-family: {families}; font-size: {theme.base_px}px; border: none;"
            f" color: {theme.text}; background: {theme.surface}; }}"
        )
        self.setFont(code_font(theme.base_px))
        self.setTabStopDistance(4 * self.fontMetrics().horizontalAdvance(" "))
        self.gutter.set_theme(theme)
        self._colouring.set_theme(theme)
        self._fit_gutter()
        self.viewport().update()

    def request_breakpoint(self) -> None:
        """Asks to set or remove a breakpoint at the cursor's line, as F9 does."""
        self._on_gutter_clicked(self.cursor_line)

    def expression_areas(self) -> list[QRectF]:
        """Where the current expression is on screen, one area a line of it, in the viewport's px."""
        span = self._span
        if span is None:
            return []
        found = []
        for number in range(span.line, span.end_line + 1):
            block = self.document().findBlockByNumber(number - 1)
            if not block.isValid():
                break
            text = block.text()
            begin = span.column if number == span.line else len(text) - len(text.lstrip())
            end = span.end_column if number == span.end_line else len(text.encode("utf-8"))
            left, right = (self._caret(block.position() + units_before(text, column)) for column in (begin, end))
            found.append(QRectF(left.left(), left.top(), right.left() - left.left(), left.height()))
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint_current_line()
        super().paintEvent(event)
        self._paint_expression()
        self._paint_error()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_gutter()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F9 and not event.modifiers():
            self.request_breakpoint()
        elif event.key() == Qt.Key.Key_F9 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self._on_edit_requested(self.cursor_line)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.line_activated.emit(self.cursor_line)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        if event.button() == Qt.MouseButton.LeftButton:
            self.line_activated.emit(self.cursorForPosition(event.position().toPoint()).blockNumber() + 1)

    def _caret(self, place: int) -> QRect:
        cursor = QTextCursor(self.document())
        cursor.setPosition(place)
        return self.cursorRect(cursor)

    def _show_line(self, line: int) -> None:
        block = self.document().findBlockByNumber(line - 1)
        if not block.isValid():
            return
        self.setTextCursor(QTextCursor(block))
        first = self.firstVisibleBlock().blockNumber() + 1
        room = self._lines_in_view()
        if not first + _LINES_KEPT_AROUND <= line < first + room - _LINES_KEPT_AROUND and self.blockCount() > room:
            self.verticalScrollBar().setValue(max(0, line - 1 - room // 2))

    def _lines_in_view(self) -> int:
        height = self.blockBoundingRect(self.firstVisibleBlock()).height()
        return max(1, int(self.viewport().height() / max(height, 1.0)))

    def _paint_current_line(self) -> None:
        if self._current is None:
            return
        block = self.document().findBlockByNumber(self._current - 1)
        if block.isValid() and block.isVisible():
            area = self.blockBoundingGeometry(block).translated(self.contentOffset())
            area.setLeft(0.0)
            area.setRight(self.viewport().width())
            QPainter(self.viewport()).fillRect(area, QColor(self._theme.current_line))

    def _paint_expression(self) -> None:
        """An outline and an underline, so that it is also seen without its colour."""
        areas = self.expression_areas()
        if not areas:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(self._theme.current)
        fill = QColor(self._theme.current_halo)
        fill.setAlphaF(0.16 if self._theme.dark else 0.45)
        painter.setCompositionMode(
            QPainter.CompositionMode.CompositionMode_SourceOver
            if self._theme.dark
            else QPainter.CompositionMode.CompositionMode_Multiply
        )
        for area in areas:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(fill)
            painter.drawRoundedRect(area.adjusted(-1.5, 0.5, 1.5, -0.5), 3.0, 3.0)
            painter.setPen(QPen(colour, 1.5 * self._theme.line_scale))
            painter.drawLine(area.bottomLeft(), area.bottomRight())

    def _paint_error(self) -> None:
        if self._error is None:
            return
        block = self.document().findBlockByNumber(self._error[0] - 1)
        if not block.isValid():
            return
        end = self._caret(block.position() + block.length() - 1)
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        metrics = self.fontMetrics()
        width = self.viewport().width()
        # Beside the code, or over its end where less than half of the line is left.
        room = max(width - end.left() - 30, width // 2)
        words = f"✗ {self._error[1].splitlines()[0] if self._error[1] else ''}"
        message = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room - 14)
        taken = metrics.horizontalAdvance(message) + 14
        box = QRectF(min(end.left() + 24, width - taken - 2), end.top(), taken, end.height() - 1)
        painter.fillRect(box, QColor(self._theme.raised))
        painter.setPen(QColor(self._theme.error))
        painter.drawRect(box)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, message)

    def _fit_gutter(self) -> None:
        width = self.gutter.sizeHint().width()
        self.setViewportMargins(width, 0, 0, 0)
        area = self.contentsRect()
        self.gutter.setGeometry(QRect(area.left(), area.top(), width, area.height()))
        self._show_gutter_lines()

    def _show_gutter_lines(self) -> None:
        lines, block, offset = [], self.firstVisibleBlock(), self.contentOffset()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(offset)
            if area.top() > self.viewport().height():
                break
            lines.append(GutterLine(block.blockNumber() + 1, area.top(), area.height()))
            block = block.next()
        self.gutter.show_lines(lines if self._text else [], self.blockCount())

    def _on_update_request(self, area: QRect, scrolled: int) -> None:
        if scrolled or area.contains(QPoint(0, 0)):
            self._show_gutter_lines()

    def _on_gutter_clicked(self, line: int) -> None:
        if self._path is not None:
            self.breakpoint_toggle_requested.emit(self._path, line)

    def _on_edit_requested(self, line: int) -> None:
        if self._path is not None:
            self.breakpoint_edit_requested.emit(self._path, line)
