"""Branches: the tree of runs, and the chosen one beside its parent."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QUrl, Signal
from PySide6.QtWidgets import QWidget

from app.language import say
from app.models.branches import Beside, BranchesModel
from app.theme import Theme
from app.views.list_and_detail import ListAndDetail


class BranchesView(ListAndDetail):
    """Shows a `BranchesModel`, and of the chosen run what differs from the one that it comes from.

    Signals:
        chosen(row): another run is to be compared. open_requested(row): the window shall show it. try_requested(): the
        button for another branch. stop_requested(): nobody waits any more. position_requested(position): of an event.
    """

    chosen = Signal(int)
    open_requested = Signal(int)
    try_requested = Signal()
    stop_requested = Signal()
    position_requested = Signal(int)

    def __init__(self, model: BranchesModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(model, theme, parent)
        self._model = model
        self._is_trying = False
        self.list.setAccessibleName(self.tr("Branches"))
        self.detail.setAccessibleName(self.tr("The chosen run beside the one that it comes from"))
        self.set_theme(theme)
        self.show_sentence("", is_trying=False)
        self.button.clicked.connect(self._on_button_clicked)
        self.list.selectionModel().currentChanged.connect(lambda index: self.chosen.emit(index.row()))
        self.list.activated.connect(lambda index: self.open_requested.emit(index.row()))
        self.detail.anchorClicked.connect(self._on_link)

    def show_sentence(self, text: str, *, is_trying: bool) -> None:
        """Says what goes on; while something is tried the button stops it, else it asks for another branch."""
        self._is_trying = is_trying
        self.sentence.setText(text or self.tr("Change one thing and compare: what if?"))
        self.button.setText(self.tr("Stop") if is_trying else self.tr("What if…"))

    def choose(self, row: int) -> None:
        """Makes this the chosen run."""
        self.list.setCurrentIndex(self._model.index(row))

    def show_text(self, text: str) -> None:
        """Says why there is no comparison."""
        self.detail.setHtml(f"<p style='color:{self._theme.muted}'>{escape(text)}</p>")

    def show_beside(self, found: Beside) -> None:
        """Shows a comparison."""
        muted = f"style='color:{self._theme.muted}'"
        parts = []
        if found.first:
            told = escape(say(found.first))
            if found.position is not None:
                go = self.tr("Go there")
                told = f"{told} <a href='{found.position}'>{go}</a>"
            label = self.tr("First difference:")
            parts.append(f"<p><b>{label}</b> {told}</p>")
        else:
            same = self.tr("Nothing differs from the run that it comes from.")
            parts.append(f"<p>{escape(same)}</p>")
        if all(found.ends):
            text = self.tr("C ends at %1; in the run that it comes from, at %2.")
            parts.append(f"<p>{escape(text.replace('%1', found.ends[1]).replace('%2', found.ends[0]))}</p>")
        if found.lines and found.first:
            head = self.tr("Iteration %1").replace("%1", str((found.iteration or 0) + 1))
            names = (head, self.tr("before"), self.tr("now"), self.tr("difference"))
            titles = "".join(f"<td {muted}>{escape(name)}&nbsp;&nbsp;</td>" for name in names)
            rows = "".join(
                f"<tr><td>{escape(line.symbol)}&nbsp;&nbsp;</td><td>{escape(line.parent)}&nbsp;&nbsp;</td>"
                f"<td>{escape(line.branch)}&nbsp;&nbsp;</td><td {muted}>{escape(line.apart)}</td></tr>"
                for line in found.lines
            )
            parts.append(f"<table cellspacing='2'><tr>{titles}</tr>{rows}</table>")
        self.detail.setHtml("".join(parts))

    def _on_button_clicked(self) -> None:
        (self.stop_requested if self._is_trying else self.try_requested).emit()

    def _on_link(self, link: QUrl) -> None:
        if link.toString().isdigit():
            self.position_requested.emit(int(link.toString()))
