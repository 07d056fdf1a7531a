"""Gives lessons: records their scripts beside the window, walks from stop to stop, keeps the answers."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.docks.pointing import PointedStop
from app.jobs import Beside, GivenUpError, Ticket
from app.language import spoken
from app.models.lesson_walk import LessonWalk, front_page
from app.notices import notice_of_error
from app.theme import Theme
from app.views.lesson import LessonView
from engine.errors import GradstepError
from engine.lessons.answers import Answers, read_answers, write_answers
from engine.lessons.demo import DemoStop
from engine.lessons.explained import explained
from engine.lessons.kept import answers_file
from engine.lessons.lesson import Lesson
from engine.lessons.moments import Moment
from engine.lessons.played import PlayedLesson
from engine.lessons.pointed import pointed_out
from engine.lessons.quiz import RUN, quiz_of
from engine.lessons.running import record_run
from engine.trace.reader import Trace

_QUIZ_LEVEL = 3


class Learning(QObject):
    """Owns the lesson's panel, and the recordings of the lesson that is open.

    Signals:
        opened(): a lesson is about to be shown. trace_wanted(path): this recording shall be open. closed(): over.
        place_wanted(moment, revealed): what is shown shall stand there, before what the stop is about or after it.
        view_wanted(key): this panel matters now. pointed(stop): what matters in it, a `PointedStop`.
        notice_raised(notice): something that the user should read.
    """

    opened = Signal()
    trace_wanted = Signal(object)
    place_wanted = Signal(object, bool)
    view_wanted = Signal(str)
    pointed = Signal(object)
    closed = Signal()
    notice_raised = Signal(object)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = LessonView(theme)
        self.walk: LessonWalk | None = None
        self._lesson: Lesson | None = None
        self._folder: Path | None = None
        self._traces: dict[str, Trace] = {}
        self._shown_run = ""
        self._recorded = 0
        self._is_over = False
        self._quizzes = 0
        self._beside = Beside(self)
        self._beside.progressed.connect(lambda done, _: self._on_recorded(done))
        self._beside.done.connect(self._on_recorded)
        self._beside.failed.connect(self._on_failed)
        self.view.answered.connect(self._on_answered)
        self.view.next_requested.connect(self._on_next)
        self.view.previous_requested.connect(self._on_previous)
        self.view.again_requested.connect(self._on_again)
        self.view.closed.connect(self.end)

    @property
    def is_open(self) -> bool:
        """Whether there is a lesson in the panel."""
        return self._lesson is not None

    @property
    def lesson(self) -> Lesson | None:
        """The lesson that is open, also while its scripts are still being run."""
        return self._lesson

    def explained(self, trace: Path) -> tuple[DemoStop, ...]:
        """What the learner explained in words of their own at stops of the run whose recording this is."""
        shown = self._traces.get(self._shown_run)
        if self.walk is None or shown is None or shown.path != trace:
            return ()
        return explained(self.walk.played, self.walk.answers, self._shown_run)

    @property
    def printable(self) -> PlayedLesson | None:
        """The lesson, once all of its runs are recorded."""
        if self.walk is None or self._lesson is None or self._recorded < len(self._lesson.runs):
            return None
        return self.walk.played

    def set_theme(self, theme: Theme) -> None:
        """Takes another theme's fonts and colours."""
        self.view.set_theme(theme)

    def start(self, lesson: Lesson) -> None:
        """Opens a lesson. Its scripts are run, so who opens a stranger's has been asked before."""
        self._forget()
        self._lesson = lesson
        folder = self._folder = Path(tempfile.mkdtemp(prefix="gradstep-lesson-"))
        waiting = self.tr("The lesson's scripts are being run; this takes a few seconds.")
        self.view.show_waiting(lesson.text(spoken()).title, f"{front_page(lesson, spoken())}<p>{waiting}</p>")
        self.opened.emit()
        self._beside.ask(_recording(lesson, folder))

    def start_quiz(self, path: Path, iteration: int) -> None:
        """Asks about one iteration of what is open; each time other questions, and nothing is kept of the answers."""
        self._forget()
        self._quizzes += 1
        try:
            trace = self._traces[RUN] = Trace(path)
            self._lesson = quiz_of(trace, iteration, _QUIZ_LEVEL, self._quizzes)
            self._shown_run, self._recorded = RUN, 1
            self.walk = LessonWalk(PlayedLesson(self._lesson, self._traces, spoken()), {})
            self.opened.emit()
            self._show()
        except GradstepError as error:
            self._on_failed(error)

    def end(self) -> None:
        """Closes the lesson; the answers are kept."""
        self._forget()
        self.closed.emit()

    def close(self) -> None:
        """Waits until nothing of it runs, and removes the recordings."""
        self._beside.close()
        self._forget()

    def _forget(self) -> None:
        self._beside.cancel()
        self.walk, self._lesson, self._shown_run, self._recorded = None, None, "", 0
        for trace in self._traces.values():
            trace.close()
        self._traces = {}
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _on_recorded(self, count: int) -> None:
        """So many runs are recorded; the lesson begins with the first, the others come while it is read."""
        lesson, folder = self._lesson, self._folder
        if lesson is None or folder is None or count <= self._recorded:
            return
        try:
            for run in lesson.runs[self._recorded : count]:
                self._traces[run.id] = Trace(folder / f"{run.id}.gradstep")
            self._recorded = count
            if self.walk is None:
                played = PlayedLesson(lesson, self._traces, spoken())
                self.walk = LessonWalk(played, _earlier(lesson))
                self._show()
            elif not self.view.has_page and not self._is_over:
                self._show()
        except GradstepError as error:
            self._on_failed(error)

    def _on_failed(self, error: GradstepError) -> None:
        self.notice_raised.emit(notice_of_error(error))
        self.end()

    def _on_answered(self, text: str) -> None:
        walk = self.walk
        if walk is None:
            return
        if not walk.answer(text):
            self.view.show_not_understood()
            return
        if walk.stop.run != RUN:
            self._keep(walk)
        self._show()

    def _keep(self, walk: LessonWalk) -> None:
        try:
            write_answers(answers_file(walk.played.lesson.name), Answers(walk.played.lesson.name, walk.answers))
        except GradstepError as error:
            self.notice_raised.emit(notice_of_error(error, weight="warning"))

    def _on_next(self) -> None:
        walk = self.walk
        if walk is None:
            return
        if walk.is_last:
            self._is_over = True
            found = walk.review()
            kept = "" if walk.stop.run == RUN else str(answers_file(walk.played.lesson.name))
            self.view.show_review(found, walk.played.language, walk.remembered(found), kept)
            return
        walk.forward()
        self._show()

    def _on_previous(self) -> None:
        if self.walk is not None:
            if self.view.has_page:
                self.walk.back()
            self._show()

    def _on_again(self) -> None:
        if self.walk is not None:
            self.walk.start_again()
            self._show()

    def _show(self) -> None:
        """Shows the stop in the panel, and everything else at its place."""
        walk = self.walk
        if walk is None:
            return
        stop = walk.stop
        self._is_over = False
        if not walk.played.needs(stop) <= self._traces.keys():
            waiting = self.tr("The script of this part is being run.")
            self.view.show_waiting(walk.played.text.title, f"<p>{waiting}</p>")
            return
        if stop.run != self._shown_run:
            self._shown_run = stop.run
            self.trace_wanted.emit(self._traces[stop.run].path)
        moment: Moment = walk.moment
        self.place_wanted.emit(moment, walk.is_revealed)
        self.view_wanted.emit(stop.view)
        pointed = pointed_out(moment, stop.view, stop.highlight, revealed=walk.is_revealed)
        path = self._traces[stop.run].path
        self.pointed.emit(PointedStop(pointed, stop.view, moment, walk.is_revealed, path))
        self.view.show_page(walk.page())


def _recording(lesson: Lesson, folder: Path) -> Callable[[Ticket], int]:
    """A job that records all runs of a lesson, and tells of each; hands back how many they are."""

    def work(ticket: Ticket) -> int:
        count = len(lesson.runs)
        for number, run in enumerate(lesson.runs):
            path = folder / f"{run.id}.gradstep"
            record_run(run, path, on_tick=lambda: _ask_ticket(ticket))
            ticket.went_on(number + 1, count)
        return count

    return work


def _ask_ticket(ticket: Ticket) -> None:
    """Ends the script whose lesson was closed."""
    if ticket.is_given_up:
        raise GivenUpError


def _earlier(lesson: Lesson) -> dict[str, str]:
    """Answers of an earlier sitting; a file that cannot be read is left alone."""
    file = answers_file(lesson.name)
    with contextlib.suppress(GradstepError):
        if file.is_file():
            return dict(read_answers(file).by_question)
    return {}
