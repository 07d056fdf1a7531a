"""The panel of plots: a choice, and the plot that is chosen."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from app.assets import icon
from app.theme import Theme
from app.views.handing_focus import hand_focus


class PlotsPanel(QWidget):
    """Shows one of several plots; above it which, and how far along its numbers are.

    Signals:
        chosen(key): the user wants to see another plot. save_wanted(): this one shall be kept as a picture.
    """

    chosen = Signal(str)
    save_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offered: list[tuple[str, Callable[[], QWidget]]] = []
        self.choice = QComboBox()
        self.choice.setAccessibleName(self.tr("Plot"))
        self.choice.setToolTip(self.tr("Which plot is shown"))
        self.save = QToolButton()
        self.save.setToolTip(self.tr("Save this plot as a picture…"))
        self.save.setAccessibleName(self.save.toolTip())
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setMaximumHeight(4)
        self.progress.hide()
        self._pages = QStackedWidget()
        head = QHBoxLayout()
        head.setContentsMargins(8, 5, 8, 2)
        head.addWidget(self.choice, 1)
        head.addWidget(self.save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.progress)
        column.addWidget(self._pages, 1)
        hand_focus(self, self.choice)
        self.set_theme(theme)
        self.choice.currentIndexChanged.connect(self._on_chosen)
        self.save.clicked.connect(self.save_wanted)

    @property
    def key(self) -> str:
        """Which plot is shown."""
        place = self.choice.currentIndex()
        return self._offered[place][0] if 0 <= place < len(self._offered) else ""

    def add_plot(self, key: str, title: str, page: Callable[[], QWidget]) -> None:
        """Offers a plot. page: asked for when it is chosen; several may share one."""
        self._offered.append((key, page))
        self.choice.addItem(title)

    def show_plot(self, key: str) -> None:
        """Shows a plot."""
        self.choice.setCurrentIndex([offered for offered, _ in self._offered].index(key))

    def picture(self) -> QPixmap:
        """What is shown, as it looks."""
        return self._pages.grab()

    def set_progress(self, done: int, count: int) -> None:
        """Shows how far along the numbers are; hides it when they are complete."""
        self.progress.setRange(0, max(1, count))
        self.progress.setValue(done)
        self.progress.setVisible(done < count)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's sizes."""
        self.choice.setStyleSheet(f"font-size: {theme.small_px}px;")
        self.save.setIcon(icon("image", QColor(theme.text)))
        self.save.setIconSize(QSize(theme.icon_px, theme.icon_px))

    def _on_chosen(self, place: int) -> None:
        page = self._offered[place][1]()
        if self._pages.indexOf(page) < 0:
            self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        self.chosen.emit(self.key)
