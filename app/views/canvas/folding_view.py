"""Opening and closing parts of the graph: modules, levels of them, repeats, and what brings a part into view."""

from __future__ import annotations

from PySide6.QtCore import QRectF

from app.models.scene import ClusterPath
from app.views.canvas.folding import cluster_id, default_collapsed
from app.views.canvas.scene_view import SceneView, room_of


class FoldingView(SceneView):
    """Shows of the graph what is open; moved by its methods only."""

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
            if self.zoom < self.readable:
                self.zoom_to(self.start_zoom)
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
