"""One laid-out scene as items: cards, edges, frames and marks, and how states reach them in place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene

from app.models.breakpoint_lines import Dot
from app.models.pill_summary import summary_of
from app.models.rolled_scene import MARK
from app.models.scene import CardState, Cluster, ClusterPath, Phase, PillState
from app.models.update_rows import UpdateRow
from app.views.canvas import geometry as g
from app.views.canvas.card_head import Change
from app.views.canvas.card_item import CardItem
from app.views.canvas.card_numbers import slots
from app.views.canvas.edge_items import EdgeLayer, EdgeTile, Flow
from app.views.canvas.folding import FoldedScene, summary_id
from app.views.canvas.frame_item import FrameItem, HeaderItem
from app.views.canvas.ink import Ink
from app.views.canvas.ledger_item import LedgerItem
from app.views.canvas.ledger_place import ledger_place
from app.views.canvas.loops import loop_routes
from app.views.canvas.mark_items import ARROW_ROOM, GLOW, CurrentItem, SelectionItem
from app.views.canvas.overview import Overview
from app.views.canvas.pill_painter import pill_rects
from app.views.canvas.placement import Layout, Route
from app.views.canvas.pointed_item import PointedItem
from app.views.canvas.repeat_header import Control
from app.views.canvas.shown_units import ShownUnits
from app.views.canvas.trace_item import Neighbours, TraceItem
from app.views.canvas.travel_item import TravelItem

WORLD_MARGIN = 18.0
LEFT_MARGIN = GLOW + ARROW_ROOM
"""The arrow of a current card at the left edge is in view too."""
_POINTED_ROOM = 9.0
_Mark = TraceItem | LedgerItem | TravelItem | PointedItem


class Picture:
    """The items of one folded scene. Ids are those of the whole scene; a card inside a collapsed cluster is its box."""

    def __init__(self, units: ShownUnits, folded: FoldedScene, layout: Layout, ink: Ink, scene: QGraphicsScene) -> None:
        self.folded = folded
        self._units = units
        self.overview = Overview(folded.scene.cards, layout, ink)
        captions = {card_id: cluster.label for card_id, cluster in folded.captions.items()}
        self.cards = {card.id: CardItem(card, ink, captions.get(card.id, "")) for card in folded.scene.cards}
        self._routes = (*layout.routes, *_loop_routes(folded, layout))
        self.edges = EdgeLayer(self._routes, ink)
        words = {cluster.path: cluster for cluster in folded.scene.clusters}
        first = [(path, rect, False) for path, rect in layout.frames.items()]
        more = [(path, rect, True) for path, rect in layout.continued]
        self.frames = [
            FrameItem(
                words.get(path, Cluster(path, path[-1])), rect, ink, partial(units.repeat_of, path), continued=continued
            )
            for path, rect, continued in (*first, *more)
        ]
        self.repeats = [frame for frame in self.frames if frame.places() is not None]
        headers = [HeaderItem(frame) for frame in self.frames]
        self.current_mark = CurrentItem(ink)
        self.selection_mark = SelectionItem(ink)
        self.trace_mark = TraceItem(ink)
        self.ledger = LedgerItem(ink)
        self.travel = TravelItem(ink)
        self.pointed = PointedItem(ink)
        self._ringed: CardItem | None = None
        self._ends = [(edge.source, edge.target) for edge in (*folded.scene.edges, *folded.loops)]
        self._leaving: defaultdict[str, list[int]] = defaultdict(list)
        self._entering: defaultdict[str, list[int]] = defaultdict(list)
        for number, (source, target) in enumerate(self._ends):
            self._leaving[source].append(number)
            self._entering[target].append(number)
        self._pill_owner: dict[str, str] = {}
        self._inside: defaultdict[str, list[str]] = defaultdict(list)
        self._module_of: dict[str, str] = {}
        self._shows: dict[str, str] = {}
        for card, box in zip(self.cards.values(), layout.boxes, strict=True):
            card.setPos(box.centre_x, box.centre_y)
            scene.addItem(card)
        for item in (*self.frames, *headers, self.current_mark, self.selection_mark, *self._marks()):
            scene.addItem(item)
        self.edges.add_to(scene)
        self.world = self._visible(layout)
        self.show_units()

    def show_units(self) -> None:
        """Puts the cards of the chosen units into the places of the first ones; their states must follow."""
        self._shows, self._pill_owner = {}, {}
        for box, item in self.cards.items():
            self._shows[self.spoken(box)] = box
            if self._units.is_in_repeat(box):
                item.show_card(self._units.shown(box))
            for pill in item.card.pills:
                self._pill_owner[pill.id] = box
        self._inside = defaultdict(list)
        for first, box in self.folded.shown_as.items():
            if box in self.folded.collapsed_paths:
                pills = self._units.shown(first).pills
                self._inside[box] += [pill.id for pill in pills if not pill.is_constant]
        self._module_of = {pill: box for box, pills in self._inside.items() for pill in pills}
        for frame in self.frames:
            frame.header_changed()

    def spoken(self, box: str) -> str:
        """Outside the canvas a collapsed cluster is its last card, and a card of a repeat that of the unit shown."""
        return self._units.shown_id(self.folded.stands_for.get(box, box))

    def show_states(self, cards: Mapping[str, CardState], pills: Mapping[str, PillState]) -> None:
        """Gives the named cards and pills their states; the others keep theirs."""
        for card_id in cards:
            box = self._shows.get(card_id)
            if box is not None and self.cards[box].card_state is not (state := cards[card_id]):
                self.cards[box].show_state(state)
                self.overview.change(box, state)
                self._show_flow(box, state)
        by_card: defaultdict[str, dict[str, PillState]] = defaultdict(dict)
        for pill_id, pill_state in pills.items():
            if pill_id in self._pill_owner:
                by_card[self._pill_owner[pill_id]][pill_id] = pill_state
        for card_id, states in by_card.items():
            self.cards[card_id].show_pills(states)

    def show_summaries(self, pills: Mapping[str, PillState]) -> None:
        """Tells each collapsed module call how its parameters and their `.grad` boxes are."""
        for box, path in self.folded.collapsed_paths.items():
            inside = [pills[pill] for pill in self._inside[box] if pill in pills]
            if inside:
                self.cards[box].show_pills({summary_id(path): summary_of(inside)})

    def show_ledger(self, row: UpdateRow | None, seen: QRectF) -> None:
        """The update of one parameter beside its pill, or where there is room; None ends that.

        Inside a collapsed module the module's box stands for the parameter.
        """
        box = None if row is None else self._pill_owner.get(row.pill, self._module_of.get(row.pill))
        owner = self.cards[box] if box is not None else None
        if row is None or owner is None:
            self.ledger.show_row(None)
            return
        rooms = {pill.id: body.united(grad) for pill, body, grad in pill_rects(owner.card)}
        body = QRectF(-g.CARD_WIDTH / 2, -g.CARD_HEIGHT / 2, g.CARD_WIDTH, g.CARD_HEIGHT)
        pill = rooms.get(row.pill, next(iter(rooms.values()), body)).translated(owner.pos())
        own = owner.mapRectToScene(owner.boundingRect()).adjusted(-ARROW_ROOM, 0.0, 0.0, 0.0)
        aside = owner.pos().x() + g.CARD_WIDTH / 2 + g.PILL_REACH

        def cards_in(area: QRectF) -> list[QRectF]:
            hit = self.ledger.scene().items(area)
            cards = [item for item in hit if isinstance(item, CardItem) and item is not owner]
            return [card.mapRectToScene(card.boundingRect()) for card in cards]

        self.ledger.setPos(ledger_place(own, aside, pill, seen, cards_in))
        self.ledger.show_row(row)

    def routes_to(self, box: str, phase: Phase) -> list[Route]:
        """The edges along which the value of a box comes in this phase: forward those in, backward those out."""
        numbers = self._leaving[box] if phase == "backward" else self._entering[box]
        return self._drawn(numbers)

    def show_changes(self, added: Collection[str], removed: Collection[str]) -> None:
        """Marks the cards that the iteration before did not have, and those that this one does not have any more."""
        for item in self.cards.values():
            item.show_change("")
        marked: tuple[tuple[Collection[str], Change], ...] = ((added, "added"), (removed, "removed"))
        for ids, change in marked:
            for card_id in ids:
                box = self._shows.get(card_id)
                if box is not None and box not in self.folded.collapsed_paths:
                    self.cards[box].show_change(change)

    def show_breakpoints(self, dots: Mapping[str, Dot]) -> None:
        """Marks the cards that have a breakpoint; one inside a closed module is marked when it is opened."""
        for item in self.cards.values():
            item.show_dot(None)
        for card_id, dot in dots.items():
            box = self._shows.get(card_id)
            if box is not None and box not in self.folded.collapsed_paths:
                self.cards[box].show_dot(dot)

    def neighbours(self, box: str) -> tuple[list[str], list[str]]:
        """The boxes that a box reads, and those that read it."""
        sources = [self._ends[number][0] for number in self._entering[box]]
        return sources, [self._ends[number][1] for number in self._leaving[box]]

    def trace(self, box: str | None, *, backward: bool = False, near: bool = True) -> None:
        """Outlines what a box reads and what reads it; None ends that.

        backward: it is about its gradient. near: cards are drawn in full.
        """
        if box is None or box not in self.cards:
            if self.trace_mark.shown is not None:
                self.trace_mark.show_around(None)
            return
        sources, targets = self.neighbours(box)
        _, value, gradient = slots(self.cards[box].card_state, self.trace_mark.ink, near=near)
        self.trace_mark.show_around(
            Neighbours(
                self.cards[box].pos(),
                [self.cards[one].pos() for one in sources],
                [self.cards[one].pos() for one in targets],
                self._drawn(self._entering[box]),
                self._drawn(self._leaving[box]),
                value,
                gradient,
                backward,
            )
        )

    def mark_current(self, card_id: str | None, phase: Phase) -> CardItem | None:
        """Moves the ring; the item that has it now."""
        item = self.item_of(card_id)
        if self._ringed is not item:
            for card, on in ((self._ringed, False), (item, True)):
                if card is not None:
                    card.show_ring(on=on)
            self._ringed = item
        self.current_mark.mark(item.pos() if item else None, phase)
        return item

    def mark_selected(self, card_id: str | None) -> CardItem | None:
        """Moves the outline; the item that has it now."""
        item = self.item_of(card_id)
        self.selection_mark.setVisible(item is not None)
        if item is not None:
            self.selection_mark.setPos(item.pos())
        return item

    def mark_pointed(self, cards: Collection[str], pills: Collection[str]) -> tuple[QRectF, ...]:
        """Puts corners around these, and no others; the areas, in the order in which the cards are drawn.

        Inside a collapsed module the module's box stands for all of them.
        """
        areas: dict[QGraphicsItem, list[QRectF]] = {}
        for card_id in cards:
            item = self.item_of(card_id)
            if item is not None:
                body = QRectF(-g.CARD_WIDTH / 2, -g.CARD_HEIGHT / 2, g.CARD_WIDTH, g.CARD_HEIGHT)
                areas[item] = [body]
        for owner in {self._pill_owner[pill] for pill in pills if pill in self._pill_owner}:
            item = self.cards[owner]
            rects = [body.united(grad) for pill, body, grad in pill_rects(item.card) if pill.id in pills]
            areas.setdefault(item, []).extend(rects)
        room = (-_POINTED_ROOM, -_POINTED_ROOM, _POINTED_ROOM, _POINTED_ROOM)
        found = tuple(
            rect.adjusted(*room).translated(item.pos()) for item in self.cards.values() for rect in areas.get(item, ())
        )
        self.pointed.show_around(found)
        return found

    def dim(self, *, on: bool) -> None:
        """Draws all cards a little weaker, so that the current one stands out."""
        for item in self.cards.values():
            item.dimmed = on
            item.update()

    def set_ink(self, ink: Ink) -> None:
        """Another theme, without a new layout."""
        self.overview.set_ink(ink)
        for card in self.cards.values():
            card.forget_images()
        painted: list[CardItem | EdgeTile | FrameItem | CurrentItem | SelectionItem | _Mark] = [
            *self.cards.values(), *self.edges.tiles, *self.frames, self.current_mark, self.selection_mark,
            *self._marks(),
        ]  # fmt: skip
        for item in painted:
            item.ink = ink
            item.update()
        for frame in self.frames:
            frame.header_changed()

    def item_of(self, card_id: str | None) -> CardItem | None:
        """The item that shows a card: itself, or the collapsed cluster it is in."""
        if card_id is None:
            return None
        first = self._units.stands_for(card_id)
        return self.cards.get(self.folded.shown_as.get(first, first))

    def card_under(self, place: QPointF) -> tuple[str, str | None] | None:
        """The box at a scene point and the pill there, if any; found by hand so that it works far away too."""
        for item in self.current_mark.scene().items(place):
            if isinstance(item, CardItem):
                inside = place - item.pos()
                pill = item.pill_at(inside)
                if pill or (abs(inside.x()) <= g.CARD_WIDTH / 2 and abs(inside.y()) <= g.CARD_HEIGHT / 2):
                    return item.card.id, pill
        return None

    def frame_header_under(self, place: QPointF) -> FrameItem | None:
        """The innermost frame whose header is at a scene point."""
        hit = [frame for frame in self.frames if frame.header().contains(place)]
        return max(hit, key=lambda frame: len(frame.cluster.path), default=None)

    def repeat_control_under(self, place: QPointF) -> tuple[ClusterPath, Control] | None:
        """The control of a repeat's frame at a scene point."""
        for frame in self.repeats:
            control = frame.control_at(place)
            if control is not None:
                return frame.cluster.path, control
        return None

    def _drawn(self, numbers: Sequence[int]) -> list[Route]:
        """The routes of these edges; one that a layout has left out is nowhere."""
        return [self._routes[number] for number in numbers if len(self._routes[number]) > 1]

    def _marks(self) -> tuple[_Mark, ...]:
        """What comes and goes over the cards."""
        return self.trace_mark, self.ledger, self.travel, self.pointed

    def _visible(self, layout: Layout) -> QRectF:
        """What is drawn, without the free room on the left of cards with pills."""
        world = QRectF()
        for card in self.cards.values():
            world = world.united(card.boundingRect().translated(card.pos()))
        for item in (*self.frames, *self.edges.tiles):
            world = world.united(item.boundingRect())
        return world.adjusted(-LEFT_MARGIN, -WORLD_MARGIN, WORLD_MARGIN, WORLD_MARGIN)

    def _show_flow(self, card_id: str, state: CardState) -> None:
        flow = Flow.BACKWARD if state.has_grad else Flow.FORWARD if state.has_value else Flow.WAITING
        for number in self._leaving[card_id]:
            self.edges.set_flow(number, flow)


def _loop_routes(folded: FoldedScene, layout: Layout) -> tuple[Route, ...]:
    """Those of a repeat that is open; the lane is inside the innermost frame of a repeat around both ends."""
    numbers = {card.id: number for number, card in enumerate(folded.scene.cards)}
    clusters = {card.id: card.cluster for card in folded.scene.cards}
    ends = []
    for loop in folded.loops:
        one, other = clusters[loop.source], clusters[loop.target]
        shared = [one[:depth] for depth in range(1, len(one) + 1) if one[:depth] == other[:depth]]
        frame = next((path for path in reversed(shared) if path[-1].startswith(MARK)), None)
        source, target = layout.boxes[numbers[loop.source]], layout.boxes[numbers[loop.target]]
        ends.append((source, target, layout.frames[frame] if frame is not None else source))
    return loop_routes(ends, layout.boxes)
