"""Asks for a breakpoint: what it waits for, on what condition, which hits count, and whether it tells or stops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.language import say
from app.models.breakpoint_words import kind_words
from app.theme import Theme, code_font
from engine.analysis.breakpoints.judge import check
from engine.bilingual import Bilingual
from engine.errors import GradstepError
from engine.wire.breakpoints import Breakpoint, What

_GRADIENTS = (What.GRADIENT_ABOVE, What.GRADIENT_BELOW)
_LARGEST = 2**31 - 1
_WIDTH_PX = 470


class BreakpointDialog(QDialog):
    """Shows one breakpoint to change; `chosen()` after it was accepted. What is wrong with it is said in place.

    names: of things in what is open, by kind, to choose from while typing.
    """

    def __init__(
        self, given: Breakpoint, names: Mapping[What, Sequence[str]], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._given, self._names, self._words = given, names, kind_words()
        self.setWindowTitle(self.tr("Breakpoint"))
        self.setMinimumWidth(_WIDTH_PX)
        self.kind = QComboBox()
        for what, words in self._words.items():
            self.kind.addItem(words.title, what.value)
        self.kind.setMaxVisibleItems(len(self._words))
        self.pattern, self.condition, self.log = (
            QLineEdit(text) for text in (given.pattern, given.condition, given.log)
        )
        self.line, self.first, self.every = QSpinBox(), QSpinBox(), QSpinBox()
        for box, number in ((self.line, given.line), (self.first, given.first), (self.every, given.every)):
            box.setRange(1, _LARGEST)
            box.setValue(number)
        self.limit = QLineEdit(f"{given.limit:g}" if given.what in _GRADIENTS else "10")
        self.enabled = QCheckBox(self.tr("Enabled"))
        self.enabled.setChecked(given.enabled)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        # Room for it from the start, so that nothing jumps while one types.
        self.problem.setMinimumHeight(3 * self.problem.fontMetrics().lineSpacing())
        self.problem.setStyleSheet(f"color: {theme.error};")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel)
        for field in (self.pattern, self.condition, self.log, self.limit):
            field.setFont(code_font(theme.base_px))
        self.condition.setPlaceholderText("loss > 10 and iteration > 3")
        self.log.setPlaceholderText(self.tr("stops; with a text it tells it instead: loss is {loss:.3f}"))
        self._lay_out()
        self.kind.setCurrentIndex(self.kind.findData(given.what.value))
        self._on_kind_changed()
        self.kind.currentIndexChanged.connect(self._on_kind_changed)
        for text in (self.pattern, self.condition, self.log, self.limit):
            text.textChanged.connect(self._say_problem)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    def chosen(self) -> Breakpoint:
        """What was chosen. Raises GradstepError where it cannot be a breakpoint."""
        what = self._what
        found = Breakpoint(
            what,
            pattern=self.pattern.text().strip() if self._words[what].pattern else "",
            line=self.line.value() if what == What.LINE else 0,
            limit=self._limit() if what in _GRADIENTS else 0.0,
            condition=self.condition.text().strip(),
            first=self.first.value(),
            every=self.every.value(),
            enabled=self.enabled.isChecked(),
            log=self.log.text().strip(),
        )
        check(found)
        return found

    @property
    def _what(self) -> What:
        return What(self.kind.currentData())

    def _limit(self) -> float:
        try:
            return float(self.limit.text())
        except ValueError:
            raise GradstepError(
                Bilingual("The bound is no number.", "界限不是数。"),
                Bilingual("Write one, such as 10 or 1e-6.", "请写一个数，例如 10 或 1e-6。"),
            ) from None

    def _lay_out(self) -> None:
        hits = QHBoxLayout()
        hits.addWidget(QLabel(self.tr("from hit")))
        hits.addWidget(self.first)
        hits.addWidget(QLabel(self.tr("on, 1 in")))
        hits.addWidget(self.every)
        hits.addStretch(1)
        self.first.setAccessibleName(self.tr("First hit that counts"))
        self.every.setAccessibleName(self.tr("One hit in so many counts"))
        self._form = form = QFormLayout()
        form.addRow(self.tr("Stops when"), self.kind)
        self._pattern_label = QLabel()
        self._pattern_label.setBuddy(self.pattern)
        form.addRow(self._pattern_label, self.pattern)
        form.addRow(self.tr("Line"), self.line)
        form.addRow(self.tr("Largest |element|"), self.limit)
        form.addRow(self.tr("Only if"), self.condition)
        form.addRow(self.tr("Counts"), hits)
        form.addRow(self.tr("Tells"), self.log)
        form.addRow("", self.enabled)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addWidget(self.buttons)

    def _on_kind_changed(self) -> None:
        what, form = self._what, self._form
        words = self._words[what]
        form.setRowVisible(self.pattern, bool(words.pattern))
        form.setRowVisible(self.line, what == What.LINE)
        form.setRowVisible(self.limit, what in _GRADIENTS)
        self._pattern_label.setText(words.pattern)
        self.pattern.setPlaceholderText(
            words.example if not words.any_row else self.tr("any; or: %1").replace("%1", words.example)
        )
        completer = QCompleter(list(self._names.get(what, ())), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.pattern.setCompleter(completer)
        self._say_problem()

    def _say_problem(self) -> None:
        """In place and while typing; nothing is said of a field that nobody has filled in yet, but OK waits for it."""
        text = ""
        try:
            self.chosen()
        except GradstepError as error:
            text = say(error.told)
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not text)
        touched = self.pattern.text() or self.condition.text() or self.log.text()
        self.problem.setText(text if touched else "")


def new_breakpoint(path: str, line: int | None) -> Breakpoint:
    """What a dialog for a new one begins with: the line at hand where there is one."""
    return Breakpoint(What.LINE, path, line) if path and line is not None else Breakpoint(What.NOT_FINITE)
