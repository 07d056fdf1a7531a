"""How a network divides the plane of its two inputs into classes, with the samples on it."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from app.plots.series import line_style
from app.plots.told_plot import ToldPlot
from app.theme import Theme
from engine.analysis.moved.regions import Regions
from engine.analysis.notation.numbers import format_number

_FAINTEST, _STRONGEST = 0.10, 0.62
_DIGITS = 4
_MOST_SAMPLES = 2000


class RegionsPlot(ToldPlot):
    """Shows each point in the colour of its likeliest class, stronger where it is surer; the border is a line.

    Samples have a mark and a colour by their class; those on the wrong side are crossed out.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found: Regions | None = None
        self.plot.showGrid(x=False, y=False)
        self._image = pg.ImageItem()
        self.plot.addItem(self._image, ignoreBounds=True)
        self._items: list[object] = []
        self.setAccessibleName(self.tr("Decision regions"))
        self.plot.setAccessibleName(self.accessibleName())
        self.set_theme(theme)
        self.plot.hovered_at.connect(self._tell)

    def set_regions(self, found: Regions | None) -> None:
        """Shows these regions."""
        self._found = found
        self._draw()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.dress(theme)
        self.plot.set_theme(theme, "x[0]", "x[1]", theme.forward)
        self._draw()

    def told_at(self, point: QPointF) -> str:
        """The probabilities at a point."""
        found = self._found
        if found is None:
            return ""
        row = int(np.argmin(np.abs(found.seconds - point.y())))
        column = int(np.argmin(np.abs(found.firsts - point.x())))
        chances = [format_number(chance, _DIGITS) for chance in found.probabilities[row, column]]
        return "   ".join(f"p({number}) = {chance}" for number, chance in enumerate(chances))

    def _draw(self) -> None:
        for item in self._items:
            self.plot.removeItem(item)
        self._items = []
        found, theme = self._found, self._theme
        if found is None:
            return
        side = len(found.firsts)
        area = QRectF(found.firsts[0], found.seconds[0], np.ptp(found.firsts), np.ptp(found.seconds))
        self._image.setImage(self._colours(found).transpose(1, 0, 2))
        self._image.setRect(area)
        for number in range(found.answers.classes if found.answers.classes > 2 else 1):
            border = pg.IsocurveItem(_lead(found.probabilities, number).T, 0.0, pg.mkPen(theme.text, width=1.5))
            border.setPos(area.left(), area.top())
            border.setTransform(border.transform().scale(area.width() / side, area.height() / side))
            self._add(border)
        for number in range(found.answers.classes):
            own = np.flatnonzero(found.answers.targets == number)[:_MOST_SAMPLES]
            style = line_style(number, theme)
            dots = pg.ScatterPlotItem(
                pos=found.samples[own], symbol=style.mark, size=8, brush=QColor(style.colour), pen=pg.mkPen(theme.text)
            )
            self._add(dots)
        wrong = found.samples[~found.answers.right][:_MOST_SAMPLES]
        self._add(pg.ScatterPlotItem(pos=wrong, symbol="x", size=9, pen=pg.mkPen(theme.error, width=1), brush=None))
        self.plot.setRange(area, padding=0.0)
        self._tell(None)

    def _add(self, item: object) -> None:
        self.plot.addItem(item, ignoreBounds=True)
        self._items.append(item)

    def _colours(self, found: Regions) -> np.ndarray:
        """Bytes of red, green, blue and opacity, shape (rows, columns, 4)."""
        inks = [QColor(line_style(number, self._theme).colour) for number in range(found.answers.classes)]
        table = np.array([(ink.red(), ink.green(), ink.blue()) for ink in inks])
        best = np.argmax(found.probabilities, axis=2)
        chance = np.max(np.nan_to_num(found.probabilities), axis=2)
        least = 1.0 / found.answers.classes
        sure = np.clip((chance - least) / (1.0 - least), 0.0, 1.0)
        opacity = 255 * (_FAINTEST + (_STRONGEST - _FAINTEST) * sure)
        return np.dstack((table[best], opacity)).astype(np.uint8)

    def _tell(self, point: QPointF | None) -> None:
        found = self._found
        if found is None:
            self.tell("")
        elif point is not None:
            self.tell(self.told_at(point))
        else:
            text = self.tr("%1 of %2 samples on the right side")
            count = int(found.answers.right.sum())
            text = text.replace("%1", str(count)).replace("%2", str(len(found.samples)))
            self.tell(text)


def _lead(probabilities: np.ndarray, number: int) -> np.ndarray:
    """By how much a class is likelier than the likeliest other one."""
    others = np.delete(np.nan_to_num(probabilities), number, axis=2).max(axis=2)
    lead: np.ndarray = np.nan_to_num(probabilities[:, :, number]) - others
    return lead
