"""Keeps the panels of variables and of parameters true to the place, each only while it is on screen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.models.outline import outline
from app.models.plain_tree import PlainTreeModel
from app.models.variables import HERE, variable_groups
from app.theme import Theme
from app.views.plain_tree import PlainTreeView
from engine.session.moment import Moment
from engine.trace.reader import Trace

_OPENED_AT_FIRST = 12
"""Modules of the outermost one; those of a larger network stay closed."""


class Naming(QObject):
    """Owns both panels.

    Signals:
        value_chosen(value): a row was chosen; id of its value. watch_requested(expression): it shall be watched.
    """

    value_chosen = Signal(int)
    watch_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._trace: Trace | None = None
        self._moment: Moment | None = None
        self.variables = PlainTreeModel((self.tr("Name"), self.tr("Shape"), self.tr("Value")), self)
        self.parameters = PlainTreeModel(
            (self.tr("Parameter"), self.tr("Shape"), self.tr("Norm"), ".grad", self.tr("Optimizer")), self
        )
        self.variables_view = PlainTreeView(self.variables, theme, self.tr("Variables"), (42, 22, 36))
        self.parameters_view = PlainTreeView(self.parameters, theme, self.tr("Parameters"), (28, 20, 15, 37, 24))
        for view in (self.variables_view, self.parameters_view):
            view.value_chosen.connect(self.value_chosen)
            view.watch_requested.connect(self.watch_requested)
            view.came_up.connect(self._show)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.variables_view.set_theme(theme)
        self.parameters_view.set_theme(theme)

    def show_place(self, trace: Trace | None, moment: Moment | None) -> None:
        """Shows what is called what here; nothing where nothing is open."""
        if trace is not self._trace:
            self.variables.set_roots(())
            self.parameters.set_roots(())
        self._trace, self._moment = trace, moment
        self._show()

    def _show(self) -> None:
        trace, moment = self._trace, self._moment
        if trace is None or moment is None:
            return
        if self.variables_view.isVisible():
            is_new = self.variables.rowCount() == 0
            self.variables.set_roots(variable_groups(trace, moment))
            if is_new:
                self.variables_view.expand(self.variables.index_of_key(HERE))
        if self.parameters_view.isVisible():
            self.parameters.set_roots(outline(trace, moment.place))
            for row in range(min(self.parameters.rowCount(), _OPENED_AT_FIRST)):
                index = self.parameters.index(row, 0)
                # Nobody has opened it so far, or closed it.
                if self.parameters.canFetchMore(index):
                    self.parameters_view.expand(index)
