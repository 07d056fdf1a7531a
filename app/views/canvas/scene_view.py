"""What the canvas shows: a scene with its repeats rolled up and modules collapsed, its layout, states and marks."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGraphicsScene, QWidget

from app.guard import painted
from app.models.breakpoint_lines import Dot
from app.models.rolled_scene import roll
from app.models.scene import CardState, ClusterPath, Phase, PillState, Scene
from app.models.scene_changes import SceneChanges
from app.models.update_rows import UpdateRow
from app.theme import Theme
from app.views.canvas import geometry as g
from app.views.canvas.card_item import CardItem
from app.views.canvas.folding import FoldedScene, cluster_id, default_collapsed, fold
from app.views.canvas.ink import ink_of
from app.views.canvas.layout import request_of
from app.views.canvas.layout_jobs import LayoutJobs
from app.views.canvas.overview import least_mark
from app.views.canvas.pan_zoom_view import LARGEST_FIT, READABLE, START_ZOOM, PanZoomView
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
        self._card_states: dict[str, CardState] = {}
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
        self._card_states = {card.id: CardState() for card in structure.cards}
        self._pill_states = {pill.id: PillState() for card in structure.cards for pill in card.pills}
        if same:
            self.set_states(self._card_states, self._pill_states)
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

        A state that is the same object as before costs nothing, so hand over only new ones, or the old ones again.
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
            self._picture.show_ledger(row, self.seen())

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

    def collapse(self, path: ClusterPath) -> None:
        """Folds a module call into one card."""
        self._keep_place = True
        self._refold(self._collapsed | {path})
        self.select(cluster_id(path))

    def expand(self, path: ClusterPath) -> None:
        """Opens a collapsed module call."""
        self._keep_place = True
        self._refold(self._collapsed - {path})
        first = next((card.id for card in self._rolled.scene.cards if card.cluster[: len(path)] == path), None)
        self.select(self._units.shown_id(first) if first is not None else None)

    def collapse_selected(self) -> None:
        """Folds the innermost open module call around the selected card, else around the current one."""
        box = self._chosen_item()
        if box is not None and box.card.cluster:
            self.collapse(box.card.cluster)

    def expand_selected(self) -> None:
        """Opens the collapsed module call that is selected, else the current one."""
        box = self._chosen_item()
        if box is not None and box.card.id in self._folded.collapsed_paths:
            self.expand(self._folded.collapsed_paths[box.card.id])

    @property
    def levels(self) -> int:
        """How many module calls are inside one another at most."""
        return max((len(card.cluster) for card in self._rolled.scene.cards), default=0)

    def set_open_levels(self, levels: int) -> None:
        """Opens all module calls down to a depth, 0 for none, and closes those below."""
        levels = max(0, min(levels, self.levels))
        clusters = {card.cluster[: levels + 1] for card in self._rolled.scene.cards if len(card.cluster) > levels}
        if clusters != self._collapsed:
            self._keep_place = False
            self._refold(frozenset(clusters))
            self._reveal_chosen()

    def open_levels_by(self, by: int) -> None:
        """One level more (1) or less (-1) than is open everywhere."""
        open_now = min((len(path) for path in self._collapsed), default=self.levels + 1) - 1
        self.set_open_levels(open_now + by)

    def show_card(self, card_id: str) -> None:
        """Brings a card into view: opens the module calls around it, and shows the unit of a repeat that it is in."""
        shown = self._units.stands_for(card_id)
        cluster = next((card.cluster for card in self._rolled.scene.cards if card.id == shown), ())
        around = {cluster[:depth] for depth in range(1, len(cluster) + 1)} & self._collapsed
        if around:
            self._keep_place = True
            self._selected = card_id
            self._refold(self._collapsed - around)
        self.select(card_id)
        item = self._picture.item_of(card_id) if self._picture is not None else None
        if item is not None:
            if self.zoom < READABLE:
                self.zoom_to(START_ZOOM)
            self.reveal(room_of(item))

    def show_module(self, depth: int) -> None:
        """Brings the module call around the chosen card that is so deep (1: the outermost) into view as a whole."""
        chosen = next((one for one in (self._selected, self._current) if one is not None), None)
        card = next((card for card in self._structure.cards if card.id == chosen), None)
        if card is None or self._picture is None or not 0 < depth <= len(card.cluster):
            return
        room = QRectF()
        for other in self._structure.cards:
            if other.cluster[:depth] == card.cluster[:depth]:
                item = self._picture.item_of(other.id)
                room = room.united(room_of(item)) if item is not None else room
        self.fit_to(room)

    def show_unit(self, path: ClusterPath, unit: int) -> None:
        """Shows another unit of a repeat in the same place: time step `unit`, 0-based."""
        if self._units.choose(path, unit):
            self._show_units()

    def show_next_unit(self, by: int) -> None:
        """Shows the next (1) or previous (-1) unit of the repeat around the chosen card, else of the first repeat."""
        box = self._chosen_item()
        repeat = self._units.innermost(box.card.id if box is not None else None)
        repeat = repeat or next(iter(self._units.repeats), None)
        if repeat is not None:
            self.show_unit(repeat.path, self._units.chosen(repeat.path) + by)

    def set_unrolled(self, path: ClusterPath, *, on: bool) -> None:
        """Shows all units of a repeat side by side, or one in the place of all."""
        self._unrolled = self._unrolled | {path} if on else self._unrolled - {path}
        self._keep_place = True
        self._roll()
        self._refold(self._collapsed | default_collapsed(self._rolled.scene) if on else self._collapsed)

    def toggle_repeats(self) -> None:
        """Shows all units of all repeats, or, when some are shown already, one unit for each again."""
        self._unrolled = frozenset() if self._unrolled else frozenset(self._rolled.found)
        self._keep_place = False
        self._roll()
        self._refold(default_collapsed(self._rolled.scene))
        self._reveal_chosen()

    def _reveal_chosen(self) -> None:
        """Where not all is in view, at least what one looks at is."""
        if self._picture is not None:
            item = self._picture.item_of(self._selected) or self._picture.item_of(self._current)
            if item is not None:
                self.reveal(room_of(item))

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
        return wrapped(self._request, self._layout, size.width(), size.height(), LARGEST_FIT, whole)

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
        self._picture.show_ledger(self._update, self.seen())
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
    left = item.pos().x() - g.CARD_WIDTH / 2 - 40.0
    return item.mapRectToScene(item.boundingRect()).united(QRectF(left, item.pos().y(), 1.0, 1.0))
