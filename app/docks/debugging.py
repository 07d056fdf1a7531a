"""The debugger's panels in one hand: breakpoints, findings, branches, variables and parameters."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.docks.branching import Branching
from app.docks.breaking import Breaking
from app.docks.finding import Finding
from app.docks.marking import Marking
from app.docks.naming import Naming
from app.state import AppState
from app.theme import Theme


class Debugging(QObject):
    """Owns them and passes on what all of them are told."""

    def __init__(self, state: AppState, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.breaking = Breaking(state, theme, self)
        self.finding = Finding(state, theme, self)
        self.branching = Branching(state, theme, self)
        self.naming = Naming(theme, self)
        self.marking = Marking(state, self)
        self.breaking.hits_found.connect(lambda: self.marking.show_hits(self.breaking.hits.values()))

    @property
    def views(self) -> dict[str, QWidget]:
        """Their views, by the keys of the docks."""
        return {
            "breakpoints": self.breaking.view,
            "findings": self.finding.view,
            "branches": self.branching.view,
            "variables": self.naming.variables_view,
            "parameters": self.naming.parameters_view,
        }

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        for one in (self.breaking, self.finding, self.branching, self.naming):
            one.set_theme(theme)

    def close(self) -> None:
        """Waits until nothing of them runs."""
        self.finding.close()
        self.marking.close()
        self.branching.close()
