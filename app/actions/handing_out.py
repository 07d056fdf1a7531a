"""Writes the open lesson's handout where the teacher wants it, as PDF or as HTML."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.notices import Notice, notice_of_error
from engine.bilingual import Bilingual, same
from engine.errors import GradstepError
from engine.trace.copying import copy_trace

if TYPE_CHECKING:
    from engine.lessons.handout import Sheet
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
            what = Bilingual(
                "The lesson's scripts still run, and the handout's numbers come from them.",
                "本课的脚本还在运行，讲义中的数来自它们。",
            )
            way_out = Bilingual("Try again in a few seconds.", "请过几秒再试。")
            self.notice_raised.emit(Notice(what, way_out=way_out, weight="information"))
            return
        from app.dialogs.handout import HandoutDialog  # see NOTE [Loaded later] in app/loaded_later.py

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
        from app.actions.paper import pdf_of  # see NOTE [Loaded later] in app/loaded_later.py
        from engine.lessons.handout import handout, replay_file

        self._folder = to.parent
        try:
            table = played.traces.get(played.lesson.table)
            replay = replay_file(to, table, sheet)
            page = handout(played, table, sheet, replay)
            is_html = to.suffix.lower() in _HTML
            content = page.encode() if is_html else pdf_of(page, played.text.title)
            to.write_bytes(content)
            if table is not None and replay is not None:
                copy_trace(table.path, replay)
        except GradstepError as error:
            self.notice_raised.emit(notice_of_error(error))
        except OSError as error:
            what = Bilingual(f"The handout cannot be written to {to}.", f"讲义无法写入 {to}。")
            way_out = Bilingual("Choose another folder.", "请选择另一个文件夹。")
            self.notice_raised.emit(Notice(what, same(error.strerror or str(error)), way_out))
        else:
            text = self.tr("Saved as %1, and beside it %2 to replay it.") if replay else self.tr("Saved as %1.")
            self.told.emit(text.replace("%1", str(to)).replace("%2", replay.name if replay else ""))
