"""The main window: puts views, actions and state together."""

from __future__ import annotations

import os
import sys
import traceback
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QLabel

from app.actions.asking import Asking
from app.actions.bars import CLICKER, DEMO_CLICKER, NO_CLICKER, Actions
from app.actions.handing_out import HandingOut
from app.actions.opening import Opening, dropped_file
from app.actions.playing import Player
from app.actions.reporting import notice_of_mistake
from app.actions.run_choices import RunChoices
from app.actions.run_control import RunControl
from app.actions.trying import Trying
from app.assets import resources_dir
from app.docks.arrangement import Docks
from app.docks.centre import Centre
from app.docks.hints import Hints
from app.docks.lesson_room import LessonRoom
from app.docks.looking_up import LookingUp
from app.docks.looks import Looks, put_on, theme_wanted
from app.docks.node_menu import NODE_ACTIONS, NodeMenu
from app.docks.panels import Panels
from app.docks.place_texts import PlaceTexts
from app.doing import Doing
from app.joining import join
from app.language import spoken
from app.models.ahead import Ahead
from app.models.examples import examples_in
from app.notices import Notice, NoticeBar, NoticeColours, notice_of_error
from app.settings import KeptSettings, Settings, Wishes
from app.state import AppState
from app.theme import Theme
from app.views.roomy_bar import RoomyBar
from app.views.run_bar import LevelBox, PhaseLabel, RunBox
from app.views.speed import SpeedSlider
from app.views.welcome import WelcomePage
from engine.errors import GradstepError
from engine.lessons.covers import covers
from engine.session.moment import Moment
from engine.session.place import Level, Place
from engine.session.what_if import Plan
from engine.wire.messages import Line

FIRST_SIZE = (1280, 800)


