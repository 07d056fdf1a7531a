"""The badge that says whether a number was checked: a sign, a word, and how close."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from app.dialogs.verdict import verdict_sentence
from app.theme import Theme
from engine.analysis.notation.numbers import format_number
from engine.analysis.verdict.answer import Answer, Verdict


class VerdictBadge(QToolButton):
    """Shows a verdict; hidden as long as there is none. Never by colour alone: ✓ agrees, ✗ differs, ? cannot check.

    Signals:
        details_requested(verdict): it was clicked, or entered by keyboard.
    """

    details_requested = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._verdict: Verdict | None = None
        self._is_brief = False
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Check of this number"))
        self.hide()
        self.clicked.connect(self._on_clicked)

    @property
    def verdict(self) -> Verdict | None:
        """What is shown."""
        return self._verdict

    def set_verdict(self, verdict: Verdict | None) -> None:
        """Shows another verdict, or that there is none yet."""
        self._verdict = verdict
        self.setVisible(verdict is not None)
        if verdict is None:
            return
        self.setText(self._words(verdict))
        self.setToolTip(verdict_sentence(verdict))
        self.setAccessibleName(verdict_sentence(verdict))
        self.set_theme(self._theme)

    def set_brief(self, is_brief: bool) -> None:
        """Says only whether it agrees; how closely is in the tooltip."""
        if is_brief != self._is_brief:
            self._is_brief = is_brief
            self.set_verdict(self._verdict)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours."""
        self._theme = theme
        if self._verdict is None:
            return
        answer = self._verdict.answer
        colour = {Answer.AGREES: theme.success, Answer.DIFFERS: theme.error}.get(answer, theme.muted)
        self.setStyleSheet(
            f"QToolButton {{ color: {colour}; border: 1px solid {colour}; border-radius: 8px; padding: 1px 8px; "
            f"font-size: {theme.small_px}px; font-weight: 600; }} QToolButton:focus {{ border-width: 2px; }}"
        )

    def _words(self, verdict: Verdict) -> str:
        if verdict.answer is Answer.DIFFERS:
            return self.tr("✗ differs")
        if verdict.answer is Answer.CANNOT_CHECK:
            return self.tr("? cannot check")
        worst = verdict.worst
        if worst is None or worst.relative == 0 or self._is_brief:
            return self.tr("✓ agrees")
        return self.tr("✓ agrees to %1").replace("%1", format_number(worst.relative, 1))

    def _on_clicked(self) -> None:
        if self._verdict is not None:
            self.details_requested.emit(self._verdict)
