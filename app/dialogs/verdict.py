"""The details of a check: every comparison that a verdict rests on."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from app.language import is_chinese, say
from app.theme import Theme, code_font
from engine.analysis.notation.numbers import format_number
from engine.analysis.symbols import words_of
from engine.analysis.verdict.answer import Answer, Comparison, Verdict

translate = QCoreApplication.translate

_DIGITS = 9


class VerdictDialog(QDialog):
    """Shows what torch computed beside what NumPy and central differences compute."""

    def __init__(self, verdict: Verdict, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Checked without torch"))
        column = QVBoxLayout(self)
        head = QLabel(verdict_sentence(verdict))
        head.setWordWrap(True)
        column.addWidget(head)
        if verdict.comparisons:
            column.addWidget(_table(verdict.comparisons, theme))
        note = QLabel(self.tr("“Allowed” is how far rounding may move the number; see docs/architecture.md, Verdicts."))
        note.setWordWrap(True)
        note.setStyleSheet(f"color: {theme.muted};")
        column.addWidget(note)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        column.addWidget(buttons)
        buttons.rejected.connect(self.reject)


def verdict_sentence(verdict: Verdict) -> str:
    """The answer with its reason."""
    sentences = {
        Answer.AGREES: translate("verdict", "%1: torch's numbers are those that NumPy computes."),
        Answer.DIFFERS: translate("verdict", "%1: torch's numbers are not those that NumPy computes."),
        Answer.CANNOT_CHECK: translate("verdict", "%1 cannot be checked."),
    }
    chinese = is_chinese()
    text = sentences[verdict.answer].replace("%1", verdict.what.in_language(chinese))
    reason = verdict.reason.in_language(chinese)
    return f"{text}{f'（{reason}）' if chinese else f' ({reason})'}" if reason else text


def _table(comparisons: tuple[Comparison, ...], theme: Theme) -> QWidget:
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(0, 8, 0, 8)
    grid.setHorizontalSpacing(18)
    grid.setVerticalSpacing(5)
    rows = [_row(one) for one in comparisons]
    for column, title in enumerate(_titles()):
        label = QLabel(title)
        label.setStyleSheet(f"color: {theme.muted};")
        grid.addWidget(label, 0, column)
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row):
            label = QLabel(text)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            if column > 1:
                label.setFont(code_font(theme.small_px))
            grid.addWidget(label, number, column)
    return page


def _titles() -> tuple[str, ...]:
    return (
        translate("verdict", "what"), translate("verdict", "how"), translate("verdict", "at"),
        translate("verdict", "torch"), translate("verdict", "computed"), translate("verdict", "difference"),
        translate("verdict", "allowed"), translate("verdict", "numbers"), translate("verdict", "answer"),
    )  # fmt: skip


def _row(one: Comparison) -> tuple[str, ...]:
    what = say(words_of(one.symbol) if one.symbol else one.what)
    agrees, differs = translate("verdict", "✓ agrees"), translate("verdict", "✗ differs")
    place = "[" + ", ".join(map(str, one.where)) + "]" if one.where else "–"
    numbers = [_number(x) for x in (one.recorded, one.computed, one.difference, one.tolerance)]
    methods = {
        "numpy": translate("verdict", "NumPy, the same operation"),
        "vjp": translate("verdict", "NumPy, its gradient formula"),
        "finite differences": translate("verdict", "central differences"),
    }
    return (what, methods[one.method], place, *numbers, str(one.elements), agrees if one.agrees else differs)


def _number(x: complex) -> str:
    if isinstance(x, complex):
        if x.imag:
            return f"{x:.{_DIGITS}g}"
        x = x.real
    return format_number(x, _DIGITS)
