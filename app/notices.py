"""The bar that tells of problems: what happened, why, and what to try, above the picture instead of in front of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QToolButton, QVBoxLayout, QWidget

from app.language import say
from engine.bilingual import NOTHING, Bilingual, sentences
from engine.errors import GradstepError

Weight = Literal["information", "warning", "error"]
_DETAIL_LINES = 9
_MOST_CHARS = 400
"""As much of a sentence stands in the bar; an exception's message may hold a whole tensor. The rest can be copied."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One problem or piece of news. what: a sentence. why: another, or nothing. way_out: what to try, or nothing.

    They are in both languages, since the window may change its own while they stand there.
    detail: text that belongs in a fixed-width font, as a traceback.
    """

    what: Bilingual
    why: Bilingual = NOTHING
    way_out: Bilingual = NOTHING
    detail: str = ""
    weight: Weight = "error"


def notice_of_error(error: GradstepError, why: Bilingual = NOTHING, weight: Weight = "error") -> Notice:
    """What the bar says of an error."""
    return Notice(error.message, why, error.hint, weight=weight)


@dataclass(frozen=True, slots=True)
class NoticeColours:
    """What the bar is painted with, `#rrggbb`; `ground` is behind the text."""

    error: str
    warning: str
    information: str
    text: str
    muted: str
    ground: str


class NoticeBar(QFrame):
    """Shows one notice until it is put away, by its button or by Escape.

    Signals:
        put_away(): the user has read it.
    """

    put_away = Signal()

    def __init__(self, colours: NoticeColours, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colours = colours
        self._notice: Notice | None = None
        self.setObjectName("notice_bar")
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._more = QToolButton()
        self._more.setText(self.tr("Details"))
        self._more.setCheckable(True)
        self._copy = QToolButton()
        self._copy.setText(self.tr("Copy"))
        self._copy.setToolTip(self.tr("Copy the message and its details"))
        self._copy.setAccessibleName(self._copy.toolTip())
        self._close = QToolButton()
        self._close.setText("✕")
        self._close.setToolTip(self.tr("Put away (Esc)"))
        self._close.setAccessibleName(self.tr("Put the message away"))
        self._close.setShortcut("Esc")
        self._detail = QPlainTextEdit()
        self._detail.setReadOnly(True)
        self._detail.setAccessibleName(self._more.text())
        self._detail.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._detail.setVisible(False)
        first = QHBoxLayout()
        first.addWidget(self._words, 1)
        first.addWidget(self._more)
        first.addWidget(self._copy)
        first.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.addLayout(first)
        column.addWidget(self._detail)
        self.set_colours(colours)
        self.setVisible(False)
        self._more.toggled.connect(self._detail.setVisible)
        self._copy.clicked.connect(self.copy)
        self._close.clicked.connect(self._on_close_clicked)

    @property
    def notice(self) -> Notice | None:
        """What is shown, None when the bar is hidden."""
        return self._notice

    def show_notice(self, notice: Notice) -> None:
        """Shows this one instead of what was shown."""
        self._notice = notice
        self._detail.setPlainText(notice.detail)
        height = self._detail.fontMetrics().lineSpacing() * min(notice.detail.count("\n") + 2, _DETAIL_LINES)
        self._detail.setFixedHeight(height + 2 * self._detail.frameWidth() + 8)
        self._more.setVisible(bool(notice.detail))
        self._more.setChecked(False)
        self._write()
        self.setVisible(True)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def clear(self) -> None:
        """Hides the bar."""
        self._notice = None
        self.setVisible(False)

    def set_colours(self, colours: NoticeColours) -> None:
        """Takes another theme's colours."""
        self._colours = colours
        self._write()

    def text(self) -> str:
        """What the bar says, without marks, for tests and screen readers."""
        notice = self._notice
        return "" if notice is None else say(sentences(notice.what, notice.why, notice.way_out))

    def copy(self) -> None:
        """Puts all of it on the clipboard, a line each, with the details below."""
        notice = self._notice
        if notice is not None:
            said = [say(part) for part in (notice.what, notice.why, notice.way_out) if part]
            QGuiApplication.clipboard().setText("\n".join((*said, *(("", notice.detail) if notice.detail else ()))))

    def _write(self) -> None:
        if self._notice is None:
            return
        colours, notice = self._colours, self._notice
        colour = {"error": colours.error, "warning": colours.warning}.get(notice.weight, colours.information)
        self.setStyleSheet(
            f"QFrame#notice_bar {{ background: {colours.ground}; border: none; border-left: 4px solid {colour}; }}"
        )
        parts = [f"<b style='color: {colour}'>{_shown(notice.what)}</b>"]
        if notice.why:
            parts.append(_shown(notice.why))
        if notice.way_out:
            parts.append(f"<span style='color: {colours.muted}'>{_shown(notice.way_out)}</span>")
        self._words.setText("<br>".join(parts))
        self._words.setAccessibleName(self.text())
        self.setAccessibleName(self.text())

    def _on_close_clicked(self) -> None:
        self.clear()
        self.put_away.emit()


def _shown(words: Bilingual) -> str:
    text = say(words)
    text = text if len(text) <= _MOST_CHARS else f"{text[:_MOST_CHARS]}…"
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
