"""A tree of plain rows: chosen rows show in other panels, and can be watched."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QKeySequence, QPalette, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTreeView, QWidget

from app.models.plain_tree import EXPRESSION_ROLE, FAINT_ROLE, VALUE_ROLE, PlainTreeModel
from app.theme import Theme, code_font, ui_font

AnyIndex = QModelIndex | QPersistentModelIndex

_ROOM_FOR_ALL = 36
"""How many times the font's size a panel must be wide to have all of many columns."""
_FEW_COLUMNS = 3
_HEADER = 2.3
"""Height of a header, in sizes of the font; a rare letter in it, of another font, shall not make it higher."""


def fit_to_letters(tree: QTreeView, theme: Theme) -> None:
    """Makes a tree's rows and header as high as the letters of a theme."""
    tree.setFont(ui_font(theme.base_px))
    tree.header().setFixedHeight(round(theme.base_px * _HEADER))
    tree.scheduleDelayedItemsLayout()


class PlainTreeView(QTreeView):
    """Shows a `PlainTreeModel`. Return shows a row's value, Ctrl+Return watches it.

    Signals:
        value_chosen(value): id of the recorded value of the row that was clicked or stepped to.
        watch_requested(expression): the row shall be watched. came_up(): the view is on screen again.
    """

    value_chosen = Signal(int)
    watch_requested = Signal(str)
    came_up = Signal()

    def __init__(
        self, model: PlainTreeModel, theme: Theme, name: str, shares: tuple[int, ...], parent: QWidget | None = None
    ) -> None:
        """name: for screen readers. shares: of the width, a column each; in a narrow panel the last ones go."""
        super().__init__(parent)
        self._model, self._shares = model, shares
        self._rows = _Rows(theme, self)
        self.setModel(model)
        self.setItemDelegate(self._rows)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setAccessibleName(name)
        self.header().setStretchLastSection(False)
        self.header().setMinimumSectionSize(30)
        for column in range(model.columnCount()):
            self.header().setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        self._watch = QAction(self.tr("Watch"), self)
        self._watch.setShortcut(QKeySequence("Ctrl+Return"))
        self._watch.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.addAction(self._watch)
        self.set_theme(theme)
        self._watch.triggered.connect(self._on_watch)
        self.clicked.connect(self._on_chosen)
        self.activated.connect(self._on_chosen)

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self._rows.theme = theme
        self.setIndentation(round(theme.base_px))
        fit_to_letters(self, theme)

    def sizeHint(self) -> QSize:
        return QSize(420, 320)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns share the width: names and numbers both stay readable when the panel is narrow."""
        super().resizeEvent(event)
        is_narrow = self.width() < _ROOM_FOR_ALL * self._rows.theme.base_px
        last = len(self._shares) - 1
        self.setColumnHidden(last, is_narrow and last >= _FEW_COLUMNS)
        shown = [column for column in range(last + 1) if not self.isColumnHidden(column)]
        whole = sum(self._shares[column] for column in shown)
        for column in shown:
            self.header().resizeSection(column, self.viewport().width() * self._shares[column] // whole)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.came_up.emit()

    def rowsInserted(self, parent: AnyIndex, first: int, last: int) -> None:
        """A heading has nothing beside it, so it may be as long as the row."""
        super().rowsInserted(parent, first, last)
        for row in range(first, last + 1):
            item = self._model.item(self._model.index(row, 0, parent))
            if item is not None and not any(item.cells[1:]):
                self.setFirstColumnSpanned(row, parent, True)

    def _on_chosen(self, index: QModelIndex) -> None:
        value = index.data(VALUE_ROLE)
        if value is not None:
            self.value_chosen.emit(value)

    def _on_watch(self) -> None:
        expression = self.currentIndex().data(EXPRESSION_ROLE)
        if expression:
            self.watch_requested.emit(expression)


class _Rows(QStyledItemDelegate):
    """Names in the interface's font, numbers in the code's; what has no value is faint."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    def initStyleOption(self, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        super().initStyleOption(option, index)
        theme, is_group = self.theme, not index.parent().isValid()
        option.font = ui_font(theme.base_px, bold=is_group) if index.column() == 0 else code_font(theme.small_px)
        faint = index.data(FAINT_ROLE) or index.column() == 1
        option.palette.setColor(QPalette.ColorRole.Text, QColor(theme.muted if faint else theme.text))

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), round(self.theme.base_px * 1.75))
