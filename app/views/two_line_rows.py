"""Paints rows of two lines: a sign or a tick, the text, something short at the end, and a smaller line beneath."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.guard import painted
from app.models.row_roles import ASIDE_ROLE, DETAIL_ROLE, IS_HERE_ROLE, MARK_ROLE
from app.theme import Theme, ui_font

AnyIndex = QModelIndex | QPersistentModelIndex

_MARGIN_PX = 8
_SIGN_PX = 13
_GAP_PX = 9
_AIR_PX = 9
"""Above and below the text of a row, together."""


class TwoLineRows(QStyledItemDelegate):
    """Reads the roles of `app.models.row_roles`. A row's tick is switched by a click on it or by Space."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        height = QFontMetrics(ui_font(self._theme.base_px)).height() + _AIR_PX
        if index.data(DETAIL_ROLE):
            height += QFontMetrics(ui_font(self._theme.small_px)).height() + 2
        return QSize(120, height)

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        theme, area = self._theme, QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_here = bool(index.data(IS_HERE_ROLE))
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(theme.selection))
        elif is_here:
            painter.fillRect(area, QColor(theme.current_line))
        if is_here:
            painter.fillRect(QRect(area.left(), area.top(), 3, area.height()), QColor(theme.current))
        self._paint_sign(painter, QRectF(_sign_area(area, theme)), index)
        self._paint_words(painter, area, index, is_here)
        painter.restore()

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: AnyIndex) -> bool:
        """A click on the tick switches it, and Space does; a click elsewhere only selects."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select) and self._switch(index)
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            place = _sign_area(QRect(option.rect), self._theme).adjusted(-5, -5, 5, 5)
            return place.contains(event.position().toPoint()) and self._switch(index)
        return False

    def _switch(self, index: AnyIndex) -> bool:
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None:
            return False
        other = Qt.CheckState.Unchecked if Qt.CheckState(state) == Qt.CheckState.Checked else Qt.CheckState.Checked
        view = self.parent()
        place = index.model().index(index.row(), index.column(), index.parent())
        return isinstance(view, QAbstractItemView) and view.model().setData(
            place, other, Qt.ItemDataRole.CheckStateRole
        )

    def _paint_sign(self, painter: QPainter, area: QRectF, index: AnyIndex) -> None:
        theme, mark = self._theme, index.data(MARK_ROLE)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if mark:
            _paint_mark(painter, area, str(mark), theme)
        elif state is not None:
            is_on = Qt.CheckState(state) == Qt.CheckState.Checked
            painter.setPen(QPen(QColor(theme.accent if is_on else theme.muted), 1.4))
            painter.setBrush(QColor(theme.accent) if is_on else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(0.7, 0.7, -0.7, -0.7), 3.0, 3.0)
            if is_on:
                painter.setPen(QPen(QColor(theme.accent_text), 1.8))
                left, middle, size = area.left(), area.center(), area.width()
                painter.drawPolyline(
                    QPolygonF([QPointF(left + size * 0.24, middle.y()), QPointF(left + size * 0.43, middle.y() + 2.8),
                               QPointF(left + size * 0.76, middle.y() - 2.6)])
                )  # fmt: skip

    def _paint_words(self, painter: QPainter, area: QRect, index: AnyIndex, is_here: bool) -> None:
        theme = self._theme
        left, right = area.left() + _MARGIN_PX + _SIGN_PX + _GAP_PX, area.right() - _MARGIN_PX
        font, small = ui_font(theme.base_px, bold=is_here), ui_font(theme.small_px)
        height, top = QFontMetrics(font).height(), area.top() + _AIR_PX // 2
        aside = str(index.data(ASIDE_ROLE) or "")
        painter.setFont(small)
        width = painter.fontMetrics().horizontalAdvance(aside)
        painter.setPen(QColor(theme.muted))
        beside = QRect(right - width, top, width, height)
        painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, aside)
        is_off = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Unchecked
        painter.setPen(QColor(theme.muted if is_off else theme.text))
        painter.setFont(font)
        room = right - left - (width + _GAP_PX if aside else 0)
        _elided(painter, QRect(left, top, room, height), str(index.data() or ""))
        detail = str(index.data(DETAIL_ROLE) or "")
        if detail:
            painter.setPen(QColor(theme.text if is_here else theme.muted))
            painter.setFont(small)
            _elided(painter, QRect(left, top + height + 1, right - left, painter.fontMetrics().height()), detail)


def _elided(painter: QPainter, place: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, place.width())
    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _sign_area(area: QRect, theme: Theme) -> QRect:
    height = QFontMetrics(ui_font(theme.base_px)).height()
    return QRect(area.left() + _MARGIN_PX, area.top() + (_AIR_PX + height - _SIGN_PX) // 2, _SIGN_PX, _SIGN_PX)


def _paint_mark(painter: QPainter, area: QRectF, mark: str, theme: Theme) -> None:
    """How sure: a full triangle, an empty one, a ring."""
    colour = QColor({"certain": theme.error, "likely": theme.warning}.get(mark, theme.muted))
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(colour if mark == "certain" else Qt.BrushStyle.NoBrush)
    if mark == "maybe":
        painter.drawEllipse(area.adjusted(2.0, 2.0, -2.0, -2.0))
        return
    painter.drawPolygon([QPointF(area.center().x(), area.top() + 1.0), QPointF(area.right(), area.bottom() - 1.0),
                         QPointF(area.left(), area.bottom() - 1.0)])  # fmt: skip
