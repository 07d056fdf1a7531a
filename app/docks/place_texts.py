"""Texts outside the panels: the step in the toolbar, what goes on and with what in the status bar."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.language import say
from app.state import AppState, Status
from engine.analysis.symbols import words_of
from engine.bilingual import sentences
from engine.session.moment import Moment
from engine.session.place import Level


class PlaceTexts(QObject):
    """Puts into words what the state says."""

    def __init__(self, state: AppState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._state = state

    def step(self, moment: Moment | None) -> str:
        """As "step 12 of 46"."""
        if moment is None:
            return ""
        if moment.place.iteration < 0:
            return self.tr("before iteration 1")
        if moment.is_over:
            return self.tr("all %1 steps done").replace("%1", str(moment.count))
        text = self.tr("step %1 of %2")
        if moment.is_growing:
            text = self.tr("step %1") if moment.number > moment.count else self.tr("step %1 of %2 so far")
        return text.replace("%1", str(moment.number)).replace("%2", str(moment.count))

    def presented(self, moment: Moment | None) -> str:
        """As "∂C/∂a⁽¹⁾ · step 12 of 46"."""
        last = "" if moment is None or moment.last is None else say(words_of(moment.last.symbol))
        return " · ".join(part for part in (last, self.step(moment)) if part)

    def status(self, moment: Moment | None, place: str) -> str:
        """As "Paused · after ∂C/∂a⁽¹⁾ · hello.py:58". place: file and line."""
        status = self._state.status
        words = {
            Status.IDLE: "",
            Status.STARTING: self.tr("Starting Python and torch…"),
            Status.RECORDING: self.tr("Running; Space pauses"),
            Status.PAUSED: self.tr("Paused"),
            Status.ENDED: self.tr("The script is over") if self._state.script else self.tr("A recorded run"),
        }
        what = words[status]
        if self._state.is_asking:
            what = self.tr("The script waits for input: answer it in the console")
        parts = [say(sentences(*(sentence for _, sentence in self._state.reasons))) or what]
        if status in (Status.PAUSED, Status.ENDED) and moment is not None and moment.last is not None:
            parts.append(self.tr("after %1").replace("%1", say(words_of(moment.last.symbol))))
            parts.append(self._inside(moment))
        if self._state.is_open:
            parts.append(place)
        return " · ".join(part for part in parts if part)

    def _inside(self, moment: Moment) -> str:
        """At the aten level, how far an event is: "1 of 3 calls in linear, next aten::addmm"."""
        trace, place = self._state.trace, moment.place
        if trace is None or self._state.level is not Level.ATEN:
            return ""
        calls, event = trace.aten(place.position, place.position + 1), trace.event(place.position)
        if event is None or place.aten >= len(calls):
            return ""
        text = self.tr("%1 of %2 calls in %3, next %4").replace("%1", str(place.aten)).replace("%2", str(len(calls)))
        return text.replace("%3", event.name).replace("%4", calls[place.aten].function)

    def versions(self) -> str:
        """As "torch 2.13.0 · cpu · seed 42 · Python 3.11.7"."""
        trace = self._state.trace
        if trace is None:
            return ""
        meta = trace.meta()
        seed = "" if meta.get("seed") is None else f" · seed {meta['seed']}"
        return f"torch {meta.get('torch', '?')} · {meta.get('device', 'cpu')}{seed} · Python {meta.get('python', '?')}"
