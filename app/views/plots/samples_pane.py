"""The samples of an iteration and the data of a run: tables, points and curves, and the rows as a field of cells."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.guard import painted
from app.models.text_table import MARKED_ROLE, TextTable, TextTableModel
from app.plots.points_plot import Drawn, PointsPlot
from app.theme import Theme, code_font
from app.views.plots.rows_map import RowsMap
from engine.analysis.data.rows import DataRows


class SamplesPane(QWidget):
    """Shows one of them, with a sentence above a table, and a choice of two features above a scatter plot.

    Signals:
        features_chosen(): other features are wanted. iteration_requested(number): a row of the table was chosen.
    """

    features_chosen = Signal()
    iteration_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = TextTableModel(self)
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setWordWrap(False)
        self.table.setShowGrid(False)
        self.table.setFrameShape(QTableView.Shape.NoFrame)
        self.table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.table.verticalHeader().hide()
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.setAccessibleName(self.tr("Samples or epochs as a table"))
        self._rows = _Rows(theme, self.table)
        self.table.setItemDelegate(self._rows)
        self.points = PointsPlot(theme)
        self.map = RowsMap(theme)
        self.told = QLabel()
        self.told.setContentsMargins(10, 2, 10, 2)
        self.told.setWordWrap(True)
        self.first, self.second = QComboBox(), QComboBox()
        self.first.setAccessibleName(self.tr("Feature across"))
        self.second.setAccessibleName(self.tr("Feature upwards"))
        self._nothing = QLabel()
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._nothing.setContentsMargins(12, 0, 12, 0)
        tabled = QWidget()
        below = QVBoxLayout(tabled)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.told)
        below.addWidget(self.table, 1)
        self._features = QWidget()
        head = QHBoxLayout(self._features)
        head.setContentsMargins(8, 2, 8, 0)
        head.addWidget(self.first, 1)
        head.addWidget(self.second, 1)
        drawn = QWidget()
        column = QVBoxLayout(drawn)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._features)
        column.addWidget(self.points, 1)
        self._pages = QStackedWidget()
        for page in (self._nothing, tabled, drawn, self.map):
            self._pages.addWidget(page)
        self._tabled, self._drawn = tabled, drawn
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)
        self.set_theme(theme)
        self.first.activated.connect(self.features_chosen)
        self.second.activated.connect(self.features_chosen)
        self.table.activated.connect(self._on_activated)

    @property
    def features(self) -> tuple[int, int]:
        """Which features are chosen for a scatter plot; -1 before any were offered."""
        return self.first.currentIndex(), self.second.currentIndex()

    @property
    def nothing(self) -> str:
        """Why there is nothing, "" if there is something."""
        return self._nothing.text() if self._pages.currentWidget() is self._nothing else ""

    def offer_features(self, count: int) -> None:
        """Offers so many features; those chosen stay chosen."""
        if self.first.count() == count:
            return
        for box, usual in ((self.first, 0), (self.second, min(1, count - 1))):
            box.clear()
            box.addItems([f"x[{i}]" for i in range(count)])
            box.setCurrentIndex(usual)

    def show_table(self, table: TextTable, told: str) -> None:
        """Shows a table under a sentence; a table of the same heads stays scrolled where it is."""
        is_new = table.heads != self.model.table.heads
        scrolled = self.table.verticalScrollBar().value()
        self.model.set_table(table)
        self.told.setText(told)
        self.told.setVisible(bool(told))
        if is_new:
            self.table.resizeColumnsToContents()
        self.table.verticalScrollBar().setValue(scrolled)
        if table.at is not None:
            self.table.scrollTo(self.model.index(table.at, 0))
        self._pages.setCurrentWidget(self._tabled)

    def show_drawn(
        self, drawn: Sequence[Drawn], bottom: str, left: str, told: str, *, with_features: bool = False
    ) -> None:
        """Shows points and curves."""
        self._features.setVisible(with_features)
        self.points.set_drawn(drawn, bottom, left, told)
        self._pages.setCurrentWidget(self._drawn)

    def show_rows(self, rows: DataRows, length: int, iteration: int) -> None:
        """Shows the rows of the data."""
        self.map.show_rows(rows, length, iteration)
        self._pages.setCurrentWidget(self.map)

    def show_nothing(self, text: str) -> None:
        """Says why there is nothing."""
        self._nothing.setText(text)
        self._pages.setCurrentWidget(self._nothing)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.points.set_theme(theme)
        self.map.set_theme(theme)
        self._rows.theme = theme
        for label in (self._nothing, self.told):
            label.setStyleSheet(f"color: {theme.muted};")
        self.table.setFont(code_font(theme.small_px))
        self.table.horizontalHeader().setFont(code_font(theme.small_px))
        self.table.verticalHeader().setDefaultSectionSize(round(theme.base_px * 1.7))
        for box in (self.first, self.second):
            box.setStyleSheet(f"font-size: {theme.small_px}px;")
        self.table.viewport().update()

    def _on_activated(self, index: QModelIndex) -> None:
        iterations = self.model.table.iterations
        if index.row() < len(iterations):
            self.iteration_requested.emit(iterations[index.row()])


class _Rows(QStyledItemDelegate):
    """Marks the current row with a band, and marked rows with a cross before them."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    @painted
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:  # type: ignore[override]
        model = index.model()
        if isinstance(model, TextTableModel) and model.table.at == index.row():
            painter.fillRect(option.rect, QColor(self.theme.current_line))
        super().paint(painter, option, index)
        if index.column() == 0 and index.data(MARKED_ROLE):
            painter.setPen(QColor(self.theme.error))
            painter.drawText(
                option.rect.adjusted(4, 0, 0, 0), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, "✗"
            )
