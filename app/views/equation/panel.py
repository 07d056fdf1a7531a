"""The equation with its head: what it is about, whether it was checked, and what is shown of it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.assets import icon
from app.settings import FEWEST_DIGITS, MOST_DIGITS, Sides, Wishes
from app.theme import Theme
from app.views.equation.badge import VerdictBadge
from app.views.equation.view import EquationView


class EquationPanel(QWidget):
    """Shows equations below a row of choices: symbols, numbers or both, digits, the chain rule, the matrices.

    Signals:
        wishes_changed(wishes): the user chose; `Wishes`.
    """

    wishes_changed = Signal(object)

    def __init__(self, theme: Theme, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self.view = EquationView(theme)
        self.heading = QLabel()
        # A long name gives way to the buttons.
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.badge = VerdictBadge(theme)
        self.sides = {
            Sides.SYMBOLS: _choice(self.tr("symbols"), self.tr("Show the symbols only")),
            Sides.NUMBERS: _choice(self.tr("numbers"), self.tr("Show the numbers only")),
            Sides.BOTH: _choice(self.tr("both"), self.tr("Show symbols and numbers")),
        }
        self._group = QButtonGroup(self)
        for button in self.sides.values():
            self._group.addButton(button)
        self.digits = QSpinBox()
        self.digits.setRange(FEWEST_DIGITS, MOST_DIGITS)
        self.digits.setSuffix(self.tr(" digits"))
        self.digits.setAccessibleName(self.tr("Significant digits"))
        self.digits.setToolTip(self.tr("Significant digits"))
        self.chain = _check(self.tr("Chain rule"), self)
        self.matrices = _check(self.tr("Matrices"), self)
        self.more = QToolButton()
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setToolTip(self.tr("What else is shown, and copying"))
        self.more.setAccessibleName(self.tr("More of the equation"))
        menu = QMenu(self)
        menu.addActions([self.chain, self.matrices])
        menu.addSeparator()
        menu.addActions(self.view.copy_actions)
        self.more.setMenu(menu)
        self.view.addActions([self.chain, self.matrices])
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 8, 3)
        head.setSpacing(4)
        head.addWidget(self.heading, 1)
        head.addWidget(self.badge)
        head.addSpacing(6)
        for button in self.sides.values():
            head.addWidget(button)
        head.addWidget(self.digits)
        head.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        self.setFocusProxy(self.view)
        self.set_wishes(wishes)
        self.set_theme(theme)
        for side, button in self.sides.items():
            button.clicked.connect(lambda _, side=side: self._wish(replace(self._wishes, sides=side)))
        self.digits.valueChanged.connect(lambda digits: self._wish(replace(self._wishes, digits=digits)))
        self.chain.toggled.connect(lambda shown: self._wish(replace(self._wishes, chain=shown)))
        self.matrices.toggled.connect(lambda shown: self._wish(replace(self._wishes, matrices=shown)))

    @property
    def wishes(self) -> Wishes:
        """What the user chose."""
        return self._wishes

    def set_wishes(self, wishes: Wishes) -> None:
        """Shows these choices."""
        self._wishes = wishes
        self.sides[wishes.sides].setChecked(True)
        for widget, value in ((self.digits, wishes.digits),):
            widget.blockSignals(True)
            widget.setValue(value)
            widget.blockSignals(False)
        for action, value in ((self.chain, wishes.chain), (self.matrices, wishes.matrices)):
            action.blockSignals(True)
            action.setChecked(value)
            action.blockSignals(False)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.view.set_theme(theme)
        self.badge.set_theme(theme)
        self.heading.setStyleSheet(f"color: {theme.text}; font-weight: 600;")
        self.more.setIcon(icon("settings", QColor(theme.text)))
        small = f"font-size: {theme.small_px}px; padding: 2px 6px;"
        for button in self.sides.values():
            button.setStyleSheet(small)
        self.digits.setStyleSheet(f"font-size: {theme.small_px}px; padding-top: 1px; padding-bottom: 1px;")

    def _wish(self, wishes: Wishes) -> None:
        if wishes != self._wishes:
            self._wishes = wishes
            self.wishes_changed.emit(wishes)


def _choice(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def _check(text: str, parent: QWidget) -> QAction:
    action = QAction(text, parent)
    action.setCheckable(True)
    return action
