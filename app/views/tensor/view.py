"""The tensor panel: header, axes, table and heatmap, figures."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QStackedWidget, QTabWidget, QVBoxLayout, QWidget

from app.models.tensor_plane import TensorPlane, leading_axes
from app.models.tensor_shown import TensorShown, known_statistics
from app.theme import Theme, ui_font
from app.views.tensor.colours import ColourRange, colour_range
from app.views.tensor.heatmap_pane import HeatmapPane
from app.views.tensor.scalar import ScalarView
from app.views.tensor.slice_bar import SliceBar
from app.views.tensor.statistics_line import StatisticsLine
from app.views.tensor.table_pane import TablePane
from engine.values import Statistics


class TensorView(QWidget):
    """Shows one tensor: its name, shape, dtype and device, its elements, and figures about them.

    Signals:
        element_activated(index): an element was chosen in table or heatmap; a tuple of integers.
    """

    element_activated = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._shown: TensorShown | None = None
        self._statistics: Statistics | None = None
        self._scale = ColourRange(0.0, 1.0, diverging=False)
        self._header = QLabel()
        self._header.setTextFormat(Qt.TextFormat.RichText)
        self._header.setWordWrap(True)
        self._header.setContentsMargins(10, 8, 10, 4)
        self.slices = SliceBar()
        self.table_pane = TablePane(theme)
        self.heatmap_pane = HeatmapPane(theme)
        self.scalar = ScalarView(theme)
        self.figures = StatisticsLine(theme)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.table_pane, self.tr("Table"))
        self.tabs.addTab(self.heatmap_pane, self.tr("Heatmap"))
        self._nothing = QLabel(self.tr("Select a value to see its numbers."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        for page in (self._nothing, self.scalar, self.tabs):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self._header, self.slices):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)
        column.addWidget(self.figures)
        self.set_theme(theme)
        self.set_tensor(None)
        self.slices.leading_changed.connect(self._on_leading_changed)
        self.heatmap_pane.lock.toggled.connect(self._on_lock_toggled)
        self.table_pane.table.element_activated.connect(self._on_element_activated)
        self.heatmap_pane.heatmap.element_activated.connect(self._on_element_activated)

    def set_tensor(self, shown: TensorShown | None) -> None:
        """Shows this tensor; None says that nothing is selected. Tab, axes and a locked range stay as they are."""
        self._shown = shown
        self._statistics = None if shown is None else known_statistics(shown)
        self._header.setText(self._header_text())
        self._header.setVisible(shown is not None)
        self.figures.setVisible(shown is not None and shown.array.ndim > 0)
        self.figures.set_statistics(self._statistics)
        self.slices.set_sizes(() if shown is None else leading_axes(shown.array))
        if shown is None:
            self._stack.setCurrentWidget(self._nothing)
        elif shown.array.ndim == 0:
            self.scalar.set_shown(shown)
            self._stack.setCurrentWidget(self.scalar)
        else:
            self._stack.setCurrentWidget(self.tabs)
        self.heatmap_pane.heatmap.set_marked(None)
        self._show_plane()

    def select_element(self, index: tuple[int, ...]) -> None:
        """Goes to an element: its slice, its cell in the table, a ring in the heatmap."""
        if self._shown is None or len(index) != self._shown.array.ndim:
            return
        leading = index[: len(leading_axes(self._shown.array))]
        self.slices.set_leading(leading)
        cell = TensorPlane(self._shown.array, leading).cell_of(index)
        self.table_pane.show_cell(*cell)
        self.heatmap_pane.heatmap.set_marked(cell)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._theme = theme
        self._header.setFont(ui_font(theme.base_px))
        self._header.setText(self._header_text())
        self.table_pane.table.set_theme(theme)
        self.heatmap_pane.set_theme(theme)
        self.scalar.set_theme(theme)
        self.figures.set_theme(theme)
        self.figures.set_statistics(self._statistics)
        if self._shown is not None and self._shown.array.ndim == 0:
            self.scalar.set_shown(self._shown)

    def scale(self) -> ColourRange:
        """The range of numbers that the colours stand for."""
        return self._scale

    def _show_plane(self) -> None:
        shown = self._shown
        if shown is None or shown.array.ndim == 0:
            plane = None
        else:
            plane = TensorPlane(shown.array, self.slices.leading)
            if not self.heatmap_pane.lock.isChecked() and shown.array.size:
                self._scale = colour_range(plane.cells, shown.kind, self._statistics)
        self.table_pane.table.set_scale(self._scale)
        self.table_pane.set_plane(plane)
        self.heatmap_pane.heatmap.set_plane(plane, self._scale)

    def _header_text(self) -> str:
        if self._shown is None:
            return ""
        shown = self._shown
        symbol = f" ({_escaped(shown.symbol)})" if shown.symbol else ""
        shape = "×".join(map(str, shown.array.shape)) or self.tr("scalar")
        facts = " · ".join((shape, shown.dtype_name, shown.device))
        name = f"<b>{_escaped(shown.title)}</b>{symbol}"
        return f'{name} &nbsp; <span style="color: {self._theme.muted}">{_escaped(facts)}</span>'

    def _on_leading_changed(self) -> None:
        self.heatmap_pane.heatmap.set_marked(None)
        self._show_plane()

    def _on_lock_toggled(self, locked: bool) -> None:
        if not locked:
            self._show_plane()

    def _on_element_activated(self, index: tuple[int, ...]) -> None:
        self.select_element(index)
        self.element_activated.emit(index)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
