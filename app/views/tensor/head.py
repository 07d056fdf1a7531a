"""The head of the tensor panel: what is shown, as it is or as a difference, and what can be done with it."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from app.assets import icon
from app.guard import painted
from app.models.tensor_shown import TensorMissing, TensorShown
from app.theme import Theme, ui_font
from app.views.brackets import paint_brackets


class TensorHead(QWidget):
    """Shows name, shape, dtype, device and strides; a button for the difference, and a menu.

    Signals:
        difference_toggled(shown): the change since the iteration before is wanted, or no longer. other_wanted(): the
        difference to another trace is wanted. find_wanted(what): "max", "min" or "not finite". copy_wanted(): the plane
        as text. save_wanted(format): "npy", "csv" or "png".
    """

    difference_toggled = Signal(bool)
    other_wanted = Signal()
    find_wanted = Signal(str)
    copy_wanted = Signal()
    save_wanted = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: TensorShown | TensorMissing | None = None
        self.is_pointed = False
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.RichText)
        self.label.setWordWrap(True)
        self.delta = QToolButton()
        self.delta.setText("Δ")
        self.delta.setCheckable(True)
        self.delta.setToolTip(self.tr("The change since the iteration before"))
        self.delta.setAccessibleName(self.tr("The change since the iteration before"))
        self.more = QToolButton()
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setToolTip(self.tr("Go to, compare, copy, save"))
        self.more.setAccessibleName(self.tr("More of the tensor"))
        menu = QMenu(self)
        self._add(menu, self.tr("Go to the largest number"), "Ctrl+Shift+Up", lambda: self.find_wanted.emit("max"))
        self._add(menu, self.tr("Go to the smallest number"), "Ctrl+Shift+Down", lambda: self.find_wanted.emit("min"))
        self._add(
            menu,
            self.tr("Go to the first NaN or infinity"),
            "Ctrl+Shift+Right",
            lambda: self.find_wanted.emit("not finite"),
        )
        menu.addSeparator()
        self._add(menu, self.tr("Difference to another trace…"), "", self.other_wanted.emit)
        menu.addSeparator()
        self._add(menu, self.tr("Copy the table"), "", self.copy_wanted.emit)
        self._add(menu, self.tr("Save as .npy…"), "", lambda: self.save_wanted.emit("npy"))
        self._add(menu, self.tr("Save the table as .csv…"), "", lambda: self.save_wanted.emit("csv"))
        self._add(menu, self.tr("Save the picture as .png…"), "", lambda: self.save_wanted.emit("png"))
        self.more.setMenu(menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 6, 2)
        row.setSpacing(2)
        row.addWidget(self.label, 1)
        row.addWidget(self.delta, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        self.set_theme(theme)
        self.delta.toggled.connect(self.difference_toggled)

    def set_shown(self, shown: TensorShown | TensorMissing | None) -> None:
        """Names this tensor."""
        self._shown = shown
        self.label.setText(self._text())
        self.setVisible(shown is not None)

    def set_pointed(self, is_on: bool) -> None:
        """Puts corners around the name, or takes them away."""
        self.is_pointed = is_on
        self.update()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        if self.is_pointed:
            painter = QPainter(self)
            paint_brackets(painter, QRectF(self.label.geometry()).adjusted(-5, 0, 3, 0), self._theme)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.label.setFont(ui_font(theme.base_px))
        self.label.setText(self._text())
        self.more.setIcon(icon("settings", QColor(theme.text)))
        self.more.setIconSize(QSize(theme.icon_px, theme.icon_px))

    def _add(self, menu: QMenu, text: str, key: str, do: object) -> None:
        action = QAction(text, self)
        action.triggered.connect(do)
        if key:
            action.setShortcut(QKeySequence(key))
        menu.addAction(action)
        # Keys of a menu that is not open count for nothing; on the panel they do.
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(action)

    def _text(self) -> str:
        shown = self._shown
        if shown is None:
            return ""
        memory = ""
        if isinstance(shown, TensorMissing):
            symbol, shape, device = "", shown.shape, ""
        else:
            symbol = f" ({_escaped(shown.symbol)})" if shown.symbol else ""
            shape, device = shown.array.shape, shown.device
            if shown.layout not in ("", "strided"):
                memory = shown.layout
            elif shown.strides and shown.strides != _usual_strides(shape):
                memory = self.tr("strides %1").replace("%1", ", ".join(map(str, shown.strides)))
        words = ("×".join(map(str, shape)) or self.tr("scalar"), shown.dtype_name, device, memory)
        facts = " · ".join(word for word in words if word)
        name = f"<b>{_escaped(shown.title)}</b>{symbol}"
        return f'{name} &nbsp; <span style="color: {self._theme.muted}">{_escaped(facts)}</span>'


def _usual_strides(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Those of a tensor whose rows lie one after the other in memory, which are not worth a word."""
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
