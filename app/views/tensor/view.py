"""The tensor panel: head, axes, table, heatmap, pictures, histogram, course over the iterations, bars, figures."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QResizeEvent
from PySide6.QtWidgets import QLabel, QStackedWidget, QTabWidget, QToolTip, QVBoxLayout, QWidget

from app.models.tensor_plane import TensorPlane, other_axes, sampled
from app.models.tensor_saving import as_tsv
from app.models.tensor_shown import TensorMissing, TensorShown, known_statistics
from app.theme import Theme
from app.views.handing_focus import hand_focus
from app.views.tensor.bars import BarsView
from app.views.tensor.colours import ColourRange, colour_codes, colour_range
from app.views.tensor.head import TensorHead
from app.views.tensor.heatmap import indexed_image
from app.views.tensor.heatmap_pane import HeatmapPane
from app.views.tensor.histogram import HistogramPane
from app.views.tensor.images import ImagesPane
from app.views.tensor.over_time import OverTimePane
from app.views.tensor.saving import SavingBar
from app.views.tensor.scalar import ScalarView
from app.views.tensor.slice_bar import SliceBar
from app.views.tensor.statistics_line import StatisticsLine
from app.views.tensor.table import MOST_COPIED
from app.views.tensor.table_pane import TablePane
from engine.values import Statistics

_MOST_SAVED_SIDE = 8192
_LEAST_EM = 16
"""In a low panel the figures give way, so that the numbers keep this height, in sizes of the letters."""


class TensorView(QWidget):
    """Shows one tensor: its name, shape, dtype and device, its elements in several ways, and figures about them.

    Only the tab that is open is kept true; what takes long is asked for.

    Signals:
        element_activated(index): an element was chosen; a tuple of integers. find_wanted(what): "max", "min" or
        "not finite" is looked for. looked_at(): a tab was opened that shows what somebody else works out (see
        `wants_histogram`, `wants_course`).
    """

    element_activated = Signal(object)
    find_wanted = Signal(str)
    looked_at = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: TensorShown | None = None
        self._statistics: Statistics | None = None
        self._plane: TensorPlane | None = None
        self._marked: tuple[int, ...] | None = None
        self._scale = ColourRange(0.0, 1.0, diverging=False)
        self.head = TensorHead(theme)
        self.saving = SavingBar()
        self.slices = SliceBar()
        self.table_pane = TablePane(theme)
        self.heatmap_pane = HeatmapPane(theme)
        self.images_pane = ImagesPane(theme)
        self.histogram_pane = HistogramPane(theme)
        self.over_time = OverTimePane(theme)
        self.bars = BarsView(theme)
        self.scalar = ScalarView(theme)
        self.figures = StatisticsLine(theme)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("tensor_tabs")
        self.tabs.setDocumentMode(True)
        self.tabs.setUsesScrollButtons(True)
        self._numbers = QStackedWidget()
        for page in (self.table_pane, self.scalar):
            self._numbers.addWidget(page)
        for pane, name in (
            (self._numbers, self.tr("Table")),
            (self.heatmap_pane, self.tr("Heatmap")),
            (self.images_pane, self.tr("Pictures")),
            (self.histogram_pane, self.tr("Histogram")),
            (self.over_time, self.tr("Over time")),
            (self.bars, self.tr("Bars")),
        ):
            self.tabs.addTab(pane, name)
        self._nothing = QLabel()
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(16, 0, 16, 0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self.tabs)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.head, self.saving, self.slices):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)
        column.addWidget(self.figures)
        hand_focus(self, self.tabs)
        self.set_theme(theme)
        self.set_tensor(None)
        self.slices.leading_changed.connect(self._on_leading_changed)
        self.slices.axes_changed.connect(self._on_leading_changed)
        self.tabs.currentChanged.connect(self._on_tab_changed)
        self.heatmap_pane.lock.toggled.connect(self._on_lock_toggled)
        self.head.find_wanted.connect(self.find_wanted)
        self.head.copy_wanted.connect(self.copy_plane)
        self.figures.find_wanted.connect(self.find_wanted)
        self.over_time.choice_changed.connect(self.looked_at)
        for source in (self.table_pane.table, self.heatmap_pane.heatmap, self.images_pane.images, self.bars):
            source.element_activated.connect(self._on_element_activated)

    @property
    def shown(self) -> TensorShown | None:
        """What is shown, None if nothing is or its numbers are not there."""
        return self._shown

    @property
    def plane(self) -> TensorPlane | None:
        """The part of it that the table and the heatmap show."""
        return self._plane

    @property
    def element(self) -> tuple[int, ...] | None:
        """The element that is chosen."""
        return self._marked

    @property
    def statistics(self) -> Statistics | None:
        """Figures about it, None where they are not known."""
        return self._statistics

    @property
    def wants_histogram(self) -> bool:
        """Whether the open tab is the histogram."""
        return self._shown is not None and self.tabs.currentWidget() is self.histogram_pane

    @property
    def wants_course(self) -> bool:
        """Whether the open tab is the course over the iterations."""
        return self._shown is not None and self.tabs.currentWidget() is self.over_time

    def set_tensor(self, shown: TensorShown | TensorMissing | None) -> None:
        """Shows this tensor; None says that nothing is selected. Tab, axes and a locked range stay as they are."""
        self.head.set_shown(shown)
        self._marked = None
        if shown is None or isinstance(shown, TensorMissing):
            self._shown, self._statistics = None, None if shown is None else shown.statistics
            self._nothing.setText(self.tr("Select a value to see its numbers.") if shown is None else shown.reason)
            self.slices.set_shape(())
            self._stack.setCurrentWidget(self._nothing)
        else:
            self._shown, self._statistics = shown, known_statistics(shown)
            self.slices.set_shape(shown.array.shape)
            if shown.array.size == 1:
                self.scalar.set_shown(shown)
            self._numbers.setCurrentWidget(self.scalar if shown.array.size == 1 else self.table_pane)
            self._stack.setCurrentWidget(self.tabs)
        self.figures.set_statistics(self._statistics)
        self._show_plane()

    def select_element(self, index: tuple[int, ...]) -> None:
        """Goes to an element: its slice, its cell in the table, a ring in the pictures."""
        shown = self._shown
        if shown is None or len(index) != shown.array.ndim or not shown.array.ndim:
            return
        axes = self.slices.axes
        self.slices.set_leading(tuple(index[axis] for axis in other_axes(shown.array.ndim, axes)))
        self._marked = index
        plane = TensorPlane(shown.array, self.slices.leading, axes if shown.array.ndim > 1 else None)
        cell = plane.cell_of(index)
        self.table_pane.show_cell(*cell)
        self.heatmap_pane.heatmap.set_marked(cell)
        self.images_pane.images.set_marked(index)
        self._show_bars()

    def copy_plane(self) -> None:
        """Puts the table on the clipboard, exact numbers, tabs between columns."""
        if self._plane is None:
            return
        if self._plane.cells.size > MOST_COPIED:
            text = self.tr("At most %1 cells can be copied. Save the tensor instead.")
            QToolTip.showText(self.mapToGlobal(self.rect().center()), text.replace("%1", f"{MOST_COPIED:,}"), self)
            return
        QGuiApplication.clipboard().setText(as_tsv(self._plane))

    def picture(self) -> QImage:
        """The plane as a picture, a pixel a cell (of huge ones evenly spaced cells)."""
        if self._plane is None:
            return QImage()
        cells = sampled(self._plane.cells, _MOST_SAVED_SIDE).cells
        colours = self._theme.colour_map(signed=self._scale.diverging)
        return indexed_image(colour_codes(cells, self._scale), colours)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self.head.set_theme(theme)
        self.table_pane.table.set_theme(theme)
        for pane in (self.heatmap_pane, self.images_pane, self.histogram_pane, self.over_time, self.bars, self.scalar):
            pane.set_theme(theme)
        self.figures.set_theme(theme)
        self.figures.set_statistics(self._statistics)
        self.tabs.setStyleSheet(f"QTabBar::tab {{ padding: 5px 5px; font-size: {theme.small_px}px; }}")
        if self._shown is not None and self._shown.array.size == 1:
            self.scalar.set_shown(self._shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a low panel the figures give way to the numbers."""
        super().resizeEvent(event)
        self._show_figures()

    def scale(self) -> ColourRange:
        """The range of numbers that the colours stand for."""
        return self._scale

    def _show_plane(self) -> None:
        shown = self._shown
        if shown is None:
            self._plane = None
        else:
            axes = self.slices.axes if shown.array.ndim > 1 else None
            self._plane = TensorPlane(shown.array, self.slices.leading, axes)
            if not self.heatmap_pane.lock.isChecked() and shown.array.size:
                self._scale = colour_range(self._plane.cells, shown.kind, self._statistics)
        self._show_open_tab()

    def _show_open_tab(self) -> None:
        """Only what is seen is read; the table reads what it paints in any case."""
        has_cells = self.tabs.currentWidget() in (self._numbers, self.heatmap_pane, self.bars)
        self.slices.setVisible(has_cells and self._plane is not None and self.slices.is_needed)
        self._show_figures()
        self.table_pane.table.set_scale(self._scale)
        self.table_pane.set_plane(self._plane)
        known = self._statistics
        self.table_pane.table.set_range(*((0.0, 1.0) if known is None else (known.min, known.max)))
        is_heatmap = self.tabs.currentWidget() is self.heatmap_pane
        self.heatmap_pane.heatmap.set_plane(self._plane if is_heatmap else None, self._scale)
        is_images = self.tabs.currentWidget() is self.images_pane
        self.images_pane.set_shown(self._shown if is_images and self._plane is not None else None, self._scale)
        self.heatmap_pane.heatmap.set_marked(self._marked_cell())
        self.images_pane.images.set_marked(self._marked)
        self._show_bars()
        self.looked_at.emit()

    def _show_bars(self) -> None:
        is_open = self.tabs.currentWidget() is self.bars
        self.bars.set_plane(self._plane if is_open else None, self._marked_cell() if is_open else None)

    def _show_figures(self) -> None:
        # A course over the iterations needs the room, and tells such figures itself; one number has none.
        has_figures = self._shown is None or self._shown.array.size != 1
        others = [self.head, self.figures] + ([self.slices] if self.slices.isVisibleTo(self) else [])
        left = self.height() - sum(one.sizeHint().height() for one in others)
        has_room = left >= _LEAST_EM * self._theme.base_px
        self.figures.setVisible(has_figures and has_room and self._has_facts() and not self.wants_course)

    def _has_facts(self) -> bool:
        return self._shown is not None or self._statistics is not None

    def _marked_cell(self) -> tuple[int, int] | None:
        return None if self._marked is None or self._plane is None else self._plane.cell_of(self._marked)

    def _on_leading_changed(self) -> None:
        self._marked = None
        self._show_plane()

    def _on_tab_changed(self) -> None:
        self._show_open_tab()

    def _on_lock_toggled(self, locked: bool) -> None:
        if not locked:
            self._show_plane()

    def _on_element_activated(self, index: tuple[int, ...]) -> None:
        self.select_element(index)
        self.element_activated.emit(index)
