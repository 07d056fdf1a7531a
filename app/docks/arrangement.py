"""The table of docks: which view is in which, where it stands, and how large it is at first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QTabWidget, QWidget

from app.theme import Theme

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
translate = QCoreApplication.translate
_FEATURES = QDockWidget.DockWidgetFeature.DockWidgetMovable | QDockWidget.DockWidgetFeature.DockWidgetClosable


@dataclass(frozen=True, slots=True)
class DockRow:
    """One dock. key: of the view, and the dock's object name. share: of its area's height at first.

    tabbed_with: key of the dock that it shares a place with, "" if it has its own. on_demand: it is closed until it is
    asked for.
    """

    key: str
    title: str
    area: Qt.DockWidgetArea
    share: int
    tabbed_with: str = ""
    on_demand: bool = False


def all_docks() -> tuple[DockRow, ...]:
    """The table, in the language of the translators that are installed by now."""
    return (
        DockRow("source", translate("docks", "Source"), LEFT, 52),
        DockRow("call_tree", translate("docks", "Call tree"), LEFT, 48),
        DockRow("console", translate("docks", "Console"), LEFT, 48, "call_tree"),
        DockRow("variables", translate("docks", "Variables"), LEFT, 48, "call_tree"),
        DockRow("parameters", translate("docks", "Parameters"), LEFT, 48, "call_tree"),
        DockRow("lesson", translate("docks", "Lesson"), RIGHT, 50, on_demand=True),
        DockRow("tensor", translate("docks", "Tensor"), RIGHT, 56),
        DockRow("loss", translate("docks", "Plots"), RIGHT, 44),
        DockRow("watches", translate("docks", "Watches"), RIGHT, 44, "loss"),
        DockRow("breakpoints", translate("docks", "Breakpoints"), RIGHT, 44, "loss"),
        DockRow("findings", translate("docks", "Findings"), RIGHT, 44, "loss"),
        DockRow("branches", translate("docks", "Branches"), RIGHT, 44, "loss"),
        DockRow("demo", translate("docks", "Demo"), RIGHT, 44, "loss", on_demand=True),
    )


_UPPER, _LOWER = "tensor", "loss"
"""Those on the right that are one above the other, the lower with its tabs."""
_NARROWEST_PX, _LOWEST_PX = 200, 96
"""Of any panel: a table that would like to be larger scrolls, and the window still fits a small screen."""

LEFT_SHARE, RIGHT_SHARE = 0.31, 0.27
"""Of the window's width, at first: code wants more of it than numbers do."""
_WIDEST_PX = 560
"""Of a side at first: what is more than this serves the graph better."""


def _title(text: str) -> QLabel:
    """A title without buttons: panels are closed and opened in the View menu, and dragged by their titles."""
    title = QLabel(text)
    title.setObjectName("dock_title")
    title.setContentsMargins(10, 7, 10, 5)
    return title


