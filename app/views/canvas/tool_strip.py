"""A few buttons in the canvas's corner: find, neurons or cards, fewer and more modules open, repeats, fit."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from app.assets import icon
from app.theme import Theme

ICONS = {
    "search": "search", "neurons": "workflow", "repeats": "layers", "less": "chevrons-down-up",
    "more": "chevrons-up-down", "fit": "maximize",
}  # fmt: skip


class ToolStrip(QFrame):
    """Shows buttons for what the canvas's keys do too; those that would do nothing are not shown.

    Signals:
        wanted(str): the button's name, one of `ICONS`.
    """

    wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas_tools")
        tips = {
            "search": self.tr("Find in the graph (/)"),
            "neurons": self.tr("Neurons or cards (N)"),
            "repeats": self.tr("All units of what repeats, or one (M)"),
            "less": self.tr("Close the innermost modules ([)"),
            "more": self.tr("Open the next level of modules (])"),
            "fit": self.tr("Fit the graph (F)"),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        self.buttons: dict[str, QToolButton] = {}
        for name in ICONS:
            button = QToolButton()
            button.setObjectName(f"canvas_{name}")
            button.setAutoRaise(True)
            button.setToolTip(tips[name])
            button.setAccessibleName(tips[name])
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _=False, name=name: self.wanted.emit(name))
            row.addWidget(button)
            self.buttons[name] = button
        self.set_theme(theme)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours."""
        self.setStyleSheet(
            f"#canvas_tools {{ background: {theme.surface}; border: 1px solid {theme.border}; border-radius: 6px; }}"
        )
        for name, button in self.buttons.items():
            button.setIcon(icon(ICONS[name], QColor(theme.text)))
            button.setIconSize(QSize(theme.icon_px, theme.icon_px))
        self.adjustSize()

    def show_possible(self, *, neurons: bool, repeats: bool, levels: bool) -> None:
        """Hides the buttons of what this graph does not have."""
        self.buttons["neurons"].setVisible(neurons)
        self.buttons["repeats"].setVisible(repeats)
        self.buttons["less"].setVisible(levels)
        self.buttons["more"].setVisible(levels)
        self.adjustSize()
