"""The panel of findings: mistakes that the run shows, and of the selected one what was seen and what to try."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import (
    QWidget,
)

from app.models.findings import FindingsModel, Found, Proof
from app.theme import Theme
from app.views.list_and_detail import ListAndDetail

CHANGE = "change:"
"""Begins links to a run with a change."""


class FindingsView(ListAndDetail):
    """Shows a `FindingsModel`. Return on a row goes to the first event that proves it, a link to that event.

    Signals:
        position_requested(position): of an event. stop_requested(), look_requested(): the button beside the sentence.
        change_requested(change): the script shall run again with it ("lr=0.01").
    """

    position_requested = Signal(int)
    change_requested = Signal(str)
    stop_requested = Signal()
    look_requested = Signal()

    def __init__(self, model: FindingsModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(model, theme, parent)
        self._model = model
        self._is_looking = False
        self.list.setAccessibleName(self.tr("Findings"))
        self.detail.setAccessibleName(self.tr("About this finding"))
        self.set_theme(theme)
        self.show_sentence("", is_looking=False)
        self._show_detail()
        self.button.clicked.connect(self._on_button_clicked)
        self.list.selectionModel().currentChanged.connect(self._show_detail)
        self.list.activated.connect(self._on_activated)
        self.detail.anchorClicked.connect(self._on_link)
        model.modelReset.connect(self._on_reset)

    def show_sentence(self, text: str, *, is_looking: bool) -> None:
        """Says what goes on; while looking the button stops it, else it looks again."""
        self._is_looking = is_looking
        self.sentence.setText(text)
        self.button.setText(self.tr("Stop") if is_looking else self.tr("Look again"))
        self.button.setVisible(bool(text))

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        super().set_theme(theme)
        self._show_detail()

    def _on_reset(self) -> None:
        self.list.setCurrentIndex(self._model.index(0))
        self._show_detail()

    def _show_detail(self) -> None:
        one = self._model.found(self.list.currentIndex().row())
        self._split.setVisible(self._model.rowCount() > 0)
        self.detail.setHtml("" if one is None else self._html(one))

    def _html(self, one: Found) -> str:
        finding, say = one.finding, self._model.say
        muted = f"<span style='color:{self._theme.muted}'>"
        attempt, what_if, proved_by = self.tr("Try:"), self.tr("What if:"), self.tr("Proved by:")
        parts = [f"<p>{escape(say(finding.seen.sentence))}</p>", f"<p>{muted}{escape(say(finding.why))}</span></p>",
                 f"<p><b>{attempt}</b> {escape(say(finding.attempt))}</p>"]  # fmt: skip
        if finding.seen.code:
            parts.append(f"<pre style='white-space:pre-wrap'>{escape(finding.seen.code)}</pre>")
        if finding.seen.what_if:
            parts.append(f"<p><b>{what_if}</b> {escape(say(finding.seen.what_if))}</p>")
        if finding.seen.change:
            run_it = self.tr("Run the script again with %1").replace("%1", finding.seen.change)
            parts.append(f"<p><a href='{CHANGE}{escape(finding.seen.change)}'>{escape(run_it)}</a></p>")
        if one.proofs:
            links = " · ".join(self._link(proof) for proof in one.proofs)
            parts.append(f"<p>{muted}{proved_by}</span> {links}</p>")
        return "".join(parts)

    def _link(self, proof: Proof) -> str:
        line = self.tr("line %1").replace("%1", str(proof.line)) if proof.line else ""
        return f"<a href='{proof.position}'>{escape(proof.name)}{' ' if line else ''}{line}</a>"

    def _on_button_clicked(self) -> None:
        (self.stop_requested if self._is_looking else self.look_requested).emit()

    def _on_activated(self) -> None:
        one = self._model.found(self.list.currentIndex().row())
        if one is not None and one.proofs:
            self.position_requested.emit(one.proofs[0].position)

    def _on_link(self, link: QUrl) -> None:
        text = link.toString()
        if text.startswith(CHANGE):
            self.change_requested.emit(text.removeprefix(CHANGE))
        elif text.isdigit():
            self.position_requested.emit(int(text))