class Docks:
    """The window's docks by key."""

    def __init__(self, window: QMainWindow, views: Mapping[str, QWidget]) -> None:
        self._window = window
        self._rows = all_docks()
        self.by_key: dict[str, QDockWidget] = {}
        self._closed: set[str] = set()
        self._are_visible = True
        self._are_together = False
        window.setDockOptions(
            QMainWindow.DockOption.AllowNestedDocks
            | QMainWindow.DockOption.AllowTabbedDocks
            | QMainWindow.DockOption.AnimatedDocks
        )
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        for row in self._rows:
            dock = QDockWidget(row.title, window)
            dock.setObjectName(f"dock_{row.key}")
            dock.setFeatures(_FEATURES)
            dock.setWidget(views[row.key])
            views[row.key].setMinimumSize(_NARROWEST_PX, _LOWEST_PX)
            # A tab is a title already.
            is_tabbed = any(row.key in (other.key, other.tabbed_with) for other in self._rows if other.tabbed_with)
            dock.setTitleBarWidget(QWidget() if is_tabbed else _title(row.title))
            self.by_key[row.key] = dock
        self._upper, self._lower = (
            self.by_key[_UPPER],
            [self.by_key[row.key] for row in self._rows if _LOWER in (row.key, row.tabbed_with)],
        )
        self._upper_title, self._no_title = self._upper.titleBarWidget(), QWidget()
        self.arrange()

    def arrange(self) -> None:
        """Puts every dock where the table says, and opens it unless it is there on demand only."""
        self._are_visible, self._are_together = True, False
        self._upper.setTitleBarWidget(self._upper_title)
        for row in self._rows:
            dock = self.by_key[row.key]
            self._window.addDockWidget(row.area, dock)
            dock.setVisible(not row.on_demand)
        for row in self._rows:
            if row.tabbed_with:
                self._window.tabifyDockWidget(self.by_key[row.tabbed_with], self.by_key[row.key])
                self.by_key[row.tabbed_with].raise_()
        self.resize_to_shares()

    def put_together(self) -> None:
        """Makes the upper panel on the right a tab of those below it, which makes room for another in the column."""
        area = self._window.dockWidgetArea
        is_usual = area(self._upper) == area(self._lower[0]) and not self._window.tabifiedDockWidgets(self._upper)
        if self._are_together or not is_usual:
            return
        self._are_together = True
        for dock in self._lower:
            self._window.tabifyDockWidget(self._upper, dock)
        self._upper.setTitleBarWidget(self._no_title)
        self._upper.raise_()

    def put_apart(self) -> None:
        """Gives the upper panel the place back that `put_together` took."""
        if not self._are_together:
            return
        self._are_together = False
        self._upper.setTitleBarWidget(self._upper_title)
        self._window.addDockWidget(self._window.dockWidgetArea(self._upper), self._upper)
        self._window.splitDockWidget(self._upper, self._lower[0], Qt.Orientation.Vertical)
        for dock in self._lower[1:]:
            self._window.tabifyDockWidget(self._lower[0], dock)
        self._lower[0].raise_()
        self.resize_to_shares()

    def is_on_demand(self, key: str) -> bool:
        """Whether a dock is closed until it is asked for."""
        return next(row.on_demand for row in self._rows if row.key == key)

    def resize_to_shares(self) -> None:
        """Gives every dock its share of the window's present size."""
        rows = [row for row in self._rows if not row.tabbed_with]
        width, height = self._window.width(), self._window.height()
        across = {LEFT: min(round(width * LEFT_SHARE), _WIDEST_PX), RIGHT: min(round(width * RIGHT_SHARE), _WIDEST_PX)}
        docks = [self.by_key[row.key] for row in rows]
        self._window.resizeDocks(docks, [across[row.area] for row in rows], Qt.Orientation.Horizontal)
        self._window.resizeDocks(docks, [height * row.share // 100 for row in rows], Qt.Orientation.Vertical)

    def count(self, key: str, number: int) -> None:
        """Puts a number beside a panel's title, or takes it away where there is nothing to count."""
        title = next(row.title for row in self._rows if row.key == key)
        self.by_key[key].setWindowTitle(f"{title} · {number}" if number else title)

    def bring(self, key: str) -> None:
        """Opens a dock, if it was closed, and brings it to the front of its tabs."""
        self._closed.discard(key)
        if self._are_visible:
            self.by_key[key].show()
            self.by_key[key].raise_()

    def open_behind(self, key: str) -> None:
        """Opens a dock, if it was closed, without bringing it to the front of its tabs."""
        self._closed.discard(key)
        if self._are_visible:
            self.by_key[key].show()

    def give_height(self, key: str, share: float) -> None:
        """Gives a dock this share of its column's height; the others divide what is left as they did before."""
        area = self._window.dockWidgetArea(self.by_key[key])
        column = {
            row.key: self.by_key[row.key].height()
            for row in self._rows
            if not row.tabbed_with and not self.by_key[row.key].isHidden()
            and self._window.dockWidgetArea(self.by_key[row.key]) == area
            and not (self._are_together and row.key == _LOWER)
        }  # fmt: skip
        whole = sum(column.values())
        left = (1.0 - share) / max(1, whole - column.get(key, 0))
        heights = [round(whole * (share if other == key else height * left)) for other, height in column.items()]
        self._window.resizeDocks([self.by_key[other] for other in column], heights, Qt.Orientation.Vertical)

    def bring_if_there(self, key: str) -> None:
        """The same, where the key may also be that of a view in the middle, which always shows."""
        if key in self.by_key:
            self.bring(key)

    def put_away(self, key: str) -> None:
        """Closes a dock."""
        self._closed.add(key)
        self.by_key[key].hide()

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's colours."""
        for title in (*(dock.titleBarWidget() for dock in self.by_key.values()), self._upper_title):
            title.setStyleSheet(f"color: {theme.text}; background: {theme.background}; font-weight: 600; border: none;")

    def set_visible(self, visible: bool) -> None:
        """Shows or hides all of them; those that the user had closed stay closed."""
        if visible == self._are_visible:
            return
        if not visible:
            self._closed = {key for key, dock in self.by_key.items() if dock.isHidden()}
        for key, dock in self.by_key.items():
            dock.setVisible(visible and key not in self._closed)
        self._are_visible = visible
