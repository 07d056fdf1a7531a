"""The middle of the window: notices, the graph, the equation and the timeline below it; or the start page."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from app.models.place_words import PlaceWords
from app.notices import NoticeBar
from app.theme import Theme
from app.views.equation.panel import EquationPanel
from app.views.hint_bar import HintBar
from app.views.step_bar import StepBar

_EQUATION_SHARE, _PRESENTED_SHARE = 31, 37
_NARROWEST_PX = 320
_FIXED = (QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Minimum)
_SEPARATOR, _HTML_SEPARATOR = "   ›   ", "&nbsp; › &nbsp;"


class Centre(QWidget):
    """Holds the views that cannot be closed. Pages: the start page, and what is open.

    Signals:
        turned(): another page is shown.
    """

    turned = Signal()

    def __init__(
        self,
        theme: Theme,
        notices: NoticeBar,
        welcome: QWidget,
        canvas: QWidget,
        equation: EquationPanel,
        timeline: QWidget,
    ) -> None:
        super().__init__()
        self.setObjectName("centre")
        self._welcome = welcome
        self._sizes: list[int] = []
        self._trail: tuple[str, ...] = ()
        self._colour = theme.accent
        self.breadcrumb = QLabel()
        self.breadcrumb.setTextFormat(Qt.TextFormat.RichText)
        self.breadcrumb.setAccessibleName(self.tr("Module calls around this step"))
        self.breadcrumb.setContentsMargins(12, 6, 12, 2)
        # A deep module must not widen the window.
        self.breadcrumb.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._equation = equation
        self.heading = equation.heading
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setObjectName("centre_splitter")
        self.splitter.addWidget(_column(self.breadcrumb, canvas))
        self.splitter.addWidget(equation)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 100 - _EQUATION_SHARE)
        self.splitter.setStretchFactor(1, _EQUATION_SHARE)
        self.hint_bar = HintBar(theme)
        self.step_bar = StepBar(theme)
        self.step_bar.hide()
        self._line = QFrame()  # equation and timeline may be on the same ground
        self._line.setFixedHeight(1)
        self._opened = _column(self.hint_bar, self.splitter, self._line, timeline, self.step_bar)
        self._pages = QStackedWidget()
        # A hidden page would still keep the window from being narrow.
        welcome.setMinimumWidth(_NARROWEST_PX)
        self._pages.addWidget(welcome)
        self._pages.addWidget(self._opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(notices)
        column.addWidget(self._pages, 1)
        self.set_theme(theme)
        self._pages.currentChanged.connect(self.turned)

    def show_welcome(self) -> None:
        """Shows the start page."""
        self._pages.setCurrentWidget(self._welcome)

    def show_opened(self) -> None:
        """Shows what is open."""
        self._pages.setCurrentWidget(self._opened)

    def set_words(self, words: PlaceWords) -> None:
        """Says where the graph's ring is, and what the equation is about."""
        self._trail = words.trail
        self._show_trail()
        self.heading.setText(words.subject or self.tr("Equation"))

    def _show_trail(self) -> None:
        """Each module call is a link, the op at the end is not; in little room the outer calls are left out."""
        colour, measures = self._colour, self.breadcrumb.fontMetrics()
        room = self.breadcrumb.width() - 24
        first = 0
        while first < len(self._trail) - 1 and measures.horizontalAdvance(_SEPARATOR.join(self._trail[first:])) > room:
            first += 1
        links = [
            f'<a href="{depth}" style="color:{colour}; text-decoration:none">{escape(name)}</a>'
            for depth, name in enumerate(self._trail[:-1], 1)
        ][first:]
        dots = ["…"] if first else []
        self.breadcrumb.setText(_HTML_SEPARATOR.join((*dots, *links, *map(escape, self._trail[-1:]))))
        self.breadcrumb.setToolTip(_SEPARATOR.join(self._trail) if first else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More of the trail, or less."""
        super().resizeEvent(event)
        self._show_trail()

    def share_height(self, equation: int = _EQUATION_SHARE) -> None:
        """Gives graph and equation their shares, in percent, of the present height."""
        height = self.splitter.height()
        self.splitter.setSizes([height * (100 - equation) // 100, height * equation // 100])

    def set_presenting(self, is_on: bool) -> None:
        """Leaves the room to what is shown: no trail, and more of the equation; or as it was."""
        self.step_bar.setVisible(is_on)
        if is_on:
            self.step_bar.hold(self._equation.badge)
        self._equation.set_presenting(is_on)
        self.hint_bar.setHidden(is_on or not self.hint_bar.text())
        self.breadcrumb.setHidden(is_on)
        if is_on:
            self._sizes = self.splitter.sizes()
            QTimer.singleShot(0, self, lambda: self.share_height(_PRESENTED_SHARE))
        elif self._sizes:
            self.splitter.setSizes(self._sizes)

    @property
    def is_welcoming(self) -> bool:
        """Whether the start page is shown."""
        return self._pages.currentWidget() is self._welcome

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours."""
        self.hint_bar.set_theme(theme)
        self.step_bar.set_theme(theme)
        self.breadcrumb.setStyleSheet(f"color: {theme.muted};")
        self._line.setStyleSheet(f"background: {theme.border};")
        self._colour = theme.accent
        self._show_trail()


def _column(*widgets: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        is_fixed = isinstance(widget, QLabel) or widget.sizePolicy().verticalPolicy() in _FIXED
        column.addWidget(widget, 0 if is_fixed else 1)
    return box
