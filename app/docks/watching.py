"""Keeps the watches true to what is open and to the place, and works out the curve of one of them bit by bit."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from app.language import say
from app.models.watch_curve import WatchCurve
from app.models.watches import EXPRESSION, WatchesModel
from app.theme import Theme
from app.views.watches import WatchesView
from engine.session.place import Place
from engine.trace.reader import Trace

_WORK_S = 0.025
"""How long the window may be busy with a curve in one go."""


class Watching(QObject):
    """Owns the panel of watches.

    Signals:
        expressions_changed(script, expressions): the user changed the watches of a script; its path, a tuple of texts.
    """

    expressions_changed = Signal(str, object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.model = WatchesModel(theme, self)
        self.view = WatchesView(self.model, theme)
        self._trace: Trace | None = None
        self._place: Place | None = None
        self._curve: WatchCurve | None = None
        self._bit_by_bit = QTimer(self)
        self._bit_by_bit.setInterval(0)
        self._bit_by_bit.timeout.connect(self._work)
        self.model.expressions_changed.connect(self._on_expressions_changed)
        self.view.plot_requested.connect(self._on_plot_requested)

    @property
    def script(self) -> str:
        """The path of the script that is watched, "" if nothing is open."""
        return "" if self._trace is None else str(self._trace.meta().get("script", self._trace.path))

    @property
    def is_working(self) -> bool:
        """Whether a curve is not complete yet."""
        return self._bit_by_bit.isActive()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.view.set_theme(theme)

    def set_trace(self, trace: Trace | None) -> None:
        """Watches another trace, or nothing. The expressions stay until others are set."""
        self._bit_by_bit.stop()
        self._trace, self._place, self._curve = trace, None, None
        self.view.curve_pane.hide()
        self.model.set_place(None, None)

    def set_expressions(self, of_script: Callable[[str], tuple[str, ...]]) -> None:
        """Shows the expressions that are kept for the script. of_script: tells them."""
        self.model.set_expressions(of_script(self.script))

    def watch(self, expression: str) -> None:
        """Watches an expression that stands elsewhere, too; once."""
        if expression not in self.model.expressions:
            self.model.setData(self.model.index(len(self.model.expressions), EXPRESSION), expression)

    def show_place(self, place: Place) -> None:
        """Shows what the expressions are here."""
        self._place = place
        self.model.set_place(self._trace, place)
        self.view.curve.set_current(place.iteration if place.iteration >= 0 else None)
        if self._curve is not None and self.view.has_curve:
            self._curve.look_again()
            self._bit_by_bit.start()

    def _on_expressions_changed(self, expressions: tuple[str, ...]) -> None:
        self.expressions_changed.emit(self.script, expressions)

    def _on_plot_requested(self, row: int) -> None:
        watch = self.model.watch(row)
        if watch is None or self._trace is None:
            return
        self._curve = WatchCurve(watch, self._trace)
        self._show_curve()
        self.view.curve.set_current(None if self._place is None else self._place.iteration)
        self._bit_by_bit.start()

    def _work(self) -> None:
        if self._curve is None or not self.view.has_curve:
            self._bit_by_bit.stop()
            return
        if not self._curve.work(_WORK_S):
            self._bit_by_bit.stop()
        self._show_curve()

    def _show_curve(self) -> None:
        if self._curve is None:
            return
        text = self._curve.watch.text
        name = self.tr("%1 over the iterations").replace("%1", text)
        nothing = say(self._curve.reason) or self.tr("%1 is no single number.").replace("%1", text)
        self.view.show_curve(text, name, nothing)
        self.view.curve.set_points(*self._curve.points())
