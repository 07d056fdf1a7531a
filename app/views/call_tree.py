"""The call tree panel."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from app.guard import painted
from app.models.call_tree import (
    CALL_ROLE,
    COLUMNS,
    NAME,
    NORM,
    POSITION_ROLE,
    TIME,
    VALUE,
    CallTreeModel,
    alignment,
)
from app.theme import Theme, ui_font
from app.views.phase_marks import phase_colour, phase_shape
from app.views.plain_tree import fit_to_letters
from engine.trace.reader import Trace

AnyIndex = QModelIndex | QPersistentModelIndex

_MARK = 9.0
_MARK_ROOM = 15
_ROOM_FOR_TIMES, _ROOM_FOR_NORMS = 34, 22
"""How many times the font's size a panel must be wide to have these columns, too."""
_VALUE_SHARE = 0.44
"""The values' part of what the numbers leave; names take the rest."""


class CallTreeView(QTreeView):
    """Shows what happened as a tree, and which event happened last.

    Signals:
        event_selected(position): a row was clicked, or chosen with the keyboard; that of its first event.
        call_selected(position, call): the same of the row of a module call. event_activated(position): double click or
        Return on a row.
    """

    event_selected = Signal(int)
    call_selected = Signal(int, int)
    event_activated = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = CallTreeModel(self)
        self._opened: QPersistentModelIndex | None = None
        self._is_told = True
        self._rows = _Rows(self._model, theme, self)
        self.setModel(self._model)
        self.setItemDelegate(self._rows)
        self.setUniformRowHeights(True)
        self.setAlternatingRowColors(False)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setExpandsOnDoubleClick(False)
        self.setHorizontalScrollMode(QTreeView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName(self.tr("Call tree"))
        self.header().setStretchLastSection(False)
        for column in range(COLUMNS):
            mode = QHeaderView.ResizeMode.Stretch if column == NAME else QHeaderView.ResizeMode.Fixed
            self.header().setSectionResizeMode(column, mode)
        self.set_theme(theme)
        self.activated.connect(self._on_activated)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    def set_trace(self, trace: Trace | None) -> None:
        """Shows another trace; a single iteration is opened at once."""
        self._opened = None
        self._model.set_trace(trace)

    def refresh(self) -> None:
        """More was recorded."""
        self._model.refresh()
        self.viewport().update()

    def set_position(self, position: int, newest: int | None = None) -> None:
        """So many events are completed: goes to the one that happened last, and opens what is around it.

        newest: the event that the newest number is of, if it is another one.
        """
        self._model.set_position(position, newest)
        self.viewport().update()
        index = self._model.index_at(max(0, position - 1) if newest is None else newest)
        if index.isValid():
            self._open_around(index)
            self.scrollTo(index)

    def select(self, position: int) -> None:
        """Selects the row of an event without telling anyone."""
        index = self._model.index_at(position)
        if index.isValid() and index != self.currentIndex():
            self._is_told = False
            self._open_around(index)
            self.setCurrentIndex(index)
            self._is_told = True

    def show_afresh(self, position: int, newest: int | None, selected: int | None) -> None:
        """Shows a place, and an event that is selected, as if nothing had been opened or scrolled before."""
        self._is_told = False
        self.collapseAll()
        self._opened = None
        self.setCurrentIndex(QModelIndex())
        self._is_told = True
        self.set_position(position, newest)
        if selected is not None:
            self.select(selected)
        at = max(0, position - 1) if newest is None else newest
        index = self.currentIndex() if selected is not None else self._model.index_at(at)
        if index.isValid():
            self.scrollTo(index, QTreeView.ScrollHint.PositionAtCenter)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._rows.set_theme(theme)
        self.setIndentation(round(theme.base_px * 0.95))
        self.header().setMinimumSectionSize(40)
        self._fit_columns()
        fit_to_letters(self, theme)

    def sizeHint(self) -> QSize:
        return QSize(420, 320)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_columns()
        super().resizeEvent(event)

    @painted
    def drawRow(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        """The band behind the current row also covers the indentation."""
        look = self._model.look(index)
        if look is not None and look.is_current:
            area = QRect(0, option.rect.top(), self.viewport().width(), option.rect.height())
            painter.fillRect(area, QColor(self._rows.theme.current_line))
            painter.fillRect(QRect(0, area.top(), 3, area.height()), QColor(self._rows.theme.current))
        super().drawRow(painter, option, index)

    def _fit_columns(self) -> None:
        base, room = self._rows.theme.base_px, self.viewport().width()
        metrics = QFontMetrics(ui_font(base))
        heading = self.model().headerData(NORM, Qt.Orientation.Horizontal)
        for column, widest, least in ((TIME, "00 000", _ROOM_FOR_TIMES), (NORM, heading, _ROOM_FOR_NORMS)):
            width = metrics.horizontalAdvance(widest) + 12
            self.setColumnHidden(column, self.width() < least * base)
            if not self.isColumnHidden(column):
                self.header().resizeSection(column, width)
                room -= width
        widest_value = metrics.horizontalAdvance("∂C/∂b⁽²⁾ = −0.03798") + 12
        self.header().resizeSection(VALUE, min(widest_value, round(room * _VALUE_SHARE)))

    def _open_around(self, index: QModelIndex) -> None:
        """Opens the rows around one; the iteration that was opened for the last one is closed again."""
        above, top = index.parent(), index
        while above.isValid():
            self.setExpanded(above, True)
            top, above = above, above.parent()
        if self._opened is not None and self._opened.isValid() and self._opened != top:
            closed = self._model.index(self._opened.row(), 0)
            self.collapse(closed)
            self._model.let_go(closed)
        self._opened = QPersistentModelIndex(top)

    def _on_activated(self, index: QModelIndex) -> None:
        position = index.data(POSITION_ROLE)
        if position is not None:
            self.event_activated.emit(position)

    def _on_current_changed(self, index: QModelIndex) -> None:
        position = index.data(POSITION_ROLE) if index.isValid() else None
        if not self._is_told or position is None:
            return
        call = index.data(CALL_ROLE)
        if call is None:
            self.event_selected.emit(position)
        else:
            self.call_selected.emit(position, call)


class _Rows(QStyledItemDelegate):
    """Paints the marks of phases, and rows that are still to come faintly."""

    def __init__(self, model: CallTreeModel, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.theme = theme

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), round(self.theme.base_px * 1.75))

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        look, is_name = self._model.look(index), index.column() == NAME
        if look is None:
            return
        mark = look.mark if is_name else ""
        area = QRect(option.rect)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected:
            painter.fillRect(area, QColor(self.theme.selection))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = QColor(self.theme.muted if index.column() in (TIME, NORM) else self.theme.text)
        if mark:
            colour = phase_colour(mark, self.theme)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawPath(phase_shape(mark, QPointF(area.left() + 7.0, area.center().y() + 1.0), _MARK))
            area.setLeft(area.left() + _MARK_ROOM)
        if look.is_failed:
            colour = QColor(self.theme.error)
            if is_name:
                painter.setPen(colour)
                painter.drawText(QRectF(area), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "✗")
                area.setLeft(area.left() + _MARK_ROOM)
        if look.is_later:
            colour = QColor(self.theme.muted)
            colour.setAlphaF(0.75)
        painter.setPen(colour)
        painter.setFont(ui_font(self.theme.base_px, bold=bool(mark) or look.is_current))
        place = area.adjusted(3, 0, -5, 0)
        said = self._model.text(index)
        text = painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(QRectF(place), alignment(index.column()), text)
        if is_name and look.mode:
            place.setLeft(place.left() + painter.fontMetrics().horizontalAdvance(text) + 8)
            self._paint_mode(painter, place, look.mode)
        painter.restore()

    def _paint_mode(self, painter: QPainter, place: QRect, mode: str) -> None:
        """A frame with "no_grad" in it, where there is room."""
        painter.setFont(ui_font(self.theme.small_px))
        width = painter.fontMetrics().horizontalAdvance(mode) + 8
        frame = QRectF(place.left(), place.top() + 3.5, width, place.height() - 7)
        if width <= place.width():
            painter.setPen(QColor(self.theme.muted))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, 3, 3)
            painter.drawText(frame, Qt.AlignmentFlag.AlignCenter, mode)
