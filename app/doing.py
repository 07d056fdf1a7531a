"""What the actions ask of a window: each command with the part of the window that carries it out."""

from __future__ import annotations

import os

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMainWindow

from app.actions.asking import Asking
from app.actions.handing_out import HandingOut
from app.actions.kept_options import kept_pythons
from app.actions.opening import Opening
from app.actions.run_choices import RunChoices
from app.actions.run_control import RunControl
from app.actions.trying import Trying
from app.docks.arrangement import Docks
from app.docks.centre import Centre
from app.docks.looking_up import LookingUp
from app.docks.looks import Looks
from app.docks.panels import Panels
from app.settings import KeptSettings
from app.state import AppState
from app.views.run_bar import LevelBox
from app.views.welcome import WelcomePage
from engine.session.place import Level
from engine.wire.messages import Line

translate = QCoreApplication.translate


class Doing(QMainWindow):
    """Carries out commands, see `app.actions.commands.Commands`. The window makes the parts and joins them."""

    state: AppState
    panels: Panels
    docks: Docks
    looks: Looks
    looking_up: LookingUp
    centre: Centre
    welcome: WelcomePage
    level_box: LevelBox
    run_choices: RunChoices
    _settings: KeptSettings
    _run: RunControl
    _opening: Opening
    _handing_out: HandingOut
    _trying: Trying
    _asking: Asking

    def open_script(self) -> None:
        self._opening.ask_for_script()

    def open_trace(self) -> None:
        self._opening.ask_for_trace()

    def save_trace(self) -> None:
        trace = self.state.trace
        if trace is not None:
            self._opening.save_trace(trace.path, self.panels.learning.explained(trace.path))

    def open_lesson(self) -> None:
        self._opening.ask_for_lesson()

    def export_handout(self) -> None:
        self._handing_out.ask(self.panels.learning.printable)

    def teacher_page(self) -> None:
        """Aim, questions and common wrong answers of the open lesson."""
        lesson = self.panels.learning.lesson
        if lesson is not None:
            from app.dialogs.teacher_page import TeacherPage  # see NOTE [Loaded later] in app/loaded_later.py

            TeacherPage(lesson, self).open()

    def add_demo_stop(self) -> None:
        """Keeps what is shown as a stop of the demo."""
        self.docks.bring("demo")
        self.panels.demonstrating.add(self.panels.canvas.framing)

    def next_demo_stop(self) -> None:
        self.panels.demonstrating.next()

    def previous_demo_stop(self) -> None:
        self.panels.demonstrating.previous()

    def go_to_demo_stop(self) -> None:
        self.panels.demonstrating.ask()

    def open_examples(self) -> None:
        """Shows the start page; what is open stays open."""
        self.welcome.set_recent(self._settings.now.recent)
        self.welcome.set_open(self.windowTitle() if self.state.is_open else "")
        self.centre.show_welcome()
        self.looks.show_panels(False)
        self.welcome.script_button.setFocus()

    def close_window(self) -> None:
        """Closes the window, which ends the script."""
        self.close()

    # What concerns the place

    def run_options(self) -> None:
        """Asks for device, seed and arguments, and runs the script again with them."""
        script = self.state.script
        if script is None:
            return
        from app.dialogs.run_options import RunOptionsDialog  # see NOTE [Loaded later] in app/loaded_later.py

        choices = self.run_choices
        choices.probe.start()
        dialog = RunOptionsDialog(script, self.state.options, choices.devices, self, kept_pythons(self._settings.now))
        choices.probe.found.connect(dialog.set_devices)
        if dialog.exec() == RunOptionsDialog.DialogCode.Accepted:
            self.state.set_options(dialog.chosen())
            self._run.restart()
        dialog.deleteLater()

    def run_to_selected(self) -> None:
        """Goes to just before what is selected happens; from the source, to the cursor's line."""
        selection = self.state.selection
        if self.panels.source.hasFocus():
            self.run_to_line(self.panels.source.cursor_line)
        elif selection.quantity is not None and self.state.level is Level.QUANTITY:
            self._run.to_quantity(selection.quantity)
        elif selection.position is not None:
            self._run.to_position(selection.position)

    def toggle_breakpoint(self) -> None:
        """At the cursor's line if the source has the focus, else at the line of what is selected, else here."""
        source = self.panels.source
        if source.hasFocus():
            source.request_breakpoint()
            return
        path, line = self.panels.line_at_hand()
        if path and line is not None:
            self._run.toggle_breakpoint(Line(path, line))

    def edit_breakpoint(self) -> None:
        """Asks what the breakpoint at the line at hand shall be."""
        path, line = self.panels.line_at_hand()
        if path and line is not None:
            self.looks.show_dock("breakpoints")
            self.panels.debugging.breaking.edit_line(path, line)

    def add_breakpoint(self) -> None:
        """Asks for a breakpoint of any kind."""
        self.looks.show_dock("breakpoints")
        self.panels.debugging.breaking.add()

    def edit_value(self) -> None:
        """Asks for another number in the place of what is selected."""
        self._trying.edit_value(self.panels.moment)

    def what_if(self) -> None:
        """Asks what to change from the start, and tries it."""
        self._trying.what_if()

    def finer_level(self) -> None:
        """One level down."""
        self._change_level(1)

    def coarser_level(self) -> None:
        """One level up."""
        self._change_level(-1)

    # What concerns the view

    def fit(self) -> None:
        self.panels.canvas.fit()

    def actual_size(self) -> None:
        self.panels.canvas.zoom_to(1.0)

    def find_in_graph(self) -> None:
        self.panels.canvas.open_search()

    def toggle_neurons(self) -> None:
        self.panels.canvas.toggle_neurons()

    def toggle_spotlight(self) -> None:
        self.panels.canvas.toggle_spotlight()

    def toggle_repeats(self) -> None:
        self.panels.canvas.toggle_repeats()

    def collapse(self) -> None:
        self.panels.canvas.collapse_selected()

    def expand(self) -> None:
        self.panels.canvas.expand_selected()

    def copy_equation(self) -> None:
        self.panels.equation.copy_latex()
        self.statusBar().showMessage(translate("MainWindow", "Copied as LaTeX."))

    def copy_equation_python(self) -> None:
        self.panels.equation.copy_python()
        self.statusBar().showMessage(translate("MainWindow", "Copied as Python."))

    def quiz(self) -> None:
        """Asks about the present iteration."""
        trace = self.state.trace
        if trace is not None:
            self.panels.learning.start_quiz(trace.path, max(0, self.state.place.iteration))

    def show_palette(self) -> None:
        """Asks for a command by its name."""
        panels = [dock.toggleViewAction() for dock in self.docks.by_key.values()]
        self._asking.command(panels, self.looks.own_layouts.actions())

    def show_glossary(self) -> None:
        self.looking_up.show()

    def what_is_this(self) -> None:
        """Shows the card of what is selected."""
        self.looking_up.explain(self.state.trace, self.state.selection, self.panels.moment)

    def show_keys(self) -> None:
        self._asking.keys()

    def show_about(self) -> None:
        self._asking.about()

    def _change_level(self, by: int) -> None:
        levels = self.level_box.levels()
        place = levels.index(self.state.level) + by
        if 0 <= place < len(levels):
            self._run.set_level(levels[place])

    def run_to_line(self, line: int) -> None:
        """Runs on to a line of the source that is shown."""
        path = self.panels.source.path
        if path is not None:
            self._run.to_line(Line(os.path.realpath(path), line))
