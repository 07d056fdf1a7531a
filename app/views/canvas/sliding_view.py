"""The slider of a repeat under the mouse: its knob can be dragged along the time steps, and the cursor says so."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent

from app.models.scene import ClusterPath
from app.views.canvas.folding_view import FoldingView
from app.views.canvas.frame_item import FrameItem


class SlidingView(FoldingView):
    """Shows another unit of a repeat while its slider is dragged; elsewhere a drag moves the picture."""

    _slides: ClusterPath | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """On a slider, takes its knob."""
        frame = self._slider_at(event) if event.button() is Qt.MouseButton.LeftButton else None
        if frame is None:
            super().mousePressEvent(event)
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._slides = frame.cluster.path
        self._slide_to(event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The knob follows, also where the mouse leaves the slider."""
        if self._slides is not None:
            self._slide_to(event)
            event.accept()
            return
        super().mouseMoveEvent(event)
        if event.buttons() is Qt.MouseButton.NoButton and self._picture is not None and not self.is_far:
            on_control = self._picture.repeat_control_under(self.mapToScene(event.position().toPoint())) is not None
            self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if on_control else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lets the knob go."""
        if self._slides is None:
            super().mouseReleaseEvent(event)
            return
        self._slides = None
        event.accept()

    def _slider_at(self, event: QMouseEvent) -> FrameItem | None:
        if self._picture is None or self.is_far:
            return None
        spot = self.mapToScene(event.position().toPoint())
        hit = [frame for frame in self._picture.repeats if frame.is_on_slider(spot)]
        return max(hit, key=lambda frame: len(frame.cluster.path), default=None)

    def _slide_to(self, event: QMouseEvent) -> None:
        repeats = () if self._picture is None else self._picture.repeats
        frame = next((one for one in repeats if one.cluster.path == self._slides), None)
        unit = None if frame is None else frame.unit_at(self.mapToScene(event.position().toPoint()).x())
        if unit is not None and self._slides is not None:
            self.show_unit(self._slides, unit)
