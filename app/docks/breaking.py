"""Keeps the panel of breakpoints, the state and what is kept for each script true to each other, and counts hits."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.dialogs.breakpoint import BreakpointDialog, new_breakpoint
from app.models.breakpoint_lines import at_line
from app.models.breakpoint_names import names_by_kind
from app.models.breakpoints import BreakpointsModel, Hits
from app.state import AppState, Status
from app.theme import Theme
from app.views.breakpoints import BreakpointsView
from engine.bilingual import Bilingual
from engine.session.kept_breakpoints import keep_breakpoints, kept_breakpoints
from engine.session.session import Session
from engine.wire.breakpoints import Breakpoint, What

_WORK_S = 0.008
"""How long the window may be busy with counting hits in one go."""


class Breaking(QObject):
    """Owns the panel of breakpoints.

    Signals:
        told(said): what could not be read or kept, a `Bilingual`. position_requested(position): of a hit.
        hits_found(): more is known of where breakpoints were hit.
    """

    told = Signal(object)
    position_requested = Signal(int)
    hits_found = Signal()

    def __init__(self, state: AppState, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._theme = theme
        self._kept: Path | None = None
        self._script = ""
        self._session: Session | None = None
        self._hits: dict[Breakpoint, Hits] = {}
        self._counted = -1
        self.model = BreakpointsModel(self)
        self.view = BreakpointsView(self.model, theme)
        self._bit_by_bit = QTimer(self)
        self._bit_by_bit.setInterval(0)
        self._bit_by_bit.timeout.connect(self._count)
        self.model.breakpoints_changed.connect(state.set_breakpoints)
        self.view.add_requested.connect(self.add)
        self.view.edit_requested.connect(self._on_edit_requested)
        self.view.position_requested.connect(self.position_requested)
        state.breakpoints_changed.connect(self._on_breakpoints_changed)
        state.reasons_changed.connect(lambda: self.model.set_reasons(state.reasons))
        state.script_changed.connect(self._load)
        state.trace_changed.connect(self._load)

    @property
    def hits(self) -> dict[Breakpoint, Hits]:
        """Where breakpoints were hit, as far as that is known."""
        return self._hits

    @property
    def is_working(self) -> bool:
        """Whether hits are being counted."""
        return self._bit_by_bit.isActive()

    def keep_in(self, kept: Path) -> None:
        """Keeps the breakpoints of each script in this file from now on."""
        self._kept = kept

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.view.set_theme(theme)

    def show_place(self, session: Session | None) -> None:
        """Another place, or more was recorded. session: of what is open."""
        self._session = session
        self.model.set_hits(self._hits, self._state.place.position)
        if self._counted != self._state.recorded:
            self._counted = self._state.recorded
            self._bit_by_bit.start()

    def add(self) -> None:
        """Asks for a new breakpoint of any kind."""
        found = self._asked(Breakpoint(What.NOT_FINITE))
        if found is not None:
            self.view.select(self.model.add(found))

    def edit_line(self, path: str, line: int) -> None:
        """Asks what the breakpoint on a line shall be; sets one where there is none."""
        given = at_line(self.model.breakpoints, path, line)
        if given is not None:
            self._on_edit_requested(self.model.breakpoints.index(given))
            return
        found = self._asked(new_breakpoint(path, line))
        if found is not None:
            self.view.select(self.model.add(found))

    def _on_edit_requested(self, row: int) -> None:
        found = self._asked(self.model.breakpoints[row])
        if found is not None:
            self.model.edit(row, found)

    def _asked(self, given: Breakpoint) -> Breakpoint | None:
        trace = self._state.trace
        dialog = BreakpointDialog(given, {} if trace is None else names_by_kind(trace), self._theme, self.view)
        accepted = dialog.exec() == BreakpointDialog.DialogCode.Accepted
        dialog.deleteLater()
        return dialog.chosen() if accepted else None

    def _on_breakpoints_changed(self) -> None:
        breakpoints = self._state.breakpoints
        self.model.set_breakpoints(breakpoints)
        self._hits = {one: hits for one, hits in self._hits.items() if one in breakpoints}
        self._bit_by_bit.start()
        if self._kept is not None and self._script:
            self._tell(keep_breakpoints(self._kept, self._script, breakpoints))

    def _load(self) -> None:
        """Takes the breakpoints that are kept for what was opened, once for each script."""
        state = self._state
        script = "" if state.script is None else str(state.script)
        if state.trace is not None:
            self._hits.clear()
            self._counted = -1
            script = script or str(state.trace.meta().get("script", state.trace.path))
        script = os.path.realpath(script) if script else ""
        if self._kept is None or not script or script == self._script:
            return
        found, notice = kept_breakpoints(self._kept, script)
        # What is set now belongs to the script before, and is kept under its name already.
        self._script = ""
        state.set_breakpoints(found)
        self._script = script
        self._tell(notice)

    def _tell(self, said: Bilingual) -> None:
        if said:
            self.told.emit(said)

    def _count(self) -> None:
        """Looks on for hits, unless the script runs at full speed or nothing is open."""
        session, state = self._session, self._state
        if session is None or state.trace is None or state.status in (Status.RECORDING, Status.STARTING):
            self._bit_by_bit.stop()
            self._counted = -1
            return
        share = _WORK_S / max(1, len(state.breakpoints))
        found = {one: session.look_for_hits(one, share) for one in state.breakpoints}
        self._hits = {one: Hits(tuple(positions), is_complete) for one, (positions, is_complete) in found.items()}
        if all(hits.is_complete for hits in self._hits.values()):
            self._bit_by_bit.stop()
        self.model.set_hits(self._hits, state.place.position)
        self.hits_found.emit()
