"""The legend of a plot: a button a curve, with a piece of its line; pressed ones are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter, QPen, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QSizePolicy, QToolButton, QWidget

from app.plots.series import line_style
from app.theme import Theme, ui_font

_SAMPLE = QSize(34, 12)
_MARGIN = 8
_MOST_ROWS = 3
_BESIDE_TEXT_PX = 58
"""Width of a button beyond its text."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A curve or a group of points. place: in the order of styles. is_dashed: otherwise than the style says."""

    name: str
    place: int
    has_line: bool = True
    has_mark: bool = True
    is_dashed: bool | None = None


class Legend(QScrollArea):
    """Shows which line is which, in as many columns as there is room for and up to three rows, more when scrolled.

    Keys: Space shows or hides a curve.

    Signals:
        hidden_changed(): other curves are to be drawn.
    """

    hidden_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._entries: tuple[Entry, ...] = ()
        self._hidden: set[str] = set()
        self.buttons: list[QToolButton] = []
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(_MARGIN, 2, _MARGIN, 2)
        self._grid.setSpacing(0)
        self._columns = 0
        self.setWidget(inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def hidden(self) -> frozenset[str]:
        """The names of the curves that the user does not want to see."""
        return frozenset(self._hidden)

    def set_names(self, names: Sequence[str]) -> None:
        """Offers these curves, in the order of their styles. What is hidden stays hidden."""
        self.set_entries([Entry(name, place) for place, name in enumerate(names)])

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Offers these. What is hidden stays hidden."""
        if tuple(entries) == self._entries:
            return
        self._entries = tuple(entries)
        for button in self.buttons:
            self._grid.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = [self._button(entry.name) for entry in entries]
        self._columns = 0
        self._dress()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self._columns = 0
        self._dress()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._columns = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self.widget())
        button.setText(name)
        button.setCheckable(True)
        button.setChecked(name not in self._hidden)
        button.setObjectName("legend")
        button.setIconSize(_SAMPLE)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setAccessibleName(self.tr("Curve %1").replace("%1", name))
        button.setToolTip(self.tr("Show or hide %1").replace("%1", name))
        button.toggled.connect(lambda shown: self._on_toggled(name, shown))
        return button

    def _on_toggled(self, name: str, shown: bool) -> None:
        (self._hidden.discard if shown else self._hidden.add)(name)
        self._dress()
        self.hidden_changed.emit()

    def _dress(self) -> None:
        for entry, button in zip(self._entries, self.buttons, strict=True):
            colour = self._theme.text if button.isChecked() else self._theme.muted
            style_sheet = (
                f"QToolButton {{ color: {colour}; background: transparent; border-color: transparent; padding: 1px 3px;"
                f" font-size: {self._theme.small_px}px; text-align: left; }}"
                f" QToolButton:focus {{ border-color: {self._theme.accent}; }}"
            )
            button.setStyleSheet(style_sheet)
            button.setIcon(_sample(entry, self._theme, faint=not button.isChecked(), ratio=self.devicePixelRatioF()))
        self._arrange()

    def _arrange(self) -> None:
        if not self.buttons:
            return
        metrics = QFontMetrics(ui_font(self._theme.small_px))
        widest = max(metrics.horizontalAdvance(entry.name) for entry in self._entries) + _BESIDE_TEXT_PX
        columns = max(1, min(len(self.buttons), (self.width() - 2 * _MARGIN) // max(1, widest)))
        if columns == self._columns:
            return
        self._columns = columns
        for place, button in enumerate(self.buttons):
            self._grid.addWidget(button, place // columns, place % columns)
            button.show()
        rows = min(_MOST_ROWS, -(-len(self.buttons) // columns))
        # Buttons that were not shown so far do not know their own height.
        self.setFixedHeight(rows * max(self.buttons[0].sizeHint().height(), metrics.height() + 6) + 4)


def _sample(entry: Entry, theme: Theme, *, faint: bool, ratio: float) -> QIcon:
    """A piece of a curve's line, with one of its marks."""
    style = line_style(entry.place, theme)
    from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols  # not before there are curves: it takes long to load

    picture = QPixmap(_SAMPLE * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(0.35 if faint else 1.0)
    middle = _SAMPLE.height() / 2
    dashes = Qt.PenStyle.DashLine if entry.is_dashed else Qt.PenStyle.SolidLine
    painter.setPen(QPen(QColor(style.colour), 2.0, style.pen if entry.is_dashed is None else dashes))
    if entry.has_line:
        painter.drawLine(QPointF(0.0, middle), QPointF(_SAMPLE.width(), middle))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(style.colour))
    painter.translate(_SAMPLE.width() / 2, middle)
    painter.scale(7.0, 7.0)
    if entry.has_mark:
        painter.drawPath(Symbols[style.mark])
    painter.end()
    return QIcon(picture)
