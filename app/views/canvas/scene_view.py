"""What the canvas shows: a scene with its repeats rolled up and modules collapsed, its layout, states and marks."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGraphicsScene, QWidget

from app.guard import painted
from app.models.breakpoint_lines import Dot
from app.models.latest_states import LatestStates
from app.models.rolled_scene import roll
from app.models.scene import CardState, ClusterPath, Phase, PillState, Scene
from app.models.scene_changes import SceneChanges
from app.models.update_rows import UpdateRow
from app.theme import Theme
from app.views.canvas import geometry as g
from app.views.canvas.card_item import CardItem
from app.views.canvas.folding import FoldedScene, default_collapsed, fold
from app.views.canvas.ink import ink_of
from app.views.canvas.layout import request_of
from app.views.canvas.layout_jobs import LayoutJobs
from app.views.canvas.mark_items import ARROW_ROOM
from app.views.canvas.overview import least_mark
from app.views.canvas.pan_zoom_view import PanZoomView
from app.views.canvas.picture import Picture
from app.views.canvas.placement import Layout, LayoutRequest
from app.views.canvas.shown_units import ShownUnits
from app.views.canvas.travel_item import Travels
from app.views.canvas.wrapping import wrapped

FAR_ZOOM = 0.22
SETTLE_MS = 80
RESHAPE_MS = 120


class SceneView(PanZoomView):
    """Shows the graph of one iteration, moved by its methods only; what the user does is in `view`.

    Signals:
        layout_shown(): the scene given last is on screen (at once, or after another process made its layout).
    """

    layout_shown = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink_of(theme)
        self._structure = Scene()
        self._collapsed: frozenset[ClusterPath] = frozenset()
        self._unrolled: frozenset[ClusterPath] = frozenset()
        self._rolled = roll(self._structure)
        self._units = ShownUnits(self._structure, self._rolled)
        self._folded: FoldedScene = fold(self._structure, self._collapsed)
        self._picture: Picture | None = None
        self._card_states = LatestStates()
        self._pill_states: dict[str, PillState] = {}
        self._update: UpdateRow | None = None
        self._changes = SceneChanges()
        self._dots: Mapping[str, Dot] = {}
        self._travels = Travels(self)
        self._current: str | None = None
        self._phase: Phase = "forward"
        self._selected: str | None = None
        self._keep_place = False
        self._request = LayoutRequest((), ())
        self._layout = self._shown_layout = Layout((), {}, ())
        self._jobs = LayoutJobs(self)
        self._reshaped = QTimer(self)
        self._reshaped.setSingleShot(True)
        self._reshaped.setInterval(RESHAPE_MS)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self.setBackgroundBrush(self._ink.colour("background"))
        self._jobs.finished.connect(self._on_layout_finished)
        self._settle.timeout.connect(self._on_settled)
        self._reshaped.timeout.connect(self._on_reshaped)

    @property
    def picture(self) -> Picture | None:
        """The items on screen, or None while a large layout is being made."""
        return self._picture

    @property
    def selected(self) -> str | None:
        """The id of the selected card, or of the collapsed cluster that was clicked."""
        return self._selected

    @property
    def current(self) -> str | None:
        """The id of the current card."""
        return self._current

    @property
    def collapsed(self) -> frozenset[ClusterPath]:
        """The module calls that are collapsed, shown or not."""
        return self._collapsed

    def set_scene(self, structure: Scene) -> None:
        """Shows another graph from its start; states, current card and selection are forgotten.

        The same graph again, as in the next iteration of a loop, keeps its place, zoom and collapsed modules; one that
        only grew keeps which modules and repeats are open, the current card until it is told another, and the zoom if
        the user chose it.
        """
        same = structure == self._structure and self._picture is not None
        known = {card.id for card in self._structure.cards}
        grew = bool(known) and known <= {card.id for card in structure.cards}
        self._structure = structure
        self._card_states = LatestStates()
        empty = {card.id: CardState() for card in structure.cards}
        self._card_states.update(empty)
        self._pill_states = {pill.id: PillState() for card in structure.cards for pill in card.pills}
        if same:
            self.set_states(empty, self._pill_states)
            self.set_current(None)
            self.select(None)
            return
        if not grew:
            self._current = self._selected = None
        self._keep_place = grew and not self._fitted
        self._unrolled = self._unrolled if grew else frozenset()
        self._roll()
        self._refold((self._collapsed if grew else frozenset()) | default_collapsed(self._rolled.scene))

    def set_states(self, cards: Mapping[str, CardState], pills: Mapping[str, PillState]) -> None:
        """Gives the named cards and pills new states, in place; the others keep theirs.

        A state that is the same object as before costs nothing, so hand over only new ones, or the old ones again. Only
        those of cards on screen are looked up; the others when they come there.
        """
        self._card_states.update(cards)
        self._pill_states.update(pills)
        if self._picture is not None:
            self._picture.show_states(cards, pills)
            self._picture.show_summaries(self._pill_states)
            if self.is_far:
                self.viewport().update()

    def set_current(self, card_id: str | None, direction: Phase = "forward") -> None:
        """Puts the ring around a card and moves there only if it is not in the view's middle area."""
        dims = (self._current is None) != (card_id is None)
        self._current, self._phase = card_id, direction
        if self._picture is None:
            return
        if self._units.choose_for(card_id):
            self._show_units()
        if dims:
            self._picture.dim(on=card_id is not None)
        item = self._picture.mark_current(card_id, direction)
        if item is not None:
            self.reveal(room_of(item))
            if not self.reduce_motion and self.isVisible() and not self.is_far:
                routes = self._picture.routes_to(item.card.id, direction)
                self._travels.step(self._picture.travel, routes, direction)
        if self.is_far:
            self.viewport().update()

    def show_update(self, row: UpdateRow | None) -> None:
        """Shows old, gradient, change and new of the parameter that was updated last; None for none."""
        self._update = row
        if self._picture is not None:
            self._picture.show_ledger(row, self.seen_soon())

    def show_changes(self, changes: SceneChanges) -> None:
        """Marks what the iteration before did not have, and what it had more."""
        self._changes = changes
        if self._picture is not None:
            self._picture.show_changes(changes.added, [card for card, _ in changes.removed])

    def set_breakpoints(self, dots: Mapping[str, Dot]) -> None:
        """Marks the cards that have a breakpoint."""
        if dots != self._dots:
            self._dots = dots
            if self._picture is not None:
                self._picture.show_breakpoints(dots)

    def select(self, card_id: str | None) -> None:
        """Outlines a card without telling anyone; the window calls it when another panel chose the card."""
        self._selected = card_id
        if self._picture is None:
            return
        if self._units.choose_for(card_id):
            self._show_units()
        item = self._picture.mark_selected(card_id)
        if item is not None:
            self.setAccessibleDescription(item.toolTip())

    def set_theme(self, theme: Theme) -> None:
        """Recolours everything in place."""
        self._ink = ink_of(theme)
        self.setBackgroundBrush(self._ink.colour("background"))
        if self._picture is not None:
            self._picture.set_ink(self._ink)
        self.viewport().update()

    def set_reduce_motion(self, reduce: bool) -> None:
        """No gliding: the view jumps, and nothing travels."""
        self.reduce_motion = reduce
        self._travels.stop()

    @property
    def units(self) -> ShownUnits:
        """The repeats that are rolled up, with what is shown of each."""
        return self._units

    @property
    def is_travelling(self) -> bool:
        """Whether a value is on its way along an edge."""
        return self._travels.is_running

    @property
    def is_far(self) -> bool:
        """Whether the cached overview picture is shown instead of the items."""
        return self.zoom < FAR_ZOOM

    def stop(self) -> None:
        """Ends the layout process, if one runs; call it before the window goes."""
        self._settle.stop()
        self._reshaped.stop()
        self._travels.stop()
        self._jobs.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A view of another shape may want other columns."""
        super().resizeEvent(event)
        self._reshaped.start()

    def closeEvent(self, event: QCloseEvent) -> None:
        """A closed canvas leaves no process behind."""
        self.stop()
        super().closeEvent(event)

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        """The items, or far away the overview picture with the current card on top."""
        if self._picture is None or not self.is_far:
            super().paintEvent(event)
            if self._picture is None and self._structure.cards:
                self._paint_waiting()
            return
        seen, overview = self.seen(), self._picture.overview
        if not overview.covers(seen):
            overview.draw_image(seen, self.zoom, self.devicePixelRatioF())
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        overview.paint(painter, self.viewport().rect(), seen)
        item = self._picture.item_of(self._current)
        if item is not None:
            least_mark(painter, self.viewportTransform().map(item.pos()), self.zoom, self._ink)
        painter.end()

    def show_start(self) -> None:
        """As in `PanZoomView`, where not all can be shown with the current card in the middle."""
        super().show_start()
        item = self._picture.item_of(self._current) if self._picture is not None else None
        if item is not None and not self._fitted:
            self.centerOn(item.pos())
            self.place_changed()

    def place_changed(self) -> None:
        """Far away the picture is moved at once and made sharp when the zoom has settled."""
        if self._picture is not None and self.is_far:
            self._settle.start()
            self.viewport().update()

    def _chosen_item(self) -> CardItem | None:
        if self._picture is None:
            return None
        return self._picture.item_of(self._selected) or self._picture.item_of(self._current)

    def _spoken(self, box: str) -> str:
        return self._picture.spoken(box) if self._picture is not None else box

    def _roll(self) -> None:
        before = self._units
        self._rolled = roll(self._structure, self._unrolled)
        self._units = ShownUnits(self._structure, self._rolled)
        self._units.keep(before)

    def _show_units(self) -> None:
        if self._picture is not None:
            self._picture.show_units()
            self._show_all()

    def _refold(self, collapsed: frozenset[ClusterPath]) -> None:
        self.stop_gliding()
        self._collapsed = collapsed
        self._folded = fold(self._rolled.scene, collapsed, self._rolled.loops)
        self._picture = None
        self._replace_items()
        self._request = request_of(self._folded.scene)
        self._jobs.start(self._request)

    def _replace_items(self) -> None:
        """A new scene instead of clearing the old one: removing 10,000 items one by one is slow."""
        self._travels.stop()
        before = self.scene()
        self.setScene(QGraphicsScene(self))
        before.deleteLater()

    def _on_layout_finished(self, layout: Layout) -> None:
        self._layout = layout
        self._show_layout()

    def _wrapped(self) -> Layout:
        """The layout in columns that suit the view; what has loops stays together."""
        whole = [path for path, repeat in self._rolled.repeats.items() if repeat.has_loops]
        size = self.viewport().size()
        return wrapped(self._request, self._layout, size.width(), size.height(), self.largest_fit, whole)

    def _on_reshaped(self) -> None:
        """Another shape of the view may want other columns."""
        if self._picture is not None and self._fitted and self._wrapped() != self._shown_layout:
            self._replace_items()
            self._show_layout()

    def _show_layout(self) -> None:
        self._shown_layout = layout = self._wrapped()
        self._picture = Picture(self._units, self._folded, layout, self._ink, self.scene())
        self.set_world(self._picture.world)
        self._picture.dim(on=self._current is not None)
        current = self._show_all()
        self.select(self._selected)
        anchor = self._picture.item_of(self._selected) or current
        if self._keep_place and anchor is not None:
            self.centerOn(anchor.pos())
            self.place_changed()
        else:
            self.show_start()
        self.viewport().update()
        self.layout_shown.emit()

    def _show_all(self) -> CardItem | None:
        """Everything that is known, on a picture that does not show it yet; the current card's item."""
        if self._picture is None:
            return None
        self._picture.show_states(self._card_states, self._pill_states)
        self._picture.show_summaries(self._pill_states)
        self._picture.show_changes(self._changes.added, [card for card, _ in self._changes.removed])
        self._picture.show_breakpoints(self._dots)
        self._picture.show_ledger(self._update, self.seen_soon())
        return self._picture.mark_current(self._current, self._phase)

    def _on_settled(self) -> None:
        """Draws the far picture anew for the zoom that was reached."""
        if self._picture is not None and self.is_far and not self._picture.overview.fits(self.seen(), self.zoom):
            self._picture.overview.forget()
            self.viewport().update()

    def _paint_waiting(self) -> None:
        painter = QPainter(self.viewport())
        painter.setPen(self._ink.colour("muted"))
        painter.setFont(self._ink.font(15))
        text = self.tr("Arranging %1 nodes...").replace("%1", str(len(self._folded.scene.cards)))
        painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, text)
        painter.end()


def room_of(item: CardItem) -> QRectF:
    """What must be in view when a card is current: the card, its pills and the arrow beside it."""
    left = item.pos().x() - g.CARD_WIDTH / 2 - ARROW_ROOM
    return item.mapRectToScene(item.boundingRect()).united(QRectF(left, item.pos().y(), 1.0, 1.0))
