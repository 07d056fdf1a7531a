"""The table of actions. A new one is a row here and a method of `Commands`.

Mnemonic of the keys: Ctrl is the same thing backwards. A canvas key works without modifiers while the graph has the
focus, and is the way around a system that keeps F11 for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP

from app.actions.commands import Commands
from app.state import AppState

CONTEXT = "actions"
"""Under which titles and tips are translated."""


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that the user can do.

    title, tip: English, translated when shown. icon: name of a bundled icon, "" for none. shortcut: portable text of
    its key, "" for none. canvas_keys: keys that do it while the graph has the focus. enabled: whether it can be done
    now. do: carries it out.
    """

    id: str
    title: str
    tip: str
    icon: str
    shortcut: str
    canvas_keys: tuple[str, ...]
    enabled: Callable[[AppState], bool]
    do: Callable[[Commands], None]


def _always(_: AppState) -> bool:
    return True


def _opened(state: AppState) -> bool:
    return state.is_open


def _forward(state: AppState) -> bool:
    return state.can_go_forward


def _backward(state: AppState) -> bool:
    return state.can_go_back


def _selected(state: AppState) -> bool:
    return state.is_open and state.selection.position is not None


def _live(state: AppState) -> bool:
    return state.is_live


def _script(state: AppState) -> bool:
    return state.script is not None


def _quiet(state: AppState) -> bool:
    return not state.is_starting


T = QT_TRANSLATE_NOOP

ACTIONS: tuple[Action, ...] = (
    Action("open_script", T("actions", "Open script…"), T("actions", "Run a Python script and step through it"),
           "file-code", "Ctrl+O", (), _quiet, Commands.open_script),
    Action("open_trace", T("actions", "Open trace…"), T("actions", "Look at a recording; runs no code"),
           "folder-open", "Ctrl+Shift+O", (), _quiet, Commands.open_trace),
    Action("open_examples", T("actions", "Start page"), T("actions", "Examples, and what this is"),
           "book-open", "", (), _always, Commands.open_examples),
    Action("close", T("actions", "Quit"), T("actions", "End the script and close the window"),
           "", "Ctrl+Q", (), _always, Commands.close_window),
    Action("options", T("actions", "Run options…"), T("actions", "Device, seed and arguments of the script"),
           "settings", "", (), _script, Commands.run_options),
    Action("continue", T("actions", "Continue"), T("actions", "Run to the next breakpoint, or pause what runs"),
           "play", "F5", ("Space",), _forward, Commands.go_on),
    Action("reverse_continue", T("actions", "Continue backwards"), T("actions", "Back to the breakpoint before"),
           "rewind", "Ctrl+F5", ("Shift+Space",), _backward, Commands.go_back),
    Action("step_over", T("actions", "Step over"), T("actions", "Finish this step and stop before the next"),
           "redo-2", "F10", ("Right",), _forward, Commands.step_over),
    Action("step_back", T("actions", "Step back"), T("actions", "Undo one step"),
           "undo-2", "Ctrl+F10", ("Left",), _backward, Commands.step_back),
    Action("step_into", T("actions", "Step into"), T("actions", "The very next event, however small"),
           "arrow-down-to-line", "F11", ("Down",), _forward, Commands.step_into),
    Action("step_back_into", T("actions", "Step back into"), T("actions", "Undo the very last event, however small"),
           "", "Ctrl+F11", (), _backward, Commands.step_back_into),
    Action("step_out", T("actions", "Step out"), T("actions", "Finish the module or phase around this step"),
           "arrow-up-from-line", "Shift+F11", ("Up",), _forward, Commands.step_out),
    Action("step_back_out", T("actions", "Step back out"), T("actions", "Back to where the module or phase begins"),
           "", "Ctrl+Shift+F11", (), _backward, Commands.step_back_out),
    Action("run_to", T("actions", "Run to selected"), T("actions", "Go to the step that is selected, forward or back"),
           "flag-triangle-right", "F8", (), _selected, Commands.run_to_selected),
    Action("breakpoint", T("actions", "Toggle breakpoint"), T("actions", "Stop each time this line is reached"),
           "circle-dot", "F9", ("B",), _opened, Commands.toggle_breakpoint),
    Action("restart", T("actions", "Restart"), T("actions", "Run the script again from its start"),
           "rotate-ccw", "Ctrl+Shift+F5", (), _script, Commands.restart),
    Action("first", T("actions", "Back to the start"), T("actions", "The first step that was recorded"),
           "skip-back", "", ("Home",), _backward, Commands.to_start),
    Action("stop", T("actions", "Stop"), T("actions", "End the script; what was recorded stays"),
           "square", "Shift+F5", (), _live, Commands.stop),
    Action("next_phase", T("actions", "Next phase"), T("actions", "Finish forward, backward or update"),
           "skip-forward", "PgDown", (), _forward, Commands.next_phase),
    Action("previous_phase", T("actions", "Previous phase"), T("actions", "Back to where the phase before begins"),
           "chevrons-left", "PgUp", (), _backward, Commands.previous_phase),
    Action("next_iteration", T("actions", "Next iteration"), T("actions", "The same step of the next iteration"),
           "chevrons-down", "Ctrl+PgDown", (), _forward, Commands.next_iteration),
    Action("previous_iteration", T("actions", "Previous iteration"), T("actions", "The iteration before"),
           "chevrons-up", "Ctrl+PgUp", (), _backward, Commands.previous_iteration),
    Action("fit", T("actions", "Fit the graph"), T("actions", "Show the whole graph"),
           "maximize", "Ctrl+0", (), _opened, Commands.fit),
    Action("actual_size", T("actions", "Actual size"), T("actions", "The graph at 100 %"),
           "scan", "Ctrl+1", (), _opened, Commands.actual_size),
    Action("collapse", T("actions", "Collapse module"), T("actions", "Fold the module around the selected card"),
           "chevrons-down-up", "Ctrl+[", (), _opened, Commands.collapse),
    Action("expand", T("actions", "Expand module"), T("actions", "Open the module that is selected"),
           "chevrons-up-down", "Ctrl+]", (), _opened, Commands.expand),
    Action("finer", T("actions", "Finer steps"), T("actions", "One level down: from quantities to operations"),
           "zoom-in", "Ctrl+Shift+.", (), _always, Commands.finer_level),
    Action("coarser", T("actions", "Coarser steps"), T("actions", "One level up: from quantities to modules"),
           "zoom-out", "Ctrl+Shift+,", (), _always, Commands.coarser_level),
    Action("theme", T("actions", "Next theme"), T("actions", "Dark, light, projector"),
           "moon", "Ctrl+T", (), _always, Commands.next_theme),
    Action("present", T("actions", "Present"), T("actions", "Graph and equation only, large"),
           "presentation", "F12", (), _always, Commands.present),
    Action("motion", T("actions", "Reduce motion"), T("actions", "Nothing glides"),
           "", "", (), _always, Commands.toggle_motion),
    Action("reset_layout", T("actions", "Reset layout"), T("actions", "Put every panel back in its place"),
           "", "", (), _always, Commands.reset_layout),
    Action("copy_equation", T("actions", "Copy equation as LaTeX"), T("actions", "What the equation panel shows"),
           "copy", "Ctrl+Shift+C", (), _opened, Commands.copy_equation),
    Action("keys", T("actions", "Keys"), T("actions", "All keys on one page"),
           "keyboard", "F1", (), _always, Commands.show_keys),
    Action("about", T("actions", "About Gradstep"), T("actions", "Version and licences"),
           "info", "", (), _always, Commands.show_about),
)  # fmt: skip
