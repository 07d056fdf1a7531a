"""Writes the open lesson's handout where the teacher wants it, as PDF or as HTML."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.actions.paper import pdf_of
from app.dialogs.handout import HandoutDialog
from app.notices import Notice
from engine.errors import GradstepError
from engine.lessons.handout import Sheet, handout
from engine.lessons.played import PlayedLesson

_HTML = (".html", ".htm")
_PDF = ".pdf"


class HandingOut(QObject):
    """Asks how and where, for one window.

    Signals:
        notice_raised(notice): something that the user should read. told(text): a sentence for the status bar.
    """

    notice_raised = Signal(object)
    told = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._folder = Path.home()

    def ask(self, played: PlayedLesson | None) -> None:
        """Asks and writes. played: None while the lesson's scripts still run."""
        if played is None:
            what = self.tr("The lesson's scripts still run, and the handout's numbers come from them.")
            self.notice_raised.emit(Notice(what, "", self.tr("Try again in a few seconds."), weight="information"))
            return
        dialog = HandoutDialog(self._window)
        is_wanted = dialog.exec() == HandoutDialog.DialogCode.Accepted
        sheet = dialog.chosen()
        dialog.deleteLater()
        if not is_wanted:
            return
        kinds = ";;".join((self.tr("PDF (*.pdf)"), self.tr("Web page (*.html *.htm)")))
        proposal = str(self._folder / f"{played.lesson.name}-{sheet.level}-{sheet.seed}{_PDF}")
        name, kind = QFileDialog.getSaveFileName(self._window, self.tr("Save the handout"), proposal, kinds)
        if name:
            suffix = _PDF if _PDF in kind or not kind else _HTML[0]
            self.write(played, sheet, Path(name) if Path(name).suffix else Path(name + suffix))

    def write(self, played: PlayedLesson, sheet: Sheet, to: Path) -> None:
        """Writes the file: PDF, or HTML where its name ends so. What goes wrong is told."""
        self._folder = to.parent
        try:
            page = handout(played, played.traces.get(played.lesson.table), sheet)
            is_html = to.suffix.lower() in _HTML
            content = page.encode() if is_html else pdf_of(page, played.text.title)
            to.write_bytes(content)
        except GradstepError as error:
            self.notice_raised.emit(Notice(error.message, "", error.hint))
        except OSError as error:
            what = self.tr("The handout cannot be written to %1.").replace("%1", str(to))
            self.notice_raised.emit(Notice(what, error.strerror or str(error), self.tr("Choose another folder.")))
        else:
            self.told.emit(self.tr("Saved as %1.").replace("%1", str(to)))
