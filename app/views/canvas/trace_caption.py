"""The words beside what is traced on the canvas."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QLabel, QWidget

from app.models.scene import Pill, PillState
from app.theme import Theme
from app.views.canvas.pill_words import pill_html, pill_text
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
        self._pill: tuple[Pill, PillState] | None = None
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
        self._traced, self._pill = traced, None
        self._show(". ".join(map(text_of_traced, traced)), beside)

    def show_pill(self, pill: Pill, state: PillState, beside: QRectF) -> None:
        """Tells of a parameter and its `.grad`; of the same as before, nothing moves."""
        if self._pill == (pill, state) and self.isVisible():
            return
        self._traced, self._pill = (), (pill, state)
        self._show(pill_text(pill, state), beside)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.setStyleSheet(
            f"#trace_caption {{ background: {theme.raised}; color: {theme.text}; border: 1px solid {theme.border};"
            f" border-radius: 6px; font-size: {theme.base_px}px; }}"
        )
        self.setText(self._rows())

    def _show(self, spoken: str, beside: QRectF) -> None:
        self.setText(self._rows())
        if not self.text():
            self.hide()
            return
        self.setAccessibleName(spoken)
        self.adjustSize()
        self._place(beside)
        self.show()
        self.raise_()

    def _rows(self) -> str:
        if self._pill is not None:
            return pill_html(*self._pill, self._theme)
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
