"""A calm change from one picture to another: the old one fades and comes a little nearer while the new one is there."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from app.guard import painted

FADE_MS = 220
NEARER = 0.08


class CrossFade(QWidget):
    """Lies over a widget and shows how it looked before, weaker and weaker; lets the mouse through."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._before = QPixmap()
        self._share = 0.0
        self._animation = QVariantAnimation(self)
        self._animation.setDuration(FADE_MS)
        self._animation.setStartValue(1.0)
        self._animation.setEndValue(0.0)
        self._animation.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        self._animation.valueChanged.connect(self._on_changed)
        self._animation.finished.connect(self.hide)

    def start(self, before: QPixmap) -> None:
        """Fades from a picture of the whole parent."""
        self._before = before
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()
        self._animation.stop()
        self._animation.start()

    def stop(self) -> None:
        """The new picture at once."""
        self._animation.stop()
        self.hide()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        """The old picture as far as it is still there."""
        painter = QPainter(self)
        painter.setOpacity(self._share)
        grown = NEARER * (1.0 - self._share)
        across, down = self.width() * grown / 2, self.height() * grown / 2
        place = QRectF(self.rect()).adjusted(-across, -down, across, down)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(place, self._before, QRectF(self._before.rect()))
        painter.end()

    def _on_changed(self, share: float) -> None:
        self._share = share
        self.update()
