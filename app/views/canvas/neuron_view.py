"""The neuron view: a small network as circles and lines, over the canvas whose graph it is another picture of."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.guard import painted
from app.models.neuron_net import NeuronNet
from app.models.neuron_states import NeuronState
from app.models.scene import Phase
from app.models.update_rows import UpdateRow
from app.views.brackets import paint_brackets
from app.views.canvas.ink import Ink
from app.views.canvas.ledger_item import HEIGHT as LEDGER_HEIGHT
from app.views.canvas.ledger_item import WIDTH as LEDGER_WIDTH
from app.views.canvas.ledger_item import draw_ledger
from app.views.canvas.neuron_focus import lit_places
from app.views.canvas.neuron_painter import draw_neurons
from app.views.canvas.neuron_parts import part_at, pill_at
from app.views.canvas.neuron_places import NeuronPlaces, neuron_places
from app.views.canvas.neuron_pointed import pointed_areas
from app.views.canvas.neuron_scene import NeuronScene
from app.views.canvas.neuron_trace import traced_unit
from app.views.canvas.neuron_travel import NeuronTravel
from app.views.canvas.trace_caption import TraceCaption
from app.views.canvas.travel_item import Travels

BUTTON = 26.0


class NeuronView(QWidget):
    """Shows the neurons of one sample at one place.

    Signals:
        part_selected(part): the user chose a unit (its a where it is known, else its z), the loss, a weight, a bias, a
        parameter or its `.grad`; `ScenePart`.
        sample_requested(sample): show another row of the batch, 0-based. changed(): something else is current, or it
        stands elsewhere.
    """

    part_selected = Signal(object)
    sample_requested = Signal(int)
    changed = Signal()

    def __init__(self, ink: Ink, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink
        self._scene: NeuronScene | None = None
        self._sample = 0
        self._letters = 0.0
        self._update: UpdateRow | None = None
        self._selected: str | None = None
        self.caption = TraceCaption(ink.theme, self)
        self._pointed: Set[str] = frozenset()
        self._reduces_motion = False
        self._travel = NeuronTravel(self.update)
        self._travels = Travels(self)
        self.setObjectName("neuron_view")
        self.setAccessibleName(self.tr("Neurons of the current iteration"))
        self.setMouseTracking(True)
        # The cards under it are not painted.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def shown(self) -> NeuronScene | None:
        """What is drawn."""
        return self._scene

    @property
    def sample(self) -> int:
        """The row of the batch whose numbers are shown."""
        return self._sample

    @property
    def scale(self) -> float:
        """How much larger than usual everything is drawn."""
        return 1.0 if self._scene is None else self._scene.places.scale

    @property
    def is_travelling(self) -> bool:
        """Whether a value is on its way along lines."""
        return self._travels.is_running

    def set_reduce_motion(self, reduce: bool) -> None:
        """Nothing travels."""
        self._reduces_motion = reduce
        self._travels.stop()

    def stop(self) -> None:
        """What is under way has arrived."""
        self._travels.stop()

    def show_state(self, net: NeuronNet, state: NeuronState, symbol: str, phase: Phase, sample: int) -> None:
        """Shows other numbers. symbol: of the quantity that was revealed last."""
        places = self._places_of(net)
        hovered = self._scene.hovered if self._scene is not None and self._scene.net == net else None
        was = None if self._scene is None else (self._scene.symbol, self._scene.phase)
        self._scene = NeuronScene(net, state, places, symbol, phase, hovered, self._selected)
        self._sample = sample
        moves = was != (symbol, phase) and self._travels.may_start() and not self._reduces_motion and self.isVisible()
        if moves and self._travel.start(self._scene):
            self._travels.run(self._travel)
        self._show_caption()
        self.update()
        self.changed.emit()

    def show_update(self, row: UpdateRow | None) -> None:
        """The update that was made last, None for none."""
        had_room, self._update = self._update is not None, row
        if self._scene is not None and had_room != (row is not None):
            self._place()
        self.update()

    def select(self, card: str | None) -> None:
        """Outlines the units whose z or a a card is."""
        self._selected = card
        if self._scene is not None:
            self._scene = replace(self._scene, selected=card)
            self.update()

    def point_out(self, card: str | None) -> None:
        """As if the mouse were over the first of the units that a card stands for; None for none."""
        if self._scene is not None:
            columns = range(len(self._scene.net.sizes))
            found = next((one for one in columns if card is not None and card in self._scene.cards_of(one)), None)
            self._scene = replace(self._scene, hovered=None if found is None else (found, 0))
            self._show_caption()
            self.update()

    def set_pointed(self, cards: Set[str], pills: Set[str]) -> None:
        """Puts corners around the units of these cards, and around these parameters."""
        self._pointed = cards | pills
        self.update()

    def pointed_areas(self) -> list[QRectF]:
        """Where there are corners."""
        return [] if self._scene is None else pointed_areas(self._scene, self._pointed)

    def set_ink(self, ink: Ink) -> None:
        """Another theme."""
        self._ink = ink
        self.caption.set_theme(ink.theme)
        self.update()

    def sample_buttons(self) -> tuple[QRectF, QRectF]:
        """Where ‹ and › are, below "sample 3 of 100"; empty without a batch."""
        if self._scene is None or self._scene.net.samples < 2:
            return QRectF(), QRectF()
        side, edge = BUTTON * self.scale, 8.0 * self.scale
        right, top = self.width() - edge - side, self.height() - edge - side
        return QRectF(right - side, top, side, side), QRectF(right, top, side, side)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        """The network on the canvas's ground."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._ink.colour("background"))
        if self._scene is not None:
            draw_neurons(painter, self._scene, self._ink)
            self._travel.paint(painter, self._ink)
            for area in self.pointed_areas():
                paint_brackets(painter, area, self._ink.theme)
            self._draw_sample(painter, self._scene.net.samples)
            if self._update is not None:
                room = self._ledger_room()
                painter.translate(room.center())
                painter.scale(room.width() / LEDGER_WIDTH, room.width() / LEDGER_WIDTH)
                box = QRectF(-LEDGER_WIDTH / 2, -LEDGER_HEIGHT / 2, LEDGER_WIDTH, LEDGER_HEIGHT)
                draw_ledger(painter, box, self._update, self._ink)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The units take the new room."""
        super().resizeEvent(event)
        if self._scene is not None:
            self._place()

    def read_at(self, letters: float) -> None:
        """From now on letters are at least so large, px, and what has no room is left out; 0: all units are shown."""
        self._letters = letters
        if self._scene is not None:
            self._place()
            self.update()

    def _places_of(self, net: NeuronNet) -> NeuronPlaces:
        has_update = self._update is not None
        return neuron_places(net, self.width(), self.height(), self._letters, has_update=has_update)

    def _place(self) -> None:
        assert self._scene is not None
        self._travels.stop()
        self._scene = replace(self._scene, places=self._places_of(self._scene.net))
        self.changed.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Shows what goes in and out of the unit under the mouse, and its numbers in full; or what a parameter is."""
        if self._scene is None:
            return
        hovered = self._scene.places.unit_at(event.position().x(), event.position().y())
        if hovered != self._scene.hovered:
            self._scene = replace(self._scene, hovered=hovered)
            self.update()
            self._show_caption()
        pill = None if hovered is not None else pill_at(self._scene, event.position())
        if pill is not None:
            self.caption.show_pill(*pill)
        elif hovered is None:
            self.caption.show_traced((), QRectF())

    def leaveEvent(self, event: QEvent) -> None:
        """All lines alike again."""
        super().leaveEvent(event)
        if self._scene is not None:
            self._scene = replace(self._scene, hovered=None)
            self._show_caption()
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Chooses a part, or another sample."""
        parent = self.parentWidget()
        if parent is not None:
            parent.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._scene is None or event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        for button, by in zip(self.sample_buttons(), (-1, 1), strict=True):
            if button.contains(event.position()):
                self.sample_requested.emit(max(0, min(self._scene.net.samples - 1, self._sample + by)))
                return
        self.choose_at(event.position())

    def choose_at(self, place: QPointF) -> None:
        """Chooses what is there, if anything."""
        part = None if self._scene is None else part_at(self._scene, place, self._sample)
        if part is not None:
            self.part_selected.emit(part)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Belongs to the press."""
        event.accept()

    def lit_places(self) -> list[QRectF]:
        """What is current: units, weights, biases or the loss, and the numbers of an update."""
        if self._scene is None:
            return []
        return lit_places(self._scene) + ([self._ledger_room()] if self._update is not None else [])

    def _ledger_room(self) -> QRectF:
        """Where the numbers of an update stand: above the parameters."""
        assert self._scene is not None
        places = self._scene.places
        scale = min(places.parts_scale, (self.width() - 16.0) / LEDGER_WIDTH)
        wide, high = LEDGER_WIDTH * scale, LEDGER_HEIGHT * scale
        return QRectF((self.width() - wide) / 2, places.footers[0].y - high, wide, high)

    def _show_caption(self) -> None:
        """Names and numbers of the unit under the mouse, and what they come from."""
        scene = self._scene
        if scene is None or scene.hovered is None:
            self.caption.show_traced((), QRectF())
            return
        column, unit = scene.hovered
        place = scene.places.units[column][unit]
        beside = QRectF(place.x, place.y, place.width, place.height)
        self.caption.show_traced(traced_unit(scene, column, unit), beside)

    def _draw_sample(self, painter: QPainter, samples: int) -> None:
        back, on = self.sample_buttons()
        if back.isEmpty():
            return
        ink, scale = self._ink, self.scale
        for button, way, can in ((back, -1.0, self._sample > 0), (on, 1.0, self._sample < samples - 1)):
            painter.setPen(ink.pen("text" if can else "border", 1.8 * scale))
            middle, across, down = button.center(), 2.5 * way * scale, 5.0 * scale
            painter.drawPolyline(
                [middle + QPointF(-across, -down), middle + QPointF(across, 0.0), middle + QPointF(-across, down)]
            )
        text = self.tr("sample %1 of %2").replace("%1", str(self._sample + 1)).replace("%2", str(samples))
        painter.setPen(ink.colour("muted"))
        painter.setFont(ink.font(12.0 * scale))
        width = ink.metrics(12.0 * scale).horizontalAdvance(text)
        painter.drawText(QPointF(on.right() - width - 2, on.top() - 5), text)