class MainWindow(Doing):
    """Shows one script or trace. Carries out the commands of `app.actions.commands.Commands`.

    Signals:
        language_chosen(): the window shall be made anew, in the language of the settings.
    """

    language_chosen = Signal()

    def __init__(self, store: QSettings) -> None:
        super().__init__()
        self._settings = KeptSettings(store)
        self._told_mistake = ""
        theme = theme_wanted(self._settings)
        put_on(theme)
        self.setAcceptDrops(True)
        self.resize(*FIRST_SIZE)
        self.state = AppState(_level_of(self._settings.now.level), self)
        self.ahead = Ahead(self)
        self._run = RunControl(self.state, self.ahead, self)
        self._run.set_budget(self._settings.now.budget_mib << 20)
        self._player = Player(self.state, self._run, self)
        self._opening = Opening(self, self.state, self._run, self._settings)
        self._texts = PlaceTexts(self.state, self)
        self.panels = Panels(self.state, self.ahead, theme, self._settings.now.wishes, self)
        self.notices = NoticeBar(_notice_colours(theme))
        self.welcome = WelcomePage(theme, examples_in(resources_dir() / "examples"), covers(spoken()))
        self.welcome.set_recent(self._settings.now.recent)
        views = (self.panels.canvas, self.panels.explaining.panel, self.panels.timeline)
        self.centre = Centre(theme, self.notices, self.welcome, *views)
        self._trying = Trying(self, self.state, self._run, self._try)
        self.setCentralWidget(self.centre)
        self.panels.debugging.breaking.keep_in(Path(store.fileName()).with_name("breakpoints.json"))
        self.docks = Docks(self, self.panels.views)
        self.level_box = LevelBox()
        self.run_box = RunBox()
        self.run_choices = RunChoices(self.state, self._settings, (self.run_box, self.welcome.run_box), self)
        self.speed = SpeedSlider()
        self.phase_label = PhaseLabel(theme)
        self.action_set = Actions(self, self, self.state, theme)
        self.looking_up = LookingUp(theme, self)
        themed = (self.panels, self.action_set, self.phase_label, self.welcome, self.looking_up)
        self.looks = Looks(self, self._settings, self.docks, self.centre, themed)
        self._lesson_room = LessonRoom(self.panels.learning, self.looks, self.docks, self)
        self._hints = Hints(self.centre.hint_bar, self._settings, self)
        self._asking = Asking(self, self.action_set)
        self._handing_out = HandingOut(self)
        self.toolbar = RoomyBar(self.tr("Stepping"))
        self.toolbar.setObjectName("toolbar")
        self.addToolBar(self.toolbar)
        self.action_set.fill_toolbar(self.toolbar)
        self.toolbar.add_parts((self.level_box, self.speed, self.run_box), self.phase_label)
        panels_shown = [dock.toggleViewAction() for dock in self.docks.by_key.values()]
        self.action_set.fill_menus(self, self.looks.own_layouts, panels_shown)
        self._set_keys()
        self.action_set.bind_canvas_keys(self.panels.canvas)
        actions = [self.action_set.by_id.get(key) for key in NODE_ACTIONS]
        self.node_menu = NodeMenu(self.panels.canvas, self.state, self.looking_up, actions)
        self._versions = QLabel()
        self.statusBar().addPermanentWidget(self._versions)
        self.level_box.set_level(self.state.level)
        self.speed.set_speed(self._settings.now.steps_a_second)
        self._player.set_speed(self.speed.slider.value())
        self.panels.canvas.set_reduce_motion(self._settings.now.reduce_motion)
        self.looks.show_panels(False)
        self._show_toolbar()
        self._restore()
        self._connect()

    @property
    def run(self) -> RunControl:
        """Carries out what concerns the script."""
        return self._run

    @property
    def player(self) -> Player:
        """Makes steps by itself."""
        return self._player

    # Opening

    def open_path(self, path: Path, arguments: tuple[str, ...] = (), *, asked_for: bool = False) -> None:
        """Opens a script or a trace, see `Opening.open_path`."""
        self._opening.open_path(path, arguments, asked_for=asked_for)

    def show_preferences(self) -> None:
        """Asks for what the user would like otherwise, and makes it so at once."""
        chosen = self._asking.preferences(self._settings.now)
        if chosen is not None:
            self.set_preferences(chosen)

    def set_preferences(self, settings: Settings) -> None:
        """Goes by these settings from now on."""
        before, self._settings.now = self._settings.now, settings
        self._set_keys()
        self.looks.refresh()
        self.panels.explaining.set_wishes(settings.wishes)
        self.panels.canvas.set_reduce_motion(settings.reduce_motion)
        self._run.set_budget(settings.budget_mib << 20)
        self._settings.save()
        if settings.language != before.language:
            self.language_chosen.emit()

    def tell_mistake(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Tells of an exception that nobody expected, ours and not the script's; Qt hands those of slots to a hook."""
        text = "".join(traceback.format_exception(kind, error, trace))
        print(text, file=sys.stderr, end="")
        if text != self._told_mistake:  # one that is made at each paint is told once
            self._told_mistake = text
            self._notify(notice_of_mistake(error, text, list(self.action_set.done)))

    def take_over(self, before: MainWindow) -> None:
        """Shows what another window has open, from which it is taken without being ended."""
        self.restoreGeometry(before.saveGeometry())
        given, written = before.run.hand_over(), before.panels.console.written
        if given is not None:
            self._run.take_over(given, before.state)
            for stream, text, position in written:
                self.panels.console.append_text(stream, text, position)
        if before.notices.notice is not None:
            self._notify(before.notices.notice)

    def _on_branch_position(self, path: Path, position: int) -> None:
        trace = self.state.trace
        if trace is None or trace.path.resolve() != path:
            self.open_path(path)
        self._run.to_position(position)

    def _try(self, plan: Plan) -> None:
        self.looks.show_dock("branches")
        self.panels.debugging.branching.attempt(plan)

    # Qt's own

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.open_path(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ends the script; nothing that the window started runs on."""
        self.save_settings()
        self.hide()
        self._opening.finish_saving()
        self.panels.canvas.stop()
        self.panels.close()
        self.ahead.close()
        self._run.close()
        self._opening.close()
        self.run_choices.close()
        super().closeEvent(event)

    def save_settings(self) -> None:
        """Writes down what the next window shall remember."""
        self.looks.keep()
        geometry = bytes(self.saveGeometry().data())
        self._settings.now = replace(self._settings.now, level=str(self.state.level), geometry=geometry)
        self._settings.save()

    # How things hang together

    def _connect(self) -> None:
        """All connections that the window has a part in; the rest is `join`."""
        state, panels, run = self.state, self.panels, self._run
        join(panels, state, run)
        panels.canvas.card_activated.connect(self._on_card_activated)
        self.centre.breadcrumb.linkActivated.connect(lambda depth: panels.canvas.show_module(int(depth)))
        panels.explaining.wishes_changed.connect(self._on_wishes_changed)
        panels.showing.told.connect(self._tell)
        panels.showing.failed.connect(self._on_failed)
        panels.plotting.failed.connect(self._on_failed)
        panels.watching.expressions_changed.connect(self._on_watches_changed)
        panels.source.breakpoint_toggle_requested.connect(self._on_breakpoint_toggled)
        panels.debugging.finding.change_requested.connect(self._trying.again)
        panels.debugging.finding.counted.connect(lambda number: self.docks.count("findings", number))
        branching = panels.debugging.branching
        branching.trace_requested.connect(self.open_path)
        branching.position_requested.connect(self._on_branch_position)
        branching.try_requested.connect(self.what_if)
        branching.told.connect(self._tell)
        branching.failed.connect(self._on_failed)
        panels.debugging.breaking.told.connect(lambda said: self._notify(Notice(said, weight="warning")))
        panels.source.line_activated.connect(self.run_to_line)
        panels.moved.connect(self._on_moved)
        panels.shown.connect(self._on_shown)
        self.looks.presented.connect(self._on_presenting)
        self.centre.turned.connect(self._show_toolbar)
        self.looks.theme_changed.connect(self._on_theme_changed)
        self.looks.motion_changed.connect(panels.canvas.set_reduce_motion)
        self.looks.arranged.connect(lambda: self._on_demo_counted(len(panels.demonstrating.model.stops)))
        self.looks.told.connect(self._tell)
        self.centre.step_bar.step_requested.connect(run.step_over)
        self.centre.step_bar.back_requested.connect(run.step_back)
        state.asking_changed.connect(self._on_asking_changed)
        self.speed.speed_chosen.connect(self._on_speed_chosen)
        run.opening.connect(self._on_opening)
        run.notice_raised.connect(self._notify)
        self._opening.notice_raised.connect(self._notify)
        self._opening.told.connect(self._tell)
        self._handing_out.notice_raised.connect(self._notify)
        self._handing_out.told.connect(self._tell)
        self._opening.wanted.connect(self._come_to_front)
        run.told.connect(self._tell)
        self._opening.lesson_wanted.connect(panels.learning.start)
        panels.learning.view_wanted.connect(self.docks.bring_if_there)
        panels.learning.notice_raised.connect(self._notify)
        panels.learning.view.term_requested.connect(self.looking_up.show)
        panels.equation.meaning_requested.connect(
            lambda ref: self.looking_up.explain(state.trace, panels.selecting.of_ref(ref), panels.moment)
        )
        panels.demonstrating.place_wanted.connect(self._on_demo_place)
        panels.demonstrating.stop_wanted.connect(self.add_demo_stop)
        panels.demonstrating.counted.connect(self._on_demo_counted)
        panels.demonstrating.told.connect(self._tell)
        panels.demonstrating.failed.connect(self._on_failed)
        state.trace_changed.connect(lambda: panels.watching.set_expressions(self._settings.now.watches_of))
        state.status_changed.connect(self._on_status_changed)
        state.reasons_changed.connect(self._on_status_changed)
        state.level_changed.connect(lambda: self.level_box.set_level(state.level))
        self.level_box.level_chosen.connect(run.set_level)
        self.run_choices.told.connect(self._tell)
        self.run_choices.notice_raised.connect(self._notify)
        self.welcome.open_script_requested.connect(self.open_script)
        self.welcome.open_trace_requested.connect(self.open_trace)
        self.welcome.back_requested.connect(self._go_back)
        self.welcome.example_chosen.connect(lambda path: self._opening.start(path, path.parent))
        self.welcome.recent_chosen.connect(self.open_path)
        self.welcome.lesson_chosen.connect(self._opening.open_lesson)

    def _on_presenting(self, is_on: bool) -> None:
        self._show_toolbar()
        self._set_keys()
        if is_on:
            self.panels.canvas.setFocus()
        # The view has its new size only then.
        QTimer.singleShot(0, self, partial(self.panels.canvas.set_presenting, is_on))

    def _show_toolbar(self) -> None:
        """There is nothing to step through on the start page, and a presentation has keys."""
        self.toolbar.setHidden(self.looks.presenting.is_on or self.centre.is_welcoming)

    def _on_theme_changed(self, theme: Theme) -> None:
        self.notices.set_colours(_notice_colours(theme))

    def _set_keys(self) -> None:
        clicker = DEMO_CLICKER if self.panels.demonstrating.has_stops else CLICKER
        self.action_set.set_keys(self._settings.now.key_of, clicker if self.looks.presenting.is_on else NO_CLICKER)

    def _on_opening(self, path: Path) -> None:
        self.notices.clear()
        self.setWindowTitle(path.name)
        self.setWindowFilePath(str(path))
        self.looks.show_opened()
        self._hints.show_next()
        self.panels.canvas.setFocus()

    def _go_back(self) -> None:
        """From the start page to what is open."""
        self.looks.show_opened()
        self.panels.canvas.setFocus()

    def _on_demo_counted(self, number: int) -> None:
        """The panel is there as long as there is a demo."""
        self.docks.count("demo", number)
        if number:
            self.docks.open_behind("demo")
        self._set_keys()
        self._show_step(self.panels.moment)

    def _on_demo_place(self, level: Level, place: Place) -> None:
        self._run.set_level(level)
        self._run.to_place(place)

    def _on_moved(self, moment: Moment | None) -> None:
        """What stands outside the panels: phase, step, where the script is held."""
        self.phase_label.set_phase(None if moment is None else moment.phase, self._texts.step(moment))
        self.centre.set_words(self.panels.words())
        self._show_step(moment)
        self.centre.step_bar.set_possible(self.state.can_go_back, self.state.can_go_forward)
        self._on_status_changed()

    def _on_shown(self, moment: Moment | None) -> None:
        """What follows when all panels are there."""
        self.panels.debugging.breaking.show_place(self._run.session)
        self.panels.debugging.naming.show_place(self.state.trace, moment)
        self.panels.demonstrating.show_place()

    def _show_step(self, moment: Moment | None) -> None:
        """For those at the back of the room: what the teacher says here, else the step."""
        self.centre.step_bar.set_words(self.panels.demonstrating.words or self._texts.presented(moment))

    def _on_status_changed(self) -> None:
        place = self.panels.line_here()
        self._tell(self._texts.status(self.panels.moment, place))
        self._versions.setText(self._texts.versions())

    def _on_card_activated(self, card: str) -> None:
        self.state.set_selection(self.panels.selecting.of_card(card))
        self.run_to_selected()

    def _on_breakpoint_toggled(self, path: Path, line: int) -> None:
        self._run.toggle_breakpoint(Line(os.path.realpath(path), line))

    def _on_watches_changed(self, script: str, expressions: tuple[str, ...]) -> None:
        self._settings.now = self._settings.now.watching(script, expressions)

    def _on_failed(self, error: GradstepError) -> None:
        self._notify(notice_of_error(error))

    def _on_wishes_changed(self, wishes: Wishes) -> None:
        self._settings.now = self._settings.now.wishing(wishes)

    def _on_asking_changed(self) -> None:
        if self.state.is_asking:
            self.docks.by_key["console"].show()
            self.docks.by_key["console"].raise_()
            self.panels.console.set_position(None)  # what it asks is to be read, wherever one looks
        self.panels.console_panel.set_waiting(self.state.is_asking)
        self._on_status_changed()

    def _on_speed_chosen(self, steps_a_second: int) -> None:
        self._settings.now = replace(self._settings.now, steps_a_second=steps_a_second)
        self._player.set_speed(steps_a_second)

    def _come_to_front(self) -> None:
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def _notify(self, notice: Notice) -> None:
        self.notices.show_notice(notice)

    def _tell(self, text: str) -> None:
        self.statusBar().showMessage(text)

    def _restore(self) -> None:
        if self._settings.now.geometry:
            self.restoreGeometry(QByteArray(self._settings.now.geometry))


def _level_of(name: str) -> Level:
    return Level(name) if name in {level.value for level in Level} else Level.QUANTITY


def _notice_colours(theme: Theme) -> NoticeColours:
    return NoticeColours(theme.error, theme.warning, theme.accent, theme.text, theme.muted, theme.raised)
