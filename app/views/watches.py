"""The panel of watches: expressions with their values at the present place, and the curve of one of them."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QSplitter, QTableView, QVBoxLayout, QWidget

from app.guard import painted
from app.models.watches import EXPRESSION, VALUE, WatchesModel
from app.plots.loss_curve import LossCurve
from app.theme import Theme, code_font
from app.views.brackets import paint_brackets
from app.views.handing_focus import hand_focus

_CURVE_HEIGHT_PX = 150
_ROW_MARGIN_PX = 7


class WatchesView(QWidget):
    """Shows a `WatchesModel`; typing edits, Delete removes, Ctrl+Return or a double-click on a value plots.

    Signals:
        plot_requested(row): the user wants to see this expression over the iterations.
    """

    plot_requested = Signal(int)

    def __init__(self, model: WatchesModel, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.table = _Table(theme, self)
        self.table.setModel(model)
        self.note = _label(self)
        self.title = _label(self)
        self.curve = LossCurve(theme)
        self.curve_pane = _column(self.title, self.curve)
        self.curve_pane.setMinimumHeight(_CURVE_HEIGHT_PX)
        self.curve_pane.hide()
        split = QSplitter(Qt.Orientation.Vertical)
        split.setChildrenCollapsible(False)
        split.addWidget(_column(self.table, self.note))
        split.addWidget(self.curve_pane)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(split)
        self._add_action(self.tr("Edit"), "F2", self._edit)
        self._add_action(self.tr("Remove"), "Del", lambda: model.remove(self.table.currentIndex().row()))
        self._add_action(self.tr("Plot over the iterations"), "Ctrl+Return", self._plot)
        self._add_action(self.tr("Close the curve"), "Ctrl+Backspace", self.curve_pane.hide)
        hand_focus(self, self.table)
        self.set_theme(theme)
        self.table.selectionModel().currentChanged.connect(self._show_note)
        model.dataChanged.connect(self._show_note)
        model.modelReset.connect(self._show_note)
        self.table.doubleClicked.connect(self._on_double_clicked)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        font = code_font(theme.base_px)
        self.table.setFont(font)
        self.table.set_theme(theme)
        self.table.verticalHeader().setDefaultSectionSize(QFontMetrics(font).height() + _ROW_MARGIN_PX)
        for label in (self.note, self.title):
            label.setStyleSheet(f"color: {theme.muted}; padding: 3px 8px;")
        self._model.set_theme(theme)
        self.curve.set_theme(theme)

    def set_pointed(self, names: frozenset[str]) -> None:
        """Draws corners around the rows of these expressions."""
        self.table.set_pointed(names)

    def show_curve(self, symbol: str, name: str, nothing: str) -> None:
        """Opens the curve. symbol: the expression. name: what the curve is. nothing: told where it has no points."""
        self.title.setText(name)
        self.title.show()
        self.title.setToolTip(symbol)
        self.curve.set_symbol("", name, nothing)
        self.curve_pane.show()

    @property
    def has_curve(self) -> bool:
        """Whether a curve is open."""
        return self.curve_pane.isVisibleTo(self)

    def _show_note(self) -> None:
        """In full what a row has no room for: why the selected expression has no result."""
        text = self._model.reason(self.table.currentIndex().row())
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def _add_action(self, text: str, key: str, do: object) -> None:
        action = QAction(text, self.table)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(do)
        self.table.addAction(action)

    def _edit(self) -> None:
        self.table.edit(self._model.index(max(self.table.currentIndex().row(), 0), EXPRESSION))

    def _plot(self) -> None:
        self.plot_requested.emit(self.table.currentIndex().row())

    def _on_double_clicked(self, index: QModelIndex) -> None:
        if index.column() == VALUE:
            self.plot_requested.emit(index.row())


def _label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setVisible(False)
    return label


def _column(*widgets: QWidget) -> QWidget:
    pane = QWidget()
    column = QVBoxLayout(pane)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget, 0 if isinstance(widget, QLabel) else 1)
    return pane


class _Table(QTableView):
    """Columns share the width; Return edits, and typing replaces."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setAccessibleName(self.tr("Watches"))
        self._theme = theme
        self._pointed = frozenset[str]()
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours."""
        self._theme = theme
        self.viewport().update()

    def set_pointed(self, names: frozenset[str]) -> None:
        """Draws corners around the rows of these expressions."""
        if names != self._pointed:
            self._pointed = names
            self.viewport().update()

    @painted
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        model = self.model()
        painter = QPainter(self.viewport())
        for row in range(model.rowCount() if self._pointed else 0):
            first = model.index(row, EXPRESSION)
            if first.data() in self._pointed:
                area = self.visualRect(first).united(self.visualRect(model.index(row, VALUE)))
                paint_brackets(painter, QRectF(area).adjusted(2, 2, -2, -2), self._theme)
