"""The equation with its head: what it is about, whether it was checked, and what is shown of it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QColor, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QMenu,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.assets import icon
from app.elided_label import ElidedLabel
from app.settings import FEWEST_DIGITS, MOST_DIGITS, Sides, Wishes
from app.theme import Theme, ui_font
from app.views.equation.badge import VerdictBadge
from app.views.equation.view import EquationView
from app.views.handing_focus import hand_focus

_AROUND_DIGITS = 2.4
"""What a box of digits has beside its words, in sizes of the letters."""
_NARROW_LINES = 29
"""A panel narrower than this many heights of a line is narrow."""


class EquationPanel(QWidget):
    """Shows equations below a row of choices: symbols, numbers or both, digits, the chain rule, the matrices, autograd.

    Signals:
        wishes_changed(wishes): the user chose; `Wishes`.
    """

    wishes_changed = Signal(object)

    def __init__(self, theme: Theme, wishes: Wishes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wishes = wishes
        self._presents = False
        self.view = EquationView(theme)
        self.heading = ElidedLabel()  # a long name gives way to the buttons
        self.badge = VerdictBadge(theme)
        self.sides = QComboBox()
        for side, text in (
            (Sides.BOTH, self.tr("symbols = numbers")),
            (Sides.SYMBOLS, self.tr("symbols only")),
            (Sides.NUMBERS, self.tr("numbers only")),
        ):
            self.sides.addItem(text, side)
        self.sides.setAccessibleName(self.tr("Show symbols, numbers or both"))
        self.sides.setToolTip(self.tr("What an equation shows: symbols, the numbers put in, or one after the other"))
        self.digits = QSpinBox()
        self.digits.setRange(FEWEST_DIGITS, MOST_DIGITS)
        self.digits.setAccessibleName(self.tr("Significant digits"))
        self.digits.setToolTip(self.tr("How many significant digits numbers have in equations"))
        self.digits.setSuffix(" " + self.tr("digits"))
        self.chain = _check(self.tr("Chain rule"), self)
        self.matrices = _check(self.tr("Matrices"), self)
        self.autograd = _check(self.tr("Autograd: grad_fn and what it keeps"), self)
        self.more = QToolButton()
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setToolTip(self.tr("What else is shown, and copying"))
        self.more.setAccessibleName(self.tr("More of the equation"))
        menu = QMenu(self)
        menu.addActions([self.chain, self.matrices, self.autograd])
        menu.addSeparator()
        menu.addActions(self.view.copy_actions)
        self.more.setMenu(menu)
        self.view.addActions([self.chain, self.matrices, self.autograd])
        self._head = QWidget()
        head = self._row = QHBoxLayout(self._head)
        head.setContentsMargins(12, 4, 8, 3)
        head.setSpacing(4)
        head.addWidget(self.heading, 1)
        head.addWidget(self.badge)
        head.addSpacing(6)
        head.addWidget(self.sides)
        head.addWidget(self.digits)
        head.addWidget(self.more)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self.view, 1)
        hand_focus(self, self.view)
        self.set_wishes(wishes)
        self.set_theme(theme)
        self.sides.currentIndexChanged.connect(
            lambda place: self._wish(replace(self._wishes, sides=Sides(self.sides.itemData(place))))
        )
        self.digits.valueChanged.connect(lambda digits: self._wish(replace(self._wishes, digits=digits)))
        self.chain.toggled.connect(lambda shown: self._wish(replace(self._wishes, chain=shown)))
        self.matrices.toggled.connect(lambda shown: self._wish(replace(self._wishes, matrices=shown)))
        self.autograd.toggled.connect(lambda shown: self._wish(replace(self._wishes, autograd=shown)))

    @property
    def wishes(self) -> Wishes:
        """What the user chose."""
        return self._wishes

    def set_wishes(self, wishes: Wishes) -> None:
        """Shows these choices."""
        self._wishes = wishes
        for widget in (self.sides, self.digits):
            widget.blockSignals(True)
        self.sides.setCurrentIndex(self.sides.findData(wishes.sides))
        self.digits.setValue(wishes.digits)
        for widget in (self.sides, self.digits):
            widget.blockSignals(False)
        shown = ((self.chain, wishes.chain), (self.matrices, wishes.matrices), (self.autograd, wishes.autograd))
        for action, value in shown:
            action.blockSignals(True)
            action.setChecked(value)
            action.blockSignals(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the badge leaves it to the heading."""
        super().resizeEvent(event)
        self._show_badge()

    def set_presenting(self, is_on: bool) -> None:
        """In a presentation the head leaves its room to the equation; its badge may stand elsewhere meanwhile."""
        self._presents = is_on
        self._head.setHidden(is_on)
        if not is_on:
            self._row.insertWidget(self._row.indexOf(self.heading) + 1, self.badge)
        self._show_badge()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.view.set_theme(theme)
        self.badge.set_theme(theme)
        self.heading.setStyleSheet(f"color: {theme.text}; font-weight: 600;")
        self.more.setIcon(icon("settings", QColor(theme.text)))
        self.more.setIconSize(QSize(theme.icon_px, theme.icon_px))
        for widget in (self.sides, self.digits):
            widget.setStyleSheet(f"font-size: {theme.small_px}px; padding-top: 1px; padding-bottom: 1px;")
        words = QFontMetrics(ui_font(theme.small_px)).horizontalAdvance(f"{MOST_DIGITS}{self.digits.suffix()}")
        self.digits.setFixedWidth(words + round(theme.base_px * _AROUND_DIGITS))

    def _show_badge(self) -> None:
        self.badge.set_brief(self._presents or self.width() < self.fontMetrics().height() * _NARROW_LINES)

    def _wish(self, wishes: Wishes) -> None:
        if wishes != self._wishes:
            self._wishes = wishes
            self.wishes_changed.emit(wishes)


def _check(text: str, parent: QWidget) -> QAction:
    action = QAction(text, parent)
    action.setCheckable(True)
    return action
