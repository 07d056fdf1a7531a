"""Keeps the source panel true to the place: file, current line, which lines ran, what their names hold, breakpoints."""

from __future__ import annotations

import os
import tokenize
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.models.breakpoint_lines import dots
from app.models.failure import crash_in, failure_in
from app.models.line_facts import LineFacts, SourceFacts
from app.models.source_lines import SourceSpan
from app.state import AppState
from app.theme import Theme
from app.views.source import SourcePanel
from engine.events import Event, Site, Source
from engine.lessons.pointed import Span
from engine.trace.reader import Trace

_ON_DISK = -1
"""Number of a file that no trace has."""


class Reading(QObject):
    """Owns the source panel.

    Signals:
        event_chosen(position): the node of a line is wanted.
    """

    event_chosen = Signal(int)

    def __init__(self, state: AppState, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._trace: Trace | None = None
        self._facts: SourceFacts | None = None
        self._shown: int | None = None
        self._pointed: tuple[Span, ...] = ()
        self.panel = SourcePanel(theme)
        self.view = self.panel.view
        self.panel.file_chosen.connect(self._on_file_chosen)
        self.view.node_requested.connect(self._on_node_requested)
        state.breakpoints_changed.connect(self._show_breakpoints)
        state.script_changed.connect(self._on_script_changed)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.panel.set_theme(theme)

    def set_trace(self, trace: Trace | None) -> None:
        """Shows another trace's first file; as long as it has none, the script as it lies on the disk."""
        self._trace = trace
        self._facts = None if trace is None else SourceFacts(trace)
        self.view.set_place(None)
        self.view.set_chosen(None)
        self._show_first()

    def show_place(self, event: Event | None, marked: Site | None) -> None:
        """Shows the line of what is about to happen. marked: that of what is selected by hand, which is marked, too."""
        trace = self._trace
        if trace is None:
            return
        here = trace.site(None if event is None else event.site)
        wanted = marked or here
        source = None if wanted is None else trace.source(wanted.source)
        if source is not None:
            self._show_file(source)
        self.view.set_place(*self._line_and_span(here))
        self.view.set_chosen(marked.line if marked is not None and marked.source == self._shown else None)
        self._show_facts()

    def set_pointed(self, spans: tuple[Span, ...]) -> None:
        """Puts corners around these pieces of the source, as far as they are in the file that is shown."""
        self._pointed = spans
        self._show_pointed()

    def show_failure(self) -> None:
        """Marks the line at which the script failed, if it did."""
        if self._trace is None:
            return
        sources = {Path(source.path): source for source in self._sources()}
        known = self._trace.meta()
        failure = failure_in(str(known.get("exception", "")), set(sources))
        failure = failure or crash_in(str(known.get("crash", "")), set(sources))
        if failure is None:
            return
        source = sources.get(failure.path) or sources.get(failure.path.resolve())
        if source is not None:
            self._show_file(source)
        self.view.set_error(failure.line, failure.text)

    def _show_first(self) -> None:
        sources = self._sources()
        if sources:
            self._show_file(sources[0])
        else:
            self._shown = None
            self.panel.set_files([], None)
            self.view.set_source(None, "")

    def _sources(self) -> list[Source]:
        """Those of the trace; before it has any (a script that did not get that far) the script alone."""
        found = [] if self._trace is None else self._trace.sources()
        script = self._state.script
        return found or ([] if script is None else [Source(_ON_DISK, str(script), _text_of(script))])

    def _on_script_changed(self) -> None:
        if self._trace is None:
            self._show_first()

    def _line_and_span(self, site: Site | None) -> tuple[int | None, SourceSpan | None]:
        if site is None or site.source != self._shown:
            return None, None
        return site.line, SourceSpan(site.line, site.column, site.end_line, site.end_column)

    def _show_file(self, source: Source) -> None:
        self._shown = source.id
        self.view.set_source(Path(source.path), source.text)
        self.panel.set_files([Path(one.path) for one in self._sources()], Path(source.path))
        self._show_breakpoints()

    def _show_facts(self) -> None:
        place = self._state.place
        facts = LineFacts()
        if self._facts is not None and self._shown is not None:
            facts = self._facts.at(self._shown, place.iteration, place.position)
        self.view.set_executed(facts.executed, facts.coming)
        self.view.set_values(dict(facts.values))

    def _show_pointed(self) -> None:
        here = [span for span in self._pointed if span.source == self._shown]
        self.view.set_pointed([SourceSpan(one.line, one.column, one.line, one.end_column) for one in here])

    def _show_breakpoints(self) -> None:
        path = os.path.realpath(self.view.path) if self.view.path is not None else ""
        self.view.set_breakpoints(dots(self._state.breakpoints, path))

    def _on_file_chosen(self, path: Path) -> None:
        sources = () if self._trace is None else self._trace.sources()
        source = next((one for one in sources if Path(one.path) == path), None)
        if source is not None:
            self._show_file(source)
            self._show_facts()
            self._show_pointed()

    def _on_node_requested(self, line: int) -> None:
        place = self._state.place
        if self._facts is None or self._shown is None:
            return
        position = self._facts.event_on(self._shown, line, place.iteration, place.position)
        if position is not None:
            self.event_chosen.emit(position)


def _text_of(file: Path) -> str:
    """The text of a Python file; "" where it cannot be read, which Python will say."""
    try:
        with tokenize.open(file) as opened:
            return opened.read()
    except (OSError, SyntaxError, UnicodeDecodeError):
        return ""
