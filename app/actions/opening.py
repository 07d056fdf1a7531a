"""Opens scripts and traces, asks for files, and before code runs that was only dropped here asks for leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from app.actions.kept_options import kept_options
from app.actions.run_control import RunControl
from app.actions.saving import Saving
from app.notices import Notice, notice_of_error
from app.one_window import OneWindow
from app.settings import KeptSettings
from app.state import AppState, RunOptions
from engine.bilingual import Bilingual
from engine.errors import GradstepError
from engine.lessons.demo import DemoStop
from engine.lessons.reading import read_lesson
from engine.lessons.shelf import is_shipped

SCRIPT_SUFFIX, TRACE_SUFFIX = ".py", ".gradstep"


class Opening(QObject):
    """What the File menu does, for one window.

    Signals:
        notice_raised(notice): something that the user should read. told(text): a sentence for the status bar.
        wanted(): the trace that is shown here was opened once more. lesson_wanted(lesson): a `Lesson` shall be opened.
    """

    notice_raised = Signal(object)
    told = Signal(str)
    wanted = Signal()
    lesson_wanted = Signal(object)

    def __init__(self, window: QWidget, state: AppState, run: RunControl, settings: KeptSettings) -> None:
        super().__init__(window)
        self._window = window
        self._state = state
        self._run = run
        self._settings = settings
        self._saving = Saving(window)
        self._saving.saved.connect(lambda to: self.told.emit(self.tr("Saved as %1.").replace("%1", str(to))))
        self._saving.failed.connect(lambda error: self.notice_raised.emit(notice_of_error(error)))
        self._one = OneWindow(self)
        self._one.wanted.connect(self.wanted)
        state.trace_changed.connect(self._on_trace_changed)

    def open_path(self, path: Path, arguments: tuple[str, ...] = (), *, asked_for: bool = False) -> None:
        """Opens a script, which runs it, or a trace. asked_for: the user named it as something to run.

        A script that came otherwise (dropped onto the window) is run only after asking, once for each script.
        """
        if path.is_dir():
            what = Bilingual(f"{path} is a folder.", f"{path} 是文件夹。")
            way_out = Bilingual("Choose a script or a trace in it.", "请选择其中的脚本或记录。")
            self.notice_raised.emit(Notice(what, way_out=way_out))
        elif not path.is_file():
            what = Bilingual(f"There is no file {path}.", f"没有文件 {path}。")
            way_out = Bilingual(
                "Check its name, or choose one with File, Open.", "请检查文件名，或用“文件 → 打开”选择一个。"
            )
            self.notice_raised.emit(Notice(what, way_out=way_out))
        elif path.suffix != SCRIPT_SUFFIX:
            if self._one.is_elsewhere(path):
                self.told.emit(self.tr("%1 is open in another window.").replace("%1", path.name))
            elif self._run.open_trace(path):
                self._remember(path)
        elif asked_for or self._is_trusted(path):
            self.start(path, Path.cwd() if asked_for else path.resolve().parent, arguments)

    def start(self, script: Path, folder: Path, arguments: tuple[str, ...] = ()) -> None:
        """Runs a script in a folder."""
        self._settings.now = self._settings.now.trusting(script)
        self._remember(script)
        before = self._state.options
        options = kept_options(self._settings.now, script) or RunOptions(
            before.device, before.seed, python=self._settings.now.python
        )
        self._state.set_script(script.resolve())
        self._state.set_options(replace(options, arguments=arguments or options.arguments))
        self._run.start(script.resolve(), folder)

    def ask_for_script(self) -> None:
        """Asks for a script and runs it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Run a script"), self._last_folder(), self.tr("Python scripts (*.py)")
        )
        if name:
            self.start(Path(name), Path(name).parent)

    def ask_for_trace(self) -> None:
        """Asks for a trace and shows it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, self.tr("Open a trace"), self._last_folder(), self.tr("Gradstep traces (*.gradstep)")
        )
        if name:
            self.open_path(Path(name))

    def ask_for_lesson(self) -> None:
        """Asks for the folder of a lesson and opens it."""
        name = QFileDialog.getExistingDirectory(self._window, self.tr("Open a lesson's folder"), self._last_folder())
        if name:
            self.open_lesson(Path(name))

    def open_lesson(self, folder: Path) -> None:
        """Opens a lesson. One that did not come with Gradstep contains scripts, and is asked about before they run."""
        try:
            lesson = read_lesson(folder)
        except GradstepError as error:
            self.notice_raised.emit(notice_of_error(error))
            return
        scripts = dict.fromkeys(run.script for run in lesson.runs)
        if is_shipped(lesson) or all(self._is_trusted(script) for script in scripts):
            for script in scripts:
                self._settings.now = self._settings.now.trusting(script)
            self.lesson_wanted.emit(lesson)

    def save_trace(self, trace: Path, explained: Sequence[DemoStop] = ()) -> None:
        """Asks for a name and keeps the recording under it, with what a learner explained in the open lesson."""
        proposal = str(Path(self._last_folder()) / trace.name)
        name, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the trace"), proposal, self.tr("Gradstep traces (*.gradstep)")
        )
        if name:
            self._saving.save(trace, Path(name), tuple(explained))

    def finish_saving(self) -> None:
        """Waits for what is being saved."""
        self._saving.finish()

    def close(self) -> None:
        """Tells other windows nothing any more."""
        self._saving.close()
        self._one.close()

    def _on_trace_changed(self) -> None:
        """Only a file that somebody can open again counts; a run's own recording is in no folder of theirs."""
        trace = self._state.trace
        self._one.shows(trace.path if trace is not None and self._state.script is None else None)

    def _is_trusted(self, script: Path) -> bool:
        if str(script.resolve()) in self._settings.now.trusted:
            return True
        question = self.tr("Run this script?\n\n%1\n\nA script is a program: it can do all that you can do here.")
        answer = QMessageBox.question(self._window, self.tr("Run a script"), question.replace("%1", str(script)))
        return answer is QMessageBox.StandardButton.Yes

    def _remember(self, path: Path) -> None:
        self._settings.now = self._settings.now.opened(path)

    def _last_folder(self) -> str:
        recent = self._settings.now.recent
        return str(Path(recent[0]).parent) if recent else str(Path.cwd())


def dropped_file(event: QDropEvent) -> Path | None:
    """The one script or trace that is being dropped."""
    paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix in (SCRIPT_SUFFIX, TRACE_SUFFIX) else None
