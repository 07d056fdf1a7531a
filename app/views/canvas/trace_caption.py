"""The words beside what is traced on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.theme import Theme
from app.views.canvas.trace_words import Traced, html_of, text_of_traced

GAP = 12
EDGE = 6


class TraceCaption(QLabel):
    """Shows what is said of a traced value beside it, inside the widget that it lies over; lets the mouse through."""

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._theme = theme
        self._traced: tuple[Traced, ...] = ()
        self.setObjectName("trace_caption")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setMargin(7)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_theme(theme)
        self.hide()

    @property
    def traced(self) -> tuple[Traced, ...]:
        """What is told of."""
        return self._traced

    def show_traced(self, traced: tuple[Traced, ...], beside: QRectF) -> None:
        """Tells of something else; nothing hides it. beside: where it is, in px of the widget below."""
        self._traced = traced
        if not traced:
            self.hide()
            return
        self.setText(self._rows())
        self.setAccessibleName(". ".join(map(text_of_traced, traced)))
        self.adjustSize()
        self._place(beside)
        self.show()
        self.raise_()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.setStyleSheet(
            f"#trace_caption {{ background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.border};"
            f" border-radius: 6px; font-size: {theme.base_px}px; }}"
        )
        if self._traced:
            self.setText(self._rows())

    def _rows(self) -> str:
        return "<br>".join(html_of(one, self._theme) for one in self._traced)

    def _place(self, beside: QRectF) -> None:
        """On the left of it, else on its right, else below or above it: the first where it fits."""
        wide, high = self.width(), self.height()
        middle = beside.center()
        across, down = middle.x() - wide / 2, middle.y() - high / 2
        room = QRectF(self._over.rect()).adjusted(EDGE, EDGE, -EDGE, -EDGE)
        tries = (
            (beside.left() - GAP - wide, down), (beside.right() + GAP, down),
            (across, beside.bottom() + GAP), (across, beside.top() - GAP - high),
        )  # fmt: skip
        fitting = (at for at in tries if room.left() <= at[0] <= room.right() - wide)
        x, y = next(fitting, (across, beside.bottom() + GAP))
        x = max(room.left(), min(x, room.right() - wide))
        if y + high > room.bottom() and beside.top() - GAP - high >= room.top() and y >= beside.bottom():
            y = beside.top() - GAP - high
        self.move(round(x), round(max(room.top(), min(y, room.bottom() - high))))
