"""The graph canvas: shows a scene and lets the user look around, choose cards, search, fold and unfold."""

from __future__ import annotations

from collections.abc import Mapping, Set

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from app.models.scene import CardState, Phase, PillState
from app.models.scene_changes import SceneChanges
from app.models.scene_part import ScenePart
from app.models.scene_search import found_cards
from app.models.update_rows import UpdateRow
from app.theme import THEMES, Theme
from app.views.canvas.card_head import SHAPE_PX
from app.views.canvas.card_item import CardItem
from app.views.canvas.cross_fade import CrossFade
from app.views.canvas.empty_words import EmptyWords
from app.views.canvas.minimap import Minimap
from app.views.canvas.neuron_view import NeuronView
from app.views.canvas.pan_zoom_view import CALM, EDGE_PX
from app.views.canvas.reading_order import Direction, neighbour
from app.views.canvas.scene_view import room_of
from app.views.canvas.search_bar import SearchBar
from app.views.canvas.spotlight import Spotlight
from app.views.canvas.tool_strip import ToolStrip
from app.views.canvas.tracing_view import TracingView

EDGE = 8
MOST_GONE = 3
"""So many of the cards that are gone are named."""
MAP_MS = 250
"""So long after the last step the minimap is drawn again."""
DIRECTIONS: dict[int, Direction] = {
    Qt.Key.Key_Up.value: "up", Qt.Key.Key_Down.value: "down",
    Qt.Key.Key_Left.value: "left", Qt.Key.Key_Right.value: "right",
}  # fmt: skip


