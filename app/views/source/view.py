"""The source panel: the script's text with a gutter, the current line and the current expression in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QToolTip, QWidget

from app.guard import painted
from app.models.breakpoint_lines import Dot
from app.models.source_lines import SourceSpan, coloured_lines, units_before
from app.theme import Theme, code_font
from app.views.brackets import paint_brackets
from app.views.source.colouring import SourceColouring
from app.views.source.gutter import Gutter, GutterLine
from app.views.source.line_marks import paint_error, paint_expression, paint_values

_LINES_KEPT_AROUND = 3
_RETURN = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class SourceView(QPlainTextEdit):
    """Shows the script, the current line and breakpoints.

    Signals:
        breakpoint_toggle_requested(path, line): a click in the gutter, or F9; line is 1-based.
        breakpoint_edit_requested(path, line): a right click in the gutter, or Shift+F9.
        line_activated(line): double click or Return on a line. node_requested(line): Ctrl+Return, or a click with
        Ctrl: what the line made shall be selected. find_requested(): Ctrl+F.
    """

    breakpoint_toggle_requested = Signal(object, int)
    breakpoint_edit_requested = Signal(object, int)
    line_activated = Signal(int)
    node_requested = Signal(int)
    find_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._path: Path | None = None
        self._text = ""
        self._current: int | None = None
        self._span: SourceSpan | None = None
        self._error: tuple[int, str] | None = None
        self._chosen: int | None = None
        self._pointed: tuple[SourceSpan, ...] = ()
        self._values: Mapping[int, str] = {}
        self._hovered: int | None = None
        self.viewport().setMouseTracking(True)
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
        self._current = self._span = self._error = self._chosen = None
        self._pointed = ()
        self._values = {}
        self._colouring.set_lines(coloured_lines(text))
        self.setPlainText(text)
        self.gutter.set_current(None)
        self.gutter.set_breakpoints({})
        self.gutter.set_executed(frozenset(), frozenset())

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

    def set_executed(self, lines: Set[int], coming: Set[int] = frozenset()) -> None:
        """Marks the lines that ran in this iteration, and those that are known to run later in it."""
        self.gutter.set_executed(frozenset(lines), frozenset(coming))

    def set_values(self, values: Mapping[int, str]) -> None:
        """Writes "z1 = 1.124" after lines."""
        if values != self._values:
            self._values = values
            self.viewport().update()

    @property
    def chosen(self) -> int | None:
        """The line of what is selected by hand."""
        return self._chosen

    def set_chosen(self, line: int | None) -> None:
        """Marks the line of what is selected elsewhere, and shows it."""
        if line == self._chosen:
            return
        self._chosen = line
        if line is not None and line != self._current:
            self._scroll_to(line)
        self.viewport().update()

    def show_afresh(self) -> None:
        """Puts the line that matters in the middle, wherever one had scrolled before."""
        line = self._chosen or self._current
        if line is not None:
            self.verticalScrollBar().setValue(max(0, line - 1 - self._lines_in_view() // 2))
        self.horizontalScrollBar().setValue(0)

    def set_pointed(self, spans: Sequence[SourceSpan]) -> None:
        """Puts corners around these pieces of the text, and shows the first of them."""
        if tuple(spans) != self._pointed:
            self._pointed = tuple(spans)
            if spans:
                self._scroll_to(spans[0].line)
            self.viewport().update()

    def pointed_areas(self) -> list[QRectF]:
        """Where there are corners, in the viewport's px."""
        return [area.adjusted(-3, 0, 3, 0) for span in self._pointed for area in self._areas_of(span)]

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
        font = code_font(theme.small_px + 1)
        families = ", ".join(f'"{family}"' for family in font.families())
        self.setStyleSheet(
            f"QPlainTextEdit {{ font-family: {families}; font-size: {font.pixelSize()}px; border: none;"
            f" color: {theme.text}; background: {theme.surface}; }}"
        )
        self.setFont(font)
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
        return [] if self._span is None else self._areas_of(self._span)

    def _areas_of(self, span: SourceSpan) -> list[QRectF]:
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

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint_line(self._chosen, self._theme.selection)
        self._paint_line(self._current, self._theme.current_line)
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        self._paint_values(painter)
        paint_expression(painter, self.expression_areas(), self._theme)
        for area in self.pointed_areas():
            paint_brackets(painter, area, self._theme)
        self._paint_error(painter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_gutter()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F9 and not event.modifiers():
            self.request_breakpoint()
        elif event.key() == Qt.Key.Key_F9 and event.modifiers() == Qt.KeyboardModifier.ShiftModifier:
            self._on_edit_requested(self.cursor_line)
        elif event.matches(QKeySequence.StandardKey.Find):
            self.find_requested.emit()
        elif event.key() in _RETURN and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.node_requested.emit(self.cursor_line)
        elif event.key() in _RETURN and not event.modifiers():
            self.line_activated.emit(self.cursor_line)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The code of the line under the mouse is read without a value over it."""
        super().mouseMoveEvent(event)
        self._hover(self.cursorForPosition(event.position().toPoint()).blockNumber() + 1)

    def leaveEvent(self, event: QEvent) -> None:
        """No line is pointed at."""
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, line: int | None) -> None:
        if line != self._hovered:
            self._hovered = line
            self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Keys that mean something else in the window belong to the source while it has the focus."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            point = self.viewport().mapFromGlobal(event.globalPos())
            text = self._values.get(self.cursorForPosition(point).blockNumber() + 1, "")
            QToolTip.showText(event.globalPos(), text, self)
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_node = event.key() in _RETURN and event.modifiers() == Qt.KeyboardModifier.ControlModifier
            if is_node or event.matches(QKeySequence.StandardKey.Find):
                event.accept()
                return True
        return super().event(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with a line, above what can be done with text."""
        line = self.cursorForPosition(event.pos()).blockNumber() + 1
        menu, standard = QMenu(self), self.createStandardContextMenu()
        for text, do in (
            (self.tr("Run to this line"), lambda: self.line_activated.emit(line)),
            (self.tr("Select what it made"), lambda: self.node_requested.emit(line)),
            (self.tr("Breakpoint here"), lambda: self._on_gutter_clicked(line)),
            (self.tr("Breakpoint with a condition…"), lambda: self._on_edit_requested(line)),
            (self.tr("Find…"), self.find_requested.emit),
        ):
            menu.addAction(text).triggered.connect(lambda _=False, do=do: do())
        menu.addSeparator()
        menu.addActions(standard.actions())
        menu.exec(event.globalPos())
        menu.deleteLater()
        standard.deleteLater()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.node_requested.emit(self.cursorForPosition(event.position().toPoint()).blockNumber() + 1)

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
        self._scroll_to(line)

    def _scroll_to(self, line: int) -> None:
        first = self.firstVisibleBlock().blockNumber() + 1
        room = self._lines_in_view()
        if not first + _LINES_KEPT_AROUND <= line < first + room - _LINES_KEPT_AROUND and self.blockCount() > room:
            self.verticalScrollBar().setValue(max(0, line - 1 - room // 2))

    def _lines_in_view(self) -> int:
        height = self.blockBoundingRect(self.firstVisibleBlock()).height()
        return max(1, int(self.viewport().height() / max(height, 1.0)))

    def _paint_line(self, line: int | None, colour: str) -> None:
        block = self.document().findBlockByNumber(line - 1) if line is not None else None
        if block is not None and block.isValid() and block.isVisible():
            area = self.blockBoundingGeometry(block).translated(self.contentOffset())
            area.setLeft(0.0)
            area.setRight(self.viewport().width())
            QPainter(self.viewport()).fillRect(area, QColor(colour))

    def _paint_values(self, painter: QPainter) -> None:
        """After the code; where there is no room, over its end."""
        if not self._values:
            return
        painter.setFont(code_font(self._theme.small_px))
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(offset)
            if area.top() > self.viewport().height():
                break
            line = block.blockNumber() + 1
            text = self._values.get(line, "")
            if text:
                left = self._caret(block.position() + block.length() - 1).left()
                place = QRectF(left, area.top(), self.viewport().width() - left, area.height())
                here = {"is_current": line == self._current, "is_hovered": line == self._hovered}
                paint_values(painter, place, self.viewport().width(), text, self._theme, **here)
            block = block.next()

    def _paint_error(self, painter: QPainter) -> None:
        if self._error is not None:
            block = self.document().findBlockByNumber(self._error[0] - 1)
            if block.isValid():
                end = self._caret(block.position() + block.length() - 1)
                painter.setFont(self.font())
                paint_error(painter, end, self.viewport().width(), self._error[1], self._theme)

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
