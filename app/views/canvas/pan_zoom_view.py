"""A view of a large flat world: wheel zoom around the cursor, drag to pan, fit, 100 %, and calm centring."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QPoint, QPointF, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

MIN_ZOOM, MAX_ZOOM = 0.01, 4.0
NOTCH = 1.18
"""Zoom factor of one notch of the wheel."""
READABLE, START_ZOOM, LARGEST_FIT = 0.42, 0.75, 1.15
ROOM = 24.0
"""Left free around what is fitted, in scene px."""
DRAG_PX = 4
CALM = 0.7
"""Share of the view, around its middle, in which a card need not be centred."""
EDGE_PX = 4.0
"""A world that is fitted into the view may reach beyond its edge by a rounding error."""
CENTRE_MS = 220


class PanZoomView(QGraphicsView):
    """A graphics view without scroll bars. `zoom_changed` and `place_changed` are hooks for what is drawn far away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reduce_motion = False
        self.world = QRectF(0, 0, 1, 1)
        self._press: QPoint | None = None
        self._panning = False
        self._fitted = True
        self.readable, self.start_zoom, self.largest_fit = READABLE, START_ZOOM, LARGEST_FIT
        self._glide = QVariantAnimation(self)
        self._glide.setDuration(CENTRE_MS)
        self._glide.setEasingCurve(QEasingCurve.Type.InOutCubic)
        self.setScene(QGraphicsScene(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.setOptimizationFlags(
            QGraphicsView.OptimizationFlag.DontSavePainterState
            | QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing
        )
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._glide.valueChanged.connect(self._on_glided)

    def read_at(self, zoom: float | None) -> None:
        """From now on a world begins at this zoom or a larger one, since it is read from afar; None: as usual."""
        if zoom is None:
            self.readable, self.start_zoom, self.largest_fit = READABLE, START_ZOOM, LARGEST_FIT
        else:
            self.readable, self.start_zoom, self.largest_fit = zoom, zoom, max(LARGEST_FIT, 1.5 * zoom)

    @property
    def zoom(self) -> float:
        """View px a scene px; 1.0 is 100 %."""
        return self.transform().m11()

    def set_world(self, world: QRectF) -> None:
        """The rectangle that holds everything; one may pan well beyond it."""
        self.world = world
        room = max(world.width(), world.height()) + 4000.0
        self.setSceneRect(world.adjusted(-room, -room, room, room))

    def fit(self) -> None:
        """Shows the whole world, at most at `largest_fit`, also after resizing, until the user zooms or pans."""
        self._glide.stop()
        self._set_zoom(self.fit_zoom())
        self.centerOn(self.world.center())
        self._fitted = True
        self.place_changed()

    def fit_to(self, room: QRectF) -> None:
        """Shows a part of the world as large as it can be, at most at `largest_fit`."""
        if room.isEmpty():
            return
        around = room.adjusted(-ROOM, -ROOM, ROOM, ROOM)
        size = self.viewport().size()
        self.zoom_to(min(size.width() / around.width(), size.height() / around.height(), self.largest_fit))
        self.centerOn(around.center())
        self.place_changed()

    def fit_zoom(self) -> float:
        """The zoom at which the whole world is in view."""
        across = self.viewport().width() / max(1.0, self.world.width())
        down = self.viewport().height() / max(1.0, self.world.height())
        return max(MIN_ZOOM, min(across, down, self.largest_fit))

    def show_start(self) -> None:
        """The first view of a world: fitted if words are readable then, else its upper end at a readable zoom."""
        if self.fit_zoom() >= self.readable:
            self.fit()
            return
        self.zoom_to(self.start_zoom)
        half = self.viewport().height() / self.zoom / 2
        self.centerOn(self.world.center().x(), self.world.top() + half)
        self.place_changed()

    def zoom_to(self, scale: float, around: QPointF | None = None) -> None:
        """Zooms to `scale`, the view point `around` (default: the middle) staying over the same spot."""
        anchor = around or QPointF(self.viewport().rect().center())
        scale = max(MIN_ZOOM, min(MAX_ZOOM, scale))
        spot = self._to_scene(anchor)
        self._glide.stop()
        self._set_zoom(scale)
        middle = QPointF(self.viewport().rect().center())
        self.centerOn(spot - (anchor - middle) / scale)
        self._fitted = False
        self.place_changed()

    def reveal(self, rect: QRectF) -> None:
        """Centres a scene rectangle if it is not in the view's middle area; glides unless motion is reduced.

        A world that is in view as a whole stays where it is: there is nothing to scroll to.
        """
        seen = self.seen()
        edge = EDGE_PX / self.zoom
        if seen.adjusted(-edge, -edge, edge, edge).contains(self.world):
            return
        calm = QRectF(0, 0, seen.width() * CALM, seen.height() * CALM)
        calm.moveCenter(seen.center())
        if calm.contains(rect):
            return
        self._glide.stop()
        if self.reduce_motion or not self.isVisible():
            self.centerOn(rect.center())
            self.place_changed()
            return
        self._glide.setStartValue(seen.center())
        self._glide.setEndValue(rect.center())
        self._glide.start()

    def stop_gliding(self) -> None:
        """The view stays where it is."""
        self._glide.stop()

    @property
    def framing(self) -> tuple[float, float, float] | None:
        """Zoom, and what is in the middle; None while the whole world is fitted."""
        middle = self.seen().center()
        return None if self._fitted else (self.zoom, middle.x(), middle.y())

    def frame(self, framing: tuple[float, float, float] | None) -> None:
        """Shows what another `framing` was, at once."""
        self._glide.stop()
        if framing is None:
            self.fit()
            return
        zoom, x, y = framing
        self.zoom_to(zoom)
        self.centerOn(x, y)
        self.place_changed()

    def seen(self) -> QRectF:
        """The part of the scene that the view shows."""
        size = self.viewport().size()
        corner = self._to_scene(QPointF(0, 0))
        return QRectF(corner.x(), corner.y(), size.width() / self.zoom, size.height() / self.zoom)

    def seen_soon(self) -> QRectF:
        """The part of the scene that the view shows when it has stopped gliding."""
        seen = self.seen()
        if self._glide.state() is QVariantAnimation.State.Running:
            seen.moveCenter(self._glide.endValue())
        return seen

    def place_changed(self) -> None:
        """Called after every change of zoom or place."""

    def clicked_at(self, place: QPoint) -> None:
        """Called for a press and release without a drag, at a viewport point."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zooms around the cursor; a touch pad's fine steps zoom finely."""
        turned = event.angleDelta().y() or event.pixelDelta().y()
        if turned:
            self.zoom_to(self.zoom * NOTCH ** (turned / 120.0), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may become a click or a drag."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._press = event.position().toPoint()
            self._panning = event.button() is Qt.MouseButton.MiddleButton
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pans while a button is held."""
        if self._press is None:
            super().mouseMoveEvent(event)
            return
        moved = event.position().toPoint() - self._press
        if not self._panning and moved.manhattanLength() < DRAG_PX:
            return
        self._panning = True
        self._press = event.position().toPoint()
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self.pan(moved)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends a drag, or is a click."""
        if self._press is not None and not self._panning and event.button() is Qt.MouseButton.LeftButton:
            self.clicked_at(event.position().toPoint())
        self._press, self._panning = None, False
        self.viewport().unsetCursor()
        event.accept()

    def pan(self, moved: QPoint) -> None:
        """Moves the picture by view px."""
        self._glide.stop()
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - moved.x())
        down.setValue(down.value() - moved.y())
        self._fitted = False
        self.place_changed()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A fitted view stays fitted; another keeps its zoom and what is in its middle."""
        super().resizeEvent(event)
        if self._fitted:
            self.fit()

    def _set_zoom(self, scale: float) -> None:
        self.resetTransform()
        self.scale(scale, scale)

    def _to_scene(self, point: QPointF) -> QPointF:
        inverse, _ = self.viewportTransform().inverted()
        return inverse.map(point)

    def _on_glided(self, centre: QPointF) -> None:
        self.centerOn(centre)
        self.place_changed()
