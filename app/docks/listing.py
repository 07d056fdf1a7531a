"""Has events looked for that the call tree's filter fits, beside the window, however long the trace is."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.jobs import Beside
from app.language import say
from app.models.event_matches import EventMatchesModel, Matches, matches_in
from app.theme import Theme
from app.views.call_tree import CallTreeView
from app.views.call_tree_panel import CallTreePanel
from engine.trace.reader import Trace

_PAUSE_MS = 150
"""Who types faster than this has not finished the word."""


class Listing(QObject):
    """Owns the panel around the call tree.

    Signals:
        event_selected(position), event_activated(position): of the list of events that fit.
    """

    event_selected = Signal(int)
    event_activated = Signal(int)

    def __init__(self, tree: CallTreeView, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = EventMatchesModel(self)
        self.panel = CallTreePanel(tree, self.model, theme)
        self._trace: Trace | None = None
        self._recorded = 0
        self._beside = Beside(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._look)
        self._beside.done.connect(self._on_done)
        self._beside.failed.connect(lambda error: self.panel.show_count(say(error.told)))
        self.panel.filter_changed.connect(self._on_filter_changed)
        self.panel.event_selected.connect(self.event_selected)
        self.panel.event_activated.connect(self.event_activated)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.panel.set_theme(theme)

    def set_trace(self, trace: Trace | None) -> None:
        """Looks through another trace from now on."""
        self._beside.cancel()
        self._trace, self._recorded = trace, 0
        self.model.set_positions(None, ())
        self.panel.filter.clear()

    def set_position(self, position: int, recorded: int) -> None:
        """Another place; what was recorded since is looked through, too."""
        self.model.set_position(position)
        if recorded != self._recorded:
            self._recorded = recorded
            if self.panel.filter.text().strip():
                self._soon.start()

    def close(self) -> None:
        """Waits until nothing of it runs."""
        self._soon.stop()
        self._beside.close()

    def _on_filter_changed(self, text: str) -> None:
        self._beside.cancel()
        if text:
            self._soon.start()
            return
        self._soon.stop()
        self.model.set_positions(None, ())
        self.panel.show_count("")

    def _look(self) -> None:
        trace, text = self._trace, self.panel.filter.text().strip()
        if trace is not None and text:
            path = trace.path
            self._beside.ask(lambda _: matches_in(path, text))

    def _on_done(self, found: object) -> None:
        if not isinstance(found, Matches) or found.text != self.panel.filter.text().strip():
            return
        self.model.set_positions(self._trace, found.positions)
        count = f"{len(found.positions):,}"
        text = self.tr("%1 events") if found.is_all else self.tr("the first %1 events")
        self.panel.show_count(text.replace("%1", count) if found.positions else self.tr("none"))
