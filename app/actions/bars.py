"""Makes Qt actions of the table's rows, and puts them into menus, toolbar and the canvas's own keys."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QCoreApplication, QObject, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QWidget

from app.actions.commands import Commands
from app.actions.table import Action, all_actions
from app.assets import icon
from app.state import AppState, Status
from app.theme import Theme


def all_menus() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Menus in order, each with the ids of its actions; "" is a line."""
    return (
        (translate("actions", "&File"),
         ("open_script", "open_trace", "open_lesson", "save_trace", "", "export_handout", "teacher_page", "",
          "open_examples", "", "close")),
        (translate("actions", "&Edit"), ("copy_equation", "copy_equation_python", "", "palette", "preferences")),
        (translate("actions", "&Debug"),
         ("continue", "reverse_continue", "play", "", "step_over", "step_into", "step_out", "", "step_back",
          "step_back_into", "step_back_out", "", "next_phase", "previous_phase", "next_iteration", "previous_iteration",
          "first", "twin", "", "run_to", "breakpoint", "edit_breakpoint", "add_breakpoint", "", "edit_value",
          "what_if", "", "restart", "stop", "options")),
        (translate("actions", "&View"),
         ("fit", "actual_size", "find", "neurons", "repeats", "", "collapse", "expand", "", "finer", "coarser", "",
          "theme", "present", "spotlight", "demo_add", "demo_next", "demo_previous", "demo_go", "",
          "motion", "larger", "smaller", "", "layout_learn", "layout_debug", "save_layout")),
        (translate("actions", "&Help"), ("quiz", "", "what_is_this", "glossary", "", "keys", "about")),
    )  # fmt: skip


TOOLBAR = (
    "continue", "reverse_continue", "play", "", "step_over", "step_into", "step_out", "step_back", "", "run_to",
    "breakpoint", "restart", "stop", "", "fit",
)  # fmt: skip

NO_CLICKER: Mapping[str, str] = {}
CLICKER: Mapping[str, str] = {"step_over": "PgDown", "step_back": "PgUp"}
"""What a presenter's clicker sends, and what it does in a presentation."""
DEMO_CLICKER: Mapping[str, str] = {"demo_next": "PgDown", "demo_previous": "PgUp"}
"""The same where there is a demo to play."""

_COLOURS = {
    "continue": "success", "play": "success", "reverse_continue": "backward", "step_over": "forward",
    "step_into": "forward", "step_out": "forward", "step_back": "backward", "breakpoint": "breakpoint", "stop": "error",
}  # fmt: skip
"""Tokens of the theme for icons that mean something by their colour; the others have the text's."""

_REMEMBERED = 12

translate = QCoreApplication.translate


class Actions(QObject):
    """All Qt actions, by id, kept enabled or disabled as the state says."""

    def __init__(self, window: QMainWindow, commands: Commands, state: AppState, theme: Theme) -> None:
        super().__init__(window)
        self._state = state
        self._theme = theme
        self.rows = {row.id: row for row in all_actions()}
        self.done: deque[str] = deque(maxlen=_REMEMBERED)
        """Ids of the actions done last, for a report."""
        self.by_id: dict[str, QAction] = {key: self._made(row, window, commands) for key, row in self.rows.items()}
        self.set_keys(lambda _: None, NO_CLICKER)
        self.set_theme(theme)
        for signal in (state.trace_changed, state.script_changed, state.status_changed, state.place_changed,
                       state.recorded_changed, state.selection_changed, state.playing_changed,
                       state.learning_changed):  # fmt: skip
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Enables what can be done now; the run button pauses what runs."""
        for key, action in self.by_id.items():
            action.setEnabled(self.rows[key].enabled(self._state))
        runs = self._state.status is Status.RECORDING
        go_on = self.by_id["continue"]
        go_on.setIcon(self._icon("pause" if runs else "play", "continue"))
        go_on.setIconText(self.tr("Pause") if runs else go_on.text())
        play, plays = self.by_id["play"], self._state.is_playing
        play.setIcon(self._icon("pause" if plays else "fast-forward", "play"))
        play.setIconText(self.tr("Stop playing") if plays else play.text())

    def set_theme(self, theme: Theme) -> None:
        """Draws the icons in another theme's colours."""
        self._theme = theme
        for key, action in self.by_id.items():
            if self.rows[key].icon:
                action.setIcon(self._icon(self.rows[key].icon, key))
        self.refresh()

    def fill_menus(self, window: QMainWindow, layouts: QMenu, panels: Iterable[QAction]) -> None:
        """Makes the menu bar; the menu of the user's own `layouts`, and `panels`, which show docks, are in View."""
        for title, keys in all_menus():
            menu: QMenu = window.menuBar().addMenu(title)
            self._fill(menu, keys)
            if "save_layout" in keys:
                menu.addMenu(layouts)
                menu.addSeparator()
                menu.addActions(list(panels))

    def set_keys(self, mine: Callable[[str], str | None], clicker: Mapping[str, str]) -> None:
        """Gives every action its key. mine: the key that the user gave an action, None for the one it came with.

        clicker: what a clicker's two keys do while presenting; what they did before has none.
        """
        for key, action in self.by_id.items():
            own = mine(key)
            keys = [self.rows[key].shortcut if own is None else own]
            if clicker:
                keys = [one for one in keys if one not in clicker.values()]
                keys += [clicker[key]] if key in clicker else []
            action.setShortcuts([QKeySequence(one) for one in keys if one])
            self._set_tip(action, self.rows[key])

    def fill_toolbar(self, bar: QToolBar) -> None:
        """Puts the buttons into the toolbar."""
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        self._fill(bar, TOOLBAR)
        bar.addSeparator()

    def bind_canvas_keys(self, canvas: QWidget) -> None:
        """Lets plain keys do things while the canvas has the focus."""
        for row in self.rows.values():
            for key in row.canvas_keys:
                shortcut = QShortcut(QKeySequence(key), canvas)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(self.by_id[row.id].trigger)

    def _made(self, row: Action, window: QMainWindow, commands: Commands) -> QAction:
        action = QAction(row.title, window)
        window.addAction(action)  # so that its key works while the menu bar is hidden
        action.setObjectName(row.id)
        action.triggered.connect(lambda _=False: row.do(commands))
        action.triggered.connect(lambda _=False: self.done.append(row.id))
        return action

    def _set_tip(self, action: QAction, row: Action) -> None:
        keys = [*action.shortcuts(), *map(QKeySequence, row.canvas_keys)]
        names = ", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys)
        action.setToolTip(f"{action.text()} ({names})\n{row.tip}" if names else f"{action.text()}\n{row.tip}")
        action.setStatusTip(row.tip)

    def _fill(self, place: QMenu | QToolBar, keys: Iterable[str]) -> None:
        for key in keys:
            if key:
                place.addAction(self.by_id[key])
            else:
                place.addSeparator()

    def _icon(self, name: str, key: str) -> QIcon:
        return icon(name, QColor(getattr(self._theme, _COLOURS.get(key, "text"))))
