"""The preferences: how the window looks and speaks, what a recording may take, which keys do what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QGridLayout,
    QHBoxLayout,
    QKeySequenceEdit,
    QLabel,
    QScrollArea,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.dialogs.note import note
from app.dialogs.python_box import PythonBox
from app.language import LANGUAGES
from app.settings import FEWEST_DIGITS, FONT_PERCENTS, MOST_DIGITS, Settings
from app.theme import THEMES

_MOST_BUDGET_MIB = 1 << 20
_PORTABLE = QKeySequence.SequenceFormat.PortableText


@dataclass(frozen=True, slots=True)
class KeyRow:
    """An action whose key can be changed. key: the one that it came with, as portable text, "" for none."""

    id: str
    title: str
    key: str


class PreferencesDialog(QDialog):
    """Shows the settings that a user may change; `chosen()` after it was accepted. pythons: interpreters to offer."""

    def __init__(
        self, settings: Settings, keys: Sequence[KeyRow], parent: QWidget | None = None, pythons: Sequence[str] = ()
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Preferences"))
        self._settings = settings
        self._rows = list(keys)
        self.theme = _choices({"": self.tr("As the system"), **self._theme_names()}, settings.theme)
        self.language = _choices({"": self.tr("As the system"), **LANGUAGES}, settings.language)
        self.letters = _choices({str(percent): f"{percent} %" for percent in FONT_PERCENTS}, str(settings.font_percent))
        self.digits = _number(FEWEST_DIGITS, MOST_DIGITS, settings.digits)
        self.motion = QCheckBox(self.tr("Nothing glides or flies"))
        self.motion.setChecked(settings.reduce_motion)
        self.colours = QCheckBox(self.tr("Safe for red-green blind eyes: blue and yellow"))
        self.colours.setChecked(settings.colour_blind)
        self.budget = _number(1, _MOST_BUDGET_MIB, settings.budget_mib)
        self.budget.setSuffix(self.tr(" MiB"))
        self.python = PythonBox(settings.python, pythons, self.tr("Gradstep's own"))
        self.keys = {row.id: QKeySequenceEdit(QKeySequence(_key(settings, row))) for row in self._rows}
        self._problem = note()
        self._problem.setVisible(False)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok
            | QDialogButtonBox.StandardButton.Cancel
            | QDialogButtonBox.StandardButton.RestoreDefaults
        )
        self.pages = QTabWidget()
        self.pages.addTab(self._look(), self.tr("Look"))
        self.pages.addTab(self._running(), self.tr("Running"))
        self.pages.addTab(self._key_page(), self.tr("Keys"))
        column = QVBoxLayout(self)
        column.addWidget(self.pages, 1)
        column.addWidget(self._problem)
        column.addWidget(self.buttons)
        self.resize(560, 480)
        for edit in self.keys.values():
            edit.keySequenceChanged.connect(self._check)
        self.python.currentTextChanged.connect(self._check)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults).clicked.connect(self._restore)

    def chosen(self) -> Settings:
        """The settings as they shall be."""
        changed = {row.id: key for row in self._rows if (key := self._typed(row.id)) != row.key}
        return replace(
            self._settings,
            theme=str(self.theme.currentData()),
            language=str(self.language.currentData()),
            font_percent=int(self.letters.currentData()),
            digits=self.digits.value(),
            reduce_motion=self.motion.isChecked(),
            colour_blind=self.colours.isChecked(),
            budget_mib=self.budget.value(),
            python=self.python.text(),
        ).with_keys(changed)

    def _theme_names(self) -> dict[str, str]:
        names = {"dark": self.tr("Dark"), "light": self.tr("Light"), "projector": self.tr("Projector")}
        return {name: names[name] for name in THEMES}

    def _look(self) -> QWidget:
        return _form(
            (self.tr("Theme"), self.theme),
            (self.tr("Language"), self.language),
            (self.tr("Size of letters"), self.letters),
            (self.tr("Digits in equations"), self.digits),
            (self.tr("Motion"), self.motion),
            (self.tr("Colours of numbers"), self.colours),
        )

    def _running(self) -> QWidget:
        of_budget = note(
            self.tr(
                "Past this, older iterations keep their steps and statistics and give up their arrays. "
                "The trace says which."
            )
        )
        of_python = note(self.tr("A script that has a Python of its own in its run options keeps it."))
        self.python.setAccessibleName(self.tr("Python that scripts run in"))
        python = QWidget()
        row = QHBoxLayout(python)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.python, 1)
        row.addWidget(self.python.browse)
        return _form(
            (self.tr("Arrays that a recording keeps"), self.budget),
            ("", of_budget),
            (self.tr("Python that scripts run in"), python),
            ("", of_python),
        )

    def _key_page(self) -> QWidget:
        page = QWidget()
        grid = QGridLayout(page)
        for number, row in enumerate(self._rows):
            edit = self.keys[row.id]
            edit.setMaximumSequenceLength(1)
            edit.setClearButtonEnabled(True)
            edit.setAccessibleName(self.tr("Key for %1").replace("%1", row.title))
            grid.addWidget(QLabel(row.title), number, 0)
            grid.addWidget(edit, number, 1)
        scroll = QScrollArea()
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        return scroll

    def _typed(self, action: str) -> str:
        return self.keys[action].keySequence().toString(_PORTABLE)

    def _check(self) -> None:
        """What cannot be is not accepted."""
        problem = self.python.problem() or self._key_of_two()
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not problem)

    def _key_of_two(self) -> str:
        """Two actions on one key would do nothing at all."""
        counted = Counter(key for row in self._rows if (key := self._typed(row.id)))
        twice = next((key for key, count in counted.items() if count > 1), None)
        titles = [row.title for row in self._rows if twice is not None and self._typed(row.id) == twice]
        if twice is None:
            return ""
        text = self.tr("%1 is the key of two actions: %2. Give one of them another.")
        return text.replace("%1", twice).replace("%2", ", ".join(titles))

    def _restore(self) -> None:
        """Everything on these pages as it came; what is remembered elsewhere stays."""
        fresh = Settings()
        self.theme.setCurrentIndex(0)
        self.language.setCurrentIndex(0)
        self.letters.setCurrentIndex(self.letters.findData(str(fresh.font_percent)))
        self.digits.setValue(fresh.digits)
        self.motion.setChecked(fresh.reduce_motion)
        self.colours.setChecked(fresh.colour_blind)
        self.budget.setValue(fresh.budget_mib)
        self.python.setCurrentText(fresh.python)
        for row in self._rows:
            self.keys[row.id].setKeySequence(QKeySequence(row.key))


def _key(settings: Settings, row: KeyRow) -> str:
    mine = settings.key_of(row.id)
    return row.key if mine is None else mine


def _choices(names: Mapping[str, str], chosen: str) -> QComboBox:
    box = QComboBox()
    for data, name in names.items():
        box.addItem(name, data)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    return box


def _number(least: int, most: int, value: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setValue(value)
    return box


def _form(*rows: tuple[str, QWidget]) -> QWidget:
    page = QWidget()
    form = QFormLayout(page)
    form.setContentsMargins(14, 14, 14, 14)
    form.setVerticalSpacing(10)
    for title, widget in rows:
        if title:
            form.addRow(title, widget)
        else:
            form.addRow(widget)
    return page
