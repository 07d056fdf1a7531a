"""The table of actions. A new one is a row here and a method of `Commands`.

Mnemonic of the keys: Ctrl is the same thing backwards. A canvas key works without modifiers while the graph has the
focus, and is the way around a system that keeps F11 for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from app.actions.commands import Commands
from app.state import AppState

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that the user can do.

    title, tip: in the user's language. icon: name of a bundled icon, "" for none. shortcut: portable text of
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


def _live(state: AppState) -> bool:
    return state.is_live


def _script(state: AppState) -> bool:
    return state.script is not None


def _learning(state: AppState) -> bool:
    return state.is_learning


def _quiet(state: AppState) -> bool:
    return not state.is_starting


def all_actions() -> tuple[Action, ...]:
    """The table, in the language of the translators that are installed by now."""
    return (
        Action("open_script", translate("actions", "Open script…"),
               translate("actions", "Run a Python script and step through it"),
               "file-code", "Ctrl+O", (), _quiet, lambda it: it.open_script()),
        Action("open_trace", translate("actions", "Open trace…"),
               translate("actions", "Look at a recording; runs no code"),
               "folder-open", "Ctrl+Shift+O", (), _quiet, lambda it: it.open_trace()),
        Action("open_lesson", translate("actions", "Open lesson…"),
               translate("actions", "The folder of a lesson that somebody wrote"),
               "graduation-cap", "", (), _quiet, lambda it: it.open_lesson()),
        Action("save_trace", translate("actions", "Save trace as…"),
               translate("actions", "Keep the recording"),
               "save", "Ctrl+S", (), _opened, lambda it: it.save_trace()),
        Action("export_handout", translate("actions", "Export handout…"),
               translate("actions", "The lesson on paper, with blanks and an answer sheet: PDF or HTML"),
               "", "", (), _learning, lambda it: it.export_handout()),
        Action("teacher_page", translate("actions", "For the teacher…"),
               translate("actions", "The open lesson's aim, questions and common wrong answers"),
               "", "", (), _learning, lambda it: it.teacher_page()),
        Action("open_examples", translate("actions", "Start page"),
               translate("actions", "Examples, and what this is"),
               "book-open", "", (), _always, lambda it: it.open_examples()),
        Action("close", translate("actions", "Quit"),
               translate("actions", "End the script and close the window"),
               "", "Ctrl+Q", (), _always, lambda it: it.close_window()),
        Action("edit_value", translate("actions", "Edit value…"),
               translate("actions", "Change what is selected and let the run go on with it"),
               "sigma", "Ctrl+Shift+E", ("E",), _opened, lambda it: it.edit_value()),
        Action("what_if", translate("actions", "What if…"),
               translate("actions", "Run the script again with another optimizer, rate, activation, loss or seed"),
               "git-branch", "Ctrl+Shift+W", (), _opened, lambda it: it.what_if()),
        Action("options", translate("actions", "Run options…"),
               translate("actions", "Python, device, seed, folder and arguments of the script"),
               "settings", "", (), _script, lambda it: it.run_options()),
        Action("continue", translate("actions", "Continue"),
               translate("actions", "Run to the next breakpoint, or pause what runs"),
               "play", "F5", (), _forward, lambda it: it.run.go_on()),
        Action("play", translate("actions", "Play"),
               translate("actions", "One step after the other by itself; again, or any other move, stops it"),
               "fast-forward", "Ctrl+Space", ("Space",), _forward, lambda it: it.player.toggle()),
        Action("reverse_continue", translate("actions", "Continue backwards"),
               translate("actions", "Back to the breakpoint before"),
               "rewind", "Ctrl+F5", ("Shift+Space",), _backward, lambda it: it.run.go_back()),
        Action("step_over", translate("actions", "Step over"),
               translate("actions", "Finish this step and stop before the next"),
               "redo-2", "F10", ("Right",), _forward, lambda it: it.run.step_over()),
        Action("step_back", translate("actions", "Step back"),
               translate("actions", "Undo one step"),
               "undo-2", "Ctrl+F10", ("Left",), _backward, lambda it: it.run.step_back()),
        Action("step_into", translate("actions", "Step into"),
               translate("actions", "The very next event, however small"),
               "arrow-down-to-line", "F11", ("Down",), _forward, lambda it: it.run.step_into()),
        Action("step_back_into", translate("actions", "Step back into"),
               translate("actions", "Undo the very last event, however small"),
               "", "Ctrl+F11", (), _backward, lambda it: it.run.step_back_into()),
        Action("step_out", translate("actions", "Step out"),
               translate("actions", "Finish the module or phase around this step"),
               "arrow-up-from-line", "Shift+F11", ("Up",), _forward, lambda it: it.run.step_out()),
        Action("step_back_out", translate("actions", "Step back out"),
               translate("actions", "Back to where the module or phase begins"),
               "", "Ctrl+Shift+F11", (), _backward, lambda it: it.run.step_back_out()),
        Action("run_to", translate("actions", "Run to here"),
               translate("actions", "To the selected step, or to the cursor's line in the source"),
               "flag-triangle-right", "F8", (), _opened, lambda it: it.run_to_selected()),
        Action("breakpoint", translate("actions", "Toggle breakpoint"),
               translate("actions", "Stop each time this line is reached"),
               "circle-dot", "F9", ("B",), _opened, lambda it: it.toggle_breakpoint()),
        Action("edit_breakpoint", translate("actions", "Breakpoint with a condition…"),
               translate("actions", "At this line: condition, hits to count, or a text to tell instead of stopping"),
               "", "Shift+F9", (), _opened, lambda it: it.edit_breakpoint()),
        Action("add_breakpoint", translate("actions", "Add breakpoint…"),
               translate("actions", "Stop at an operation, a module, a gradient, the first NaN, an exception"),
               "", "", (), _opened, lambda it: it.add_breakpoint()),
        Action("restart", translate("actions", "Restart"),
               translate("actions", "Run the script again from its start"),
               "rotate-ccw", "Ctrl+Shift+F5", (), _script, lambda it: it.run.restart()),
        Action("first", translate("actions", "Back to the start"),
               translate("actions", "The first step that was recorded"),
               "skip-back", "", ("Home",), _backward, lambda it: it.run.to_start()),
        Action("stop", translate("actions", "Stop"),
               translate("actions", "End the script; what was recorded stays"),
               "square", "Shift+F5", (), _live, lambda it: it.run.stop()),
        Action("next_phase", translate("actions", "Next phase"),
               translate("actions", "Finish forward, backward or update"),
               "skip-forward", "PgDown", (), _forward, lambda it: it.run.next_phase()),
        Action("previous_phase", translate("actions", "Previous phase"),
               translate("actions", "Back to where the phase before begins"),
               "chevrons-left", "PgUp", (), _backward, lambda it: it.run.previous_phase()),
        Action("next_iteration", translate("actions", "Next iteration"),
               translate("actions", "The first step of the next iteration"),
               "chevrons-down", "Ctrl+PgDown", (), _forward, lambda it: it.run.next_iteration()),
        Action("previous_iteration", translate("actions", "Previous iteration"),
               translate("actions", "The iteration before"),
               "chevrons-up", "Ctrl+PgUp", (), _backward, lambda it: it.run.previous_iteration()),
        Action("twin", translate("actions", "Jump to the twin"),
               translate("actions", "From a forward step to where its gradient is computed, and back"),
               "arrow-left-right", "Ctrl+J", ("J",), _opened, lambda it: it.run.to_twin()),
        Action("fit", translate("actions", "Fit the graph"),
               translate("actions", "Show the whole graph"),
               "maximize", "Ctrl+0", (), _opened, lambda it: it.fit()),
        Action("actual_size", translate("actions", "Actual size"),
               translate("actions", "The graph at 100 %"),
               "scan", "Ctrl+1", (), _opened, lambda it: it.actual_size()),
        Action("find", translate("actions", "Find in the graph"),
               translate("actions", "A card by name, op, symbol, parameter or module"),
               "search", "Ctrl+F", (), _opened, lambda it: it.find_in_graph()),
        Action("neurons", translate("actions", "Neurons or cards"),
               translate("actions", "Show a network of small layers as units and weights, or as cards"),
               "workflow", "Ctrl+Shift+N", (), _opened, lambda it: it.toggle_neurons()),
        Action("repeats", translate("actions", "All units of what repeats"),
               translate("actions", "Time steps, blocks and passes side by side, or one in the place of all"),
               "layers", "Ctrl+Shift+M", (), _opened, lambda it: it.toggle_repeats()),
        Action("collapse", translate("actions", "Collapse module"),
               translate("actions", "Fold the module around the selected card"),
               "chevrons-down-up", "Ctrl+[", (), _opened, lambda it: it.collapse()),
        Action("expand", translate("actions", "Expand module"),
               translate("actions", "Open the module that is selected"),
               "chevrons-up-down", "Ctrl+]", (), _opened, lambda it: it.expand()),
        Action("finer", translate("actions", "Finer steps"),
               translate("actions", "One level down: from quantities to operations"),
               "zoom-in", "Ctrl+Shift+.", (), _always, lambda it: it.finer_level()),
        Action("coarser", translate("actions", "Coarser steps"),
               translate("actions", "One level up: from quantities to modules"),
               "zoom-out", "Ctrl+Shift+,", (), _always, lambda it: it.coarser_level()),
        Action("theme", translate("actions", "Next theme"),
               translate("actions", "Dark, light, projector"),
               "moon", "Ctrl+T", (), _always, lambda it: it.looks.next_theme()),
        Action("present", translate("actions", "Present"),
               translate("actions", "Graph and equation only, large, on the whole screen; again or Esc ends it"),
               "presentation", "F12", (), _always, lambda it: it.looks.present()),
        Action("spotlight", translate("actions", "Spotlight"),
               translate("actions", "Shade all of the graph but the present place, or nothing"),
               "locate-fixed", "Ctrl+Shift+L", ("L",), _opened, lambda it: it.toggle_spotlight()),
        Action("demo_add", translate("actions", "Add stop to demo…"),
               translate("actions", "Keep this place, what is selected and the graph's zoom, with a note"),
               "flag-triangle-right", "Ctrl+Shift+A", (), _opened, lambda it: it.add_demo_stop()),
        Action("demo_next", translate("actions", "Next stop of the demo"),
               translate("actions", "The place that the teacher shows next"),
               "", "Alt+PgDown", (), _opened, lambda it: it.next_demo_stop()),
        Action("demo_previous", translate("actions", "Previous stop of the demo"),
               translate("actions", "The place that the teacher showed before"),
               "", "Alt+PgUp", (), _opened, lambda it: it.previous_demo_stop()),
        Action("demo_go", translate("actions", "Go to stop of the demo…"),
               translate("actions", "To the stop with a number, as when somebody comes late"),
               "", "Ctrl+Shift+D", (), _opened, lambda it: it.go_to_demo_stop()),
        Action("motion", translate("actions", "Reduce motion"),
               translate("actions", "Nothing glides"),
               "", "", (), _always, lambda it: it.looks.toggle_motion()),
        Action("copy_equation", translate("actions", "Copy equation as LaTeX"),
               translate("actions", "What the equation panel shows"),
               "copy", "Ctrl+Shift+C", (), _opened, lambda it: it.copy_equation()),
        Action("copy_equation_python", translate("actions", "Copy equation as Python"),
               translate("actions", "The numbers of the equation panel, to work them out again"),
               "", "Ctrl+Alt+C", (), _opened, lambda it: it.copy_equation_python()),
        Action("palette", translate("actions", "Command palette…"),
               translate("actions", "Find any command by its name"),
               "command", "Ctrl+Shift+P", (), _always, lambda it: it.show_palette()),
        Action("preferences", translate("actions", "Preferences…"),
               translate("actions", "Theme, language, size of letters, digits, keys"),
               "settings", "Ctrl+,", (), _always, lambda it: it.show_preferences()),
        Action("larger", translate("actions", "Larger letters"),
               translate("actions", "Make all text larger"),
               "plus", "Ctrl++", (), _always, lambda it: it.looks.change_font(1)),
        Action("smaller", translate("actions", "Smaller letters"),
               translate("actions", "Make all text smaller"),
               "minus", "Ctrl+-", (), _always, lambda it: it.looks.change_font(-1)),
        Action("layout_learn", translate("actions", "Layout: Learn"),
               translate("actions", "Few panels, and room for the equation"),
               "graduation-cap", "", (), _opened, lambda it: it.looks.arrange("learn")),
        Action("layout_debug", translate("actions", "Layout: Debug"),
               translate("actions", "Every panel"),
               "bug", "", (), _opened, lambda it: it.looks.arrange("debug")),
        Action("save_layout", translate("actions", "Save this layout…"),
               translate("actions", "Keep the present arrangement of the panels under a name"),
               "", "", (), _opened, lambda it: it.looks.save_layout()),
        Action("quiz", translate("actions", "Quiz me on this pass"),
               translate("actions", "Questions made from this iteration's own numbers"),
               "circle-help", "", (), _opened, lambda it: it.quiz()),
        Action("glossary", translate("actions", "Glossary"),
               translate("actions", "Every word of the field: meaning, formula, shapes, local derivative, picture"),
               "book-open", "Shift+F1", (), _always, lambda it: it.show_glossary()),
        Action("what_is_this", translate("actions", "What is this?"),
               translate("actions", "The glossary's card of what is selected"),
               "circle-help", "Ctrl+F1", ("?",), _opened, lambda it: it.what_is_this()),
        Action("keys", translate("actions", "Keys"),
               translate("actions", "All keys on one page"),
               "keyboard", "F1", (), _always, lambda it: it.show_keys()),
        Action("about", translate("actions", "About Gradstep"),
               translate("actions", "Version and licences"),
               "info", "", (), _always, lambda it: it.show_about()),
    )  # fmt: skip