class GraphCanvas(TracingView):
    """Shows the graph of one iteration.

    Keys: F fit, 1 100 %, / find, - and + collapse and expand the module of the selected card, [ and ] close and open a
    level of modules everywhere, comma and full stop show the previous and the next unit of a repeat, M shows all units
    or one again, N changes between cards and neurons, Alt+arrows select the next card in that direction, Return
    activates it. Other keys are left to the window.

    Signals:
        card_selected(str): the user chose this card. part_selected(part): a parameter, a gradient, or one number;
        `ScenePart`.
        card_activated(str): double click or Return on this card.
        faces_changed(): neurons are shown instead of cards, or the other way round.
    """

    card_selected = Signal(str)
    part_selected = Signal(object)
    card_activated = Signal(str)
    faces_changed = Signal()

    def __init__(self, theme: Theme = THEMES["dark"], parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._has_neurons = False
        self._wants_neurons: bool | None = None
        self._pointed: tuple[Set[str], Set[str]] = (frozenset(), frozenset())
        self.neurons = NeuronView(self._ink, self)
        self.neurons.hide()
        self.spotlight = Spotlight(self, self._ink, self.lit_places, lambda: self.reduce_motion)
        self._presents = False
        self._framing_before: tuple[float, float, float] | None = None
        self._fade = CrossFade(self)
        self.empty = EmptyWords(theme, self)
        self.tools = ToolStrip(theme, self)
        self.search = SearchBar(lambda text: found_cards(self._structure, text), self)
        self.minimap = Minimap(self._ink, self)
        self.changed = QLabel(self)
        self.changed.setObjectName("graph_changed")
        self.changed.setMargin(4)
        self.changed.setStyleSheet(_changed_style(theme))
        self.changed.hide()
        self._changed_words = ""
        self._map_soon = QTimer(self)
        self._map_soon.setSingleShot(True)
        self._map_soon.setInterval(MAP_MS)
        self.setObjectName("graph_canvas")
        self.setAcceptDrops(False)  # files dropped here are the window's
        self.setAccessibleName(self.tr("Graph of the current iteration"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.neurons.changed.connect(lambda: self.spotlight.follow(glides=True))
        self.neurons.part_selected.connect(self._on_part_selected)
        self.tools.wanted.connect(self._on_tool_wanted)
        self.search.card_found.connect(self._on_card_found)
        self.search.closed.connect(self.setFocus)
        self.search.closed.connect(self._place_overlays)
        self.minimap.place_requested.connect(self._on_place_requested)
        self._map_soon.timeout.connect(self.minimap.forget)
        self.layout_shown.connect(self._on_layout_shown)
        self._show_possible()

    def set_theme(self, theme: Theme) -> None:
        """Recolours everything in place."""
        super().set_theme(theme)
        self.neurons.set_ink(self._ink)
        self.minimap.set_ink(self._ink)
        self.spotlight.set_ink(self._ink)
        if self._presents:
            self._read_from_afar()
        self.tools.set_theme(theme)
        self.empty.set_theme(theme)
        self.changed.setStyleSheet(_changed_style(theme))

    @property
    def shows_neurons(self) -> bool:
        """Whether the network of neurons is shown instead of the cards."""
        return not self.neurons.isHidden()

    @property
    def is_fading(self) -> bool:
        """Whether one picture still gives way to the other."""
        return not self._fade.isHidden()

    def set_has_neurons(self, has: bool) -> None:
        """Whether what is shown can be seen as neurons too; it is, unless the user wished otherwise."""
        self._has_neurons = has
        self._show_face()

    def set_presenting(self, is_on: bool) -> None:
        """Shows cards so large that they can be read at the back of a room, with a spotlight; or as usual again."""
        if is_on and not self._presents:
            self._framing_before = self.framing
        self._presents = is_on
        self.spotlight.set_on(is_on)
        if is_on:
            self._read_from_afar()
        else:
            self.read_at(None)
            self.neurons.read_at(0.0)
            self._show_possible()
            self.frame(self._framing_before)

    def toggle_spotlight(self) -> None:
        """Shades all but the present place, or nothing."""
        self.spotlight.set_on(not self.spotlight.is_on)

    def lit_places(self) -> list[QRectF]:
        """What is current, in px of this view: the ringed card with its parameters, or the units, and an update."""
        if self.shows_neurons:
            return self.neurons.lit_places()
        item = self._picture.item_of(self._current) if self._picture is not None else None
        if self._picture is None or item is None:
            return []
        ledger = self._picture.ledger
        rooms = [room_of(item)] + ([ledger.mapRectToScene(ledger.boundingRect())] if ledger.isVisible() else [])
        return [QRectF(self.viewportTransform().mapRect(room)) for room in rooms]

    def set_empty_words(self, heading: str, sentences: str) -> None:
        """What is said in the place of a graph that has no cards."""
        self.empty.set_words(heading, sentences)

    def toggle_neurons(self) -> None:
        """Neurons instead of cards, or back; a network that is too large for neurons stays as it is."""
        if self._has_neurons:
            self._wants_neurons = not self.shows_neurons
            self._show_face()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What lies over the graph takes its place again."""
        super().resizeEvent(event)
        self.neurons.setGeometry(self.viewport().geometry())
        self._place_overlays()

    def set_reduce_motion(self, reduce: bool) -> None:
        """As in `SceneView`; among neurons too."""
        super().set_reduce_motion(reduce)
        self.neurons.set_reduce_motion(reduce)

    def set_states(self, cards: Mapping[str, CardState], pills: Mapping[str, PillState]) -> None:
        """As in `SceneView`; the minimap follows a little later."""
        super().set_states(cards, pills)
        if self.minimap.isVisible():
            self._map_soon.start()

    def set_current(self, card_id: str | None, direction: Phase = "forward") -> None:
        """As in `SceneView`; the minimap shows it too."""
        super().set_current(card_id, direction)
        self._show_seen()
        self.spotlight.follow(glides=True)

    def select(self, card_id: str | None) -> None:
        """As in `SceneView`; the neurons show it too."""
        super().select(card_id)
        self.neurons.select(card_id)

    def show_update(self, row: UpdateRow | None) -> None:
        """As in `SceneView`; the neurons show it too."""
        super().show_update(row)
        self.neurons.show_update(row)
        self.spotlight.follow(glides=True)

    def set_pointed(self, cards: Set[str], pills: Set[str]) -> None:
        """Puts corners around these cards and parameters, and brings them into view if they are new."""
        if (cards, pills) == self._pointed:
            return
        self._pointed = (cards, pills)
        self.neurons.set_pointed(cards, pills)
        self._show_pointed()

    def pointed_areas(self) -> list[QRectF]:
        """Where there are corners, in px of the view."""
        if self.shows_neurons:
            return self.neurons.pointed_areas()
        areas = () if self._picture is None else self._picture.pointed.areas
        return [self.viewportTransform().mapRect(area) for area in areas]

    def show_changes(self, changes: SceneChanges) -> None:
        """As in `SceneView`; a line says how many there are."""
        super().show_changes(changes)
        text = self.tr("Unlike the iteration before: %1 new, %2 gone")
        text = text.replace("%1", str(len(changes.added))).replace("%2", str(len(changes.removed)))
        gone = [f"− {title}" for _, title in changes.removed]
        self._changed_words = " ".join([text, *gone[:MOST_GONE]]) + (" …" if len(gone) > MOST_GONE else "")
        meaning = self.tr("Cards with a + were not there in the iteration before; those that only it had are gone.")
        self.changed.setToolTip("\n".join([meaning, *gone]))
        self.changed.setVisible(not changes.is_same)
        self._place_overlays()

    def place_changed(self) -> None:
        """The minimap's frame moves along."""
        super().place_changed()
        self._show_seen()
        self.spotlight.follow()

    def stop(self) -> None:
        """Ends what runs."""
        self._map_soon.stop()
        self.search.close_bar()
        self._fade.stop()
        self.spotlight.stop()
        self.neurons.stop()
        super().stop()

    def open_search(self) -> None:
        """Lets the user type what to find."""
        self.search.open()
        self._place_overlays()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was pointed out by keyboard is let go."""
        super().focusOutEvent(event)
        self.neurons.point_out(None)

    def clicked_at(self, place: QPoint) -> None:
        """Selects the card or the pill there."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        spot = self.mapToScene(place)
        found = self._picture.repeat_control_under(spot) if self._picture and not self.is_far else None
        if found is not None:
            path, control = found
            if control.unit is None:
                self.set_unrolled(path, on=True)
            else:
                self.show_unit(path, control.unit)
            return
        self.choose_at(place)

    def choose_at(self, place: QPoint) -> None:
        """Selects what is there: a card, its gradient, a parameter or its `.grad`."""
        spot = self.mapToScene(place)
        hit = self._picture.card_under(spot) if self._picture else None
        if self._picture is None or hit is None:
            return
        card_id, pill_id = hit
        item = self._picture.cards[card_id]
        if pill_id is not None:
            self.part_selected.emit(ScenePart(pill=pill_id, is_gradient=item.is_on_grad_box(spot - item.pos())))
        elif self._is_on_gradient(item, spot) and card_id not in self._folded.collapsed_paths:
            spoken = self._spoken(card_id)
            self.select(spoken)
            self.part_selected.emit(ScenePart(card=spoken, is_gradient=True))
        else:
            self._choose(card_id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Opens or closes a module, or activates a card."""
        if self._picture is None:
            return
        place = self.mapToScene(event.position().toPoint())
        hit = self._picture.card_under(place)
        header = self._picture.frame_header_under(place)
        if hit is not None and hit[0] in self._folded.collapsed_paths:
            self.expand(self._folded.collapsed_paths[hit[0]])
        elif hit is not None:
            self.card_activated.emit(self._spoken(hit[0]))
        elif header is not None:
            self.collapse(header.cluster.path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class; keys that mean nothing here go on to the window."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier in (
            Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier,
        )  # fmt: skip
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        key = event.key()
        if alt and key in DIRECTIONS:
            self._select_toward(DIRECTIONS[key])
        elif plain and key == Qt.Key.Key_F:
            self.fit()
        elif plain and key == Qt.Key.Key_1:
            self.zoom_to(1.0, self._anchor())
        elif plain and key == Qt.Key.Key_Minus:
            self.collapse_selected()
        elif plain and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.expand_selected()
        elif plain and key == Qt.Key.Key_Slash:
            self.open_search()
        elif plain and key == Qt.Key.Key_BracketLeft:
            self.open_levels_by(-1)
        elif plain and key == Qt.Key.Key_BracketRight:
            self.open_levels_by(1)
        elif plain and key == Qt.Key.Key_N:
            self.toggle_neurons()
        elif plain and key == Qt.Key.Key_M:
            self.toggle_repeats()
        elif plain and key in (Qt.Key.Key_Comma, Qt.Key.Key_Less):
            self.show_next_unit(-1)
        elif plain and key in (Qt.Key.Key_Period, Qt.Key.Key_Greater):
            self.show_next_unit(1)
        elif plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._selected is not None:
            self.card_activated.emit(self._spoken(self._selected))
        else:
            event.ignore()

    def _read_from_afar(self) -> None:
        """The smallest letters of a card as large as those of everything else."""
        self.read_at(self._ink.theme.base_px / (SHAPE_PX * self._ink.text_scale))
        self.neurons.read_at(self._ink.theme.base_px)
        self._show_possible()
        self.show_start()

    def _anchor(self) -> QPointF | None:
        """100 % goes to the current card when it is in view, else to the middle."""
        item = self._picture.item_of(self._current) if self._picture else None
        if item is None or not self.seen().contains(item.pos()):
            return None
        return QPointF(self.mapFromScene(item.pos()))

    def _select_toward(self, direction: Direction) -> None:
        if self._picture is None:
            return
        start = self._chosen_item()
        centres = {card_id: (item.pos().x(), item.pos().y()) for card_id, item in self._picture.cards.items()}
        found = neighbour(centres, start.card.id if start else None, direction)
        if found is not None:
            self.reveal(room_of(self._picture.cards[found]))
            self._choose(found)
            self.trace_card(
                found, backward=self._phase == "backward" and self._picture.cards[found].card_state.has_grad
            )

    def _choose(self, box: str) -> None:
        """The user chose a box: outlines it and says which card that is."""
        spoken = self._spoken(box)
        self.select(box if box in self._folded.collapsed_paths else spoken)
        self.card_selected.emit(spoken)

    def _show_face(self) -> None:
        on = self._has_neurons and self._wants_neurons is not False
        if on == self.shows_neurons:
            return
        before = self.grab() if self.isVisible() and not self.reduce_motion else None
        self.neurons.setVisible(on)
        if before is not None:
            self._fade.start(before)
        self._show_possible()
        self._show_seen()
        self.spotlight.follow()
        self.faces_changed.emit()

    def _place_overlays(self) -> None:
        """Tools in the upper right corner, search in the upper left, below them what changed and the minimap."""
        self.tools.adjustSize()
        self.tools.move(self.width() - self.tools.width() - EDGE, EDGE)
        room = self.width() - self.minimap.width() - 4 * EDGE
        self.changed.setText(
            self.changed.fontMetrics().elidedText(self._changed_words, Qt.TextElideMode.ElideRight, room)
        )
        self.changed.adjustSize()
        self.empty.place()
        self.search.adjustSize()
        self.search.move(EDGE, EDGE)
        self.changed.move(EDGE, self.height() - self.changed.height() - EDGE)
        self.minimap.set_room(self.size())
        self.minimap.place(self.size(), EDGE, self._covered_by)

    def _covered_by(self, area: QRect) -> float:
        """How many px² of cards with their parameters something would cover that lies there, in px of the view."""
        if self.is_far:
            return 0.0
        rooms = (room_of(item) for item in self.items(area) if isinstance(item, CardItem))
        parts = (self.viewportTransform().mapRect(room).intersected(QRectF(area)) for room in rooms)
        return sum(part.width() * part.height() for part in parts)

    def _show_seen(self) -> None:
        if self.shows_neurons or self._picture is None:
            self.minimap.hide()
            return
        item = self._picture.item_of(self._current)
        seen, edge = self.seen(), EDGE_PX / self.zoom
        is_whole = seen.adjusted(-edge, -edge, edge, edge).contains(self.world)
        self.minimap.show_seen(None if is_whole else seen, item.pos() if item is not None else None)
        self.minimap.place(self.size(), EDGE, self._covered_by)

    def _show_all(self) -> CardItem | None:
        """As in `SceneView`; what is pointed out stays so."""
        current = super()._show_all()
        if self._picture is not None:
            self._picture.mark_pointed(*self._pointed)
        return current

    def _show_pointed(self) -> None:
        """All of it if it has room in the view, else the first."""
        if self._picture is None:
            return
        areas = self._picture.mark_pointed(*self._pointed)
        if not areas:
            return
        room = areas[0]
        for area in areas[1:]:
            both = room.united(area)
            if both.width() < self.seen().width() * CALM and both.height() < self.seen().height() * CALM:
                room = both
        self.reveal(room)

    def _on_layout_shown(self) -> None:
        self._show_pointed()
        if self._picture is not None:
            self.minimap.show_world(self._picture.overview, self._picture.world)
        self._show_possible()
        self._show_seen()
        self.spotlight.follow()

    def _show_possible(self) -> None:
        cards = not self.shows_neurons
        self.tools.show_possible(
            neurons=self._has_neurons, repeats=cards and bool(self._rolled.found), levels=cards and self.levels > 0
        )
        self.tools.setVisible(bool(self._structure.cards) and not self._presents)  # a presentation has keys
        self.empty.setVisible(not self._structure.cards)
        self._place_overlays()

    def _on_tool_wanted(self, name: str) -> None:
        does = {
            "search": self.open_search, "neurons": self.toggle_neurons, "repeats": self.toggle_repeats,
            "less": lambda: self.open_levels_by(-1), "more": lambda: self.open_levels_by(1), "fit": self.fit,
        }  # fmt: skip
        does[name]()

    def _on_card_found(self, card: str) -> None:
        self.show_card(card)
        self.card_selected.emit(card)

    def _on_place_requested(self, place: QPointF) -> None:
        self.centerOn(place)
        self._fitted = False
        self.place_changed()

    def _on_part_selected(self, part: ScenePart) -> None:
        if part.card is not None:
            self.select(part.card)
        self.part_selected.emit(part)


def _changed_style(theme: Theme) -> str:
    """On a ground of its own, since cards may be below it."""
    return f"color: {theme.warning}; background: {theme.surface}; border: 1px solid {theme.border}; border-radius: 6px;"
