"""Keeps the equation panel true to the place: equations at once, the check and the chain rule a moment later."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.docks.choosing import quantity_of
from app.jobs import Beside
from app.models.equation_check import Checked, Checks, Question
from app.models.equation_lines import equation_lines, quantity_about
from app.models.term_refs import VALUE_REF
from app.settings import Wishes
from app.state import NOTHING, Selection
from app.theme import Theme
from app.views.equation.panel import EquationPanel
from engine.analysis.verdict.answer import Verdict
from engine.session.moment import Moment
from engine.trace.reader import Trace

_PAUSE_MS = 80
"""Who steps faster than this does not read the check."""


class Explaining(QObject):
    """Owns the equation panel.

    Signals:
        wishes_changed(wishes): the user chose what is shown; `Wishes`.
    """

    wishes_changed = Signal(object)

    def __init__(self, theme: Theme, wishes: Wishes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.panel = EquationPanel(theme, wishes)
        self._trace: Trace | None = None
        self._moment: Moment | None = None
        self._chosen = NOTHING
        self._question: Question | None = None
        self._checked: Checked | None = None
        self._checks = Checks()
        self._beside = Beside(self)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._ask)
        self._beside.done.connect(self._on_checked)
        self.panel.wishes_changed.connect(self._on_wishes_changed)
        self.panel.badge.details_requested.connect(self._show_details)

    @property
    def is_checking(self) -> bool:
        """Whether the check of what is shown is still to come."""
        return self._soon.isActive() or self._beside.is_busy

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.panel.set_theme(theme)

    def show_place(self, trace: Trace, moment: Moment, chosen: Selection) -> None:
        """Shows the equations of a place, or of what is selected there."""
        self._trace, self._moment, self._chosen = trace, moment, chosen
        question = self._question_now()
        if question != self._question:
            self._question, self._checked = question, None
            self._beside.cancel()
            self.panel.badge.set_verdict(None)
            self._soon.start()
        self._show()

    def clear(self) -> None:
        """Nothing is open any more."""
        self._trace, self._moment, self._question, self._checked = None, None, None, None
        self._checks = Checks()
        self._soon.stop()
        self._beside.cancel()
        self.panel.badge.set_verdict(None)
        self.panel.view.set_equations(())

    def close(self) -> None:
        """Waits until nothing of it runs."""
        self._soon.stop()
        self._beside.close()

    def _question_now(self) -> Question | None:
        """What is to be checked: a number that is known here."""
        if self._trace is None or self._moment is None:
            return None
        about = quantity_about(self._moment, quantity_of(self._moment, self._chosen))
        if about is None or about.index >= self._moment.revealed:
            return None
        return Question(self._trace.path, self._moment.place.iteration, about.index, self._chosen.element)

    def _show(self) -> None:
        if self._trace is None or self._moment is None:
            return
        chosen, view = self._chosen, self.panel.view
        chain = self._checked.chain if self._checked is not None else ()
        last = self._moment.last
        value = chosen.value if chosen != NOTHING else last.value if last is not None else None
        # First what is looked for, then where it is looked for: the page scrolls to it.
        view.set_highlighted(() if value is None else (f"{VALUE_REF}{value}",))
        about = quantity_of(self._moment, chosen)
        view.set_equations(equation_lines(self._trace, self._moment, about, self.panel.wishes, chosen.element, chain))

    def _ask(self) -> None:
        question, checks = self._question, self._checks
        if question is not None:
            self._beside.ask(lambda _: checks.answer(question))

    def _on_checked(self, found: Checked) -> None:
        if found.question != self._question:
            return
        self._checked = found
        self.panel.badge.set_verdict(found.verdict)
        if found.chain and self.panel.wishes.chain:
            self._show()

    def set_wishes(self, wishes: Wishes) -> None:
        """Shows what the user now wishes to see of equations."""
        self.panel.set_wishes(wishes)
        self._show()

    def _on_wishes_changed(self, wishes: Wishes) -> None:
        self._show()
        self.wishes_changed.emit(wishes)

    def _show_details(self, verdict: Verdict) -> None:
        from app.dialogs.verdict import VerdictDialog  # see NOTE [Loaded later] in app/loaded_later.py

        dialog = VerdictDialog(verdict, self._theme, self.panel)
        dialog.exec()
        dialog.deleteLater()
